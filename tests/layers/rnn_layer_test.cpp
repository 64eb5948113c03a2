#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Rnn(const std::string& param) {
  return "name: 'l' type: 'RNN' recurrent_param { weight_filler { type: 'gaussian' std: 0.5 } "
         "bias_filler { type: 'gaussian' } " +
         param + " }";
}

// Sequences that begin at the first step and, here and there, at others.
void Begin(LayerHarness* harness) {
  Blob& cont = harness->bottom(1);
  for (int i = 0; i < static_cast<int>(cont.size()); ++i) {
    cont.mutable_cpu_data()[i] = i < cont.shape(1) || i % 5 == 2 ? 0 : 1;
  }
}

TEST(RNNLayer, GivesKnownNumbers) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(Rnn("num_output: 1"), {{3, 1, 1}, {3, 1}, {1, 1}}, engine);
    SetData({1, -2, 3}, &harness.bottom());
    SetData({1, 1, 0}, &harness.bottom(1));
    SetData({4}, &harness.bottom(2));
    const Values parameters = {0.5f, 0.1f, 0.25f, -0.75f, 2, -0.5f};
    ASSERT_EQ(6u, harness.layer().blobs().size());
    for (size_t i = 0; i < 6; ++i) SetData({parameters[i]}, harness.layer().blobs()[i].get());
    harness.Forward();
    const double h1 = std::tanh(0.5 * 1 + 0.1 + 0.25 * 4);
    const double h2 = std::tanh(0.5 * -2 + 0.1 + 0.25 * 4 - 0.75 * h1);
    const double h3 = std::tanh(0.5 * 3 + 0.1 + 0.25 * 4);
    int t = 0;
    for (const double h : {h1, h2, h3}) {
      EXPECT_NEAR(std::tanh(2 * h - 0.5), harness.top().cpu_data()[t++], 1e-6);
    }
  }
}

TEST(RNNLayer, HasItsParametersInCaffesOrder) {
  LayerHarness harness(Rnn("num_output: 3"), {{4, 2, 5}, {4, 2}, {2, 7}});
  Shapes shapes;
  for (const auto& blob : harness.layer().blobs()) shapes.push_back(blob->shape());
  EXPECT_EQ((Shapes{{3, 5}, {3}, {3, 7}, {3, 3}, {3, 3}, {3}}), shapes);
}

TEST(RNNLayer, GoesOnFromTheStateThatTheLastForwardEndedIn) {
  LayerHarness harness(Rnn("num_output: 2"), {{1, 1, 1}, {1, 1}});
  LayerHarness exposed(Rnn("num_output: 2 expose_hidden: true") +
                           " bottom: 'x' bottom: 'cont' bottom: 'h0' top: 'y' top: 'hT'",
                       {{1, 1, 1}, {1, 1}, {1, 1, 2}});
  for (size_t i = 0; i < 5; ++i) {
    exposed.layer().blobs()[i]->CopyFrom(*harness.layer().blobs()[i]);
  }
  SetData({0, 0}, &exposed.bottom(2));
  for (LayerHarness* each : {&harness, &exposed}) SetData({1}, &each->bottom(1));
  std::vector<Values> outputs;
  for (int i = 0; i < 3; ++i) {
    harness.Forward();
    exposed.Forward();
    EXPECT_EQ(Data(harness.top()), Data(exposed.top()));
    exposed.bottom(2).CopyFrom(exposed.top(1));
    outputs.push_back(Data(harness.top()));
  }
  EXPECT_NE(outputs[0], outputs[1]);
  EXPECT_NE(outputs[1], outputs[2]);

  SetData({0}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ(outputs[0], Data(harness.top()));
}

TEST(RNNLayer, GradientsEndAtExposedStates) {
  LayerHarness harness(Rnn("num_output: 2 expose_hidden: true") +
                           " bottom: 'x' bottom: 'cont' bottom: 'h0' top: 'y' top: 'hT'",
                       {{2, 1, 1}, {2, 1}, {1, 1, 2}});
  SetData({1, 1}, &harness.bottom(1));
  harness.Forward();
  SetDiff(Values(4, 0), &harness.top());
  SetDiff(Values(2, 1), &harness.top(1));
  SetDiff(Values(2, 9), &harness.bottom(2));
  harness.Backward();
  EXPECT_EQ(Values(2, 0), Diff(harness.bottom()));
  EXPECT_EQ(Values(2, 0), Diff(harness.bottom(2)));
}

TEST(RNNLayer, HasTheRightGradients) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    options.prepare = Begin;
    CheckGradients(Rnn("num_output: 3"), {{4, 2, 2}, {4, 2}}, options);
    CheckGradients(Rnn("num_output: 2"), {{3, 2, 1, 2}, {3, 2}, {2, 3}}, options);
  }
  LayerHarness harness(Rnn("num_output: 3"), {{4, 2, 2}, {4, 2}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
}

TEST(RNNLayer, DoesNotMindALayerBehindThatWorksInPlace) {
  LayerHarness harness(Rnn("num_output: 2"), {{3, 2, 2}, {3, 2}});
  Begin(&harness);
  std::vector<Values> diffs;
  for (const bool change : {false, true}) {
    harness.Forward();
    SetDiff(Values(12, 1), &harness.top());
    if (change) SetData(Values(12, 7), &harness.top());
    harness.Backward();
    diffs.push_back(Diff(harness.bottom()));
  }
  EXPECT_EQ(diffs[0], diffs[1]);
}

TEST(RNNLayer, FollowsTheBottomsShape) {
  GradientOptions options;
  options.prepare = Begin;
  CheckReshape(Rnn("num_output: 3"), {{4, 2, 2}, {4, 2}}, {{5, 3, 2}, {5, 3}}, options);
  LayerHarness empty(Rnn("num_output: 3"), {{2, 0, 2}, {2, 0}});
  empty.Forward();
  empty.Backward();
  EXPECT_EQ((Shape{2, 0, 3}), empty.top().shape());
}

TEST(RNNLayer, ReportsWhatIsWrong) {
  const std::string layer = "name: 'l' type: 'RNN' recurrent_param { num_output: 2 } ";
  const std::string error = "error: layer 'l' (RNN): ";
  CheckErrors({
      {"name: 'l' type: 'RNN'",
       {{4, 2, 3}, {4, 2}},
       "layer: " + error + "num_output must be given"},
      {"name: 'l' type: 'RNN' recurrent_param { num_output: 0 }",
       {{4, 2, 3}, {4, 2}},
       "layer:1:53: " + error + "num_output must be greater than 0, got 0"},
      {layer,
       {{4, 2, 3}, {2, 4}},
       "layer: " + error +
           "bottom[1] of 2 4 (8) must be of 4 2 (8), the steps and streams of bottom[0]"},
      {"name: 'l' type: 'RNN' recurrent_param { num_output: 2 expose_hidden: true } "
       "bottom: 'x' bottom: 'c' bottom: 'h' top: 'y' top: 'hT'",
       {{4, 2, 3}, {4, 2}, {1, 3, 2}},
       "layer:1:109: " + error +
           "bottom[2] 'h' of 1 3 2 (6) must be of 1 2 2 (4), a state of num_output 2 for each "
           "stream of bottom[0] 'x'"},
      {layer + "bottom: 'x'",
       {{4, 2, 3}},
       "layer:1:65: " + error + "takes at least 2 bottom blobs, got 1: x"},
  });
}

}  // namespace
}  // namespace demitasse
