#include "tools/progress_bar.hpp"

#include <gtest/gtest.h>

namespace demitasse {
namespace {

TEST(ProgressBarTest, ShowsTheShareThatIsDone) {
  EXPECT_EQ("[..............................]   0% 0/7", ProgressText(0, 7));
  EXPECT_EQ("[###############...............]  50% 500/1000", ProgressText(500, 1000));
  EXPECT_EQ("[##############################] 100% 7/7", ProgressText(7, 7));
}

TEST(ProgressBarTest, StaysFullWhenThereIsMoreThanExpected) {
  EXPECT_EQ("[##############################] 100% 9/7", ProgressText(9, 7));
}

TEST(ProgressBarTest, PrintsNothingWhereNobodySeesIt) {
  testing::internal::CaptureStderr();
  {
    ProgressBar bar(2);
    bar.Step();
  }
  EXPECT_EQ("", testing::internal::GetCapturedStderr());
}

}  // namespace
}  // namespace demitasse
