// Accuracy: y = share of the places whose label (bottom 1) is among the top_k classes with the
// highest scores (bottom 0). Places labelled ignore_label are left out; where none is left, y = 0.
// A second top, if named, gets the accuracy over the places of each class, 0 for a class without
// any.
// A class that scores as high as the label stands before it, and so does one whose score cannot be
// compared, NaN: a net that gives NaN is never right. There is no gradient.
#include <algorithm>
#include <optional>

#include "demitasse/layer_registry.hpp"
#include "layers/common/labels.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class AccuracyLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 2; }
  int MinTopBlobs() const override { return 1; }
  int MaxTopBlobs() const override { return 2; }
  bool BottomIsIndex(int bottom_index) const override { return bottom_index == 1; }
  bool AllowForceBackward(int /*bottom_index*/) const override { return false; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::AccuracyParameter& param = layer_param_.accuracy_param();
    top_k_ = param.top_k();
    if (top_k_ < 1) {
      throw Fail("accuracy_param.top_k", Cat("top_k must be 1 or more, got ", top_k_));
    }
    if (param.has_ignore_label()) ignore_label_ = param.ignore_label();
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const Blob& scores = *bottom[0];
    const int axis =
        CanonicalAxis(scores, layer_param_.accuracy_param().axis(), "accuracy_param.axis");
    CheckLabelCount(*this, scores, axis, *bottom[1]);
    classes_ = scores.shape(axis);
    inner_ = scores.size(axis + 1, scores.num_axes());
    if (top_k_ > classes_) {
      throw Fail("accuracy_param.top_k", Cat("top_k must not be above the number of classes (",
                                             classes_, "), got ", top_k_));
    }
    top[0]->Reshape({});
    if (top.size() > 1) top[1]->Reshape({static_cast<int>(classes_)});
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const std::vector<int> labels =
        ReadLabels(*this, *bottom[1], static_cast<int>(classes_), ignore_label_);
    const bool of_classes = top.size() > 1;  // else there may be more classes than memory
    std::vector<Count> counts(static_cast<size_t>(of_classes ? classes_ : 0));
    Count all;
    const float* const scores = bottom[0]->cpu_data();
    for (size_t place = 0; place < labels.size(); ++place) {
      const int label = labels[place];
      if (label == kIgnoredLabel) continue;
      const bool right = IsRight(scores, static_cast<int64_t>(place), label);
      all.Add(right);
      if (of_classes) counts[static_cast<size_t>(label)].Add(right);
    }
    top[0]->mutable_cpu_data()[0] = all.Share();
    if (!of_classes) return;
    std::transform(counts.begin(), counts.end(), top[1]->mutable_cpu_data(),
                   [](const Count& count) { return count.Share(); });
  }

 private:
  struct Count {
    int64_t places = 0;
    int64_t right = 0;

    void Add(bool is_right) {
      ++places;
      if (is_right) ++right;
    }
    float Share() const {
      return places > 0 ? static_cast<float>(static_cast<double>(right) / places) : 0;
    }
  };

  bool IsRight(const float* scores, int64_t place, int label) const {
    const float* const of_place = scores + place / inner_ * classes_ * inner_ + place % inner_;
    const float score = of_place[label * inner_];
    int64_t not_below = 0;  // with the label's own
    for (int64_t k = 0; k < classes_ && not_below <= top_k_; ++k) {
      if (!(of_place[k * inner_] < score)) ++not_below;
    }
    return not_below <= top_k_;
  }

  int64_t top_k_ = 1;
  std::optional<int> ignore_label_;
  int64_t classes_ = 0;
  int64_t inner_ = 1;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Accuracy", AccuracyLayer);
}  // namespace demitasse
