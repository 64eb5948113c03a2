#include "tools/run_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/text.hpp"
#include "tools/figure_text.hpp"
#include "tools/net_blobs.hpp"
#include "tools/progress_bar.hpp"

namespace demitasse {
namespace {

int64_t FirstNotFinite(const Blob& blob) {
  const float* const values = blob.cpu_data();
  const auto* const found =
      std::find_if(values, values + blob.size(), [](float value) { return !std::isfinite(value); });
  return found == values + blob.size() ? -1 : found - values;
}

// What the layer computed with, all tops before having been finite.
std::string ReasonFor(const Net& net, size_t index) {
  if (net.bottom_vecs()[index].empty()) return "";
  const auto& blobs = net.layers()[index]->blobs();
  for (size_t i = 0; i < blobs.size(); ++i) {
    const int64_t at = FirstNotFinite(*blobs[i]);
    if (at < 0) continue;
    return Cat("; so is its parameter ", i, ", element ", CoordinatesText(at, blobs[i]->shape()));
  }
  return blobs.empty() ? "; its bottoms were finite" : "; its bottoms and parameters were finite";
}

class RunInspector {
 public:
  explicit RunInspector(Net* net) : net_(*net) {
    const std::map<const Blob*, std::string> names = BlobNames(net_);
    for (size_t i = 0; i < net_.layers().size(); ++i) {
      if (IsNetsOwnSplit(net_, i) || net_.top_vecs()[i].empty()) continue;
      InspectedLayer layer{net_.layer_names()[i], net_.layers()[i]->type(), {}};
      for (const Blob* const top : net_.top_vecs()[i]) {
        layer.blobs.emplace_back();
        layer.blobs.back().name = names.at(top);
      }
      indices_.push_back(i);
      report_.layers.push_back(std::move(layer));
    }
  }

  void RunBatch(int batch) {
    auto inspected = report_.layers.begin();
    auto next = indices_.begin();
    for (size_t i = 0; i < net_.layers().size(); ++i) {
      const int layer = static_cast<int>(i);
      net_.ForwardFromTo(layer, layer);
      if (next == indices_.end() || *next != i) continue;
      Measure(batch, i, &*inspected);
      ++next;
      ++inspected;
    }
  }

  InspectReport Finish(int batches) {
    for (size_t i = 0; i < indices_.size(); ++i) {
      const Layer& layer = *net_.layers()[indices_[i]];
      if (std::string(layer.type()) != "PReLU") continue;
      const Blob& slopes = *layer.blobs()[0];
      report_.layers[i].blobs[0].slopes.assign(slopes.cpu_data(),
                                               slopes.cpu_data() + slopes.size());
    }
    report_.title = Cat("net '", net_.name(), "', phase ", caffe::Phase_Name(net_.phase()), ", ",
                        batches, batches == 1 ? " batch" : " batches");
    return std::move(report_);
  }

 private:
  void Measure(int batch, size_t index, InspectedLayer* layer) {
    for (size_t i = 0; i < layer->blobs.size(); ++i) {
      const Blob& top = *net_.top_vecs()[index][i];
      InspectedBlob* const blob = &layer->blobs[i];
      blob->shape = top.shape();
      blob->statistics.Add(top.cpu_data(), top.size());
      if (layer->type == "ReLU") {
        if (!blob->dead) blob->dead.emplace();
        blob->dead->Add(top);
      }
      if (blob->statistics.all_finite() || !report_.warnings.empty()) continue;
      const int64_t at = FirstNotFinite(top);
      report_.warnings.push_back(Cat("the first value that is not finite: batch ", batch, ", ",
                                     LayerPrefix(layer->name, layer->type), "top ", blob->name,
                                     ", element ", CoordinatesText(at, top.shape()), " is ",
                                     top.cpu_data()[at], ReasonFor(net_, index)));
    }
  }

  Net& net_;
  InspectReport report_;
  std::vector<size_t> indices_;  // of the layers in the report
};

}  // namespace

InspectReport InspectRun(int batches, const std::function<void(int batch)>& prepare, Net* net) {
  RunInspector inspector(net);
  ProgressBar progress(batches);
  for (int batch = 0; batch < batches; ++batch) {
    prepare(batch);
    inspector.RunBatch(batch);
    progress.Step();
  }
  return inspector.Finish(batches);
}

}  // namespace demitasse
