// hdf5: weights, solver states and data in HDF5 form.
#ifdef DEMITASSE_WITH_HDF5
#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "fuzz/target.hpp"
#include "src/io/hdf5_rows.hpp"
#include "src/io/hdf5_weights.hpp"
#include "src/io/hdf5_writer.hpp"

namespace demitasse {
namespace {

void ReadRows(const std::string& path) {
  constexpr int64_t kMostValues = 1 << 20;
  Hdf5Rows rows({path}, {"data", "label"});
  int64_t size = 0;
  for (size_t i = 0; i < 2; ++i) size += ShapeSize(rows.row_shape(i));
  if (size > kMostValues) return;
  std::vector<float> data(static_cast<size_t>(2 * ShapeSize(rows.row_shape(0))));
  std::vector<float> labels(static_cast<size_t>(2 * ShapeSize(rows.row_shape(1))));
  rows.Read(0, 2, {data.data(), labels.data()});
}

template <typename Reader>
void Try(const Reader& read) {
  try {
    read();
  } catch (const Error&) {  // the file may be of another of the kinds
  }
}

void Read(const std::string& bytes) {
  const MemoryFile file(bytes);
  Try([&] { ReadHdf5Weights(file.path()); });
  Try([&] { ReadHdf5SolverState(file.path()); });
  Try([&] { ReadRows(file.path()); });
}

std::vector<std::string> Seeds() {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  caffe::BlobProto blob;
  blob.mutable_shape()->add_dim(2);
  blob.mutable_shape()->add_dim(3);
  blob.mutable_data()->Add(values.begin(), values.end());
  caffe::NetParameter net;
  for (const char* name : {"conv", "group/fc"}) {
    caffe::LayerParameter* const layer = net.add_layer();
    layer->set_name(name);
    *layer->add_blobs() = blob;
  }
  caffe::SolverState state;
  state.set_iter(100);
  state.set_learned_net("net_iter_100.caffemodel.h5");
  *state.add_history() = blob;
  state.mutable_position();
  return {WrittenBytes([&](const std::string& path) { WriteHdf5Weights(path, net); }),
          WrittenBytes([&](const std::string& path) { WriteHdf5SolverState(path, state); }),
          WrittenBytes([&](const std::string& path) {
            Hdf5Writer writer(path);
            writer.Write("data", {2, 3}, values.data());
            writer.Write("label", {2}, values.data());
            writer.Close();
          }),
          WrittenBytes([&](const std::string& path) {  // in chunks, larger than libFuzzer's inputs
            Hdf5Writer writer(path);
            writer.AppendRows("data", 2, {3}, values.data());
            writer.Write("label", {2}, values.data());
            writer.Close();
          })};
}

}  // namespace

const bool kHdf5Target = RegisterFuzzTarget({"hdf5", Read, Seeds});

}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
