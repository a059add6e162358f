package org.openhipaa.core.access.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowMappingTest {
  @Test
  void encode_anySet_isReadBack() {
    for (Set<String> set : Set.of(
        Set.<String>of(),
        Set.of(""),
        Set.of("a", "b"),
        Set.of("a,b", "%", "%2C", "%25"),
        Set.of(","))) {
      assertThat(RowMapping.decode(RowMapping.encode(set))).contains(new TreeSet<>(set));
    }
    assertThat(RowMapping.encode(Set.of())).isEqualTo(",");
    assertThat(RowMapping.encode(Set.of("b", "a"))).isEqualTo(",a,b,");
    assertThat(RowMapping.encode(Set.of("", "x,y", "50%"))).isEqualTo(",%,50%25,x%2Cy,");
  }

  @Test
  void decode_anotherForm_isUnknown() {
    for (String text : new String[] {null, "", "a", ",a", "a,", ",a,,b,", ",,"}) {
      assertThat(RowMapping.decode(text)).as("%s", text).isEmpty();
    }
  }

  @Test
  void names_thatNoDatabaseTakes_areRefused() {
    for (String name : new String[] {"", "a\0", "a\nb", "x".repeat(64), "\ud800"}) {
      assertThatThrownBy(() -> RowMapping.table(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> RowMapping.table("t").patient(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void builder_twiceOrOfTheActor_isRefused() {
    assertThatThrownBy(() -> RowMapping.table("t").patient("a").patient("b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> RowMapping.table("t").attribute("actor.department", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the same for every row");
  }

  @Test
  void template_withOtherPlacesOrQuestionMarks_isRefused() {
    for (String sql : new String[] {"", " ", "a = ?", "a = {other}", "a = {}", "\0"}) {
      assertThatThrownBy(() -> RowMapping.table("t").relation("treating", sql))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void literal_hostileTexts_areClosedIn() {
    assertThat(SqlText.text("it's").literal()).isEqualTo("'it''s'");
    assertThat(SqlText.text("a\\'; drop").literal()).isEqualTo(" E'a\\\\''; drop'");
    assertThat(SqlText.of("").value(Long.MIN_VALUE).literal())
        .isEqualTo("CAST('-9223372036854775808' AS bigint)");
    assertThat(SqlText.arrayText(List.of("a\"b", "c\\d", ",")))
        .isEqualTo("{\"a\\\"b\",\"c\\\\d\",\",\"}");
    assertThat(SqlText.json(List.of("a\"b", "c\\d", "\u0001")))
        .isEqualTo("[\"a\\\"b\",\"c\\\\d\",\"\\u0001\"]");
    assertThatThrownBy(() -> SqlText.text("a\0").literal())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
