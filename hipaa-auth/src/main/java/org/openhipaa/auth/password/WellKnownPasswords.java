package org.openhipaa.auth.password;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Passwords of 15 characters and more that everybody thinks of: from comics, songs, prayers,
 * keyboards and sign-up forms. Compared as a whole, without regard to case, spaces and punctuation.
 */
final class WellKnownPasswords {
  private static final Set<String> LETTERS_AND_DIGITS = Set.of(
      "administrator1",
      "administrator123",
      "administratorpassword",
      "allyouneedislove",
      "changemenow12345",
      "changethispassword",
      "correcthorsebatterystaple",
      "defaultpassword",
      "defaultpassword1",
      "donotforgetthispassword",
      "electronichealthrecord",
      "forgottenpassword",
      "fourscoreandsevenyearsago",
      "iamthepassword1",
      "idonthaveapassword",
      "iforgotmypassword",
      "iforgotmypassword1",
      "ihavenopassword",
      "iloveyou1234567",
      "iloveyouforever",
      "iloveyouforever1",
      "iloveyousomuch1",
      "inthebeginningwastheword",
      "itwasthebestoftimes",
      "jesusismysavior",
      "jesuslovesyou123",
      "letmeinletmein1",
      "letmeinplease123",
      "letmeinrightnow",
      "maytheforcebewithyou",
      "mypasswordispassword",
      "mypasswordissecret",
      "nobodywillguessthis",
      "onceuponatimeinthewest",
      "onetwothreefourfive",
      "ourfatherwhoartinheaven",
      "password12345678",
      "password1234567890",
      "password123456789",
      "password1password1",
      "password1password2",
      "passwordpassword1",
      "passwordpassword123",
      "passwordspassword",
      "passwordwithfifteencharacters",
      "pleaseletmeinnow",
      "qwerty1234567890",
      "qwertyuiop123456",
      "qwertyuiop1234567890",
      "secretpassword1",
      "secretpassword123",
      "supersecretpassword",
      "temporarypassword",
      "temporarypassword1",
      "thankyouverymuch",
      "thequickbrownfox",
      "thequickbrownfoxjumpsoverthelazydog",
      "thisisapassword",
      "thisisapassword1",
      "thisisalongpassword",
      "thisisastrongpassword",
      "thisismypassword",
      "thisismypassword1",
      "tobeornottobethatisthequestion",
      "unbelievable123",
      "welcometothejungle",
      "wethepeopleoftheunitedstates",
      "whatisthepassword",
      "winteriscoming1",
      "youshallnotpass",
      "youwillneverguess");

  private WellKnownPasswords() {}

  /** Takes the password in lower case. */
  static boolean contain(String password) {
    return LETTERS_AND_DIGITS.contains(password
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .mapToObj(Character::toString)
        .collect(Collectors.joining()));
  }

  static Set<String> all() {
    return LETTERS_AND_DIGITS;
  }
}
