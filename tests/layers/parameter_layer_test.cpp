#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/net_fixture.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const std::string kParameter =
    "name: 'l' type: 'Parameter' parameter_param { shape { dim: 2 dim: 3 } }";

TEST(ParameterLayer, GivesACopyOfTheParameter) {
  LayerHarness harness(kParameter, {});
  ASSERT_EQ(1u, harness.layer().blobs().size());
  EXPECT_THAT(harness.top().shape(), ElementsAre(2, 3));
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(0, 0, 0, 0, 0, 0));

  SetData({1, 2, 3, 4, 5, 6}, harness.layer().blobs()[0].get());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(1, 2, 3, 4, 5, 6));

  SetData({0, 0, 0, 0, 0, 0}, &harness.top());
  EXPECT_THAT(Data(*harness.layer().blobs()[0]), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(ParameterLayer, TakesAnyShape) {
  LayerHarness single("name: 'l' type: 'Parameter' parameter_param { shape { } }", {});
  single.Forward();
  EXPECT_THAT(Data(single.top()), ElementsAre(0));
  LayerHarness empty("name: 'l' type: 'Parameter' parameter_param { shape { dim: 0 } }", {});
  empty.Forward();
  empty.Backward();
  EXPECT_THAT(empty.top().shape(), ElementsAre(0));
}

TEST(ParameterLayer, AddsToItsGradient) {
  LayerHarness harness(kParameter, {});
  Blob* const parameter = harness.layer().blobs()[0].get();
  harness.Forward();
  SetDiff({1, 2, 3, 4, 5, 6}, &harness.top());
  SetDiff({10, 20, 30, 40, 50, 60}, parameter);
  harness.layer().Backward(harness.tops(), {}, {});
  EXPECT_THAT(Diff(*parameter), ElementsAre(11, 22, 33, 44, 55, 66));

  harness.layer().set_param_propagate_down(0, false);
  harness.layer().Backward(harness.tops(), {}, {});
  EXPECT_THAT(Diff(*parameter), ElementsAre(11, 22, 33, 44, 55, 66));
}

TEST(ParameterLayer, HasAGradientAndKeepsItsShape) {
  CheckGradients(kParameter, {});
  CheckReshape(kParameter, {}, {});
}

// Two layers have one parameter, and one of the tops is changed in place.
TEST(ParameterLayer, IsSharedWholeAndUnchangedInANet) {
  const std::string param = "param { name: 'w' } parameter_param { shape { dim: 2 } }";
  const auto net =
      MakeNet(LayerText("p: Parameter -> p", param) + LayerText("q: Parameter -> q", param) +
              LayerText("scaled: Power q -> q", "power_param { scale: -3 }") +
              LayerText("sum: Eltwise p q -> sum") +
              LayerText("loss: Reduction sum -> loss", "loss_weight: 1"));
  Blob* const parameter = net->learnable_params().at(0);
  SetData({1, 5}, parameter);
  for (int pass = 1; pass <= 2; ++pass) {
    net->ForwardBackward();
    EXPECT_THAT(Data(*net->blob_by_name("sum")), ElementsAre(-2, -10));
    EXPECT_THAT(Data(*parameter), ElementsAre(1, 5));
    EXPECT_THAT(Diff(*parameter), ElementsAre(-2 * pass, -2 * pass));
  }
}

TEST(ParameterLayer, RefusesBadParameters) {
  const std::string error = "error: layer 'l' (Parameter): ";
  const std::string missing = "needs a shape: parameter_param { shape { dim: ... } }";
  CheckErrors({
      {"name: 'l' type: 'Parameter'", {}, "layer: " + error + missing},
      {"name: 'l' type: 'Parameter'\nparameter_param { }", {}, "layer:2:1: " + error + missing},
      {"name: 'l' type: 'Parameter'\nparameter_param { shape { dim: -2 } }",
       {},
       "layer:2:32: " + error + "a dimension must be from 0 to 2147483647, got -2"},
      {"name: 'l' type: 'Parameter'\nparameter_param { shape { dim: 2 } }\nbottom: 'x'",
       {{2}},
       "layer:3:9: " + error + "takes exactly 0 bottom blobs, got 1: x"},
  });
}

}  // namespace
}  // namespace demitasse
