// What holds for every built-in layer: its file, its help, and the checks that its test makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <regex>

#include "demitasse/layer_registry.hpp"
#include "tests/support/layer_sources.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

constexpr int kMostLines = 250;

std::shared_ptr<Layer> MakeLayer(const std::string& type) {
  LayerParameter param;
  param.set_type(type);
  return LayerRegistry::Create(param);
}

// As many bottoms as the layer takes at most, or needs if it takes any number.
int Bottoms(const Layer& layer) {
  if (layer.ExactNumBottomBlobs() >= 0) return layer.ExactNumBottomBlobs();
  return layer.MaxBottomBlobs() >= 0 ? layer.MaxBottomBlobs() : std::max(layer.MinBottomBlobs(), 1);
}

bool HasGradientOfABottom(const Layer& layer) {
  for (int i = 0; i < Bottoms(layer); ++i) {
    if (layer.AllowForceBackward(i)) return true;
  }
  return false;
}

bool Contains(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern));
}

// A built-in layer, as made from nothing but its type, and the texts of its source and its test.
struct BuiltIn {
  std::string type;
  std::string file;
  std::string source;
  std::string test;
  std::shared_ptr<Layer> layer;

  bool IsLearned() const { return Contains(source, "AddParameter\\(|blobs_\\.push_back"); }
};

std::vector<BuiltIn> BuiltInLayers() {
  std::map<std::string, std::string> files = LayerFiles();
  std::vector<BuiltIn> layers;
  for (const std::string& type : LayerRegistry::List()) {
    if (LayerRegistry::Description(type).empty()) continue;  // registered by a test
    const std::string file = files[type];
    layers.push_back({type, file, ReadSource("layers/" + file + ".cpp"),
                      ReadSource("tests/layers/" + file + "_test.cpp"), MakeLayer(type)});
  }
  return layers;
}

// Whether `file` is `type` in snake case: an underscore may stand before any capital, and must
// before one that begins a word ("InnerProduct", not the L of "PReLU").
bool IsSnakeCase(const std::string& type, const std::string& file) {
  size_t at = 0;
  for (size_t i = 0; i < type.size(); ++i) {
    const bool capital = std::isupper(static_cast<unsigned char>(type[i])) != 0;
    const bool begins_word =
        capital && i > 0 && !std::isupper(static_cast<unsigned char>(type[i - 1])) &&
        i + 1 < type.size() && std::islower(static_cast<unsigned char>(type[i + 1]));
    const bool underscore = at < file.size() && file[at] == '_';
    if (underscore ? !capital || i == 0 : begins_word) return false;
    if (underscore) ++at;
    if (at >= file.size() || file[at] != std::tolower(static_cast<unsigned char>(type[i])))
      return false;
    ++at;
  }
  return file.substr(at) == "_layer";
}

TEST(EveryLayer, IsRegisteredByAFileOfItsName) {
  EXPECT_TRUE(IsSnakeCase("InnerProduct", "inner_product_layer"));
  EXPECT_FALSE(IsSnakeCase("InnerProduct", "innerproduct_layer"));
  EXPECT_TRUE(IsSnakeCase("PReLU", "prelu_layer"));
  EXPECT_TRUE(IsSnakeCase("HDF5Data", "hdf5_data_layer"));
  EXPECT_FALSE(IsSnakeCase("ReLU", "tanh_layer"));
  for (const BuiltIn& built_in : BuiltInLayers()) {
    EXPECT_TRUE(IsSnakeCase(built_in.type, built_in.file))
        << built_in.type << " is in " << built_in.file;
  }
}

TEST(EveryLayer, IsShort) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    EXPECT_LE(std::count(built_in.source.begin(), built_in.source.end(), '\n'), kMostLines)
        << built_in.file << ".cpp; what is not the layer's own belongs into layers/common or an op";
  }
}

TEST(EveryLayer, HasHelp) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    EXPECT_THAT(LayerRegistry::Description(built_in.type), StartsWith(built_in.type + ": "));
  }
}

TEST(EveryLayer, IsInTheCatalogue) {
  const std::string catalogue = ReadSource("docs/layers.md");
  for (const BuiltIn& built_in : BuiltInLayers()) {
    EXPECT_THAT(catalogue, HasSubstr("\n## " + built_in.type + "\n"));
  }
}

TEST(EveryLayer, HasATestOfItsGradients) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    if (HasGradientOfABottom(*built_in.layer) || built_in.IsLearned()) {
      EXPECT_TRUE(Contains(built_in.test, "CheckGradients\\(")) << built_in.file;
    } else if (Bottoms(*built_in.layer) > 0) {
      EXPECT_TRUE(Contains(built_in.test, "EXPECT_FALSE\\(.*AllowForceBackward"))
          << built_in.file << " should assert that it has no gradient";
    }
  }
}

TEST(EveryLayer, HasATestOfItsWorkInPlace) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    if (Bottoms(*built_in.layer) == 0 || !built_in.layer->SupportsInPlace(0)) continue;
    EXPECT_TRUE(Contains(built_in.test, "CheckInPlace(OverFirst)?\\(")) << built_in.file;
  }
}

TEST(EveryLayer, HasATestOfNewShapes) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    if (Bottoms(*built_in.layer) == 0 || built_in.layer->ExactNumTopBlobs() == 0) continue;
    EXPECT_TRUE(Contains(built_in.test, "CheckReshape\\(")) << built_in.file;
  }
}

TEST(EveryLayer, HasATestOfItsErrors) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    EXPECT_TRUE(Contains(built_in.test, "CheckErrors\\(")) << built_in.file;
  }
}

TEST(EveryLayer, WithoutAGradientRefusesToGoBackward) {
  for (const BuiltIn& built_in : BuiltInLayers()) {
    const int bottoms = Bottoms(*built_in.layer);
    if (bottoms == 0 || HasGradientOfABottom(*built_in.layer) || built_in.IsLearned()) continue;
    Blob blob({1});
    const std::vector<Blob*> bottom(static_cast<size_t>(bottoms), &blob);
    const std::vector<bool> all(static_cast<size_t>(bottoms), true);
    EXPECT_THAT([&] { built_in.layer->Backward({&blob}, all, bottom); },
                ThrowsMessage<LayerError>(HasSubstr("(" + built_in.type +
                                                    "): this layer has no "
                                                    "gradient; nothing below it can learn")));
  }
}

}  // namespace
}  // namespace demitasse
