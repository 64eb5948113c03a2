#include "tools/json.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/json.hpp"

namespace demitasse {
namespace {

TEST(JsonTest, QuotesText) { EXPECT_EQ(R"("a\"b\\c\u000a")", JsonText("a\"b\\c\n")); }

TEST(JsonTest, HasNoNumberForNaNAndInfinity) {
  EXPECT_EQ("1.5", JsonNumber(1.5));
  EXPECT_EQ("null", JsonNumber(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ("null", JsonNumber(-std::numeric_limits<double>::infinity()));
}

TEST(JsonTest, WritesObjectsAndArrays) {
  const std::string text = JsonObject({{"a", "1"}, {"b\"", JsonArray({"2", JsonText("c")})}});
  EXPECT_EQ(R"({"a": 1, "b\"": [2, "c"]})", text);
  EXPECT_EQ("c", Field(ParseJson(text), "b\"").list_value().values(1).string_value());
  EXPECT_EQ("{}", JsonObject({}));
}

}  // namespace
}  // namespace demitasse
