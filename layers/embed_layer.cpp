// Embed: y = W[x] + b, the row of W whose number is x, for each element x of the bottom; the top
// has one axis more than the bottom, of num_output values. x must lie from 0 to input_dim - 1; as
// in Caffe, a fraction is cut off. Only W and b have gradients. Not in place.
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/labels.hpp"
#include "src/core/threads.hpp"
#include "src/ops/channel_map.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

class EmbedLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool BottomIsIndex(int /*bottom_index*/) const override { return true; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  bool has_bias() const { return layer_param_.embed_param().bias_term(); }

  int row_count_ = 0;
  int row_size_ = 0;
  std::vector<int> rows_;  // of W, for each element of the bottom in the last Forward
};

void EmbedLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                            const std::vector<Blob*>& /*top*/) {
  const caffe::EmbedParameter& param = layer_param_.embed_param();
  if (!param.has_num_output()) throw Fail("embed_param", "num_output must be given");
  if (!param.has_input_dim()) throw Fail("embed_param", "input_dim must be given");
  row_size_ = CountField(*this, "embed_param.num_output", param.num_output());
  row_count_ = CountField(*this, "embed_param.input_dim", param.input_dim());
  AddParameter({row_count_, row_size_}, param.weight_filler(), "embed_param.weight_filler");
  if (has_bias()) AddParameter({row_size_}, param.bias_filler(), "embed_param.bias_filler");
}

void EmbedLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  std::vector<int> shape = bottom[0]->shape();
  shape.push_back(row_size_);
  top[0]->Reshape(shape);
}

void EmbedLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  rows_ = ReadIndices(*this, 0, *bottom[0], row_count_, "rows (input_dim)");
  const float* const w = blobs_[0]->cpu_data();
  const float* const b = has_bias() ? blobs_[1]->cpu_data() : nullptr;
  float* const y = PlainOutput(*bottom[0]->data(), top[0]->data().get());
  const int64_t grain = std::max<int64_t>(1, kElementwiseGrain / row_size_);
  ParallelFor(bottom[0]->size(), grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* const from = w + int64_t{rows_[static_cast<size_t>(i)]} * row_size_;
      float* const to = y + i * row_size_;
      for (int64_t j = 0; j < row_size_; ++j) to[j] = b != nullptr ? from[j] + b[j] : from[j];
    }
  });
}

void EmbedLayer::Backward_cpu(const std::vector<Blob*>& top,
                              const std::vector<bool>& /*propagate_down*/,
                              const std::vector<Blob*>& bottom) {
  // Columns that are worth a core of their own: shared out like this, each sum is added up in the
  // order of the bottom, however often an index comes.
  constexpr int64_t kColumns = 64;
  const float* const dy = top[0]->cpu_diff();
  if (param_propagate_down(0)) {
    float* const dw = blobs_[0]->mutable_cpu_diff();
    ParallelFor(row_size_, kColumns, [&](int64_t begin, int64_t end) {
      for (size_t i = 0; i < rows_.size(); ++i) {
        const float* const from = dy + static_cast<int64_t>(i) * row_size_;
        float* const to = dw + int64_t{rows_[i]} * row_size_;
        for (int64_t j = begin; j < end; ++j) to[j] += from[j];
      }
    });
  }
  if (!has_bias() || !param_propagate_down(1)) return;
  const std::vector<double> sums = ChannelSums({bottom[0]->size(), row_size_, 1}, *top[0]->diff());
  float* const db = blobs_[1]->mutable_cpu_diff();
  for (size_t j = 0; j < sums.size(); ++j) db[j] += static_cast<float>(sums[j]);
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Embed", EmbedLayer);
}  // namespace demitasse
