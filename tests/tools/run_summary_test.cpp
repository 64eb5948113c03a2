// demitasse run: what is printed.
#include <limits>

#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;

constexpr char kSoftmaxNet[] = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 } } }
layer { name: "prob" type: "Softmax" bottom: "x" top: "prob" }
)";

class RunSummaryTest : public ToolTest {
 protected:
  // What a run of `net` on such an input 'x' prints.
  std::string Print(const std::string& net, const std::vector<int>& shape,
                    const std::vector<float>& x, std::vector<std::string> flags = {}) const {
    flags.push_back("--input=x=" + WriteArray("x.npy", shape, x));
    const ProgramResult result = Run(net, flags);
    EXPECT_EQ(0, result.exit_code) << result.err;
    return result.out;
  }

  // Of these the softmax is 1/8, 5/8, 2/8.
  const std::vector<float> logits_ = {0, 1.6094379F, 0.6931472F};
};

TEST_F(RunSummaryTest, ColumnsAreAligned) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }
layer { name: "a" type: "Power" bottom: "x" top: "a_long_name" power_param { scale: 0.125 } }
layer { name: "b" type: "Concat" bottom: "x" bottom: "x" top: "b" }
)";
  EXPECT_EQ(
      "a_long_name  1 x 2  min 0.125  mean 0.25  max 0.375\n"
      "b            1 x 4  min 1      mean 2     max 3\n",
      Print(net, {1, 2}, {1, 3}));
}

TEST_F(RunSummaryTest, CountsWhatIsNotANumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ("y  3  min 2  mean 4  max 6  1 NaN\n", Print(DoublingNet(), {3}, {1, nan, 3}));
  EXPECT_EQ("y  2  2 NaN\n", Print(DoublingNet(), {2}, {nan, -nan}));
  EXPECT_EQ("y  2  min 2  mean inf  max inf\n", Print(DoublingNet(), {2}, {1, inf}));
  EXPECT_EQ("y  2  min -inf  mean nan  max inf\n", Print(DoublingNet(), {2}, {-inf, inf}));
}

TEST_F(RunSummaryTest, NumbersHaveSixDigits) {
  EXPECT_EQ("y  2  min -2.46914e+08  mean -1.23457e+08  max 0.000246914\n",
            Print(DoublingNet(), {2}, {-123456789.0F, 0.000123456789F}));
}

TEST_F(RunSummaryTest, ListsTheTopClassesOfASoftmax) {
  EXPECT_EQ(
      "prob  1 x 3  min 0.125  mean 0.333333  max 0.625\n"
      "  class 1  0.625\n"
      "  class 2  0.25\n"
      "  class 0  0.125\n",
      Print(kSoftmaxNet, {1, 3}, logits_));
  EXPECT_EQ(
      "prob  1 x 3  min 0.125  mean 0.333333  max 0.625\n"
      "  class 1  0.625\n",
      Print(kSoftmaxNet, {1, 3}, logits_, {"--top=1"}));
  EXPECT_EQ("prob  1 x 3  min 0.125  mean 0.333333  max 0.625\n",
            Print(kSoftmaxNet, {1, 3}, logits_, {"--top=0"}));
}

TEST_F(RunSummaryTest, OfEqualClassesTheFirstComesFirst) {
  EXPECT_EQ(
      "prob  1 x 12  min 0.0833333  mean 0.0833333  max 0.0833333\n"
      "  class 0  0.0833333\n"
      "  class 1  0.0833333\n",
      Print(kSoftmaxNet, {1, 12}, std::vector<float>(12), {"--top=2"}));
}

TEST_F(RunSummaryTest, ListsTheTopClassesOfEachItem) {
  EXPECT_EQ(
      "prob  2 x 2 x 1 x 1  min 0.5  mean 0.5  max 0.5\n"
      "  item 0\n"
      "  class 0  0.5\n"
      "  item 1\n"
      "  class 0  0.5\n",
      Print(kSoftmaxNet, {2, 2, 1, 1}, {0, 0, 0, 0}, {"--top=1"}));
  const std::string many = Print(kSoftmaxNet, {13, 2}, std::vector<float>(26), {"--top=1"});
  EXPECT_THAT(many, HasSubstr("  item 9\n  class 0  0.5\n  ... and 3 more items\n"));
  EXPECT_THAT(many, testing::Not(HasSubstr("item 10")));
}

TEST_F(RunSummaryTest, MapsOfClassesAreNotListed) {
  EXPECT_EQ("prob  1 x 2 x 1 x 2  min 0.5  mean 0.5  max 0.5\n",
            Print(kSoftmaxNet, {1, 2, 1, 2}, {0, 0, 0, 0}));
}

TEST_F(RunSummaryTest, ClassesHaveTheirLabels) {
  const std::string labels =
      Write("labels.txt", "\xEF\xBB\xBFn01 cat, house cat\r\ndog\r\ncow\r\n");
  EXPECT_EQ(
      "prob  1 x 3  min 0.125  mean 0.333333  max 0.625\n"
      "  class 1  0.625  dog\n"
      "  class 2  0.25   cow\n"
      "  class 0  0.125  n01 cat, house cat\n",
      Print(kSoftmaxNet, {1, 3}, logits_, {"--labels=" + labels}));
}

TEST_F(RunSummaryTest, WrongLabelsAreErrors) {
  const std::string two = Write("two.txt", "cat\ndog\n\n");
  ExpectError(Run(kSoftmaxNet, {"--labels=" + two}), 2,
              two + ": error: there are 2 labels in the file, but the output 'prob' has 3 classes");
  ExpectError(Run(DoublingNet(), {"--labels=" + two}), 2,
              two +
                  ": error: the labels have no use: no output of the net is a softmax over "
                  "classes");
  const std::string none = Write("none.txt", "\n\n");
  ExpectError(Run(kSoftmaxNet, {"--labels=" + none}), 2,
              none + ": error: there are no labels in the file");
  ExpectError(Run(kSoftmaxNet, {"--labels=" + Path("missing.txt")}), 2,
              Path("missing.txt") + ": error: cannot open the file: No such file or directory");
}

TEST_F(RunSummaryTest, PrintsTheWeightedLoss) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 } } }
layer { name: "zero" type: "Power" bottom: "x" top: "zero" power_param { scale: 0 } }
layer { name: "loss" type: "EuclideanLoss" bottom: "x" bottom: "zero" top: "loss" loss_weight: 3 }
)";
  EXPECT_EQ("loss  scalar  min 6.25  mean 6.25  max 6.25\nloss = 18.75\n",
            Print(net, {2, 1}, {3, 4}));
}

TEST_F(RunSummaryTest, ALossWithoutANameIsPrintedToo) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 } } }
layer { name: "zero" type: "Power" bottom: "x" top: "zero" power_param { scale: 0 } }
layer { name: "loss" type: "EuclideanLoss" bottom: "x" bottom: "zero" }
)";
  EXPECT_EQ("loss = 6.25\n", Print(net, {2, 1}, {3, 4}));
}

TEST_F(RunSummaryTest, CopiesMadeForALossAreNotOutputs) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 } } }
layer { name: "a" type: "Power" bottom: "x" top: "a" loss_weight: 1 }
layer { name: "b" type: "Power" bottom: "a" top: "b" }
)";
  EXPECT_EQ("b  2  min 1  mean 2  max 3\nloss = 4\n", Print(net, {2}, {1, 3}));
}

TEST_F(RunSummaryTest, ProbabilitiesOfALossAreListed) {
  const std::string net = R"(
layer { name: "in" type: "Input" top: "x" top: "label"
        input_param { shape { dim: 1 dim: 3 } shape { dim: 1 } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "x" bottom: "label" top: "loss" top: "p" }
)";
  const std::string label = WriteArray("label.npy", {1}, {0});
  EXPECT_THAT(Print(net, {1, 3}, logits_, {"--input=label=" + label, "--top=1"}),
              HasSubstr("max 0.625\n  class 1  0.625\nloss = 2.07944\n"));
}

}  // namespace
}  // namespace demitasse
