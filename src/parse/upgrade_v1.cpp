#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "src/core/text.hpp"
#include "src/parse/upgrade_stages.hpp"

namespace demitasse {
namespace {

using caffe::LayerParameter;
using caffe::V1LayerParameter;
using google::protobuf::FieldDescriptor;

struct TypeName {
  V1LayerParameter::LayerType v1;
  const char* name;
};

// By the name of the enum value; NONE has no layer.
constexpr TypeName kTypeNames[] = {
    {V1LayerParameter::ABSVAL, "AbsVal"},
    {V1LayerParameter::ACCURACY, "Accuracy"},
    {V1LayerParameter::ARGMAX, "ArgMax"},
    {V1LayerParameter::BNLL, "BNLL"},
    {V1LayerParameter::CONCAT, "Concat"},
    {V1LayerParameter::CONTRASTIVE_LOSS, "ContrastiveLoss"},
    {V1LayerParameter::CONVOLUTION, "Convolution"},
    {V1LayerParameter::DATA, "Data"},
    {V1LayerParameter::DECONVOLUTION, "Deconvolution"},
    {V1LayerParameter::DROPOUT, "Dropout"},
    {V1LayerParameter::DUMMY_DATA, "DummyData"},
    {V1LayerParameter::ELTWISE, "Eltwise"},
    {V1LayerParameter::EUCLIDEAN_LOSS, "EuclideanLoss"},
    {V1LayerParameter::EXP, "Exp"},
    {V1LayerParameter::FLATTEN, "Flatten"},
    {V1LayerParameter::HDF5_DATA, "HDF5Data"},
    {V1LayerParameter::HDF5_OUTPUT, "HDF5Output"},
    {V1LayerParameter::HINGE_LOSS, "HingeLoss"},
    {V1LayerParameter::IM2COL, "Im2col"},
    {V1LayerParameter::IMAGE_DATA, "ImageData"},
    {V1LayerParameter::INFOGAIN_LOSS, "InfogainLoss"},
    {V1LayerParameter::INNER_PRODUCT, "InnerProduct"},
    {V1LayerParameter::LRN, "LRN"},
    {V1LayerParameter::MEMORY_DATA, "MemoryData"},
    {V1LayerParameter::MULTINOMIAL_LOGISTIC_LOSS, "MultinomialLogisticLoss"},
    {V1LayerParameter::MVN, "MVN"},
    {V1LayerParameter::POOLING, "Pooling"},
    {V1LayerParameter::POWER, "Power"},
    {V1LayerParameter::RELU, "ReLU"},
    {V1LayerParameter::SIGMOID, "Sigmoid"},
    {V1LayerParameter::SIGMOID_CROSS_ENTROPY_LOSS, "SigmoidCrossEntropyLoss"},
    {V1LayerParameter::SILENCE, "Silence"},
    {V1LayerParameter::SLICE, "Slice"},
    {V1LayerParameter::SOFTMAX, "Softmax"},
    {V1LayerParameter::SOFTMAX_LOSS, "SoftmaxWithLoss"},
    {V1LayerParameter::SPLIT, "Split"},
    {V1LayerParameter::TANH, "TanH"},
    {V1LayerParameter::THRESHOLD, "Threshold"},
    {V1LayerParameter::WINDOW_DATA, "WindowData"},
};

void UpgradeType(const V1LayerParameter& old, LayerParameter* layer) {
  for (const TypeName& entry : kTypeNames) {
    if (old.type() == entry.v1) layer->set_type(entry.name);
  }
}

// The lists that give one value per parameter blob become one list of ParamSpec.
void UpgradeParamSpecs(const V1LayerParameter& old, const std::string& old_path,
                       LayerParameter* layer, const std::string& new_path, Moves* moves) {
  const auto spec = [&](int i, const char* old_field, const char* new_field) {
    (*moves)[Cat(old_path, ".", old_field, "[", i, "]")] =
        Cat(new_path, ".param[", i, "].", new_field);
    while (layer->param_size() <= i) layer->add_param();
    return layer->mutable_param(i);
  };
  for (int i = 0; i < old.param_size(); ++i) {
    spec(i, "param", "name")->set_name(old.param(i));
  }
  for (int i = 0; i < old.blob_share_mode_size(); ++i) {
    spec(i, "blob_share_mode", "share_mode")
        ->set_share_mode(old.blob_share_mode(i) == V1LayerParameter::STRICT
                             ? caffe::ParamSpec::STRICT
                             : caffe::ParamSpec::PERMISSIVE);
  }
  for (int i = 0; i < old.blobs_lr_size(); ++i) {
    spec(i, "blobs_lr", "lr_mult")->set_lr_mult(old.blobs_lr(i));
  }
  for (int i = 0; i < old.weight_decay_size(); ++i) {
    spec(i, "weight_decay", "decay_mult")->set_decay_mult(old.weight_decay(i));
  }
}

// convolution_param, include, blobs ...: all messages have kept their names.
void MoveMessages(V1LayerParameter* old, LayerParameter* layer) {
  const auto* from = old->GetReflection();
  const auto* to = layer->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  from->ListFields(*old, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const auto* new_field = layer->GetDescriptor()->FindFieldByName(field->name());
    if (new_field == nullptr) continue;
    if (!field->is_repeated()) {
      to->SetAllocatedMessage(layer, from->ReleaseMessage(old, field), new_field);
      continue;
    }
    for (int i = 0; i < from->FieldSize(*old, field); ++i) {
      to->AddMessage(layer, new_field)->CopyFrom(from->GetRepeatedMessage(*old, field, i));
    }
  }
}

}  // namespace

void UpgradeV1Layers(caffe::NetParameter* net, SourceMap* source) {
  Moves moves;
  for (int i = 0; i < net->layers_size(); ++i) {
    V1LayerParameter* old = net->mutable_layers(i);
    LayerParameter* layer = net->add_layer();
    const std::string old_path = Cat("layers[", i, "]");
    const std::string new_path = Cat("layer[", i, "]");
    moves[old_path] = new_path;
    if (old->has_name()) layer->set_name(old->name());
    UpgradeType(*old, layer);
    layer->mutable_bottom()->Swap(old->mutable_bottom());
    layer->mutable_top()->Swap(old->mutable_top());
    layer->mutable_loss_weight()->Swap(old->mutable_loss_weight());
    UpgradeParamSpecs(*old, old_path, layer, new_path, &moves);
    MoveMessages(old, layer);
  }
  net->clear_layers();
  source->Rename(moves);
}

}  // namespace demitasse
