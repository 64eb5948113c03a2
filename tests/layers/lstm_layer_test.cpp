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

std::string Lstm(const std::string& param) {
  return "name: 'l' type: 'LSTM' recurrent_param { weight_filler { type: 'gaussian' std: 0.5 } "
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

void ExpectNear(const Values& expected, const Values& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], actual[i], 1e-5) << i;
}

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// y by the definition, for x, cont and x_static of the harness and states that begin at 0.
Values Expected(LayerHarness* harness, int units) {
  const Shape& shape = harness->bottom().shape();
  const int steps = shape[0], streams = shape[1], inputs = harness->bottom().count(2);
  const auto& w = harness->layer().blobs();
  std::vector<double> h(streams * units), c(streams * units);
  Values y;
  for (int t = 0; t < steps; ++t) {
    const std::vector<double> before = h;
    for (int k = 0; k < streams * units; ++k) {
      const int n = k / units, d = k % units;
      const double cont = harness->bottom(1).cpu_data()[t * streams + n];
      double a[4];
      for (int part = 0; part < 4; ++part) {
        const int row = part * units + d;
        a[part] = w[1]->cpu_data()[row];
        for (int i = 0; i < inputs; ++i) {
          a[part] += w[0]->data_at({row, i}) *
                     harness->bottom().cpu_data()[(t * streams + n) * inputs + i];
        }
        for (int i = 0; i < harness->bottom(2).shape(1); ++i) {
          a[part] += w[2]->data_at({row, i}) * harness->bottom(2).data_at({n, i});
        }
        for (int i = 0; i < units; ++i) {
          a[part] += w[3]->data_at({row, i}) * cont * before[n * units + i];
        }
      }
      c[k] = cont * Sigmoid(a[1]) * c[k] + Sigmoid(a[0]) * std::tanh(a[3]);
      h[k] = Sigmoid(a[2]) * std::tanh(c[k]);
    }
    for (const double value : h) y.push_back(static_cast<float>(value));
  }
  return y;
}

TEST(LSTMLayer, ComputesItsDefinition) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(Lstm("num_output: 3"), {{4, 2, 2, 3}, {4, 2}, {2, 2}}, engine);
    SetData({1, 1, 0, 1, 0.5f, 0, 1, -2}, &harness.bottom(1));
    harness.Forward();
    EXPECT_EQ((Shape{4, 2, 3}), harness.top().shape());
    ExpectNear(Expected(&harness, 3), Data(harness.top()));
  }
}

TEST(LSTMLayer, HasItsParametersInCaffesOrder) {
  LayerHarness plain(Lstm("num_output: 3"), {{4, 2, 5}, {4, 2}});
  LayerHarness with_static(Lstm("num_output: 3"), {{4, 2, 5}, {4, 2}, {2, 7}});
  const auto shapes = [](LayerHarness* harness) {
    Shapes all;
    for (const auto& blob : harness->layer().blobs()) all.push_back(blob->shape());
    return all;
  };
  EXPECT_EQ((Shapes{{12, 5}, {12}, {12, 3}}), shapes(&plain));
  EXPECT_EQ((Shapes{{12, 5}, {12}, {12, 7}, {12, 3}}), shapes(&with_static));
}

TEST(LSTMLayer, HasTheRightGradients) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    options.prepare = Begin;
    CheckGradients(Lstm("num_output: 3"), {{4, 2, 2}, {4, 2}}, options);
    CheckGradients(Lstm("num_output: 2"), {{3, 2, 1, 2}, {3, 2}, {2, 1, 2}}, options);
  }
  LayerHarness harness(Lstm("num_output: 3"), {{4, 2, 2}, {4, 2}, {2, 2}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
}

TEST(LSTMLayer, DoesNotMindALayerBehindThatWorksInPlace) {
  LayerHarness harness(Lstm("num_output: 2"), {{3, 2, 2}, {3, 2}});
  Begin(&harness);
  std::vector<Values> diffs;
  for (const bool change : {false, true}) {
    harness.Forward();
    SetDiff(Values(12, 1), &harness.top());
    if (change) SetData(Values(12, 7), &harness.top());
    harness.Backward();
    diffs.push_back(Diff(harness.bottom()));
    diffs.push_back(Diff(*harness.layer().blobs()[2]));
  }
  EXPECT_EQ(diffs[0], diffs[2]);
  EXPECT_EQ(diffs[1], diffs[3]);
}

TEST(LSTMLayer, TakesNoTimeForStepsWithoutStreams) {
  constexpr int kMost = std::numeric_limits<int>::max();
  LayerHarness harness("name: 'l' type: 'LSTM' recurrent_param { num_output: 2 }",
                       {{kMost, 0, 3}, {kMost, 0}});
  harness.Forward();
  harness.Backward();
  EXPECT_EQ(harness.top().shape(), (std::vector<int>{kMost, 0, 2}));
}

TEST(LSTMLayer, FollowsTheBottomsShape) {
  GradientOptions options;
  options.prepare = Begin;
  CheckReshape(Lstm("num_output: 3"), {{4, 2, 2}, {4, 2}}, {{5, 3, 2}, {5, 3}}, options);
  CheckReshape(Lstm("num_output: 3"), {{4, 2, 2}, {4, 2}, {2, 1}}, {{1, 1, 1, 2}, {1, 1}, {1, 1}},
               options);
}

TEST(LSTMLayer, ReportsWhatIsWrong) {
  const std::string start = "name: 'l' type: 'LSTM' recurrent_param { ";
  const std::string layer = start + "num_output: 2 } bottom: 'x' bottom: 'c' ";
  const std::string exposed = start + "num_output: 2 expose_hidden: true } bottom: 'x' ";
  const std::string error = "error: layer 'l' (LSTM): ";
  CheckErrors({
      {start + "}", {{4, 2, 3}, {4, 2}}, "layer:1:24: " + error + "num_output must be given"},
      {start + "num_output: 0 }",
       {{4, 2, 3}, {4, 2}},
       "layer:1:54: " + error + "num_output must be greater than 0, got 0"},
      {start + "num_output: 536870912 }",
       {{4, 2, 3}, {4, 2}},
       "layer:1:54: " + error + "num_output must be at most 536870911, got 536870912"},
      {layer,
       {{4}, {4, 2}},
       "layer:1:66: " + error +
           "bottom[0] 'x' of 4 (4) must have at least 2 axes: steps x streams x ..."},
      {layer,
       {{4, 2, 3}, {4, 3}},
       "layer:1:78: " + error +
           "bottom[1] 'c' of 4 3 (12) must be of 4 2 (8), the steps and streams of bottom[0] 'x'"},
      {layer,
       {{4, 2, 3}, {4, 2, 1}},
       "layer:1:78: " + error +
           "bottom[1] 'c' of 4 2 1 (8) must be of 4 2 (8), the steps and streams of bottom[0] 'x'"},
      {layer + "bottom: 's'",
       {{4, 2, 3}, {4, 2}, {3, 2}},
       "layer:1:90: " + error +
           "bottom[2] 's' of 3 2 (6) must have on axis 0 the 2 streams of bottom[0] 'x'"},
      {layer + "bottom: 's'",
       {{4, 2, 3}, {4, 2}, {}},
       "layer:1:90: " + error +
           "bottom[2] 's' of (1) must have on axis 0 the 2 streams of bottom[0] 'x'"},
      {exposed + "bottom: 'c' bottom: 'h' bottom: 'm' top: 'y' top: 'i' top: 'n'",
       {{4, 2, 3}, {4, 2}, {1, 2, 2}, {1, 2, 3}},
       "layer:1:122: " + error +
           "bottom[3] 'm' of 1 2 3 (6) must be of 1 2 2 (4), a state of num_output 2 for each "
           "stream of bottom[0] 'x'"},
      {exposed + "bottom: 'c' bottom: 'h' top: 'y' top: 'i' top: 'n'",
       {{4, 2, 3}, {4, 2}, {1, 2, 2}},
       "layer:1:110: " + error + "takes at least 4 bottom blobs, got 3: x, c, h"},
      {exposed + "bottom: 'c' bottom: 'h' bottom: 'm' top: 'y'",
       {{4, 2, 3}, {4, 2}, {1, 2, 2}, {1, 2, 2}},
       "layer:1:131: " + error + "takes exactly 3 top blobs, got 1: y"},
  });
}

}  // namespace
}  // namespace demitasse
