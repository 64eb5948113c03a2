#include "src/ops/inner_product.hpp"

#include <algorithm>
#include <vector>

#include "src/ops/channel_map.hpp"
#include "src/ops/few_rows.hpp"
#ifdef DEMITASSE_WITH_ONEDNN
#include "src/ops/onednn/gemm.hpp"
#endif

namespace demitasse {
namespace {

decltype(&Gemm) GemmOf(Engine engine) {
#ifdef DEMITASSE_WITH_ONEDNN
  if (engine != Engine::kReference) return DnnlGemm;
#endif
  (void)engine;
  return Gemm;
}

bool IsFewRows(const InnerProductDesc& desc, Engine engine) {
  return engine != Engine::kReference && !desc.transposed && desc.rows >= kFewestRows &&
         desc.rows <= kMostRows && HasFastFewRows();
}

}  // namespace

InnerProduct::InnerProduct(const InnerProductDesc& desc, Engine engine)
    : desc_(desc), gemm_(GemmOf(engine)), few_rows_(IsFewRows(desc, engine)) {}

std::string InnerProduct::name() const {
  if (few_rows_) return "few_rows";
  return gemm_ == Gemm ? "reference" : "onednn:gemm";
}

void InnerProduct::Forward(const Buffer& src, const Buffer& weights, const Buffer* bias,
                           Buffer* dst) const {
  const float* const in = src.plain();
  const float* const shift = bias == nullptr ? nullptr : bias->plain();
  float* const out = dst->Overwrite(nullptr);
  for (int64_t row = 0; shift != nullptr && row < desc_.rows; ++row) {
    std::copy_n(shift, desc_.outputs, out + row * desc_.outputs);
  }
  if (few_rows_) {
    if (shift == nullptr) std::fill_n(out, desc_.rows * desc_.outputs, 0.0f);
    AddFewRows({desc_.rows, desc_.inputs, desc_.outputs}, in, weights.plain(), out);
    return;
  }
  gemm_(Trans::kNo, desc_.transposed ? Trans::kNo : Trans::kYes, desc_.rows, desc_.outputs,
        desc_.inputs, 1, in, weights.plain(), shift == nullptr ? 0 : 1, out);
}

void InnerProduct::BackwardData(const Buffer& dst_diff, const Buffer& weights,
                                Buffer* src_diff) const {
  gemm_(Trans::kNo, desc_.transposed ? Trans::kYes : Trans::kNo, desc_.rows, desc_.inputs,
        desc_.outputs, 1, dst_diff.plain(), weights.plain(), 0, src_diff->Overwrite(nullptr));
}

void InnerProduct::BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                                   Buffer* bias_diff) const {
  const float* const diff = dst_diff.plain();
  if (weights_diff != nullptr && desc_.transposed) {
    gemm_(Trans::kYes, Trans::kNo, desc_.inputs, desc_.outputs, desc_.rows, 1, src.plain(), diff, 1,
          weights_diff->mutable_plain());
  } else if (weights_diff != nullptr) {
    gemm_(Trans::kYes, Trans::kNo, desc_.outputs, desc_.inputs, desc_.rows, 1, diff, src.plain(), 1,
          weights_diff->mutable_plain());
  }
  if (bias_diff != nullptr) {
    const std::vector<double> sums = ChannelSums({desc_.rows, desc_.outputs, 1}, dst_diff);
    float* const gradient = bias_diff->mutable_plain();
    for (size_t j = 0; j < sums.size(); ++j) gradient[j] += static_cast<float>(sums[j]);
  }
}

}  // namespace demitasse
