// The log lines of building a net, those of Caffe.
#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/net/net_state.hpp"
#include "src/parse/print_text.hpp"

namespace demitasse {
namespace {

// "12 3 6 6 (1296)"
std::string Sizes(const Blob& blob) {
  std::string text;
  for (const int size : blob.shape()) text += Cat(size, " ");
  return Cat(text, "(", blob.size(), ")");
}

void LogWiring(const std::string& name, const caffe::LayerParameter& param, size_t num_tops) {
  LogInfo("Creating layer " + name);
  LogInfo("Creating Layer " + name);
  for (const std::string& bottom : param.bottom()) LogInfo(Cat(name, " <- ", bottom));
  for (int i = 0; i < static_cast<int>(num_tops); ++i) {
    const std::string top = i < param.top_size() ? param.top(i) : "(automatic)";
    const bool in_place = i < param.bottom_size() && param.bottom(i) == top;
    LogInfo(Cat(name, " -> ", top, in_place ? " (in-place)" : ""));
  }
}

void LogTops(const Layer& layer, const std::vector<Blob*>& tops) {
  for (size_t i = 0; i < tops.size(); ++i) {
    LogInfo("Top shape: " + Sizes(*tops[i]));
    const float weight = layer.loss(static_cast<int>(i));
    if (weight != 0) LogInfo(Cat("    with loss weight ", weight));
  }
}

}  // namespace

void NetState::LogParameters() const {
  caffe::NetParameter net = param;
  for (const caffe::LayerParameter& layer : written) {
    caffe::LayerParameter* const added = net.add_layer();
    *added = layer;
    if (added->phase() == net.state().phase()) added->clear_phase();
  }
  LogInfo("Initializing net from parameters: \n" + PrintText(net));
}

void NetState::LogBuilt() const {
  int64_t bytes = 0;  // of all tops, as if those in place had memory of their own
  for (size_t i = 0; i < layers.size(); ++i) {
    LogWiring(layer_names[i], plan[i].param, tops[i].size());
    LogInfo("Setting up " + layer_names[i]);
    LogTops(*layers[i], tops[i]);
    for (const Blob* const top : tops[i]) bytes += top->size() * int64_t{sizeof(float)};
    LogInfo(Cat("Memory required for data: ", bytes));
  }
  for (size_t i = layers.size(); i-- > 0;) {
    LogInfo(layer_names[i] + (layer_runs_backward[i] ? " needs backward computation."
                                                     : " does not need backward computation."));
  }
  for (const std::string& output : output_names) {
    LogInfo("This network produces output " + output);
  }
  LogInfo("Network initialization done.");
}

}  // namespace demitasse
