// DummyData: y = an array of given shape for each top, filled by data_filler. A constant is filled
// in once, random numbers are drawn anew in every forward pass. Without data_filler y is 0.

#include <algorithm>
#include <limits>

#include "demitasse/filler.hpp"
#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

using caffe::DummyDataParameter;
using caffe::FillerParameter;
using OldSizes = google::protobuf::RepeatedField<uint32_t>;

class DummyDataLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int MinTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override;

 private:
  // The index, within a list of one for all tops or one for each, of what belongs to a top.
  static int IndexFor(int top, int listed) { return listed == 1 ? 0 : top; }

  void CheckListed(const std::string& field, int listed, int tops) const;
  std::vector<int> TopShape(int top) const;
  int OldSize(const char* field, const OldSizes& sizes, int top) const;
  void FillTop(int index, Blob* top);

  std::vector<FillerParameter> fillers_;  // one for each top
};

void DummyDataLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                                const std::vector<Blob*>& top) {
  const DummyDataParameter& param = layer_param_.dummy_data_param();
  const int tops = static_cast<int>(top.size());
  const bool old =
      param.num_size() + param.channels_size() + param.height_size() + param.width_size() > 0;
  if (old && param.shape_size() > 0) {
    throw Fail("dummy_data_param.shape[0]",
               "give either shape or the older num, channels, height and width, not both");
  }
  if (old) {
    CheckListed("num", param.num_size(), tops);
    CheckListed("channels", param.channels_size(), tops);
    CheckListed("height", param.height_size(), tops);
    CheckListed("width", param.width_size(), tops);
  } else {
    CheckListed("shape", param.shape_size(), tops);
  }
  if (param.data_filler_size() > 0) CheckListed("data_filler", param.data_filler_size(), tops);

  for (int i = 0; i < tops; ++i) {
    Blob* const blob = top[static_cast<size_t>(i)];
    blob->Reshape(TopShape(i));
    const int filler = IndexFor(i, param.data_filler_size());
    fillers_.push_back(param.data_filler_size() > 0 ? param.data_filler(filler)
                                                    : FillerParameter());
    FillTop(i, blob);  // random ones too: a bad filler is found here and not when the net runs
  }
}

void DummyDataLayer::Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                                 const std::vector<Blob*>& top) {
  for (size_t i = 0; i < top.size(); ++i) {
    if (fillers_[i].type() != "constant") FillTop(static_cast<int>(i), top[i]);
  }
}

void DummyDataLayer::CheckListed(const std::string& field, int listed, int tops) const {
  if (listed == 1 || listed == tops) return;
  const std::string last = listed == 0 ? "" : Cat(".", field, "[", std::min(listed - 1, tops), "]");
  throw Fail("dummy_data_param" + last,
             Cat(field, " must be given once for all tops or once for each, got ", listed, " for ",
                 tops, " top", tops == 1 ? "" : "s"));
}

std::vector<int> DummyDataLayer::TopShape(int top) const {
  const DummyDataParameter& param = layer_param_.dummy_data_param();
  if (param.shape_size() > 0) {
    const int index = IndexFor(top, param.shape_size());
    return FieldShape(*this, param.shape(index), Cat("dummy_data_param.shape[", index, "]"));
  }
  std::vector<int> shape = {
      OldSize("num", param.num(), top), OldSize("channels", param.channels(), top),
      OldSize("height", param.height(), top), OldSize("width", param.width(), top)};
  ShapeSize(shape);  // throws if it is too large
  return shape;
}

int DummyDataLayer::OldSize(const char* field, const OldSizes& sizes, int top) const {
  constexpr int kMost = std::numeric_limits<int>::max();
  const int index = IndexFor(top, sizes.size());
  const uint32_t size = sizes.Get(index);
  if (size > static_cast<uint32_t>(kMost)) {
    throw Fail(Cat("dummy_data_param.", field, "[", index, "]"),
               Cat(field, " must be from 0 to ", kMost, ", got ", size));
  }
  return static_cast<int>(size);
}

void DummyDataLayer::FillTop(int index, Blob* top) {
  const FillerParameter& filler = fillers_[static_cast<size_t>(index)];
  try {
    if (shapes_only()) {
      CheckFiller(filler, *top);
    } else {
      Fill(filler, rng(), top);
    }
  } catch (const FillerError& error) {
    const int listed = IndexFor(index, layer_param_.dummy_data_param().data_filler_size());
    throw Fail(Cat("dummy_data_param.data_filler[", listed, "].", error.field()), error.message());
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("DummyData", DummyDataLayer);
}  // namespace demitasse
