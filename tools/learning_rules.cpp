#include <algorithm>

#include "src/core/text.hpp"
#include "tools/net_rules.hpp"
#include "tools/schema_help.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Layers that have something to learn and get no gradient.
void FindLayersThatNeverLearn(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    if (!net.HasToLearn(i) || net.layers()[i].runs_backward) continue;
    net.Warn(i, "",
             "never learns: no way leads from it to a loss; let a loss depend on it, or write "
             "param { lr_mult: 0 } if that is meant",
             warnings);
  }
}

void FindNothingToLearn(const CheckedNet& net, Diagnostics* warnings) {
  size_t loss = net.layers().size();
  bool has_parameters = false;
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const Layer& layer = *net.layers()[i].layer;
    for (size_t blob = 0; blob < layer.blobs().size(); ++blob) {
      has_parameters = has_parameters || layer.ParameterHasGradient(static_cast<int>(blob));
    }
    if (net.HasToLearn(i)) return;
    if (net.IsLoss(i)) loss = i;
  }
  if (!has_parameters) return;
  net.Warn(loss, "", "nothing learns for this loss: every lr_mult is 0", warnings);
}

void FindNegativeRates(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const LayerParameter& layer = net.layers()[i].param;
    for (int blob = 0; blob < layer.param_size(); ++blob) {
      const caffe::ParamSpec& param = layer.param(blob);
      const std::string field = Cat("param[", blob, "]");
      if (param.lr_mult() < 0) {
        net.Warn(i, field + ".lr_mult",
                 Cat("lr_mult of ", field, " is ", param.lr_mult(),
                     ": it would learn to make the loss larger; it should not be negative"),
                 warnings);
      }
      if (param.decay_mult() < 0) {
        net.Warn(i, field + ".decay_mult",
                 Cat("decay_mult of ", field, " is ", param.decay_mult(),
                     ", which makes weights grow; it should not be negative"),
                 warnings);
      }
    }
  }
}

// Where the weights of a layer get their first values: "convolution_param.weight_filler".
struct WeightFiller {
  std::string field;
  const caffe::FillerParameter* filler = nullptr;  // the default if none is given
  bool is_given = false;
};

WeightFiller FindWeightFiller(const LayerParameter& layer) {
  for (const FieldHelp& help : ParameterFields(layer.type())) {
    const FieldDescriptor* const field = layer.GetDescriptor()->FindFieldByName(help.name);
    const Message& param = layer.GetReflection()->GetMessage(layer, field);
    const FieldDescriptor* const filler = param.GetDescriptor()->FindFieldByName("weight_filler");
    if (filler == nullptr) continue;
    return {help.name + ".weight_filler",
            dynamic_cast<const caffe::FillerParameter*>(
                &param.GetReflection()->GetMessage(param, filler)),
            param.GetReflection()->HasField(param, filler)};
  }
  return {};
}

// Why nobody starts training from what the filler gives, or "".
std::string ProblemOf(const WeightFiller& weights) {
  const caffe::FillerParameter& filler = *weights.filler;
  const std::string remedy = "write weight_filler { type: \"msra\" }";
  if (!weights.is_given) return "no weight_filler is given, so all weights start at 0; " + remedy;
  if (filler.type() == "constant") {
    return Cat("all weights start at the same value, ", filler.value(),
               ", and their units would learn the same; ", remedy);
  }
  if (filler.type() == "gaussian" && filler.std() == 0) {
    return "a gaussian filler of std 0 starts all weights at the same value; give it a std";
  }
  if (filler.type() == "gaussian" && !filler.has_std()) {
    return "a gaussian filler without std has std 1, far too much for most layers; give it a std";
  }
  if (filler.type() == "uniform" && !filler.has_min() && !filler.has_max()) {
    return "a uniform filler without min and max is from 0 to 1; give it both";
  }
  return "";
}

// Whether the only layers behind are losses: their layer may start at 0.
bool FeedsOnlyLosses(const CheckedNet& net, size_t layer) {
  for (const size_t top : net.wiring().tops[layer]) {
    const auto& readers = net.wiring().values[top].readers;
    const bool feeds_only_losses =
        std::all_of(readers.begin(), readers.end(),
                    [&](const Value::Reader& reader) { return net.IsLoss(reader.layer); });
    if (!feeds_only_losses) return false;
  }
  return true;
}

// Weights that all start alike, or much too large.
void FindOddFirstWeights(const CheckedNet& net, Diagnostics* warnings) {
  std::set<std::string> shared;
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const CheckedLayer& layer = net.layers()[i];
    const std::string name = layer.param.param_size() > 0 ? layer.param.param(0).name() : "";
    const bool has_owner = !name.empty() && !shared.insert(name).second;
    if (has_owner || !layer.runs_backward || layer.layer->blobs().empty()) continue;
    if (!layer.layer->param_propagate_down(0) || layer.param.blobs_size() > 0) continue;
    if (net.trained.count(layer.param.name()) > 0) continue;
    const Blob& weights = *layer.layer->blobs()[0];
    if (weights.num_axes() < 2 || weights.shape(0) < 2 || FeedsOnlyLosses(net, i)) continue;
    const WeightFiller filler = FindWeightFiller(layer.param);
    if (filler.filler == nullptr) continue;
    const std::string problem = ProblemOf(filler);
    if (!problem.empty()) net.Warn(i, filler.field, problem, warnings);
  }
}

// Statistics of the batch in TEST make one sample's result depend on the others; those of before
// in TRAIN are never updated.
void FindOddStatistics(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const LayerParameter& layer = net.layers()[i].param;
    if (layer.type() != "BatchNorm" || !layer.batch_norm_param().has_use_global_stats()) continue;
    const std::string field = "batch_norm_param.use_global_stats";
    if (layer.phase() == caffe::TEST && !layer.batch_norm_param().use_global_stats()) {
      net.Warn(i, field,
               "use_global_stats: false in TEST normalizes by the batch at hand, so that a result "
               "depends on the others in its batch; leave it out",
               warnings);
    } else if (layer.phase() == caffe::TRAIN && layer.batch_norm_param().use_global_stats() &&
               net.has_loss() && net.trained.count(layer.name()) == 0) {
      net.Warn(i, field,
               "use_global_stats: true in TRAIN never updates the statistics, which is right only "
               "with trained ones (--weights); leave it out",
               warnings);
    }
  }
}

}  // namespace

void FindOddLearning(const CheckedNet& net, Diagnostics* warnings) {
  FindOddStatistics(net, warnings);
  if (net.phase() != caffe::TRAIN || !net.has_loss() || !net.is_wired()) return;
  FindLayersThatNeverLearn(net, warnings);
  FindNothingToLearn(net, warnings);
  FindNegativeRates(net, warnings);
  FindOddFirstWeights(net, warnings);
}

}  // namespace demitasse
