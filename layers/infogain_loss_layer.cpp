// InfogainLoss: E = -1/D * sum over places and classes k of H[label][k] * log(p_k), with p the
// softmax of the scores (bottom 0) along `axis`, a label (bottom 1) for each place, and H a matrix
// of classes x classes: bottom 2, or read from the file `source` where there is no bottom 2; the
// gradient of the scores is (p_k * (sum over j of H[label][j]) - H[label][k]) / D, that of H is not
// computed. loss_param says what D is and which label is not counted. A second top, if named, gets
// p. A p below 1e-20 counts as 1e-20, so that the loss stays finite. With the identity for H this
// is SoftmaxWithLoss.
#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/softmax_loss_layer.hpp"
#include "layers/common/sum.hpp"
#include "src/core/text.hpp"
#include "src/io/binary_proto.hpp"
#include "src/io/find_file.hpp"

namespace demitasse {
namespace {

const char kSource[] = "infogain_loss_param.source";

class InfogainLossLayer : public SoftmaxLossLayer {
 public:
  using SoftmaxLossLayer::SoftmaxLossLayer;

  int ExactNumBottomBlobs() const override { return -1; }
  int MinBottomBlobs() const override { return 2; }
  int MaxBottomBlobs() const override { return 3; }
  bool AllowForceBackward(int bottom_index) const override { return bottom_index == 0; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  double PlaceLoss(const float* p, int label) const override;
  void CorrectGradient(int label, float factor, float* diff) const override;

 private:
  void ReadMatrix();
  const float* Row(int label) const { return matrix_ + int64_t{label} * classes(); }

  Blob from_file_;
  // Of the last Forward.
  const float* matrix_ = nullptr;
  std::vector<float> row_sums_;
};

void InfogainLossLayer::LayerSetUp(const std::vector<Blob*>& bottom,
                                   const std::vector<Blob*>& top) {
  SoftmaxLossLayer::LayerSetUp(bottom, top);
  if (layer_param_.loss_param().has_normalize()) {
    throw Fail("loss_param.normalize",
               "normalize is not for this loss; give normalization: VALID for true, BATCH_SIZE for "
               "false");
  }
  if (bottom.size() < 3) ReadMatrix();
}

void InfogainLossLayer::ReadMatrix() {
  const caffe::InfogainLossParameter& param = layer_param_.infogain_loss_param();
  if (!param.has_source()) {
    throw Fail("infogain_loss_param",
               "needs its matrix, as a file (infogain_loss_param { source: ... }) or as a third "
               "bottom");
  }
  if (shapes_only()) return;
  try {
    const NdArray matrix = ReadBinaryProto(FindFile(param.source(), Where(kSource).file));
    from_file_.Reshape(matrix.shape);
    std::copy(matrix.values.begin(), matrix.values.end(), from_file_.mutable_cpu_data());
  } catch (const Error& error) {
    const std::string& file = error.where().file;
    throw Fail(kSource, Cat(file, file.empty() ? "" : ": ", error.message()), error.kind());
  }
}

void InfogainLossLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const int axis = layer_param_.infogain_loss_param().axis();
  ReshapeAlong(CanonicalAxis(*bottom[0], axis, "infogain_loss_param.axis"), bottom, top);
  const bool is_bottom = bottom.size() > 2;
  if (shapes_only() && !is_bottom) return;
  const Blob& matrix = is_bottom ? *bottom[2] : from_file_;
  if (matrix.size() == int64_t{classes()} * classes()) return;
  throw Fail(
      is_bottom ? "bottom[2]" : kSource,
      Cat("the matrix must have ", classes(), " x ", classes(), " elements for the ", classes(),
          " classes of ", bottom[0]->shape_string(), " scores, got ", matrix.shape_string()));
}

void InfogainLossLayer::Forward_cpu(const std::vector<Blob*>& bottom,
                                    const std::vector<Blob*>& top) {
  matrix_ = (bottom.size() > 2 ? *bottom[2] : from_file_).cpu_data();
  row_sums_.clear();
  for (int label = 0; label < classes(); ++label) {
    const float* const row = Row(label);
    row_sums_.push_back(static_cast<float>(Sum(classes(), [row](int64_t k) { return row[k]; })));
  }
  SoftmaxLossLayer::Forward_cpu(bottom, top);
}

double InfogainLossLayer::PlaceLoss(const float* p, int label) const {
  const float* const row = Row(label);
  double sum = 0;
  for (int64_t k = 0; k < classes(); ++k) {
    // In this order std::max lets NaN through.
    sum -= double{row[k]} * std::log(std::max(p[k * step()], kLeastProbability));
  }
  return sum;
}

void InfogainLossLayer::CorrectGradient(int label, float factor, float* diff) const {
  const float* const row = Row(label);
  const float row_sum = row_sums_[static_cast<size_t>(label)];
  for (int64_t k = 0; k < classes(); ++k) {
    float& of_class = diff[k * step()];
    of_class = of_class * row_sum - factor * row[k];
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("InfogainLoss", InfogainLossLayer);
}  // namespace demitasse
