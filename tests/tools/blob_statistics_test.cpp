// Figures of blobs, and of rectifiers.
#include "tools/blob_statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "demitasse/error.hpp"
#include "tests/support/layer_harness.hpp"
#include "tools/rectifier_statistics.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

BlobStatistics Of(const std::vector<std::vector<float>>& batches) {
  BlobStatistics statistics;
  for (const auto& values : batches) {
    statistics.Add(values.data(), static_cast<int64_t>(values.size()));
  }
  return statistics;
}

TEST(BlobStatistics, TellsMomentsAndZeros) {
  const BlobStatistics figures = Of({{1, 0, 3, -4}});
  EXPECT_EQ(4, figures.count());
  EXPECT_EQ(1, figures.zeros());
  EXPECT_EQ(-4, figures.min());
  EXPECT_EQ(3, figures.max());
  EXPECT_EQ(0, figures.mean());
  EXPECT_DOUBLE_EQ(std::sqrt(6.5), figures.deviation());
  EXPECT_TRUE(figures.all_finite());
  EXPECT_FALSE(figures.all_zero());
}

TEST(BlobStatistics, BatchesCountAsOne) {
  const BlobStatistics figures = Of({{1, 2}, {}, {3}, {6, 8}});
  EXPECT_EQ(5, figures.count());
  EXPECT_DOUBLE_EQ(4, figures.mean());
  EXPECT_DOUBLE_EQ(std::sqrt(6.8), figures.deviation());
}

TEST(BlobStatistics, LeavesOutWhatIsNotFinite) {
  const float infinity = std::numeric_limits<float>::infinity();
  const BlobStatistics figures = Of({{std::nanf(""), 1, infinity, -infinity, 3}});
  EXPECT_EQ(5, figures.count());
  EXPECT_EQ(1, figures.nans());
  EXPECT_EQ(2, figures.infinities());
  EXPECT_EQ(2, figures.mean());
  EXPECT_EQ(1, figures.deviation());
  EXPECT_EQ(3, figures.max());
  EXPECT_THAT(figures.histogram().Counts(2), ElementsAre(1, 1));
}

TEST(BlobStatistics, WithoutValuesThereIsNoMean) {
  for (const BlobStatistics& figures : {Of({}), Of({{}}), Of({{std::nanf("")}})}) {
    EXPECT_TRUE(std::isnan(figures.mean()));
    EXPECT_TRUE(std::isnan(figures.min()));
    EXPECT_TRUE(std::isnan(figures.deviation()));
    EXPECT_FALSE(figures.all_zero());
    EXPECT_THAT(figures.histogram().Counts(3), ElementsAre(0, 0, 0));
  }
}

TEST(BlobStatistics, ALargeMeanTakesNoDigits) {
  std::vector<float> values(100000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 1e6f : 1e6f + 1;
  EXPECT_DOUBLE_EQ(0.5, Of({values}).deviation());
}

TEST(BlobStatistics, AllZeroIsSaidOfZeros) {
  EXPECT_TRUE(Of({{0, -0.0f}}).all_zero());
  EXPECT_FALSE(Of({{0, 1e-30f}}).all_zero());
}

TEST(Histogram, CountsEqualParts) {
  std::vector<float> values(1000);
  std::iota(values.begin(), values.end(), 0.0f);
  EXPECT_THAT(Of({values}).histogram().Counts(4), ElementsAre(250, 250, 250, 250));
}

TEST(Histogram, GrowsWithTheValues) {
  // [0, 1], then values far outside, on both sides.
  std::vector<float> narrow(128);
  for (size_t i = 0; i < narrow.size(); ++i) narrow[i] = static_cast<float>(i) / 127;
  const std::vector<int64_t> counts = Of({narrow, {100, -100, 100}}).histogram().Counts(5);
  EXPECT_THAT(counts, ElementsAre(1, 0, 128, 0, 2));
}

TEST(Histogram, EqualValuesAreInOnePart) {
  const std::vector<int64_t> counts = Of({{7, 7}, {7}}).histogram().Counts(4);
  EXPECT_EQ(3, std::accumulate(counts.begin(), counts.end(), int64_t{0}));
}

TEST(Histogram, TakesTheWholeRangeOfFloats) {
  const float most = std::numeric_limits<float>::max();
  EXPECT_THAT(Of({{0}, {most}, {-most}}).histogram().Counts(2),
              testing::AnyOf(ElementsAre(2, 1), ElementsAre(1, 2)));
}

TEST(Sparkline, IsAsHighAsTheCounts) {
  EXPECT_EQ("▁ █▄", Sparkline({1, 0, 1000, 500}));
  EXPECT_EQ("  ", Sparkline({0, 0}));
  EXPECT_EQ("", Sparkline({}));
}

TEST(HistogramText, ShowsStartsCountsAndBars) {
  EXPECT_EQ(
      "           0           3  ##########\n"
      "           1           1  ####\n",
      HistogramText(Of({{0, 0.5f, 0.9f, 2}}), 2, 10));
  EXPECT_EQ("           5           2  ##########\n", HistogramText(Of({{5, 5}}), 2, 10));
  EXPECT_EQ("", HistogramText(Of({}), 2, 10));
}

void Add(const std::vector<int>& shape, const std::vector<float>& values, DeadUnits* dead) {
  Blob blob(shape);
  SetData(values, &blob);
  dead->Add(blob);
}

TEST(DeadUnits, AUnitIsDeadUntilAnyImageFiresIt) {
  DeadUnits dead;
  Add({2, 2, 1, 2}, {0, 1, 0, 0, 0, 0, 0, 0}, &dead);
  EXPECT_EQ(4, dead.units());
  EXPECT_EQ(3, dead.dead_units());
  EXPECT_EQ(2, dead.channels());
  EXPECT_THAT(dead.dead_channels(), ElementsAre(1));
  Add({1, 2, 1, 2}, {0, 0, 0, 2}, &dead);
  EXPECT_EQ(2, dead.dead_units());
  EXPECT_THAT(dead.dead_channels(), ElementsAre());
}

TEST(DeadUnits, TakesBlobsOfAnyAxes) {
  DeadUnits vector, scalar, empty;
  Add({3}, {0, 0, 0}, &vector);
  EXPECT_EQ(1, vector.units());
  EXPECT_EQ(1, vector.dead_units());
  Add({}, {1}, &scalar);
  EXPECT_EQ(0, scalar.dead_units());
  Add({0, 3}, {}, &empty);
  EXPECT_EQ(0, empty.units());
  EXPECT_THAT(empty.dead_channels(), ElementsAre());
}

TEST(DeadUnits, RefusesImagesOfAnotherSize) {
  DeadUnits dead;
  Add({1, 2}, {0, 0}, &dead);
  EXPECT_THROW(Add({1, 3}, {0, 0, 0}, &dead), Error);
}

TEST(SummarizeSlopes, CountsWhatIsUnusual) {
  const std::vector<float> slopes = {-0.5f, 0.25f, 1.5f, 0.001f, -0.009f};
  const SlopeSummary summary = SummarizeSlopes(slopes.data(), 5);
  EXPECT_EQ(-0.5, summary.min);
  EXPECT_EQ(1.5, summary.max);
  EXPECT_NEAR(0.2484, summary.mean, 1e-6);
  EXPECT_EQ(2, summary.negative);
  EXPECT_EQ(1, summary.above_one);
  EXPECT_EQ(2, summary.near_zero);
  EXPECT_EQ(0, SummarizeSlopes(nullptr, 0).count);
}

}  // namespace
}  // namespace demitasse
