// MemoryData: the next batch_size samples of channels x height x width values, and their labels,
// from arrays that the program hands over (SetMemoryData of memory_data.hpp); behind the last
// sample the first one follows. The values stay as they are: transform_param has no effect. No
// gradient.

#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "demitasse/log.hpp"
#include "demitasse/memory_data.hpp"
#include "layers/common/count_field.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class MemoryDataLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int ExactNumTopBlobs() const override { return 2; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::MemoryDataParameter& param = layer_param_.memory_data_param();
    shape_ = {CountField(*this, "memory_data_param.batch_size", param.batch_size()),
              CountField(*this, "memory_data_param.channels", param.channels()),
              CountField(*this, "memory_data_param.height", param.height()),
              CountField(*this, "memory_data_param.width", param.width())};
  }

  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    top[0]->Reshape(shape_);
    top[1]->Reshape({shape_[0]});
  }

  void SkipBatches(int64_t batches) override { batch_ += batches; }

  void Reset(const float* data, const float* labels, int64_t samples);

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    if (data_ == nullptr) throw Fail("", "has no data; hand it over with SetMemoryData first");
    const int64_t batch = batch_++ % batches_;
    Copy(data_ + batch * top[0]->size(), top[0]);
    Copy(labels_ + batch * top[1]->size(), top[1]);
  }

 private:
  static void Copy(const float* values, Blob* blob) {
    std::copy(values, values + blob->size(), blob->data()->Overwrite(nullptr));
  }

  std::vector<int> shape_;
  const float* data_ = nullptr;
  const float* labels_ = nullptr;
  int64_t batches_ = 0;  // in the arrays
  int64_t batch_ = 0;    // the next, counted over all epochs
};

void MemoryDataLayer::Reset(const float* data, const float* labels, int64_t samples) {
  if (data == nullptr || labels == nullptr) {
    throw Fail("", Cat("needs an array of ", data == nullptr ? "data" : "labels", ", got null"));
  }
  if (samples < 1 || samples % shape_[0] != 0) {
    throw Fail("memory_data_param.batch_size",
               Cat("needs a multiple of batch_size, ", shape_[0], ", samples, got ", samples));
  }
  if (layer_param_.has_transform_param()) {
    LogWarning(Cat(LayerPrefix(layer_param_.name(), type()),
                   "transform_param has no effect on data from memory"));
  }
  data_ = data;
  labels_ = labels;
  batches_ = samples / shape_[0];
  batch_ = 0;
}

}  // namespace

void SetMemoryData(Layer* layer, const float* data, const float* labels, int64_t samples) {
  if (layer == nullptr) throw Error("there is no layer to give data to, got null");
  auto* const memory_data = dynamic_cast<MemoryDataLayer*>(layer);
  if (memory_data == nullptr) {
    throw layer->Fail("type", "is fed from memory, which only a layer of type MemoryData can be");
  }
  memory_data->Reset(data, labels, samples);
}

DEMITASSE_REGISTER_LAYER("MemoryData", MemoryDataLayer);
}  // namespace demitasse
