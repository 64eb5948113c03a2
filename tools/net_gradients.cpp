#include "tools/net_gradients.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "src/core/text.hpp"
#include "tools/net_blobs.hpp"
#include "tools/progress_bar.hpp"

namespace demitasse {
namespace {

// Whether the layer only brings values into the net: they are held, and it is not run again.
bool GivesData(const Net& net, size_t layer) {
  return net.bottom_vecs()[layer].empty() && net.layers()[layer]->blobs().empty();
}

void RunLayer(size_t index, Net* net) {
  const int layer = static_cast<int>(index);
  net->ForwardFromTo(layer, layer);
}

// Keeps the values of a layer's bottoms, to give them back when the layer has been checked.
class KeptValues {
 public:
  explicit KeptValues(const std::vector<Blob*>& blobs) : blobs_(blobs) {
    for (const Blob* const blob : blobs) {
      values_.emplace_back(blob->cpu_data(), blob->cpu_data() + blob->size());
    }
  }
  void Restore() const {
    for (size_t i = 0; i < blobs_.size(); ++i) {
      std::copy(values_[i].begin(), values_[i].end(), blobs_[i]->mutable_cpu_data());
    }
  }

 private:
  const std::vector<Blob*>& blobs_;
  std::vector<std::vector<float>> values_;
};

// Runs a net again and again on what its data layers gave first, with the same random numbers.
class HeldPass {
 public:
  // To be made when all layers that give data have run.
  explicit HeldPass(Net* net) : net_(*net), start_(net->Position()) {
    for (size_t i = 0; i < net_.layers().size(); ++i) {
      if (!GivesData(net_, i)) continue;
      for (Blob* const top : net_.top_vecs()[i]) held_.emplace_back(top, Values(*top));
    }
  }

  // The held values, which may be moved; null if the blob holds none.
  std::vector<float>* held(const Blob* blob) {
    for (auto& [other, values] : held_) {
      if (other == blob) return &values;
    }
    return nullptr;
  }

  void Run() {
    for (const auto& [blob, values] : held_) {  // which a layer in place may have overwritten
      std::copy(values.begin(), values.end(), blob->mutable_cpu_data());
    }
    net_.SetPosition(start_);
    for (size_t i = 0; i < net_.layers().size(); ++i) {
      if (!GivesData(net_, i)) RunLayer(i, &net_);
    }
  }

 private:
  static std::vector<float> Values(const Blob& blob) {
    return {blob.cpu_data(), blob.cpu_data() + blob.size()};
  }

  Net& net_;
  const caffe::NetPosition start_;
  std::vector<std::pair<Blob*, std::vector<float>>> held_;
};

// What Backward starts from: the losses, or else all outputs.
Objective NetObjective(const Net& net) {
  std::vector<const Blob*> outputs;
  std::vector<std::vector<float>> weights;
  const auto add = [&](const Blob* blob, float weight) {
    outputs.push_back(blob);
    weights.emplace_back(static_cast<size_t>(blob->size()), weight);
  };
  for (size_t i = 0; i < net.layers().size(); ++i) {
    for (size_t top = 0; top < net.top_vecs()[i].size(); ++top) {
      const float weight = net.layers()[i]->loss(static_cast<int>(top));
      if (weight != 0) add(net.top_vecs()[i][top], weight);
    }
  }
  if (outputs.empty()) {
    for (const Blob* const output : net.output_blobs()) add(output, 1);
  }
  return Objective(outputs, weights);
}

struct NetVariable {
  std::string name;
  Blob* blob;
  std::vector<float>* held;  // the values, if those in the blob are overwritten by every pass
};

// The blobs that reach a bottom of which there is no gradient, such as the target of a loss: what
// Backward computes for them leaves that way to the loss out.
std::set<const Blob*> ReachTargets(const Net& net) {
  std::set<const Blob*> reaching;
  for (size_t i = net.layers().size(); i-- > 0;) {
    const std::vector<Blob*>& tops = net.top_vecs()[i];
    const bool any = std::any_of(tops.begin(), tops.end(),
                                 [&](const Blob* top) { return reaching.count(top) > 0; });
    const std::vector<Blob*>& bottoms = net.bottom_vecs()[i];
    for (size_t j = 0; j < bottoms.size(); ++j) {
      if (any || !net.layers()[i]->AllowForceBackward(static_cast<int>(j))) {
        reaching.insert(bottoms[j]);
      }
    }
  }
  return reaching;
}

// The blobs whose gradient Backward computes and that nothing in the net computes: what is fed into
// it, and its parameters, shared ones once.
std::vector<NetVariable> FindVariables(const Net& net, HeldPass* pass) {
  std::vector<NetVariable> variables;
  const std::set<const Blob*> targets = ReachTargets(net);
  for (size_t i = 0; i < net.blobs().size(); ++i) {
    Blob* const blob = net.blobs()[i].get();
    std::vector<float>* const held = pass->held(blob);
    if (held == nullptr || blob->size() == 0 || targets.count(blob) > 0) continue;
    if (!net.has_gradient(net.blob_names()[i])) continue;
    variables.push_back({net.blob_names()[i], blob, held});
  }
  std::set<const Buffer*> seen;
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const Layer& layer = *net.layers()[i];
    const std::vector<Blob*>& tops = net.top_vecs()[i];
    if (std::any_of(tops.begin(), tops.end(),
                    [&](const Blob* top) { return targets.count(top) > 0; })) {
      continue;
    }
    for (size_t j = 0; j < layer.blobs().size(); ++j) {
      Blob* const blob = layer.blobs()[j].get();
      const bool is_new = seen.insert(blob->data().get()).second;
      if (!is_new || blob->size() == 0 || !layer.param_propagate_down(static_cast<int>(j)))
        continue;
      variables.push_back({Cat(net.layer_names()[i], " param ", j), blob, nullptr});
    }
  }
  return variables;
}

// At most `count` of them, evenly spaced, the first and the last among them.
std::vector<NetVariable> Sample(const std::vector<NetVariable>& all, int count) {
  const size_t wanted = static_cast<size_t>(count);
  if (count == 0 || all.size() <= wanted) return all;
  if (wanted == 1) return {all.front()};
  std::vector<NetVariable> sampled;
  for (size_t i = 0; i < wanted; ++i) sampled.push_back(all[i * (all.size() - 1) / (wanted - 1)]);
  return sampled;
}

class NetChecker {
 public:
  NetChecker(const GradientCheckOptions& options, HeldPass* pass, Net* net)
      : options_(options), pass_(*pass), net_(*net), objective_(NetObjective(*net)) {
    options_.threshold *= kNetTolerance;
  }

  // Leaves `note` empty, or the result, saying why.
  std::vector<NetDerivativeCheck> Check(std::string* note) {
    pass_.Run();
    here_ = objective_.Values();
    pass_.Run();
    if (!objective_.Are(here_)) {
      *note = "two passes over the same values differ, so no gradient can be checked";
      return {};
    }
    for (const auto& param : net_.params()) {
      std::fill_n(param->mutable_cpu_diff(), param->size(), 0.0f);
    }
    net_.Backward();
    std::vector<NetDerivativeCheck> results;
    for (const NetVariable& variable : Sample(FindVariables(net_, &pass_), options_.samples)) {
      results.push_back({variable.name, CheckVariable(variable)});
    }
    return results;
  }

 private:
  // Along the gradient, by steps as long as the values' norm.
  DerivativeCheck CheckVariable(const NetVariable& variable) {
    Blob& blob = *variable.blob;
    const auto data = [&] {
      return variable.held != nullptr ? variable.held->data() : blob.mutable_cpu_data();
    };
    const std::vector<float> start(data(), data() + blob.size());
    const double root = std::sqrt(static_cast<double>(blob.size()));
    const double norm = RootMeanSquare(blob.cpu_diff(), blob.size()) * root;
    std::vector<float> direction(blob.cpu_diff(), blob.cpu_diff() + blob.size());
    for (float& value : direction) {
      value = norm > 0 ? static_cast<float>(double{value} / norm) : static_cast<float>(1 / root);
    }
    Direction line;
    line.derivative = norm;
    line.typical = norm;
    line.unit = RootMeanSquare(start.data(), blob.size()) * root;
    if (!(line.unit > 0)) line.unit = root;
    line.move = [&](double distance) {
      float* const values = data();
      for (size_t i = 0; i < start.size(); ++i) {
        values[i] = static_cast<float>(double{start[i]} + distance * double{direction[i]});
      }
      return distance;
    };
    return CheckDerivative(
        line, objective_, [this] { pass_.Run(); }, here_, options_);
  }

  // A deep net has so many corners that every step crosses some, and enlarges rounding besides.
  static constexpr float kNetTolerance = 10;

  GradientCheckOptions options_;
  HeldPass& pass_;
  Net& net_;
  const Objective objective_;
  std::vector<float> here_;
};

bool AreFinite(const std::vector<Blob*>& blobs) {
  return std::all_of(blobs.begin(), blobs.end(), [](const Blob* blob) {
    const float* const values = blob->cpu_data();
    return std::all_of(values, values + blob->size(), [](float x) { return std::isfinite(x); });
  });
}

// The net has run up to the layer, which has not.
LayerGradientCheck CheckLayer(const GradientCheckOptions& options, size_t index,
                              const std::map<const Blob*, std::string>& names, Net* net) {
  Layer& layer = *net->layers()[index];
  LayerGradientCheck result;
  result.name = net->layer_names()[index];
  result.type = layer.type();
  result.is_split = IsNetsOwnSplit(*net, index);
  for (const Blob* const bottom : net->bottom_vecs()[index]) {
    result.bottoms.push_back(names.at(bottom));
  }
  const std::vector<Blob*>& bottoms = net->bottom_vecs()[index];
  const std::vector<Blob*>& tops = net->top_vecs()[index];
  const KeptValues kept(bottoms);
  const bool had_numbers = AreFinite(bottoms);
  const caffe::NetPosition position = net->Position();
  const auto set_random_numbers_back = [&] { net->SetPosition(position); };
  try {
    result.blobs = CheckLayerGradients(options, set_random_numbers_back, bottoms, tops, &layer);
    if (had_numbers && !AreFinite(tops)) {
      result.note = "gives NaN or infinity, of which there is no gradient to check";
    }
  } catch (const LayerError& error) {
    if (error.kind() == ErrorKind::kRun) throw;
    result.note = error.message();
  }
  kept.Restore();
  set_random_numbers_back();
  return result;
}

std::set<const Layer*> FindLayers(const std::vector<std::string>& names, const Net& net) {
  std::set<const Layer*> layers;
  for (const std::string& name : names) layers.insert(net.layer_by_name(name).get());
  return layers;
}

void CountWrong(NetGradientCheck* result) {
  for (const LayerGradientCheck& layer : result->layers) {
    const auto is_wrong = [](const BlobGradientCheck& blob) { return blob.wrong > 0; };
    result->wrong += std::any_of(layer.blobs.begin(), layer.blobs.end(), is_wrong) ? 1 : 0;
    result->checked += layer.blobs.empty() ? 0 : 1;
  }
  const auto is_wrong = [](const NetDerivativeCheck& blob) {
    return blob.check.outcome == GradientOutcome::kWrong;
  };
  result->wrong += std::any_of(result->net.begin(), result->net.end(), is_wrong) ? 1 : 0;
  result->checked += result->net.empty() ? 0 : 1;
}

}  // namespace

std::set<std::string> BlobsWithGradients(const Net& net) {
  const std::map<const Blob*, std::string> names = BlobNames(net);
  std::set<std::string> found;
  for (size_t i = 0; i < net.layers().size(); ++i) {
    if (IsNetsOwnSplit(net, i)) continue;
    const std::vector<Blob*>& bottoms = net.bottom_vecs()[i];
    for (size_t j = 0; j < bottoms.size(); ++j) {
      if (net.layers()[i]->AllowForceBackward(static_cast<int>(j))) {
        found.insert(names.at(bottoms[j]));
      }
    }
  }
  return found;
}

NetGradientCheck CheckNetGradients(const GradientCheckOptions& options,
                                   const std::vector<std::string>& names, Net* net) {
  const std::set<const Layer*> chosen = FindLayers(names, *net);
  const std::map<const Blob*, std::string> blob_names = BlobNames(*net);
  for (size_t i = 0; i < net->layers().size(); ++i) {
    if (GivesData(*net, i)) RunLayer(i, net);
  }
  HeldPass pass(net);
  NetGradientCheck result;
  ProgressBar progress(static_cast<int64_t>(net->layers().size()));
  for (size_t i = 0; i < net->layers().size(); ++i) {
    progress.Step();
    if (GivesData(*net, i)) continue;
    const bool is_wanted = names.empty() || chosen.count(net->layers()[i].get()) > 0;
    if (is_wanted && !net->top_vecs()[i].empty()) {
      result.layers.push_back(CheckLayer(options, i, blob_names, net));
    }
    RunLayer(i, net);
  }
  if (names.empty()) {
    try {
      result.net = NetChecker(options, &pass, net).Check(&result.net_note);
    } catch (const LayerError& error) {
      if (error.kind() == ErrorKind::kRun) throw;
      result.net_note = error.message();
    }
  }
  CountWrong(&result);
  return result;
}

}  // namespace demitasse
