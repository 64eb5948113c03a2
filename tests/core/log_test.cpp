#include "demitasse/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace demitasse {
namespace {

using testing::ElementsAre;

class LogTest : public testing::Test {
 protected:
  ~LogTest() override { SetLogSink(nullptr); }

  void Collect() {
    SetLogSink([this](LogLevel level, const std::string& message) {
      lines_.push_back((level == LogLevel::kWarning ? "W " : "I ") + message);
    });
  }

  std::vector<std::string> lines_;
};

TEST_F(LogTest, HandsMessagesToTheSink) {
  Collect();
  LogInfo("one");
  LogWarning("two");
  EXPECT_THAT(lines_, ElementsAre("I one", "W two"));
}

TEST_F(LogTest, IsSilentWithoutASink) {
  Collect();
  SetLogSink(nullptr);
  LogWarning("nobody hears this");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(LogTest, TheLastSinkCounts) {
  int others = 0;
  SetLogSink([&](LogLevel, const std::string&) { ++others; });
  Collect();
  LogInfo("one");
  EXPECT_EQ(0, others);
  EXPECT_THAT(lines_, ElementsAre("I one"));
}

}  // namespace
}  // namespace demitasse
