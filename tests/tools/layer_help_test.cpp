#include "tools/layer_help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demitasse/layer_registry.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A layer that declares what none of the built-in ones does.
class OddLayer : public Layer {
 public:
  using Layer::Layer;
  int MinBottomBlobs() const override { return 2; }
  int MaxBottomBlobs() const override { return 4; }
  int MinTopBlobs() const override { return 2; }
  bool SupportsInPlace(int index) const override { return index < 3; }
  bool BottomIsIndex(int index) const override { return index == 1 || index == 3; }
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}
};

// One whose last bottom, of any number, is an index.
class SelectingLayer : public OddLayer {
 public:
  using OddLayer::OddLayer;
  int MinBottomBlobs() const override { return -1; }
  int MaxBottomBlobs() const override { return -1; }
  bool BottomIsIndex(int index) const override { return index + 1 == layer_param_.bottom_size(); }
};

DEMITASSE_REGISTER_LAYER("LayerHelpTestOdd", OddLayer);
DEMITASSE_REGISTER_LAYER("LayerHelpTestSelecting", SelectingLayer);

TEST(LayerHelpTest, ParagraphsEndAtEmptyLinesAndAroundIndentedOnes) {
  const std::vector<Paragraph> paragraphs = Paragraphs("a\nb\n\nc\n  y = 1\n    z\nd");
  ASSERT_EQ(4U, paragraphs.size());
  EXPECT_THAT(paragraphs[0].lines, ElementsAre("a", "b"));
  EXPECT_THAT(paragraphs[1].lines, ElementsAre("c"));
  EXPECT_FALSE(paragraphs[1].is_fixed);
  EXPECT_THAT(paragraphs[2].lines, ElementsAre("y = 1", "  z"));
  EXPECT_TRUE(paragraphs[2].is_fixed);
  EXPECT_THAT(paragraphs[3].lines, ElementsAre("d"));
}

std::string SummaryOf(const std::string& description) {
  LayerHelp help;
  help.description = Paragraphs(description);
  return Summary(help);
}

TEST(LayerHelpTest, TheSummaryIsTheFirstStatement) {
  EXPECT_EQ("y = 0.5 * x", SummaryOf("y = 0.5 * x. In-place safe."));
  EXPECT_EQ("y = x", SummaryOf("y =\nx; its gradient is 1."));
  EXPECT_EQ("y = x (a. b; c) and [d. e]", SummaryOf("y = x (a. b; c) and [d. e]. f"));
  EXPECT_EQ("as in LeCun et al. (1989)", SummaryOf("as in LeCun et al. (1989). b"));
  EXPECT_EQ("no end", SummaryOf("no end"));
  EXPECT_EQ("", SummaryOf(""));
}

TEST(LayerHelpTest, FactsTellHowManyBlobsALayerTakesAndGives) {
  EXPECT_EQ("1", FindLayerFacts("ReLU").bottoms);
  EXPECT_EQ("none", FindLayerFacts("Input").bottoms);
  EXPECT_EQ("1 or 2", FindLayerFacts("Scale").bottoms);
  EXPECT_EQ("2 or more", FindLayerFacts("Eltwise").bottoms);
  EXPECT_EQ("as many as bottoms", FindLayerFacts("Convolution").tops);
  EXPECT_EQ("none", FindLayerFacts("Silence").tops);
  EXPECT_EQ("1 or more, filled by the caller", FindLayerFacts("Input").tops);
  EXPECT_EQ("1, may be left unnamed", FindLayerFacts("EuclideanLoss").tops);
  EXPECT_EQ("any number; the last bottom holds labels or indices",
            FindLayerFacts("LayerHelpTestSelecting").bottoms);
}

TEST(LayerHelpTest, FactsTellWhichBottomsAreWhat) {
  const LayerFacts accuracy = FindLayerFacts("Accuracy");
  EXPECT_EQ("2; bottom 1 holds labels or indices", accuracy.bottoms);
  EXPECT_EQ("no bottom", accuracy.gradient);
  EXPECT_EQ("no", accuracy.in_place);
  EXPECT_EQ("bottom 0", FindLayerFacts("SoftmaxWithLoss").gradient);
  EXPECT_EQ("the bottom", FindLayerFacts("ReLU").gradient);
  EXPECT_EQ("all bottoms", FindLayerFacts("EuclideanLoss").gradient);
  EXPECT_EQ("all bottoms but the last", FindLayerFacts("LayerHelpTestSelecting").gradient);

  const LayerFacts odd = FindLayerFacts("LayerHelpTestOdd");
  EXPECT_EQ("2 to 4; bottoms 1 and 3 hold labels or indices", odd.bottoms);
  EXPECT_EQ("bottoms 0 and 2", odd.gradient);
}

TEST(LayerHelpTest, FactsTellWhatWorksInPlace) {
  EXPECT_EQ("yes", FindLayerFacts("ReLU").in_place);
  EXPECT_EQ("yes, over bottom 0", FindLayerFacts("Bias").in_place);
  EXPECT_EQ("no", FindLayerFacts("Input").in_place);
  EXPECT_EQ("yes, over bottoms 0, 1 and 2", FindLayerFacts("LayerHelpTestOdd").in_place);
  EXPECT_EQ("yes, each top over its bottom", FindLayerFacts("LayerHelpTestSelecting").in_place);
}

TEST(LayerHelpTest, ALayerThatIsNotBuiltInIsDescribedByItsFacts) {
  EXPECT_THAT(LayerText(DescribeLayer("LayerHelpTestOdd"), 80),
              testing::StartsWith("LayerHelpTestOdd: not built in; what it reads from its "
                                  "extra_param, if anything, its\nauthor tells\n\n"
                                  "  bottoms   2 to 4;"));
}

TEST(LayerHelpTest, AMessageIsDescribedWhereTheLayerIsNot) {
  const LayerHelp help = DescribeLayer("SoftmaxWithLoss");
  ASSERT_EQ(2U, help.parameters.size());
  EXPECT_EQ("loss_param", help.parameters[0].field);
  EXPECT_TRUE(help.parameters[0].is_shared);
  EXPECT_EQ("softmax_param", help.parameters[1].field);
  EXPECT_FALSE(help.parameters[1].is_shared);
}

LayerHelp Described(const std::string& description) {
  LayerHelp help;
  help.type = "T";
  help.description = Paragraphs(description);
  return help;
}

TEST(LayerHelpTest, MarkdownKeepsFormulasAsTheyAre) {
  const std::string page = LayersMarkdown(
      {Described("y = a_k * b_(t-1)\n- 1 for x < 2 | x <= *z* <b>, [k](l) _m_\n\n  fixed * |x|")});
  EXPECT_THAT(page, HasSubstr("\n## T\n\ny = a_k * b_(t-1) - 1 for x < 2 \\| x <= \\*z* \\<b>, "
                              "[k]\\(l) \\_m_\n\n    fixed * |x|\n\n"));
  EXPECT_THAT(page, Not(HasSubstr("\n- 1")));
}

TEST(LayerHelpTest, OfALayerWithoutBottomsOnlyTheNumbersAreTold) {
  EXPECT_THAT(LayerText(DescribeLayer("DummyData"), 80),
              HasSubstr("\n  bottoms   none\n  tops      1 or more\n\nExample:\n"));
  EXPECT_THAT(LayersMarkdown({DescribeLayer("DummyData")}),
              HasSubstr("\n\nBottoms: none. Tops: 1 or more.\n\n```prototxt\n"));
}

}  // namespace
}  // namespace demitasse
