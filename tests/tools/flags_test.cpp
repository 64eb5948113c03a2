#include "tools/flags.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

enum class Size { kSmall, kLarge };

struct Values {
  bool loud = false;
  std::string name;
  std::vector<std::string> list;
  int whole = 4;
  uint64_t seed = 1;
  float real = 0.5F;
  int64_t bytes = 0;
  Size size = Size::kSmall;
};

std::vector<FlagGroup> Table(Values* values) {
  return {{"First",
           {SwitchFlag("loud", &values->loud, "speak up"),
            TextFlag("name", "NAME", &values->name, "who speaks"),
            ListFlag("words_said", "WORD", &values->list, "what is said")}},
          {"Second",
           {WholeFlag("whole", &values->whole, -5, 10, "a whole number"),
            WholeFlag("seed", &values->seed, "a seed"),
            RealFlag("real", &values->real, "a real number"),
            BytesFlag("bytes", &values->bytes, "an amount"),
            ChoiceFlag<Size>("size", &values->size,
                             {{"small", Size::kSmall}, {"large", Size::kLarge}}, "a size")}}};
}

Values Parse(const std::vector<std::string>& args) {
  Values values;
  ParseFlags(Table(&values), args);
  return values;
}

std::string ErrorOf(const std::vector<std::string>& args) {
  try {
    Parse(args);
  } catch (const UsageError& error) {
    return error.message();
  }
  return "no error";
}

TEST(FlagsTest, TakeOneDashOrTwoAndEqualsOrSpace) {
  EXPECT_EQ("a", Parse({"--name=a"}).name);
  EXPECT_EQ("a", Parse({"-name=a"}).name);
  EXPECT_EQ("a", Parse({"--name", "a"}).name);
  EXPECT_EQ("a", Parse({"-name", "a"}).name);
  EXPECT_EQ("a=b", Parse({"--name=a=b"}).name);
}

TEST(FlagsTest, DashesWithinANameCountAsUnderscores) {
  EXPECT_THAT(Parse({"--words-said=a"}).list, ElementsAre("a"));
}

TEST(FlagsTest, KeepTheirDefaults) {
  const Values values = Parse({});
  EXPECT_FALSE(values.loud);
  EXPECT_EQ(4, values.whole);
  EXPECT_EQ(Size::kSmall, values.size);
}

TEST(FlagsTest, SwitchesAreSetAsGflagsSetsThem) {
  EXPECT_TRUE(Parse({"--loud"}).loud);
  EXPECT_TRUE(Parse({"--loud=true"}).loud);
  EXPECT_TRUE(Parse({"--loud=1"}).loud);
  EXPECT_TRUE(Parse({"--loud=yes"}).loud);
  EXPECT_FALSE(Parse({"--loud", "--loud=false"}).loud);
  EXPECT_FALSE(Parse({"--loud", "--loud=0"}).loud);
  EXPECT_FALSE(Parse({"--loud", "-noloud"}).loud);
}

TEST(FlagsTest, TheLastValueCountsAndListsGrow) {
  EXPECT_EQ("b", Parse({"--name=a", "--name=b"}).name);
  EXPECT_THAT(Parse({"--words_said=a,b", "--words_said=c"}).list, ElementsAre("a", "b", "c"));
}

TEST(FlagsTest, EmptyTextsAndListsAreNone) {
  EXPECT_EQ("", Parse({"--name="}).name);
  EXPECT_EQ("", Parse({"--name", ""}).name);
  EXPECT_THAT(Parse({"--words_said="}).list, IsEmpty());
}

TEST(FlagsTest, NumbersAreReadWhole) {
  EXPECT_EQ(-5, Parse({"--whole=-5"}).whole);
  EXPECT_EQ(-5, Parse({"--whole", "-5"}).whole);
  EXPECT_EQ(18446744073709551615U, Parse({"--seed=18446744073709551615"}).seed);
  EXPECT_EQ(-0.25F, Parse({"--real=-2.5e-1"}).real);
  EXPECT_EQ(Size::kLarge, Parse({"--size=large"}).size);
}

TEST(FlagsTest, BytesTakeSuffixes) {
  EXPECT_EQ(1000, Parse({"--bytes=1000"}).bytes);
  EXPECT_EQ(3 << 10, Parse({"--bytes=3K"}).bytes);
  EXPECT_EQ(512 << 20, Parse({"--bytes=512m"}).bytes);
  EXPECT_EQ(int64_t{8} << 30, Parse({"--bytes=8G"}).bytes);
}

TEST(FlagsTest, WrongValuesSayWhatIsNeeded) {
  const char* const kWhole = ": needs a whole number from -5 to 10";
  for (const char* value : {"abc", "", "11", "-6", "1.5", "1 ", " 1", "99999999999999999999"}) {
    EXPECT_EQ(std::string("--whole=") + value + kWhole, ErrorOf({std::string("--whole=") + value}));
  }
  EXPECT_EQ("--seed=-1: needs a whole number from 0 to 18446744073709551615",
            ErrorOf({"--seed", "-1"}));
  for (const char* value : {"abc", "nan", "inf", "1e99", "0,5"}) {
    EXPECT_EQ(std::string("--real=") + value + ": needs a number",
              ErrorOf({std::string("--real=") + value}));
  }
  for (const char* value : {"", "K", "-1", "1T", "1.5G", "9999999999G"}) {
    EXPECT_EQ(std::string("--bytes=") + value +
                  ": needs a number of bytes, such as 500000000, 512M or 2G",
              ErrorOf({std::string("--bytes=") + value}));
  }
  EXPECT_EQ("--loud=maybe: needs true or false", ErrorOf({"--loud=maybe"}));
  EXPECT_EQ("--size=Large: needs to be one of small, large; did you mean 'large'?",
            ErrorOf({"--size=Large"}));
  EXPECT_EQ("--size=7: needs to be one of small, large", ErrorOf({"--size=7"}));
  EXPECT_EQ("--words_said=a,,b: has an empty entry between its commas",
            ErrorOf({"--words_said=a,,b"}));
}

TEST(FlagsTest, MissingValuesAreNoticed) {
  EXPECT_EQ("--name needs a value: --name=NAME", ErrorOf({"--name"}));
  EXPECT_EQ("--name needs a value: --name=NAME", ErrorOf({"--name", "--loud"}));
  EXPECT_EQ("--name needs a value: --name=NAME", ErrorOf({"--name", "-loud"}));
  EXPECT_EQ("--noloud takes no value", ErrorOf({"--noloud=true"}));
}

TEST(FlagsTest, UnknownFlagsGetAHint) {
  EXPECT_EQ("unknown flag '--nmae'; did you mean '--name'?", ErrorOf({"--nmae=a"}));
  EXPECT_EQ("unknown flag '--xyzzy'", ErrorOf({"-xyzzy"}));
  EXPECT_EQ("unknown flag '--noname'; did you mean '--name'?", ErrorOf({"--noname"}));
}

TEST(FlagsTest, OtherArgumentsAreErrors) {
  EXPECT_EQ("unexpected argument 'a'; every argument is a flag, starting with '-'", ErrorOf({"a"}));
  EXPECT_EQ("unexpected argument '-'; every argument is a flag, starting with '-'",
            ErrorOf({"--name=a", "-"}));
  EXPECT_EQ("unexpected argument 'false'; the value of a switch follows '=': --loud=false",
            ErrorOf({"--loud", "false"}));
}

TEST(FlagsTest, NamesAreKeptApartWhereACommandTakesThem) {
  Values values;
  std::vector<std::string> names;
  ParseFlags(Table(&values), {"a", "--name", "b", "--loud", "c", "-", "--whole=-3"}, &names);
  EXPECT_THAT(names, ElementsAre("a", "c", "-"));
  EXPECT_EQ("b", values.name);
  EXPECT_TRUE(values.loud);
  EXPECT_EQ(-3, values.whole);
}

TEST(FlagsTest, HelpIsAskedForInThreeWays) {
  EXPECT_TRUE(AsksForHelp({"--name=a", "--help"}));
  EXPECT_TRUE(AsksForHelp({"-help"}));
  EXPECT_TRUE(AsksForHelp({"-h"}));
  EXPECT_FALSE(AsksForHelp({"--name=help"}));
}

TEST(FlagsTest, HelpShowsNamesValuesDefaultsAndGroups) {
  Values values;
  EXPECT_EQ(R"(First:
  --loud                      speak up
  --name=NAME                 who speaks
  --words_said=WORD,...       what is said

Second:
  --whole=N                   a whole number (default 4)
  --seed=N                    a seed (default 1)
  --real=X                    a real number (default 0.5)
  --bytes=BYTES               an amount (default 0)
  --size=small|large          a size (default small)
)",
            DescribeFlags(Table(&values)));
}

TEST(FlagsTest, HelpIsWrapped) {
  bool target = false;
  const std::string help =
      "a text that is too long for the rest of one line, which ends at column eighty";
  EXPECT_EQ(R"(Long:
  --switch                    a text that is too long for the rest of one line,
                              which ends at column eighty
  --a_name_that_takes_all_room
                              short
)",
            DescribeFlags({{"Long",
                            {SwitchFlag("switch", &target, help),
                             SwitchFlag("a_name_that_takes_all_room", &target, "short")}}}));
}

}  // namespace
}  // namespace demitasse
