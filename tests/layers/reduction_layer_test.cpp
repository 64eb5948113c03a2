#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string ReductionText(const std::string& param) {
  return "name: 'l' type: 'Reduction' reduction_param { " + param + " }";
}

// Of the rows 1, -2, 3 and -4, 0, 6.
Values Reduced(const std::string& param) {
  LayerHarness harness(ReductionText(param), {{2, 3}});
  SetData({1, -2, 3, -4, 0, 6}, &harness.bottom());
  harness.Forward();
  return Data(harness.top());
}

TEST(ReductionLayer, ReducesAllAxes) {
  EXPECT_EQ(Values{4}, Reduced(""));
  EXPECT_EQ(Values{16}, Reduced("operation: ASUM"));
  EXPECT_EQ(Values{66}, Reduced("operation: SUMSQ"));
  EXPECT_FLOAT_EQ(4.0f / 6, Reduced("operation: MEAN")[0]);
}

TEST(ReductionLayer, ReducesFromAnAxisOn) {
  EXPECT_EQ((Values{2, 2}), Reduced("axis: 1"));
  EXPECT_EQ((Values{6, 10}), Reduced("axis: -1 operation: ASUM"));
  EXPECT_EQ((Values{14, 52}), Reduced("axis: 1 operation: SUMSQ"));
}

TEST(ReductionLayer, MultipliesByTheCoefficient) {
  EXPECT_EQ((Values{-5, -5}), Reduced("axis: 1 coeff: -2.5"));
  EXPECT_FLOAT_EQ(2, Reduced("axis: 0 operation: MEAN coeff: 3")[0]);
}

TEST(ReductionLayer, KeepsTheAxesBefore) {
  LayerHarness all(ReductionText(""), {{2, 3, 4}});
  EXPECT_EQ(Shape{}, all.top().shape());
  LayerHarness behind(ReductionText("axis: 1"), {{2, 3, 4}});
  EXPECT_EQ(Shape{2}, behind.top().shape());
  LayerHarness last(ReductionText("axis: -1"), {{2, 3, 4}});
  EXPECT_EQ((Shape{2, 3}), last.top().shape());
}

TEST(ReductionLayer, AddsManyValuesExactly) {
  LayerHarness harness(ReductionText(""), {{100003}});
  SetData(Values(100003, 0.1f), &harness.bottom());
  harness.Forward();
  EXPECT_FLOAT_EQ(10000.3f, harness.top().cpu_data()[0]);
}

TEST(ReductionLayer, TheGradientOfASumOfAbsoluteValuesIsTheSign) {
  LayerHarness harness(ReductionText("operation: ASUM coeff: 2"), {{3}});
  SetData({-5, 0, 5}, &harness.bottom());
  harness.Forward();
  SetDiff({3}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{-6, 0, 6}), Diff(harness.bottom()));
}

TEST(ReductionLayer, HasTheRightGradients) {
  for (const char* const operation : {"SUM", "SUMSQ", "MEAN"}) {
    const std::string param = std::string("operation: ") + operation + " coeff: 1.3 ";
    CheckGradients(ReductionText(param), {{2, 3, 2}});
    CheckGradients(ReductionText(param + "axis: 1"), {{2, 3, 2}});
  }
  CheckGradients(ReductionText("operation: ASUM axis: -1"), {{2, 3, 2}});
}

TEST(ReductionLayer, FollowsTheBottomsShape) {
  CheckReshape(ReductionText("operation: MEAN axis: 1"), {{2, 3}}, {{4, 5}});
}

TEST(ReductionLayer, NothingReducesToZero) {
  for (const char* const operation : {"SUM", "ASUM", "SUMSQ", "MEAN"}) {
    LayerHarness harness(ReductionText(std::string("axis: 1 operation: ") + operation), {{2, 0}});
    harness.Forward();
    harness.Backward();
    EXPECT_EQ((Values{0, 0}), Data(harness.top()));
  }
}

TEST(ReductionLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {ReductionText("axis: 2"),
       {{2, 3}},
       "layer:1:53: error: layer 'l' (Reduction): axis 2 is outside the bottom's 2 axes (2 3 (6))"},
      {ReductionText("axis: -3"),
       {{2, 3}},
       "layer:1:53: error: layer 'l' (Reduction): axis -3 is outside the bottom's 2 axes (2 3 "
       "(6))"},
      {"name: 'l' type: 'Reduction' bottom: 'x' top: 'x'",
       {{2, 3}},
       "layer:1:46: error: layer 'l' (Reduction): cannot write top[0] 'x' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
