// HDF5Data: y = the next batch_size rows of the datasets that are named like the tops, one row of
// each making a sample. source is a text file with the names of HDF5 files, or one HDF5 file; paths
// start at the working directory or beside the file that names them. The rows of all files follow
// each other, over the ends of files and batches, and begin anew after the last. Batches are read
// in the background, data_param.prefetch of them ahead. With shuffle the files, and the rows in
// each, come in another order every epoch. The datasets may hold numbers of any kind and may be
// larger than the memory; shuffled files are read fastest if they are below 1 GiB. Nothing is done
// to the values: transform_param is not for this layer.

#include <memory>
#include <sstream>

#include "demitasse/layer_registry.hpp"
#include "layers/common/data_fields.hpp"
#include "layers/common/prefetcher.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/find_file.hpp"
#include "src/io/hdf5_rows.hpp"

namespace demitasse {
namespace {

constexpr char kSource[] = "hdf5_data_param.source";

class HDF5DataLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int MinTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

  void SkipBatches(int64_t batches) override { prefetcher_->Skip(batches); }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 private:
  std::vector<std::string> ListedFiles() const;
  LayerError FailReading(const Error& error) const;
  // Reads batch `number`, the values of all tops one top behind the other.
  void LoadBatch(int64_t number, Batch* batch);

  int64_t batch_size_ = 0;
  std::unique_ptr<Hdf5Rows> rows_;
  std::unique_ptr<Prefetcher> prefetcher_;  // the last member: its thread uses the others
};

void HDF5DataLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                               const std::vector<Blob*>& /*top*/) {
  const caffe::HDF5DataParameter& param = layer_param_.hdf5_data_param();
  if (layer_param_.has_transform_param()) {
    throw Fail("transform_param", "transform_param is not for this layer, which changes no values");
  }
  if (!param.has_source()) {
    throw Fail("hdf5_data_param",
               "needs a list of HDF5 files, or one HDF5 file: hdf5_data_param { source: ... }");
  }
  batch_size_ = param.batch_size();
  if (batch_size_ < 1 || batch_size_ > std::numeric_limits<int>::max()) {
    throw Fail("hdf5_data_param.batch_size",
               Cat("batch_size must be from 1 to ", std::numeric_limits<int>::max(), ", got ",
                   batch_size_));
  }
  if (shapes_only()) return;
  RequireHdf5();
  try {
    rows_ = std::make_unique<Hdf5Rows>(
        ListedFiles(),
        std::vector<std::string>(layer_param_.top().begin(), layer_param_.top().end()));
  } catch (const Error& error) {
    throw FailReading(error);
  }
  if (param.shuffle()) rows_->Shuffle(rng()->Next());
  prefetcher_ = std::make_unique<Prefetcher>(
      PrefetchDepth(*this), [this](int64_t number, Batch* batch) { LoadBatch(number, batch); });
}

std::vector<std::string> HDF5DataLayer::ListedFiles() const {
  constexpr int64_t kLongestList = 1 << 30;
  const std::string source = FindFile(layer_param_.hdf5_data_param().source(), Where(kSource).file);
  if (IsHdf5File(source)) return {source};
  std::vector<std::string> files;
  std::istringstream names(ReadFile(source, kLongestList));
  try {
    for (std::string name; names >> name;) files.push_back(FindFile(name, source));
  } catch (const Error& error) {
    throw Error(Location{source}, error.message());
  }
  if (files.empty()) throw Error(Location{source}, "the list names no files");
  return files;
}

LayerError HDF5DataLayer::FailReading(const Error& error) const {
  const std::string& file = error.where().file;
  return Fail(kSource, Cat(file, file.empty() ? "" : ": ", error.message()), error.kind());
}

void HDF5DataLayer::Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) {
  if (shapes_only()) return;
  for (size_t i = 0; i < top.size(); ++i) {
    std::vector<int> shape = rows_->row_shape(i);
    shape.insert(shape.begin(), static_cast<int>(batch_size_));
    top[i]->Reshape(shape);
  }
  prefetcher_->CountMemory(top);
}

void HDF5DataLayer::LoadBatch(int64_t number, Batch* batch) {
  std::vector<int64_t> begins = {0};
  for (int i = 0; i < layer_param_.top_size(); ++i) {
    const std::vector<int>& row = rows_->row_shape(static_cast<size_t>(i));
    begins.push_back(begins.back() + batch_size_ * ShapeSize(row));
  }
  batch->data.resize(static_cast<size_t>(begins.back()));
  std::vector<float*> to;
  for (int i = 0; i < layer_param_.top_size(); ++i) {
    to.push_back(batch->data.data() + begins[static_cast<size_t>(i)]);
  }
  try {
    rows_->Read(number * batch_size_, batch_size_, to);
  } catch (const Error& error) {
    throw FailReading(error);
  }
}

void HDF5DataLayer::Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                                const std::vector<Blob*>& top) {
  prefetcher_->Next([&top](const Batch& batch) {
    const float* values = batch.data.data();
    for (Blob* const blob : top) {
      CopyValues(values, blob);
      values += blob->size();
    }
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("HDF5Data", HDF5DataLayer);
}  // namespace demitasse
