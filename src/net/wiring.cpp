#include "src/net/wiring.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

class Connector {
 public:
  Connector(const std::vector<PlannedLayer>& layers, const caffe::NetParameter& net,
            const SourceMap& source, Diagnostics* diagnostics)
      : layers_(layers), net_(net), source_(source), diagnostics_(diagnostics) {}

  Wiring Run() {
    for (size_t layer = 0; layer < layers_.size(); ++layer) {
      wiring_.bottoms.emplace_back();
      wiring_.tops.emplace_back();
      for (int i = 0; i < layers_[layer].param.bottom_size(); ++i) Read(layer, i);
      for (int i = 0; i < layers_[layer].param.top_size(); ++i) Write(layer, i);
    }
    for (const Value& value : wiring_.values) CheckInPlaceReaders(value);
    return std::move(wiring_);
  }

 private:
  void Read(size_t layer, int bottom) {
    const std::string& blob = layers_[layer].param.bottom(bottom);
    const auto found = current_.find(blob);
    if (found == current_.end()) {
      Fail(layer, Cat("bottom[", bottom, "]"),
           Cat("bottom[", bottom, "] '", blob, "' is not produced by any layer above",
               Hint(layer, blob)));
      wiring_.bottoms[layer].push_back(Wiring::kNoValue);
      return;
    }
    wiring_.bottoms[layer].push_back(found->second);
    wiring_.values[found->second].readers.push_back({layer, bottom});
  }

  void Write(size_t layer, int top) {
    const std::string& blob = layers_[layer].param.top(top);
    const auto found = current_.find(blob);
    if (found != current_.end() && !IsInPlace(layer, top)) {
      const Value& first = wiring_.values[found->second];
      Fail(layer, Cat("top[", top, "]"),
           Cat("top[", top, "] '", blob, "' is produced already by layer '",
               layers_[first.layer].param.name(), "'; give it a name of its own"));
    }
    current_[blob] = wiring_.values.size();
    wiring_.tops[layer].push_back(wiring_.values.size());
    wiring_.values.push_back({blob, layer, top, {}});
  }

  bool IsInPlace(size_t layer, int top) const {
    const caffe::LayerParameter& param = layers_[layer].param;
    return top < param.bottom_size() && param.bottom(top) == param.top(top);
  }

  // Why a bottom may be missing, and what there is.
  std::string Hint(size_t layer, const std::string& blob) {
    constexpr int kMostHints = 100;  // each takes time for all layers
    if (++hints_ > kMostHints) return "";
    const std::string left_out = LeftOutProducer(blob);
    if (!left_out.empty()) {
      return Cat("; layer '", left_out, "' would produce it, but its include and exclude rules ",
                 "leave it out here");
    }
    for (size_t later = layer; later < layers_.size(); ++later) {
      const auto& tops = layers_[later].param.top();
      if (std::find(tops.begin(), tops.end(), blob) == tops.end()) continue;
      if (later == layer) return "; it is the layer's own top, and nothing above writes it";
      return Cat("; layer '", layers_[later].param.name(),
                 "' below produces it: layers run in the order they are written");
    }
    std::vector<std::string> known;
    std::set<std::string> seen;
    for (const Value& value : wiring_.values) {
      if (seen.insert(value.blob).second) known.push_back(value.blob);
    }
    if (known.empty()) return "; no blobs are known here";
    const std::string nearest = DidYouMean(blob, known);
    constexpr size_t kMostNames = 12;
    const size_t count = known.size();
    if (count > kMostNames) {
      known.erase(known.begin(), known.end() - static_cast<std::ptrdiff_t>(kMostNames));
    }
    return Cat(nearest.empty() ? ";" : nearest, " known blobs: ", count > kMostNames ? "..., " : "",
               Join(known));
  }

  // The name of a layer that takes no part and has a top of this name, or "".
  std::string LeftOutProducer(const std::string& blob) const {
    std::set<std::string> taking_part;
    for (const PlannedLayer& layer : layers_) taking_part.insert(layer.path);
    for (int i = 0; i < net_.layer_size(); ++i) {
      const auto& tops = net_.layer(i).top();
      if (taking_part.count(LayerPath(i)) == 0 &&
          std::find(tops.begin(), tops.end(), blob) != tops.end()) {
        return net_.layer(i).name();
      }
    }
    return "";
  }

  // A value that one layer changes in place must have no other reader, nor count as a loss: who
  // reads first would depend on the order of the layers, and the gradients could not be told apart.
  void CheckInPlaceReaders(const Value& value) {
    for (const Value::Reader& reader : value.readers) {
      const caffe::LayerParameter& param = layers_[reader.layer].param;
      if (reader.bottom >= param.top_size() || !IsInPlace(reader.layer, reader.bottom)) continue;
      const caffe::LayerParameter& writer = layers_[value.layer].param;
      if (LossWeight(writer, value.top) != 0) {
        Fail(reader.layer, Cat("top[", reader.bottom, "]"),
             Cat("changes '", value.blob, "' in place, but layer '", writer.name(),
                 "' gives it a loss_weight; give the top another name"));
      }
      if (value.readers.size() < 2) continue;
      const Value::Reader& other = value.readers[value.readers[0].layer == reader.layer ? 1 : 0];
      Fail(reader.layer, Cat("top[", reader.bottom, "]"),
           Cat("changes '", value.blob, "' in place, but layer '",
               layers_[other.layer].param.name(), "' reads it too; give the top another name"));
    }
  }

  void Fail(size_t layer, const std::string& field, const std::string& message) {
    const caffe::LayerParameter& param = layers_[layer].param;
    diagnostics_->AddError(source_.Find(layers_[layer].path + "." + field),
                           LayerPrefix(param.name(), param.type()) + message);
  }

  const std::vector<PlannedLayer>& layers_;
  const caffe::NetParameter& net_;
  const SourceMap& source_;
  Diagnostics* const diagnostics_;
  Wiring wiring_;
  int hints_ = 0;
  std::unordered_map<std::string, size_t> current_;  // blob -> its value so far
};

}  // namespace

Wiring Connect(const std::vector<PlannedLayer>& layers, const caffe::NetParameter& net,
               const SourceMap& source, Diagnostics* diagnostics) {
  return Connector(layers, net, source, diagnostics).Run();
}

}  // namespace demitasse
