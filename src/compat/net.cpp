#include "caffe/net.hpp"

#include <unordered_map>

#include "src/io/hdf5_weights.hpp"

namespace caffe {
namespace compat {
namespace {

demitasse::NetOptions Options() {
  demitasse::NetOptions options;
  options.seed = ThreadSeed().value_or(options.seed);
  return options;
}

}  // namespace

std::shared_ptr<demitasse::Net> MakeNet(const NetParameter& param) {
  demitasse::NetOptions options = Options();
  options.phase = param.state().phase();
  return std::make_shared<demitasse::Net>(param, options);
}

std::shared_ptr<demitasse::Net> MakeNet(const std::string& file, Phase phase, int level,
                                        const std::vector<std::string>* stages) {
  demitasse::NetOptions options = Options();
  options.phase = phase;
  options.level = level;
  if (stages != nullptr) options.stages = *stages;
  return std::make_shared<demitasse::Net>(file, options);
}

void WriteHdf5(const demitasse::Net& net, const std::string& file, bool write_diff) {
  NetParameter param;
  net.ToProto(&param, write_diff);
  demitasse::WriteHdf5Weights(file, param);
}

std::vector<int> IndicesOf(const std::vector<demitasse::Blob*>& some,
                           const std::vector<std::shared_ptr<demitasse::Blob>>& all) {
  std::unordered_map<const demitasse::Blob*, int> places;
  for (size_t i = 0; i < all.size(); ++i) places[all[i].get()] = static_cast<int>(i);
  std::vector<int> indices;
  indices.reserve(some.size());
  for (const demitasse::Blob* const blob : some) indices.push_back(places.at(blob));
  return indices;
}

std::vector<float> LossWeights(const demitasse::Net& net) {
  std::vector<float> weights(net.blobs().size());
  for (size_t layer = 0; layer < net.layers().size(); ++layer) {
    const std::vector<int> tops = IndicesOf(net.top_vecs()[layer], net.blobs());
    for (size_t i = 0; i < tops.size(); ++i) {
      const float weight = net.layers()[layer]->loss(static_cast<int>(i));
      if (weight != 0) weights[static_cast<size_t>(tops[i])] = weight;
    }
  }
  return weights;
}

std::vector<std::string> ParamNames(const demitasse::Net& net) {
  std::vector<std::string> names;
  for (const auto& layer : net.layers()) {
    const LayerParameter& param = layer->layer_param();
    for (int i = 0; i < static_cast<int>(layer->blobs().size()); ++i) {
      const bool has_name = i < param.param_size() && !param.param(i).name().empty();
      names.push_back(has_name ? param.param(i).name() : std::to_string(i));
    }
  }
  return names;
}

}  // namespace compat
}  // namespace caffe
