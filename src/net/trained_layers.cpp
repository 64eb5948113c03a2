// The weights of a net: from files, from other nets, and out of it.
#include <algorithm>

#include "demitasse/log.hpp"
#include "src/core/blob_proto.hpp"
#include "src/core/text.hpp"
#include "src/io/weights.hpp"
#include "src/net/net_state.hpp"

namespace demitasse {
namespace {

// A layer of a file may be missing in the net, and the reverse: files outlive nets.
Layer* FindLayer(const NetState& state, const std::string& name) {
  const auto found = state.layer_index.find(name);
  if (found != state.layer_index.end()) return state.layers[found->second].get();
  LogInfo("Ignoring source layer " + name);
  return nullptr;
}

std::string Dimensions(const std::vector<int>& shape) {
  std::vector<std::string> parts;
  for (const int dimension : shape) parts.push_back(std::to_string(dimension));
  return parts.empty() ? "a single value" : Join(parts, "x");
}

// The shape must be the net's. Files of old give four axes to every shape: there it is enough that
// the net's blob holds as many values.
void CheckShape(const std::string& layer, size_t index, const WeightBlob& theirs, const Blob& ours,
                const Location& where) {
  if (theirs.shape == ours.shape()) return;
  if (theirs.legacy_shape && static_cast<int64_t>(theirs.values.size()) == ours.size()) return;
  throw Error(where, Cat("layer '", layer, "': blob ", index, " is ", Dimensions(theirs.shape),
                         " in the file, ", Dimensions(ours.shape()), " in the net"));
}

// Whether a layer above holds the parameter.
bool IsShared(const NetState& state, const Blob* blob) {
  const std::vector<Blob*>& owned = state.learnable_params;
  return std::find(owned.begin(), owned.end(), blob) == owned.end();
}

bool AllShared(const NetState& state, const Layer& layer) {
  return std::all_of(layer.blobs().begin(), layer.blobs().end(),
                     [&](const auto& blob) { return IsShared(state, blob.get()); });
}

bool IsGiven(const LayerWeights& source, size_t index) {
  return index < source.blobs.size() && !source.blobs[index].absent;
}

// What the file leaves out must be there with the layer it is shared with.
void CheckBlobs(const LayerWeights& source, const Layer& target, const NetState& state,
                const Location& where) {
  bool complete = source.blobs.size() <= target.blobs().size();
  for (size_t i = 0; complete && i < target.blobs().size(); ++i) {
    complete = IsGiven(source, i) || IsShared(state, target.blobs()[i].get());
  }
  if (!complete) {
    const auto given = std::count_if(source.blobs.begin(), source.blobs.end(),
                                     [](const WeightBlob& blob) { return !blob.absent; });
    throw Error(where, Cat("layer '", source.name, "': ", given, " parameter blobs in the file, ",
                           target.blobs().size(), " in the net"));
  }
  for (size_t i = 0; i < source.blobs.size(); ++i) {
    if (!IsGiven(source, i)) continue;
    CheckShape(source.name, i, source.blobs[i], *target.blobs()[i], where);
  }
}

void CopyWeights(const WeightFile& file, NetState* state) {
  const Location where{file.path, 0, 0};
  std::vector<std::pair<const LayerWeights*, Layer*>> matches;
  for (const LayerWeights& source : file.layers) {
    Layer* const target = FindLayer(*state, source.name);
    if (target == nullptr || (source.blobs.empty() && !AllShared(*state, *target))) continue;
    CheckBlobs(source, *target, *state, where);
    matches.emplace_back(&source, target);
  }
  for (const auto& [source, target] : matches) {
    for (size_t i = 0; i < source->blobs.size(); ++i) {
      if (!IsGiven(*source, i)) continue;
      const std::vector<float>& values = source->blobs[i].values;
      std::copy(values.begin(), values.end(), target->blobs()[i]->mutable_cpu_data());
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
      BlobToProto(*blob, write_diff, layer->add_blobs());
    }
  }
}

}  // namespace demitasse
