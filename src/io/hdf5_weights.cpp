#include "src/io/hdf5_weights.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/hdf5_writer.hpp"

namespace demitasse {
namespace {

// The number that a dataset is named by; nothing for another name.
std::optional<size_t> BlobIndex(const std::string& name) {
  constexpr size_t kMostBlobs = 10000;
  size_t index = 0;
  const char* const end = name.data() + name.size();
  const auto [stopped, failed] = std::from_chars(name.data(), end, index);
  if (failed != std::errc() || stopped != end || index >= kMostBlobs) return std::nullopt;
  return index;
}

class WeightsReader {
 public:
  explicit WeightsReader(const std::string& path) : file_(path) { result_.path = path; }

  WeightFile Read() {
    const std::vector<std::string> names = file_.Names("");
    if (std::find(names.begin(), names.end(), "data") == names.end() || !file_.IsGroup("data")) {
      throw Error(Location{file_.path()},
                  Cat("this HDF5 file holds no weights: it has no group 'data', only: ",
                      names.empty() ? "nothing" : Join(names)));
    }
    for (const std::string& name : file_.Names("data")) ReadGroup(name, 1);
    const bool any = std::any_of(result_.layers.begin(), result_.layers.end(),
                                 [](const LayerWeights& layer) { return !layer.blobs.empty(); });
    if (!any) throw Error(Location{file_.path()}, "the file holds no layer weights");
    return std::move(result_);
  }

 private:
  // A group with datasets, or with nothing, is a layer; a layer named "a/b" is in a group "a".
  void ReadGroup(const std::string& name, int depth) {
    // A group may be linked from within itself, and have any number of names.
    constexpr int kDeepest = 32;
    constexpr int kMostGroups = 1 << 15;
    const std::string group = "data/" + name;
    if (depth > kDeepest) {
      throw Error(Location{file_.path()}, Cat("group '", OneLine(group), "' is nested too deep"));
    }
    if (++groups_ > kMostGroups) {
      throw Error(Location{file_.path()}, Cat("the file has more than ", kMostGroups, " groups"));
    }
    if (!file_.IsGroup(group)) return;
    LayerWeights layer{name, "", {}};
    bool has_groups = false;
    for (const std::string& child : file_.Names(group)) {
      if (file_.IsGroup(Cat(group, "/", child))) {
        has_groups = true;
        ReadGroup(Cat(name, "/", child), depth + 1);
      } else {
        ReadBlob(group, child, &layer);
      }
    }
    if (!layer.blobs.empty() || !has_groups) result_.layers.push_back(std::move(layer));
  }

  void ReadBlob(const std::string& group, const std::string& name, LayerWeights* layer) {
    const std::optional<size_t> index = BlobIndex(name);
    if (!index) {
      throw Error(Location{file_.path()},
                  Cat("dataset '", OneLine(group + "/" + name),
                      "' is not named by the number of a parameter blob; is this a file of "
                      "weights?"));
    }
    std::vector<WeightBlob>* const blobs = &layer->blobs;
    while (blobs->size() <= *index) {
      blobs->emplace_back();
      blobs->back().absent = true;
    }
    static_cast<NdArray&>((*blobs)[*index]) = file_.ReadAll(group + "/" + name);
    (*blobs)[*index].absent = false;
  }

  Hdf5File file_;
  WeightFile result_;
  int groups_ = 0;
};

void WriteBlob(const std::string& name, const caffe::BlobProto& proto, Hdf5Writer* file) {
  const WeightBlob blob = ToWeightBlob(proto);
  file->Write(name, blob.shape, blob.values.data());
}

void WriteGradient(const std::string& name, const caffe::BlobProto& proto, Hdf5Writer* file) {
  const std::vector<int> shape = ToWeightBlob(proto).shape;
  if (proto.diff_size() == ShapeSize(shape)) file->Write(name, shape, proto.diff().data());
}

bool HasGradients(const caffe::NetParameter& net) {
  for (const caffe::LayerParameter& layer : net.layer()) {
    for (const caffe::BlobProto& blob : layer.blobs()) {
      if (blob.diff_size() > 0) return true;
    }
  }
  return false;
}

template <typename WriteOne>
void WriteLayers(const std::string& group, const caffe::NetParameter& net, Hdf5Writer* file,
                 const WriteOne& write) {
  file->AddGroup(group);
  for (const caffe::LayerParameter& layer : net.layer()) {
    const std::string name = Cat(group, "/", layer.name());
    file->AddGroup(name);
    for (int i = 0; i < layer.blobs_size(); ++i) write(Cat(name, "/", i), layer.blobs(i), file);
  }
}

std::string ReadBytes(const std::string& name, Hdf5File* file) {
  std::string bytes;
  for (const float value : file->ReadAll(name).values) {
    bytes.push_back(static_cast<char>(value >= 0 && value <= 255 ? static_cast<int>(value) : 0));
  }
  return bytes;
}

}  // namespace

WeightFile ReadHdf5Weights(const std::string& path) { return WeightsReader(path).Read(); }

void WriteHdf5Weights(const std::string& path, const caffe::NetParameter& net) {
  AtomicFile file(path);
  Hdf5Writer writer(&file);
  WriteLayers("data", net, &writer, WriteBlob);
  if (HasGradients(net)) WriteLayers("diff", net, &writer, WriteGradient);
  writer.Close();
  file.Commit();
}

caffe::SolverState ReadHdf5SolverState(const std::string& path) {
  Hdf5File file(path);
  const std::vector<std::string> names = file.Names("");
  const auto has = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!has("iter") || !has("history")) {
    throw Error(Location{path},
                has("data") ? "these are weights to start from (--weights), or data; training "
                              "continues from a .solverstate.h5 (--snapshot)"
                            : "this HDF5 file holds no solver state: it has no 'iter' and "
                              "'history'");
  }
  caffe::SolverState state;
  state.set_iter(file.ReadInt("iter"));
  if (has("learned_net")) state.set_learned_net(file.ReadString("learned_net"));
  if (has("current_step")) state.set_current_step(file.ReadInt("current_step"));
  if (has("demitasse")) {
    if (!state.MergeFromString(ReadBytes("demitasse", &file))) {
      throw Error(Location{path}, "dataset 'demitasse' is damaged");
    }
  }
  const size_t blobs = file.Names("history").size();
  for (size_t i = 0; i < blobs; ++i) {
    const NdArray array = file.ReadAll(Cat("history/", i));
    caffe::BlobProto* const blob = state.add_history();
    for (const int dimension : array.shape) blob->mutable_shape()->add_dim(dimension);
    blob->mutable_shape();  // of a single value too
    blob->mutable_data()->Add(array.values.begin(), array.values.end());
  }
  return state;
}

void WriteHdf5SolverState(const std::string& path, caffe::SolverState state) {
  AtomicFile file(path);
  Hdf5Writer writer(&file);
  writer.WriteInt("iter", state.iter());
  if (state.has_learned_net()) writer.WriteString("learned_net", state.learned_net());
  writer.WriteInt("current_step", state.current_step());
  writer.AddGroup("history");
  for (int i = 0; i < state.history_size(); ++i) {
    WriteBlob(Cat("history/", i), state.history(i), &writer);
  }
  state.clear_iter();
  state.clear_learned_net();
  state.clear_current_step();
  state.clear_history();
  const std::string rest = state.SerializeAsString();
  if (!rest.empty()) writer.WriteBytes("demitasse", rest);
  writer.Close();
  file.Commit();
}

}  // namespace demitasse
