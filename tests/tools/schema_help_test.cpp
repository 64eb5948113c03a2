#include "tools/schema_help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "demitasse/layer_registry.hpp"
#include "tests/support/layer_sources.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

FieldHelp Field(const std::string& message, const std::string& name) {
  for (const FieldHelp& field : DescribeMessage(message).fields) {
    if (field.name == name) return field;
  }
  ADD_FAILURE() << "no " << name << " in " << message;
  return {};
}

std::vector<std::string> Names(const std::vector<FieldHelp>& fields) {
  std::vector<std::string> names;
  for (const FieldHelp& field : fields) names.push_back(field.name);
  return names;
}

TEST(SchemaHelpTest, DescribesAMessage) {
  const MessageHelp clip = DescribeMessage("ClipParameter");
  EXPECT_EQ("ClipParameter", clip.name);
  EXPECT_EQ("Clip: y = min(max(x, min), max).", clip.comment);
  ASSERT_THAT(Names(clip.fields), ElementsAre("min", "max"));
  EXPECT_EQ("Smallest value that passes unchanged. Must be given.", clip.fields[0].comment);
  EXPECT_TRUE(clip.fields[0].is_required);
}

TEST(SchemaHelpTest, JoinsTheLinesOfAComment) {
  EXPECT_EQ(
      "Input and output channels are cut into this many groups that do not see each other; must "
      "divide both numbers.",
      Field("ConvolutionParameter", "group").comment);
}

TEST(SchemaHelpTest, TellsTypesAndDefaults) {
  EXPECT_EQ("uint32", Field("ConvolutionParameter", "num_output").type);
  EXPECT_EQ("", Field("ConvolutionParameter", "num_output").default_value);
  EXPECT_EQ("true", Field("ConvolutionParameter", "bias_term").default_value);
  EXPECT_EQ("1e-05", Field("BatchNormParameter", "eps").default_value);
  EXPECT_EQ("-1", Field("FillerParameter", "sparse").default_value);
  EXPECT_EQ("\"constant\"", Field("FillerParameter", "type").default_value);
  EXPECT_FALSE(Field("ConvolutionParameter", "axis").is_repeated);
  EXPECT_TRUE(Field("ConvolutionParameter", "kernel_size").is_repeated);
  EXPECT_FALSE(Field("ConvolutionParameter", "kernel_size").is_required);
}

TEST(SchemaHelpTest, TellsDefaultsOf64Bits) {
  EXPECT_EQ("-1", Field("SolverParameter", "random_seed").default_value);
}

TEST(SchemaHelpTest, TellsTheValuesOfAnEnum) {
  const FieldHelp operation = Field("EltwiseParameter", "operation");
  EXPECT_EQ("enum", operation.type);
  EXPECT_EQ("SUM", operation.default_value);
  ASSERT_EQ(3U, operation.values.size());
  EXPECT_EQ("PROD", operation.values[0].name);
  EXPECT_EQ("x0 * x1 * ...", operation.values[0].comment);
}

TEST(SchemaHelpTest, TellsOfMessagesWithinMessages) {
  const FieldHelp filler = Field("ConvolutionParameter", "weight_filler");
  EXPECT_TRUE(filler.is_message);
  EXPECT_EQ("FillerParameter", filler.type);
}

TEST(SchemaHelpTest, FindsTheParametersOfALayer) {
  EXPECT_THAT(Names(ParameterFields("Im2col")), ElementsAre("convolution_param"));
  EXPECT_THAT(Names(ParameterFields("SoftmaxWithLoss")),
              ElementsAre("loss_param", "softmax_param"));
  // Not in "Parameters of ImageData", nor as "parameter" somewhere in a sentence.
  EXPECT_THAT(Names(ParameterFields("Data")), ElementsAre("transform_param", "data_param"));
  EXPECT_THAT(Names(ParameterFields("Parameter")), ElementsAre("parameter_param"));
  EXPECT_THAT(ParameterFields("Split"), IsEmpty());
}

// The texts of a layer's file and of what it includes from layers/common, which may read for it.
std::string SourceWithCommon(const std::string& path, std::set<std::string>* seen) {
  if (!seen->insert(path).second) return "";
  std::string text = ReadSource(path + ".hpp") + ReadSource(path + ".cpp");
  const std::regex include("#include \"(layers/common/\\w+)\\.hpp\"");
  const std::string own = text;
  for (std::sregex_iterator it(own.begin(), own.end(), include), end; it != end; ++it) {
    text += SourceWithCommon((*it)[1], seen);
  }
  return text;
}

// The fields of LayerParameter that a layer's own file reads.
std::set<std::string> FieldsRead(const std::string& source) {
  const std::vector<std::string> all = Names(DescribeMessage("LayerParameter").fields);
  std::set<std::string> fields;
  const std::regex read("layer_param(?:_|\\(\\))\\.(\\w+)\\(\\)");
  for (std::sregex_iterator it(source.begin(), source.end(), read), end; it != end; ++it) {
    const std::string name = (*it)[1];
    const bool holds_parameters = std::regex_search(name, std::regex("_param$"));
    if (holds_parameters && std::find(all.begin(), all.end(), name) != all.end()) {
      fields.insert(name);
    }
  }
  // What LossLayer reads for those who ask it.
  if (source.find("Normalization(") != std::string::npos) fields.insert("loss_param");
  return fields;
}

// A parameter that only chooses an engine is read and has no effect where there is but one.
bool OnlyChoosesEngine(const FieldHelp& field) {
  return Names(DescribeMessage(field.type).fields) == std::vector<std::string>{"engine"};
}

TEST(SchemaHelpTest, TheParametersOfALayerAreThoseItReads) {
  for (const auto& [type, file] : LayerFiles()) {
    SCOPED_TRACE(type + ": see the comments of LayerParameter's fields in proto/caffe.proto");
    const std::vector<FieldHelp> fields = ParameterFields(type);
    EXPECT_THAT(Names(fields), IsSupersetOf(FieldsRead(ReadSource("layers/" + file + ".cpp"))));

    std::set<std::string> seen;
    const std::string source = SourceWithCommon("layers/" + file, &seen);
    for (const FieldHelp& field : fields) {
      if (OnlyChoosesEngine(field)) continue;
      EXPECT_TRUE(std::regex_search(source, std::regex("\\b" + field.name + "\\b")))
          << "does not read " << field.name;
    }
  }
}

}  // namespace
}  // namespace demitasse
