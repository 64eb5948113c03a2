// What LSTM and RNN have from RecurrentLayer, by the example of LSTM.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Lstm(const std::string& param) {
  return "name: 'l' type: 'LSTM' recurrent_param { weight_filler { type: 'gaussian' std: 0.5 } "
         "bias_filler { type: 'gaussian' } " +
         param + " }";
}

const std::string kExposed = Lstm("num_output: 2 expose_hidden: true") +
                             " bottom: 'x' bottom: 'cont' bottom: 'h0' bottom: 'c0'"
                             " top: 'y' top: 'hT' top: 'cT'";

void Fill(float value, Blob* blob) { SetData(Values(blob->size(), value), blob); }

void CopyParameters(LayerHarness* from, LayerHarness* to) {
  for (size_t i = 0; i < from->layer().blobs().size(); ++i) {
    to->layer().blobs()[i]->CopyFrom(*from->layer().blobs()[i]);
  }
}

void ExpectNear(const Values& expected, const Values& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], actual[i], 1e-5) << i;
}

TEST(RecurrentLayer, GoesOnFromTheStateThatTheLastForwardEndedIn) {
  LayerHarness whole(Lstm("num_output: 3"), {{4, 2, 2}, {4, 2}});
  LayerHarness half(Lstm("num_output: 3"), {{2, 2, 2}, {2, 2}});
  CopyParameters(&whole, &half);
  Fill(1, &whole.bottom(1));
  Fill(1, &half.bottom(1));
  whole.Forward();
  const Values x = Data(whole.bottom());
  Values y;
  for (const size_t begin : {0, 8}) {
    SetData(Values(x.begin() + begin, x.begin() + begin + 8), &half.bottom());
    half.Forward();
    const Values part = Data(half.top());
    y.insert(y.end(), part.begin(), part.end());
  }
  ExpectNear(Data(whole.top()), y);
}

TEST(RecurrentLayer, ReadsAndGivesExposedStates) {
  LayerHarness whole(kExposed, {{4, 2, 2}, {4, 2}, {1, 2, 2}, {1, 2, 2}});
  LayerHarness half(kExposed, {{2, 2, 2}, {2, 2}, {1, 2, 2}, {1, 2, 2}});
  CopyParameters(&whole, &half);
  for (LayerHarness* harness : {&whole, &half}) Fill(1, &harness->bottom(1));
  whole.Forward();
  const Values x = Data(whole.bottom());
  SetData(Values(x.begin(), x.begin() + 8), &half.bottom());
  half.bottom(2).CopyFrom(whole.bottom(2));
  half.bottom(3).CopyFrom(whole.bottom(3));
  half.Forward();
  EXPECT_EQ((Shape{1, 2, 2}), half.top(1).shape());
  SetData(Values(x.begin() + 8, x.end()), &half.bottom());
  half.bottom(2).CopyFrom(half.top(1));
  half.bottom(3).CopyFrom(half.top(2));
  half.Forward();
  for (const int top : {1, 2}) ExpectNear(Data(whole.top(top)), Data(half.top(top)));
  const Values y = Data(whole.top());
  ExpectNear(Values(y.begin() + 8, y.end()), Data(half.top()));
  EXPECT_EQ(Values(y.end() - 4, y.end()), Data(whole.top(1)));
}

TEST(RecurrentLayer, GradientsEndAtExposedStates) {
  LayerHarness harness(kExposed, {{3, 2, 2}, {3, 2}, {1, 2, 2}, {1, 2, 2}});
  Fill(1, &harness.bottom(1));
  harness.Forward();
  SetDiff(Values(12, 1), &harness.top());
  std::vector<Values> x_diffs;
  for (const float state_diff : {0.0f, 5.0f}) {
    for (const int top : {1, 2}) SetDiff(Values(4, state_diff), &harness.top(top));
    for (const int bottom : {2, 3}) SetDiff(Values(4, 9), &harness.bottom(bottom));
    harness.Backward();
    x_diffs.push_back(Diff(harness.bottom()));
    for (const int bottom : {2, 3}) EXPECT_EQ(Values(4, 0), Diff(harness.bottom(bottom)));
  }
  EXPECT_NE(Values(12, 0), x_diffs[0]);
  EXPECT_EQ(x_diffs[0], x_diffs[1]);
}

TEST(RecurrentLayer, StreamsThatAreNewBeginAtZero) {
  LayerHarness harness(Lstm("num_output: 3"), {{1, 1, 2}, {1, 1}});
  SetData({0.5f, 1}, &harness.bottom());
  Fill(1, &harness.bottom(1));
  harness.Forward();
  const Values fresh = Data(harness.top());
  harness.bottom().Reshape({1, 3, 2});
  harness.bottom(1).Reshape({1, 3});
  SetData({0.5f, 1, 0.5f, 1, 0.5f, 1}, &harness.bottom());
  Fill(1, &harness.bottom(1));
  harness.Forward();
  const Values y = Data(harness.top());
  ExpectNear(fresh, Values(y.begin() + 6, y.end()));
}

TEST(RecurrentLayer, TakesEmptySequences) {
  for (const Shape& cont : {Shape{3, 0}, Shape{0, 2}}) {
    LayerHarness harness(Lstm("num_output: 3"), {{cont[0], cont[1], 2}, cont, {cont[1], 4}});
    harness.Forward();
    harness.Backward();
    EXPECT_EQ((Shape{cont[0], cont[1], 3}), harness.top().shape());
    EXPECT_EQ(Values(36, 0), Diff(*harness.layer().blobs()[3]));
  }
  LayerHarness exposed(kExposed, {{0, 1, 2}, {0, 1}, {1, 1, 2}, {1, 1, 2}});
  exposed.Forward();
  EXPECT_EQ(Data(exposed.bottom(3)), Data(exposed.top(2)));
}

TEST(RecurrentLayer, LeavesFrozenParametersAlone) {
  LayerHarness harness(Lstm("num_output: 2"), {{3, 2, 2}, {3, 2}, {2, 2}});
  harness.Forward();
  SetDiff(Values(12, 1), &harness.top());
  for (int i = 0; i < 4; ++i) harness.layer().set_param_propagate_down(i, false);
  harness.layer().Backward(harness.tops(), {false, false, false}, harness.bottoms());
  for (const auto& blob : harness.layer().blobs()) EXPECT_EQ(0, blob->asum_diff());
  EXPECT_EQ(0, harness.bottom().asum_diff());
  EXPECT_EQ(0, harness.bottom(2).asum_diff());
}

TEST(RecurrentLayer, ReportsAnotherNumberOfInputsThanAtSetUp) {
  LayerHarness harness(Lstm("num_output: 2"), {{3, 2, 2}, {3, 2}, {2, 2}});
  const auto error = [&] {
    try {
      harness.Forward();
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("none");
  };
  harness.bottom().Reshape({3, 2, 5});
  EXPECT_EQ(
      "layer: error: layer 'l' (LSTM): bottom[0] of 3 2 5 (30) has 5 elements from axis 2 on, "
      "the weights are for 2",
      error());
  harness.bottom().Reshape({3, 2, 2});
  harness.bottom(2).Reshape({2, 1, 3});
  EXPECT_EQ(
      "layer: error: layer 'l' (LSTM): bottom[2] of 2 1 3 (6) has 3 elements from axis 1 on, "
      "the weights are for 2",
      error());
}

}  // namespace
}  // namespace demitasse
