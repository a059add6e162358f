package org.openhipaa.core.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MaskTest {
  private static final String BLOT = "****";

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          999-12-3456        | ***-**-3456
          999123456          | *****3456
          (555) 123-4567     | (***) ***-4567
          4111 1111 1111 1234| **** **** **** 1234
          ann.lee@example.org| ***.***@******e.org
          12345678           | ****
          1234               | ****
          a                  | ****
          ''                 | ****
          ---- ----          | ****
          Anna-Maria Müller  | ****-***** **ller
          """)
  void lastFour_showsFourSignsOfALongValue_andNothingOfAShortOne(String value, String shown) {
    assertThat(Mask.LAST_FOUR.apply(value)).isEqualTo(shown);
  }

  /** Signs that Java takes for neither letter nor digit can spell a number or a name all the same. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          ①②③④⑤⑥⑦⑧⑨⑩    | ******⑦⑧⑨⑩
          ⁹⁹⁹¹²³⁴⁵⁶       | *****³⁴⁵⁶
          ٩٩٩١٢٣٤٥٦       | *****٣٤٥٦
          😀😁😂😃😄😅😆😇😈    | *****😅😆😇😈
          आनंदीबाई जोशी    | ******** जोशी
          """)
  void lastFour_blotsOutSignsOfEveryScript(String value, String shown) {
    assertThat(Mask.LAST_FOUR.apply(value)).isEqualTo(shown);
  }

  @Test
  void lastFour_neverSplitsASurrogatePair_norShowsMoreThanFourSigns() {
    long seed = new SecureRandom().nextLong();
    SplittableRandom chance = new SplittableRandom(seed);

    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = chance.nextInt(20);
      while (text.codePointCount(0, text.length()) < length) {
        int sign = chance.nextInt(chance.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT);
        if (sign != '*' && (sign < 0xD800 || sign > 0xDFFF)) {
          text.appendCodePoint(sign);
        }
      }
      String masked = Mask.LAST_FOUR.apply(text.toString());
      long shown = masked
          .codePoints()
          .filter(c -> c != '*' && (c >= 0x80 || Character.isLetterOrDigit(c)))
          .count();
      assertThat(shown).as("seed %d", seed).isLessThanOrEqualTo(4);
      assertThat(masked.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF))
          .as("seed %d", seed)
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          1930-05-17                | 1930
          1930-05-17T10:11:12Z      | 1930
          1930-05-17T10:11:12.5+02:00| 1930
          1930-05-17T10:11          | 1930
          1930                      | ****
          1930-5-17                 | ****
          17.05.1930                | ****
          1930-05-17 10:11          | ****
          born 1930-05-17           | ****
          1930-05-17x               | ****
          ١٩٣٠-٠٥-١٧                | ****
          ''                        | ****
          """)
  void year_showsTheYearOfAnIsoDateOnly(String value, String shown) {
    assertThat(Mask.YEAR.apply(value)).isEqualTo(shown);
  }

  @Test
  void year_ofADateWithALineBehindIt_isBlottedOut() {
    assertThat(Mask.YEAR.apply("1930-05-17\n")).isEqualTo(BLOT);
    assertThat(Mask.YEAR.apply("1930-05-17\nDr. Lee")).isEqualTo(BLOT);
    assertThat(Mask.ZIP3.apply("02139\n")).isEqualTo(BLOT);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          02139       | 021**
          02139-4307  | 021**
          021394307   | 021**
          0213        | ****
          021394      | ****
          SW1A 1AA    | ****
          ٠٢١٣٩       | ****
          ''          | ****
          """)
  void zip3_showsThreeDigitsOfAZipCodeOnly(String value, String shown) {
    assertThat(Mask.ZIP3.apply(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          Ann     | A.
          érable  | é.
          𐐷abc   | 𐐷.
          王小明  | 王.
          1st     | ****
          ' Ann'  | ****
          -       | ****
          ''      | ****
          """)
  void initial_showsTheFirstLetterOnly(String value, String shown) {
    assertThat(Mask.INITIAL.apply(value)).isEqualTo(shown);
  }

  @Test
  void initial_ofHalfASurrogatePair_isBlottedOut() {
    assertThat(Mask.INITIAL.apply("\ud801")).isEqualTo(BLOT);
  }

  @Test
  void show_showsAll_andHide_hidesAll() {
    assertThat(Mask.SHOW.apply("é\ud83d\ude00")).isEqualTo("é\ud83d\ude00");
    assertThat(Mask.HIDE.apply("anything")).isEqualTo(BLOT);
  }

  @ParameterizedTest
  @EnumSource(Mask.class)
  void stricter_isCommutative_andNeverShowsWhatEitherHides(Mask one) {
    for (Mask other : Mask.values()) {
      Mask merged = one.stricter(other);

      assertThat(merged).isEqualTo(other.stricter(one));
      if (one == other) {
        assertThat(merged).isEqualTo(one);
      } else if (one == Mask.SHOW) {
        assertThat(merged).isEqualTo(other);
      } else if (other != Mask.SHOW) {
        assertThat(merged).isEqualTo(Mask.HIDE);
      }
      for (Mask third : Mask.values()) {
        assertThat(merged.stricter(third)).isEqualTo(one.stricter(other.stricter(third)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mask.class)
  void label_findsItsMask_inEveryLocale(Mask mask) {
    java.util.Locale before = java.util.Locale.getDefault();
    try {
      java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
      assertThat(Mask.find(mask.label())).hasValue(mask);
      assertThat(mask.label()).matches("[a-z0-9-]+");
    } finally {
      java.util.Locale.setDefault(before);
    }
    assertThat(Mask.find(mask.name())).isEmpty();
    assertThat(Mask.find("")).isEmpty();
  }
}
