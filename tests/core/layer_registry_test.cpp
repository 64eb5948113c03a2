#include "demitasse/layer_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {

bool RegisterBuiltIn(const std::string& type, LayerRegistry::Creator creator);

namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::ThrowsMessage;

class EmptyLayer : public Layer {
 public:
  using Layer::Layer;
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}
  virtual int number() const { return 1; }

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}
};

class OtherLayer : public EmptyLayer {
 public:
  using EmptyLayer::EmptyLayer;
  int number() const override { return 2; }
};

DEMITASSE_REGISTER_LAYER("RegistryTestEmpty", EmptyLayer);

LayerParameter Param(const std::string& type) {
  LayerParameter param;
  param.set_name("l");
  param.set_type(type);
  return param;
}

TEST(LayerRegistry, MakesRegisteredLayers) {
  EXPECT_TRUE(LayerRegistry::Knows("RegistryTestEmpty"));
  const auto layer = LayerRegistry::Create(Param("RegistryTestEmpty"));
  EXPECT_STREQ("RegistryTestEmpty", layer->type());
  EXPECT_EQ("l", layer->layer_param().name());
}

TEST(LayerRegistry, ListsTypesInOrder) {
  const std::vector<std::string> types = LayerRegistry::List();
  EXPECT_THAT(types, Contains("RegistryTestEmpty"));
  EXPECT_TRUE(std::is_sorted(types.begin(), types.end()));
}

TEST(LayerRegistry, HoldsTheBuiltInLayers) {
  for (const char* const type : {"Input", "BatchNorm", "Split"}) {
    EXPECT_TRUE(LayerRegistry::Knows(type)) << type;
  }
}

TEST(LayerRegistry, DescribesTheBuiltInLayers) {
  EXPECT_EQ("Sigmoid: y = 1 / (1 + exp(-x)). The gradient is y * (1 - y). In-place safe.",
            LayerRegistry::Description("Sigmoid"));
  EXPECT_THAT(LayerRegistry::Description("BatchNorm"), HasSubstr(" blobs, which are not learned:\n"
                                                                 "  blob 0 = f * blob 0 + mean\n"
                                                                 "  blob 1 = "));
  EXPECT_EQ("", LayerRegistry::Description("RegistryTestEmpty"));
  EXPECT_EQ("", LayerRegistry::Description("Nothing like it"));
}

template <typename Type>
std::shared_ptr<Layer> Make(const LayerParameter& param) {
  return std::make_shared<Type>(param);
}

TEST(LayerRegistry, TheLastRegistrationOfANameCounts) {
  LayerRegistry::Register("RegistryTestTwice", Make<EmptyLayer>);
  LayerRegistry::Register("RegistryTestTwice", Make<OtherLayer>);
  const auto layer = LayerRegistry::Create(Param("RegistryTestTwice"));
  EXPECT_EQ(2, dynamic_cast<const EmptyLayer&>(*layer).number());
}

TEST(LayerRegistry, ALayerFromOutsideCountsBeforeABuiltInOne) {
  LayerRegistry::Register("RegistryTestOutside", Make<OtherLayer>);
  RegisterBuiltIn("RegistryTestOutside", Make<EmptyLayer>);
  const auto layer = LayerRegistry::Create(Param("RegistryTestOutside"));
  EXPECT_EQ(2, dynamic_cast<const EmptyLayer&>(*layer).number());
}

TEST(LayerRegistry, RefusesLayersCompiledForAnotherVersion) {
  LayerRegistry::Register("RegistryTestOld", Make<EmptyLayer>, "0.0.1");
  EXPECT_THAT([] { LayerRegistry::Create(Param("RegistryTestOld")); },
              ThrowsMessage<LayerError>(
                  "error: layer 'l': layer type 'RegistryTestOld' was compiled "
                  "for Demitasse 0.0.1, this is " DEMITASSE_VERSION "; compile it again"));
}

TEST(LayerRegistry, ReportsUnknownTypes) {
  EXPECT_FALSE(LayerRegistry::Knows("RegistryTestEmpt"));
  EXPECT_THAT([] { LayerRegistry::Create(Param("RegistryTestEmpt")); },
              ThrowsMessage<LayerError>("error: layer 'l': unknown layer type 'RegistryTestEmpt'; "
                                        "did you mean 'RegistryTestEmpty'?"));
  EXPECT_THAT(
      [] { LayerRegistry::Create(Param("Nothing like it")); },
      ThrowsMessage<LayerError>("error: layer 'l': unknown layer type 'Nothing like it'; known "
                                "types: " +
                                Join(LayerRegistry::List())));
  EXPECT_THAT([] { LayerRegistry::Create(Param("")); },
              ThrowsMessage<LayerError>("error: layer 'l': has no type; write what it computes, as "
                                        "in type: \"ReLU\""));
}

TEST(LayerRegistry, ReportsThePlaceOfAnUnknownType) {
  auto source = std::make_shared<SourceMap>("net.prototxt");
  source->Set("layer[3].type", 7, 9);
  LayerContext context;
  context.source = source;
  context.path = "layer[3]";
  EXPECT_THAT([&] { LayerRegistry::Create(Param("RegistryTestEmpt"), context); },
              ThrowsMessage<LayerError>("net.prototxt:7:9: error: layer 'l': unknown layer type "
                                        "'RegistryTestEmpt'; did you mean 'RegistryTestEmpty'?"));
}

}  // namespace
}  // namespace demitasse
