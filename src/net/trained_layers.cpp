// The weights of a net: from files, from other nets, and out of it.
#include "src/net/trained_layers.hpp"

#include <algorithm>

#include "demitasse/log.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

void LogIgnored(const std::string& layer) { LogInfo("Ignoring source layer " + layer); }

Layer* FindLayer(const NetState& state, const std::string& name) {
  const auto found = state.layer_index.find(name);
  if (found != state.layer_index.end()) return state.layers[found->second].get();
  LogIgnored(name);
  return nullptr;
}

std::string Dimensions(const std::vector<int>& shape) {
  std::vector<std::string> parts;
  for (const int dimension : shape) parts.push_back(std::to_string(dimension));
  return parts.empty() ? "a single value" : Join(parts, "x");
}

// The shape must be the net's. Files of old give four axes to every shape: there it is enough that
// the net's blob holds as many values.
bool HasShapeOf(const WeightBlob& theirs, const Blob& ours) {
  return theirs.shape == ours.shape() ||
         (theirs.legacy_shape && static_cast<int64_t>(theirs.values.size()) == ours.size());
}

// Whether a layer above holds the parameter.
bool IsShared(const NetState& state, const Blob* blob) {
  const std::vector<Blob*>& owned = state.learnable_params;
  return std::find(owned.begin(), owned.end(), blob) == owned.end();
}

bool IsGiven(const LayerWeights& source, size_t index) {
  return index < source.blobs.size() && !source.blobs[index].absent;
}

// Why the weights do not fit the layer, or "". What the file leaves out must be there with the
// layer it is shared with.
std::string Misfit(const LayerWeights& source, const Layer& target, const NetState& state) {
  bool complete = source.blobs.size() <= target.blobs().size();
  for (size_t i = 0; complete && i < target.blobs().size(); ++i) {
    complete = IsGiven(source, i) || IsShared(state, target.blobs()[i].get());
  }
  if (!complete) {
    const auto given = std::count_if(source.blobs.begin(), source.blobs.end(),
                                     [](const WeightBlob& blob) { return !blob.absent; });
    return Cat(given, " parameter blobs in the file, ", target.blobs().size(), " in the net");
  }
  for (size_t i = 0; i < source.blobs.size(); ++i) {
    const Blob& ours = *target.blobs()[i];
    if (!IsGiven(source, i) || HasShapeOf(source.blobs[i], ours)) continue;
    return Cat("blob ", i, " is ", Dimensions(source.blobs[i].shape), " in the file, ",
               Dimensions(ours.shape()), " in the net");
  }
  return "";
}

// The layers of a file that have their like in the net, and its number there. Some may be missing,
// and the reverse: files outlive nets.
using Matches = std::vector<std::pair<const LayerWeights*, size_t>>;

Matches FindMatches(const WeightFile& file, const NetState& state) {
  Matches matches;
  for (const LayerWeights& source : file.layers) {
    const auto found = state.layer_index.find(source.name);
    if (found == state.layer_index.end() || !state.is_set_up[found->second]) continue;
    if (source.blobs.empty() && !AllShared(state, *state.layers[found->second])) continue;
    matches.emplace_back(&source, found->second);
  }
  return matches;
}

void CopyWeights(const WeightFile& file, NetState* state) {
  for (const LayerWeights& source : file.layers) {
    if (state->layer_index.count(source.name) == 0) LogIgnored(source.name);
  }
  for (const WeightMisfit& misfit : FindMisfits(file, *state)) {
    throw Error(Location{file.path, 0, 0},
                Cat("layer '", state->layer_names[misfit.layer], "': ", misfit.message));
  }
  for (const auto& [source, layer] : FindMatches(file, *state)) {
    for (size_t i = 0; i < source->blobs.size(); ++i) {
      if (!IsGiven(*source, i)) continue;
      const std::vector<float>& values = source->blobs[i].values;
      std::copy(values.begin(), values.end(), state->layers[layer]->blobs()[i]->mutable_cpu_data());
    }
    state->trained_layers.insert(source->name);
  }
}

WeightFile ToWeights(const caffe::NetParameter& net) {
  if (net.layers_size() > 0) {
    throw Error("the weights are in V1 form ('layers'); give the path of their file instead");
  }
  WeightFile file;
  for (const caffe::LayerParameter& layer : net.layer()) {
    file.layers.push_back({layer.name(), layer.type(), {}});
    std::vector<WeightBlob>& blobs = file.layers.back().blobs;
    for (const caffe::BlobProto& blob : layer.blobs()) {
      try {
        blobs.push_back(ToWeightBlob(blob));
      } catch (const Error& error) {
        throw Error(Cat("layer '", layer.name(), "': blob ", blobs.size(), ": ", error.message()));
      }
    }
  }
  return file;
}

void CheckSharable(const Layer& theirs, const Layer& ours) {
  if (theirs.blobs().size() != ours.blobs().size()) {
    throw ours.Fail("", Cat("cannot share the ", theirs.blobs().size(),
                            " parameter blobs of the other net, having ", ours.blobs().size()));
  }
  for (size_t i = 0; i < ours.blobs().size(); ++i) {
    if (theirs.blobs()[i]->shape() == ours.blobs()[i]->shape()) continue;
    throw ours.Fail(
        "", Cat("cannot share blob ", i, ", which is ", Dimensions(theirs.blobs()[i]->shape()),
                " in the other net and ", Dimensions(ours.blobs()[i]->shape()), " here"));
  }
}

}  // namespace

bool AllShared(const NetState& state, const Layer& layer) {
  return std::all_of(layer.blobs().begin(), layer.blobs().end(),
                     [&](const auto& blob) { return IsShared(state, blob.get()); });
}

std::vector<WeightMisfit> FindMisfits(const WeightFile& file, const NetState& state) {
  std::vector<WeightMisfit> misfits;
  for (const auto& [source, layer] : FindMatches(file, state)) {
    const std::string message = Misfit(*source, *state.layers[layer], state);
    if (!message.empty()) misfits.push_back({layer, message});
  }
  return misfits;
}

void Net::CopyTrainedLayersFrom(const std::string& path) {
  state_->RefuseOptimized("take weights");
  CopyWeights(ReadCaffemodel(path), state_.get());
}

void Net::CopyTrainedLayersFrom(const caffe::NetParameter& trained) {
  state_->RefuseOptimized("take weights");
  CopyWeights(ToWeights(trained), state_.get());
}

std::vector<std::string> Net::UntrainedLayers() const {
  std::vector<std::string> names;
  for (size_t i = 0; i < state_->layers.size(); ++i) {
    const std::string& name = state_->layer_names[i];
    if (!state_->layers[i]->blobs().empty() && state_->trained_layers.count(name) == 0) {
      names.push_back(name);
    }
  }
  return names;
}

void Net::ShareTrainedLayersWith(const Net& other) {
  state_->RefuseOptimized("share weights");
  other.state_->RefuseOptimized("share weights");
  std::vector<std::pair<const Layer*, Layer*>> matches;
  for (size_t i = 0; i < other.state_->layers.size(); ++i) {
    if (other.state_->plan[i].is_split) continue;
    const Layer& source = *other.state_->layers[i];
    Layer* const target = FindLayer(*state_, other.state_->layer_names[i]);
    if (target == nullptr || source.blobs().empty()) continue;
    CheckSharable(source, *target);
    matches.emplace_back(&source, target);
  }
  for (const auto& [source, target] : matches) {
    for (size_t i = 0; i < source->blobs().size(); ++i) {
      target->blobs()[i]->ShareData(*source->blobs()[i]);
    }
    state_->trained_layers.insert(target->layer_param().name());
  }
}

void Net::ToProto(caffe::NetParameter* param, bool write_diff) const {
  state_->RefuseOptimized("be written");
  param->Clear();
  param->set_name(state_->param.name());
  auto written = state_->written.begin();
  for (size_t i = 0; i < state_->layers.size(); ++i) {
    if (state_->plan[i].is_split) continue;
    caffe::LayerParameter* const layer = param->add_layer();
    *layer = *written++;
    for (const auto& blob : state_->layers[i]->blobs()) {
      blob->ToProto(layer->add_blobs(), write_diff);
    }
  }
}

}  // namespace demitasse
