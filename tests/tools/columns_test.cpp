#include "tools/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ColumnsTest, WrapsAtSpaces) {
  EXPECT_THAT(Wrap("one two  three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("one unbreakable", 7), ElementsAre("one", "unbreakable"));
  EXPECT_THAT(Wrap("  ", 7), IsEmpty());
}

TEST(ColumnsTest, PutsTextBesideItsHead) {
  EXPECT_EQ("key  one two\n     three\n", Hanging("key", "one two three", 5, 12));
}

TEST(ColumnsTest, PutsTextBelowALongHead) {
  EXPECT_EQ("keys\n     one\n", Hanging("keys", "one", 5, 12));
}

TEST(ColumnsTest, AHeadStandsAloneWithoutText) {
  EXPECT_EQ("key\n", Hanging("key", "", 5, 12));
  EXPECT_EQ("keys\n", Hanging("keys", "", 5, 12));
}

TEST(ColumnsTest, PadsToAWidth) {
  EXPECT_EQ("ab  ", Padded("ab", 4));
  EXPECT_EQ("abcde", Padded("abcde", 4));
}

}  // namespace
}  // namespace demitasse
