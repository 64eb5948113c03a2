// ArgMax: y = the indices of the top_k largest values of x, in falling order of the values. Without
// axis they are searched in each item of axis 0, and y is N x 1 x top_k, with more axes of 1 if x
// has more than 3; with out_max_val it is N x 2 x top_k, the values behind the indices. With axis,
// y has the shape of x with top_k as the size of that axis; with out_max_val it holds the values
// instead of the indices. Of equal values the last comes first, and NaN counts as larger than any
// number. There is no gradient.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "src/core/memory_claim.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

struct Candidate {
  float value;
  int64_t index;
};

bool ComesBefore(const Candidate& a, const Candidate& b) {
  const bool a_is_nan = std::isnan(a.value);
  const bool b_is_nan = std::isnan(b.value);
  if (a_is_nan != b_is_nan) return a_is_nan;
  if (a.value < b.value) return false;
  return a.value > b.value || a.index > b.index;
}

class ArgMaxLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool AllowForceBackward(int /*bottom_index*/) const override { return false; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    has_axis_ = layer_param_.argmax_param().has_axis();
    gives_values_ = layer_param_.argmax_param().out_max_val();
    top_k_ = CountField(*this, "argmax_param.top_k", layer_param_.argmax_param().top_k());
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->Reshape(has_axis_ ? ShapeAlongAxis(*bottom[0]) : ShapeOfSamples(*bottom[0]));
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 private:
  std::vector<int> ShapeAlongAxis(const Blob& bottom);
  std::vector<int> ShapeOfSamples(const Blob& bottom);
  void CheckTopK(const Blob& bottom, const std::string& place) const;
  // Puts the largest of the values x, which lie inner_ apart, into `best`.
  void Find(const float* x, Candidate* best) const;
  void Write(const Candidate* best, int64_t place, float* y) const;

  bool has_axis_ = false;
  bool gives_values_ = false;
  int top_k_ = 1;
  // The bottom is outer_ x size_ x inner_, and size_ is searched.
  int64_t outer_ = 0;
  int64_t size_ = 0;
  int64_t inner_ = 1;
};

std::vector<int> ArgMaxLayer::ShapeAlongAxis(const Blob& bottom) {
  const int axis = CanonicalAxis(bottom, layer_param_.argmax_param().axis(), "argmax_param.axis");
  outer_ = bottom.size(0, axis);
  size_ = bottom.shape(axis);
  inner_ = bottom.size(axis + 1, bottom.num_axes());
  CheckTopK(bottom, Cat("on axis ", axis));
  std::vector<int> shape = bottom.shape();
  shape[static_cast<size_t>(axis)] = top_k_;
  return shape;
}

std::vector<int> ArgMaxLayer::ShapeOfSamples(const Blob& bottom) {
  if (bottom.num_axes() == 0) {
    throw Fail("bottom[0]", "needs a bottom of at least 1 axis, that of the samples");
  }
  outer_ = bottom.shape(0);
  size_ = bottom.size(1, bottom.num_axes());
  CheckTopK(bottom, "in a sample");
  std::vector<int> shape(static_cast<size_t>(std::max(3, bottom.num_axes())), 1);
  shape[0] = bottom.shape(0);
  shape[1] = gives_values_ ? 2 : 1;
  shape[2] = top_k_;
  return shape;
}

void ArgMaxLayer::CheckTopK(const Blob& bottom, const std::string& place) const {
  if (top_k_ <= size_) return;
  throw Fail("argmax_param.top_k", Cat("top_k must be at most the number of values ", place, " of ",
                                       bottom.shape_string(), ", ", size_, ", got ", top_k_));
}

void ArgMaxLayer::Find(const float* x, Candidate* best) const {
  // A heap whose first element comes last of all.
  Candidate* const end = best + top_k_;
  for (int64_t i = 0; i < top_k_; ++i) best[i] = {x[i * inner_], i};
  std::make_heap(best, end, ComesBefore);
  for (int64_t i = top_k_; i < size_; ++i) {
    const Candidate candidate{x[i * inner_], i};
    if (!ComesBefore(candidate, *best)) continue;
    std::pop_heap(best, end, ComesBefore);
    end[-1] = candidate;
    std::push_heap(best, end, ComesBefore);
  }
  std::sort_heap(best, end, ComesBefore);
}

void ArgMaxLayer::Write(const Candidate* best, int64_t place, float* y) const {
  const bool both = gives_values_ && !has_axis_;
  float* const out = y + place / inner_ * top_k_ * inner_ * (both ? 2 : 1) + place % inner_;
  for (int64_t k = 0; k < top_k_; ++k) {
    const float index = static_cast<float>(best[k].index);
    out[k * inner_] = gives_values_ && !both ? best[k].value : index;
    if (both) out[top_k_ + k] = best[k].value;
  }
}

void ArgMaxLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  constexpr int64_t kMostPieces = 16;  // each has memory for its candidates
  const float* const x = bottom[0]->cpu_data();
  float* const y = top[0]->data()->Overwrite(nullptr);
  const int64_t places = outer_ * inner_;
  const int64_t grain =
      std::max({int64_t{1}, kElementwiseGrain / size_, (places + kMostPieces - 1) / kMostPieces});
  const int64_t pieces = (places + grain - 1) / grain;
  const MemoryClaim claim(pieces * top_k_ * static_cast<int64_t>(sizeof(Candidate)));
  std::vector<Candidate> candidates(static_cast<size_t>(pieces * top_k_));
  ParallelFor(places, grain, [&](int64_t begin, int64_t end) {
    Candidate* const best = candidates.data() + begin / grain * top_k_;
    for (int64_t place = begin; place < end; ++place) {
      Find(x + place / inner_ * size_ * inner_ + place % inner_, best);
      Write(best, place, y);
    }
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("ArgMax", ArgMaxLayer);
}  // namespace demitasse
