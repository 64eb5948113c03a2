#include "src/net/filter.hpp"

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

// The names of the layers that take part, each with a space behind it.
std::string Filter(const std::string& state, const std::string& layers) {
  const NetSource read = Parse("state { " + state + " } " + layers);
  Diagnostics diagnostics;
  std::string names;
  for (const PlannedLayer& layer : FilterLayers(read.net, *read.source, &diagnostics)) {
    names += layer.param.name() + " ";
  }
  return names + AllErrors(diagnostics);
}

bool Includes(const std::string& state, const std::string& rules) {
  return Filter(state, "layer { name: 'l' " + rules + " }") == "l ";
}

TEST(Filter, KeepsALayerWithoutRules) {
  EXPECT_TRUE(Includes("phase: TRAIN", ""));
  EXPECT_TRUE(Includes("phase: TEST", ""));
}

TEST(Filter, IncludesByPhase) {
  EXPECT_TRUE(Includes("phase: TRAIN", "include { phase: TRAIN }"));
  EXPECT_FALSE(Includes("phase: TEST", "include { phase: TRAIN }"));
}

TEST(Filter, AnEmptyRuleIsAlwaysMet) {
  EXPECT_TRUE(Includes("phase: TEST", "include { }"));
  EXPECT_FALSE(Includes("phase: TEST", "exclude { }"));
}

TEST(Filter, ComparesTheLevelWithBothBounds) {
  const std::string rule = "include { min_level: 2 max_level: 4 }";
  EXPECT_FALSE(Includes("level: 1", rule));
  EXPECT_TRUE(Includes("level: 2", rule));
  EXPECT_TRUE(Includes("level: 4", rule));
  EXPECT_FALSE(Includes("level: 5", rule));
  EXPECT_FALSE(Includes("", rule));
  EXPECT_TRUE(Includes("level: -1", "include { max_level: 0 }"));
}

TEST(Filter, NeedsAllStagesOfARule) {
  const std::string rule = "include { stage: 'deploy' stage: 'small' }";
  EXPECT_TRUE(Includes("stage: 'small' stage: 'x' stage: 'deploy'", rule));
  EXPECT_FALSE(Includes("stage: 'deploy'", rule));
  EXPECT_FALSE(Includes("", rule));
}

TEST(Filter, RefusesAnyNotStageOfARule) {
  const std::string rule = "include { not_stage: 'a' not_stage: 'b' }";
  EXPECT_TRUE(Includes("", rule));
  EXPECT_FALSE(Includes("stage: 'b'", rule));
}

TEST(Filter, ARuleIsMetOnlyIfAllPartsHold) {
  const std::string rule = "include { phase: TEST min_level: 1 stage: 's' }";
  EXPECT_TRUE(Includes("phase: TEST level: 1 stage: 's'", rule));
  EXPECT_FALSE(Includes("phase: TRAIN level: 1 stage: 's'", rule));
  EXPECT_FALSE(Includes("phase: TEST level: 0 stage: 's'", rule));
  EXPECT_FALSE(Includes("phase: TEST level: 1", rule));
}

TEST(Filter, OneOfSeveralRulesIsEnough) {
  const std::string includes = "include { phase: TRAIN } include { stage: 's' }";
  EXPECT_TRUE(Includes("phase: TRAIN", includes));
  EXPECT_TRUE(Includes("phase: TEST stage: 's'", includes));
  EXPECT_FALSE(Includes("phase: TEST", includes));
  const std::string excludes = "exclude { phase: TRAIN } exclude { stage: 's' }";
  EXPECT_FALSE(Includes("phase: TRAIN", excludes));
  EXPECT_FALSE(Includes("phase: TEST stage: 's'", excludes));
  EXPECT_TRUE(Includes("phase: TEST", excludes));
}

TEST(Filter, RefusesIncludeTogetherWithExclude) {
  EXPECT_EQ(
      Filter("",
             "\nlayer { name: 'ip' type: 'ReLU'"
             "\n  exclude { phase: TEST }"
             "\n  include { phase: TRAIN } }"),
      "net:3:3: error: layer 'ip' (ReLU): has both include and exclude rules; use one kind\n");
}

TEST(Filter, KeepsTheOrderAndWhereEachLayerStands) {
  const NetSource read = Parse(
      "state { phase: TEST }"
      "layer { name: 'a' } layer { name: 'b' include { phase: TRAIN } } layer { name: 'c' }");
  Diagnostics diagnostics;
  const auto layers = FilterLayers(read.net, *read.source, &diagnostics);
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].path, "layer[0]");
  EXPECT_EQ(layers[1].param.name(), "c");
  EXPECT_EQ(layers[1].path, "layer[2]");
  EXPECT_FALSE(layers[1].is_split);
}

TEST(Filter, GivesLayersThePhaseOfTheNetUnlessTheyHaveTheirOwn) {
  const NetSource read =
      Parse("state { phase: TEST } layer { name: 'a' } layer { name: 'b' phase: TRAIN }");
  Diagnostics diagnostics;
  const auto layers = FilterLayers(read.net, *read.source, &diagnostics);
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].param.phase(), caffe::TEST);
  EXPECT_EQ(layers[1].param.phase(), caffe::TRAIN);
}

}  // namespace
}  // namespace demitasse
