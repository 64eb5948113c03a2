// CHECK and its like under include/caffe: they throw.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "caffe/common.hpp"
#include "demitasse/error.hpp"

namespace caffe {
namespace {

using demitasse::Error;
using testing::HasSubstr;
using testing::ThrowsMessage;

// The message of the error that `step` throws, up to the place in the source.
template <typename Step>
std::string Message(const Step& step) {
  try {
    step();
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), HasSubstr(" [check_test.cpp:"));
    return error.message().substr(0, error.message().find(" ["));
  }
  return "nothing was thrown";
}

TEST(Check, NamesTheCondition) {
  const int n = 3;
  EXPECT_EQ("Check failed: n < 3 too many", Message([&] {
              CHECK(n < 3) << "too "
                           << "many";
            }));
  EXPECT_EQ("nothing was thrown", Message([&] { CHECK(n == 3) << "not evaluated"; }));
}

TEST(Check, NamesBothValues) {
  EXPECT_EQ("Check failed: 1 + 1 == 3 (2 vs. 3)", Message([] { CHECK_EQ(1 + 1, 3); }));
  EXPECT_EQ("Check failed: 2 != 2 (2 vs. 2)", Message([] { CHECK_NE(2, 2); }));
  EXPECT_EQ("Check failed: 2 <= 1 (2 vs. 1)", Message([] { CHECK_LE(2, 1); }));
  EXPECT_EQ("Check failed: 2 < 2 (2 vs. 2)", Message([] { CHECK_LT(2, 2); }));
  EXPECT_EQ("Check failed: 1 >= 2 (1 vs. 2)", Message([] { CHECK_GE(1, 2); }));
  EXPECT_EQ("Check failed: 0.5 > 1 (0.5 vs. 1)", Message([] { CHECK_GT(0.5, 1); }));
  EXPECT_EQ("Check failed: string(\"a\") == \"b\" (a vs. b) text",
            Message([] { CHECK_EQ(string("a"), "b") << "text"; }));
}

struct Axes {
  static const int kCount = 4;  // not defined outside
};

TEST(Check, TakesConstantsOfClassesAndMixedSigns) {
  EXPECT_EQ("Check failed: 5 == Axes::kCount (5 vs. 4)",
            Message([] { CHECK_EQ(5, Axes::kCount); }));
  const size_t size = 5;
  EXPECT_EQ("Check failed: size == 4 (5 vs. 4)", Message([&] { CHECK_EQ(size, 4); }));
}

TEST(Check, IsOneStatement) {
  bool reached = false;
  if (false)
    CHECK_EQ(1, 2);
  else
    reached = true;
  EXPECT_TRUE(reached);
}

TEST(Check, TakesPointersAndStrings) {
  const shared_ptr<int> pointer;
  int value = 0;
  EXPECT_EQ("Check failed: pointer", Message([&] { CHECK(pointer); }));
  EXPECT_EQ("Check failed: 'pointer.get()' must not be null",
            Message([&] { CHECK_NOTNULL(pointer.get()); }));
  EXPECT_EQ(&value, CHECK_NOTNULL(&value));
  CHECK_STREQ("a", "a");
  CHECK_STRCASENE("a", "b");
  EXPECT_EQ("Check failed: \"a\" == \"A\" (a vs. A)", Message([] { CHECK_STREQ("a", "A"); }));
  EXPECT_EQ("nothing was thrown", Message([] { CHECK_STRCASEEQ("a", "A"); }));
}

TEST(LogFatal, Throws) {
  EXPECT_EQ("wrong 1", Message([] { LOG(FATAL) << "wrong " << 1; }));
  EXPECT_EQ("seen", Message([] { LOG_IF(FATAL, true) << "seen"; }));
  EXPECT_EQ("nothing was thrown", Message([] { LOG_IF(FATAL, false) << "seen"; }));
  EXPECT_EQ("Not Implemented Yet", Message([] { NOT_IMPLEMENTED; }));
  EXPECT_EQ("Demitasse computes on the CPU only", Message([] { NO_GPU; }));
  EXPECT_THROW(Caffe::set_mode(Caffe::GPU), Error);
  Caffe::set_mode(Caffe::CPU);
  EXPECT_EQ(Caffe::CPU, Caffe::mode());
}

int Thrower() { throw std::runtime_error("inner"); }

TEST(LogFatal, LetsWhatItsMessageThrowsPass) {
  EXPECT_THAT([] { LOG(FATAL) << Thrower(); }, ThrowsMessage<std::runtime_error>("inner"));
  EXPECT_THAT([] { CHECK_EQ(1, 2) << Thrower(); }, ThrowsMessage<std::runtime_error>("inner"));
}

}  // namespace
}  // namespace caffe
