#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Mvn(const std::string& param) {
  return "name: 'l' type: 'MVN' mvn_param { " + param + " }";
}

void ExpectNear(const Values& expected, const Values& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], actual[i], 1e-5) << i;
}

TEST(MVNLayer, NormalizesEachChannelOfEachSample) {
  LayerHarness harness("type: 'MVN'", {{1, 2, 2, 2}});
  SetData({1, 3, 3, 1, 10, 10, 10, 50}, &harness.bottom());
  harness.Forward();
  const float third = 1 / std::sqrt(3.0f);
  ExpectNear({-1, 1, 1, -1, -third, -third, -third, 3 * third}, Data(harness.top()));
}

TEST(MVNLayer, NormalizesSamplesAcrossChannels) {
  LayerHarness harness(Mvn("across_channels: true"), {{2, 2, 1, 2}});
  SetData({0, 0, 4, 4, 1, 2, 1, 2}, &harness.bottom());
  harness.Forward();
  ExpectNear({-1, -1, 1, 1, -1, 1, -1, 1}, Data(harness.top()));
}

TEST(MVNLayer, OnlySubtractsTheMeanIfToldSo) {
  LayerHarness harness(Mvn("normalize_variance: false"), {{1, 2, 1, 2}});
  SetData({1, 3, 5, 5}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{-1, 1, 0, 0}), Data(harness.top()));
  SetDiff({4, 0, 1, 2}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{2, -2, -0.5f, 0.5f}), Diff(harness.bottom()));
}

// The true gradient would have y * mean(y * dy) * (deviation + eps) / deviation.
TEST(MVNLayer, TakesEpsForSmallInTheGradientAsCaffeDoes) {
  LayerHarness harness(Mvn("eps: 1"), {{1, 1, 1, 4}});
  SetData({0, 2, 0, 2}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{-0.5f, 0.5f, -0.5f, 0.5f}), Data(harness.top()));
  SetDiff({0, 4, 0, 0}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{-0.375f, 1.375f, -0.375f, -0.625f}), Diff(harness.bottom()));
}

TEST(MVNLayer, KeepsWhatVariesAroundALargeMean) {
  LayerHarness harness("type: 'MVN'", {{1, 1, 100, 500}});
  Values values(50000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 16777212 : 16777214;
  SetData(values, &harness.bottom());
  harness.Forward();
  for (size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? -1 : 1;
  ExpectNear(values, Data(harness.top()));
}

TEST(MVNLayer, AConstantChannelGivesZero) {
  for (const std::string param : {"", "eps: 0"}) {
    SCOPED_TRACE(param);
    LayerHarness harness(Mvn(param), {{1, 1, 3, 37}});
    SetData(Values(111, 0.1f), &harness.bottom());
    harness.Forward();
    EXPECT_EQ(Values(111, 0), Data(harness.top()));
    SetDiff(Values(111, 3), &harness.top());
    harness.Backward();
    EXPECT_EQ(Values(111, 0), Diff(harness.bottom()));
  }
  LayerHarness single("type: 'MVN'", {{2, 3}});
  single.Forward();
  EXPECT_EQ(Values(6, 0), Data(single.top()));
}

TEST(MVNLayer, TakesNoMemoryForChannelsWithoutPlaces) {
  constexpr int kMost = std::numeric_limits<int>::max();
  LayerHarness harness("type: 'MVN'", {{kMost, 1 << 28, 0}});
  harness.Forward();
  EXPECT_EQ(harness.top().shape(), (std::vector<int>{kMost, 1 << 28, 0, 1}));
}

TEST(MVNLayer, GivesTheTopFourAxes) {
  const struct {
    Shape bottom, top;
  } cases[] = {{{2, 3}, {2, 3, 1, 1}},       {{5}, {5, 1, 1, 1}},
               {{}, {1, 1, 1, 1}},           {{2, 3, 4}, {2, 3, 4, 1}},
               {{0, 3, 4, 5}, {0, 3, 4, 5}}, {{2, 3, 0, 5}, {2, 3, 0, 5}}};
  for (const auto& c : cases) {
    LayerHarness harness("type: 'MVN'", {c.bottom});
    harness.Forward();
    harness.Backward();
    EXPECT_EQ(c.top, harness.top().shape());
  }
}

TEST(MVNLayer, HasTheRightGradients) {
  for (const std::string param : {"", "across_channels: true", "normalize_variance: false",
                                  "normalize_variance: false across_channels: true", "eps: 1e-4"}) {
    CheckGradients(Mvn(param), {{2, 3, 4, 5}});
    CheckInPlace(Mvn(param), {2, 3, 4, 5});
    CheckReshape(Mvn(param), {{2, 3, 4, 5}}, {{3, 1, 9, 8}});
  }
  // Groups that are worth several cores each.
  CheckInPlace(Mvn("across_channels: true"), {2, 3, 90, 100});
}

TEST(MVNLayer, GradientReadsTheTopOnlyWithTheVariance) {
  EXPECT_TRUE(LayerHarness(Mvn(""), {{2, 3}}).layer().BackwardReadsTops());
  EXPECT_FALSE(
      LayerHarness(Mvn("normalize_variance: false"), {{2, 3}}).layer().BackwardReadsTops());
}

TEST(MVNLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {Mvn("eps: -1"),
       {{2, 3}},
       "layer:1:40: error: layer 'l' (MVN): eps must not be negative, got -1"},
      {Mvn(""),
       {{2, 3, 1, 1, 1}},
       "layer: error: layer 'l' (MVN): bottom[0] of 2 3 1 1 1 (6) must have at most 4 axes: num, "
       "channels, height, width"},
      {Mvn("") + " bottom: 'x' bottom: 'y' top: 'z'",
       {{2, 3}, {2, 3}},
       "layer:1:58: error: layer 'l' (MVN): takes exactly 1 bottom blob, got 2: x, y"},
  });
}

}  // namespace
}  // namespace demitasse
