// The library's own layers as classes, for layers that own one: SoftmaxLayer<Dtype> and the others
// in this folder. Each runs the layer of its type from the registry.
#ifndef DEMITASSE_CAFFE_LAYERS_BUILT_IN_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_BUILT_IN_LAYER_HPP_

#include <memory>
#include <vector>

#include "caffe/layer.hpp"

namespace caffe {
namespace compat {

inline LayerParameter OfType(LayerParameter param, const char* type) {
  param.set_type(type);
  return param;
}

template <typename Dtype>
class BuiltInLayer : public Layer<Dtype> {
 public:
  BuiltInLayer(const LayerParameter& param, const char* type)
      : Layer<Dtype>(OfType(param, type)),
        inner_(demitasse::LayerRegistry::Create(this->layer_param_)) {}

  void LayerSetUp(const std::vector<Blob<Dtype>*>& bottom,
                  const std::vector<Blob<Dtype>*>& top) override {
    inner_->SetUp(bottom, top);
    this->blobs_ = inner_->blobs();
    for (int i = 0; i < static_cast<int>(top.size()); ++i) this->set_loss(i, inner_->loss(i));
  }
  void Reshape(const std::vector<Blob<Dtype>*>& bottom,
               const std::vector<Blob<Dtype>*>& top) override {
    inner_->Reshape(bottom, top);
  }

  int ExactNumBottomBlobs() const override { return inner_->ExactNumBottomBlobs(); }
  int MinBottomBlobs() const override { return inner_->MinBottomBlobs(); }
  int MaxBottomBlobs() const override { return inner_->MaxBottomBlobs(); }
  int ExactNumTopBlobs() const override { return inner_->ExactNumTopBlobs(); }
  int MinTopBlobs() const override { return inner_->MinTopBlobs(); }
  int MaxTopBlobs() const override { return inner_->MaxTopBlobs(); }
  bool EqualNumBottomTopBlobs() const override { return inner_->EqualNumBottomTopBlobs(); }
  bool AutoTopBlobs() const override { return inner_->AutoTopBlobs(); }
  bool SupportsInPlace(int index) const override { return inner_->SupportsInPlace(index); }
  bool BackwardReadsTops() const override { return inner_->BackwardReadsTops(); }
  bool BottomIsIndex(int index) const override { return inner_->BottomIsIndex(index); }
  bool AllowForceBackward(int index) const override { return inner_->AllowForceBackward(index); }

 protected:
  void Forward_cpu(const std::vector<Blob<Dtype>*>& bottom,
                   const std::vector<Blob<Dtype>*>& top) override {
    inner_->blobs() = this->blobs_;  // whoever owns this may have put others there
    inner_->Forward(bottom, top);
  }
  void Backward_cpu(const std::vector<Blob<Dtype>*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob<Dtype>*>& bottom) override {
    for (int i = 0; i < static_cast<int>(this->blobs_.size()); ++i) {
      inner_->set_param_propagate_down(i, this->param_propagate_down(i));
    }
    inner_->Backward(top, propagate_down, bottom);
  }

 private:
  const std::shared_ptr<demitasse::Layer> inner_;
};

}  // namespace compat
}  // namespace caffe

#define DEMITASSE_CAFFE_BUILT_IN_LAYER(type)               \
  template <typename Dtype>                                \
  class type##Layer : public compat::BuiltInLayer<Dtype> { \
   public:                                                 \
    explicit type##Layer(const LayerParameter& param)      \
        : compat::BuiltInLayer<Dtype>(param, #type) {}     \
  }

#endif  // DEMITASSE_CAFFE_LAYERS_BUILT_IN_LAYER_HPP_
