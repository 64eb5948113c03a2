#include "tools/layer_examples.hpp"

#include <map>
#include <set>

#include "demitasse/net.hpp"
#include "src/parse/prototxt.hpp"
#include "tests/support/layer_sources.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

// Of the bottoms that examples have.
const std::map<std::string, std::vector<int>>& Shapes() {
  static const std::map<std::string, std::vector<int>> shapes = {
      {"data", {2, 3, 16, 16}}, {"conv1", {2, 4, 8, 8}}, {"conv2", {2, 4, 8, 8}},
      {"ip1", {2, 10}},         {"ip2", {2, 10}},        {"prob", {2, 10}},
      {"target", {2, 10}},      {"label", {2}},          {"similar", {2}},
      {"selector", {2}},        {"indices", {3}},        {"gains", {1, 1, 10, 10}},
      {"words", {5, 2}},        {"steps", {5, 2, 6}},    {"cont", {5, 2}},
      {"c_before", {1, 2, 4}},  {"gates", {1, 2, 16}},   {"begin", {1, 2}}};
  return shapes;
}

// The example with Input layers for its bottoms.
std::string NetAround(const std::string& example) {
  std::string net;
  for (const auto& [name, shape] : Shapes()) {
    if (example.find(Cat("bottom: \"", name, "\"")) == std::string::npos) continue;
    net += Cat("layer { name: \"in_", name, "\" type: \"Input\" top: \"", name,
               "\" input_param { shape {");
    for (const int size : shape) net += Cat(" dim: ", size);
    net += " } } }\n";
  }
  return net + example;
}

bool ReadsFiles(const std::string& type) {
  return std::set<std::string>{"Data", "HDF5Data", "HDF5Output", "ImageData", "WindowData"}.count(
             type) != 0;
}

TEST(LayerExamplesTest, AreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(R"(layer {
  name: "pool1"
  type: "Pooling"
  bottom: "conv1"
  top: "pool1"
  pooling_param {
    pool: MAX
    kernel_size: 2
    stride: 2
  }
}
)",
            LayerExample("Pooling"));
  EXPECT_EQ("", LayerExample("Teleport"));
}

TEST(LayerExamplesTest, AllRun) {
  for (const auto& [type, file] : LayerFiles()) {
    const std::string example = LayerExample(type);
    ASSERT_NE("", example) << type;
    if (ReadsFiles(type)) continue;  // parsed is enough
    try {
      Diagnostics diagnostics;
      Net net(ReadNetFromText(NetAround(example), "example", {}, &diagnostics).net);
      diagnostics.ThrowIfErrors();
      if (type != "MemoryData") net.Forward();  // which has no data yet
    } catch (const Error& error) {
      ADD_FAILURE() << type << ": " << error.what();
    }
  }
}

}  // namespace
}  // namespace demitasse
