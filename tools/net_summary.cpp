#include "tools/net_summary.hpp"

#include <algorithm>
#include <set>

namespace demitasse {
namespace {

bool HasShape(const Blob* blob) { return blob->has_shape(); }

bool AllHaveShapes(const std::vector<Blob*>& blobs) {
  return std::all_of(blobs.begin(), blobs.end(), HasShape);
}

class Summarizer {
 public:
  explicit Summarizer(const NetState& net) : net_(net), fields_(FindReceptiveFields(net)) {}

  NetSummary Summarize() {
    summary_.name = net_.param.name();
    summary_.phase = caffe::Phase_Name(net_.param.state().phase());
    for (size_t i = 0; i < net_.layers.size(); ++i) {
      if (!net_.plan[i].is_split) AddLayer(i);
    }
    for (size_t i = 0; i < net_.learnable_params.size(); ++i) {
      const int64_t size = net_.learnable_params[i]->size();
      summary_.parameters += size;
      if (net_.params_lr[i] != 0) summary_.trainable += size;
    }
    return std::move(summary_);
  }

 private:
  void AddLayer(size_t index) {
    const Layer& layer = *net_.layers[index];
    const std::vector<Blob*>& tops = net_.tops[index];
    LayerSummary row;
    row.name = layer.layer_param().name();
    row.type = layer.type();
    for (int i = 0; i < layer.layer_param().top_size(); ++i) {
      const Blob* const top = tops[static_cast<size_t>(i)];
      row.tops.push_back({layer.layer_param().top(i), {}});
      if (HasShape(top)) row.tops.back().shape = top->shape();
    }
    row.is_known = AllHaveShapes(net_.bottoms[index]) && AllHaveShapes(tops);
    if (row.is_known) {
      Count(layer, tops, &row);
    } else {
      ++summary_.unknown_layers;
    }
    summary_.layers.push_back(row);
  }

  void Count(const Layer& layer, const std::vector<Blob*>& tops, LayerSummary* row) {
    for (const auto& parameter : layer.blobs()) {
      const bool is_new = counted_.insert(parameter->data().get()).second;
      row->parameters += is_new ? parameter->size() : 0;
      row->has_shared |= !is_new;
    }
    for (const Blob* const top : tops) {
      const bool is_new = counted_.insert(top->data().get()).second;
      row->bytes += is_new ? top->size() * static_cast<int64_t>(sizeof(float)) : 0;
    }
    row->multiply_adds = layer.MultiplyAdds();
    summary_.multiply_adds += row->multiply_adds;
    summary_.bytes += row->bytes;
    const auto field = tops.empty() ? fields_.end() : fields_.find(tops[0]);
    if (field != fields_.end()) row->field = field->second;
  }

  const NetState& net_;
  const std::map<const Blob*, ReceptiveField> fields_;
  NetSummary summary_;
  std::set<const Buffer*> counted_;
};

}  // namespace

NetSummary MakeNetSummary(const NetState& net) { return Summarizer(net).Summarize(); }

}  // namespace demitasse
