#include "tools/table.hpp"

#include <gtest/gtest.h>

namespace demitasse {
namespace {

Table Sizes() {
  Table table({{"name"}, {"kind", false, 2}, {"size", true}, {"share", true, 1}});
  table.AddRow({"a_rather_long_name", "box", "1", "90%"});
  table.AddRow({"b", "ball", "12345", "10%"});
  return table;
}

TEST(TableTest, AlignsTextsLeftAndNumbersRight) {
  EXPECT_EQ(
      "name                kind   size  share\n"
      "a_rather_long_name  box       1    90%\n"
      "b                   ball  12345    10%\n",
      Sizes().ToString(80));
}

TEST(TableTest, CutsTheMiddleOfLongTexts) {
  EXPECT_EQ(
      "name              kind   size  share\n"
      "a_rathe..ng_name  box       1    90%\n"
      "b                 ball  12345    10%\n",
      Sizes().ToString(36));
}

TEST(TableTest, LeavesOutColumnsByRank) {
  EXPECT_EQ(
      "name                size  share\n"
      "a_rather..ng_name      1    90%\n"
      "b                  12345    10%\n",
      Sizes().ToString(31));
  EXPECT_EQ(
      "name                 size\n"
      "a_rather_long_name      1\n"
      "b                   12345\n",
      Sizes().ToString(25));
}

TEST(TableTest, IsWiderThanAWidthThatIsTooSmall) {
  EXPECT_EQ(
      "name    size\n"
      "a_..e      1\n"
      "b      12345\n",
      Sizes().ToString(3));
}

}  // namespace
}  // namespace demitasse
