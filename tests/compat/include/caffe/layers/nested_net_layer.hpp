#ifndef CAFFE_NESTED_NET_LAYER_HPP_
#define CAFFE_NESTED_NET_LAYER_HPP_

#include <vector>

#include "caffe/blob.hpp"
#include "caffe/common.hpp"
#include "caffe/layer.hpp"
#include "caffe/net.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

template <typename Dtype>
class NestedNetLayer;

// An inner product to three outputs, by a net of its own.
template <typename Dtype>
class NestedNetLayer : public Layer<Dtype> {
 public:
  explicit NestedNetLayer(const LayerParameter& param) : Layer<Dtype>(param) {}
  virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);

  virtual inline const char* type() const { return "NestedNet"; }

 protected:
  virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Backward_cpu(const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down,
                            const vector<Blob<Dtype>*>& bottom);

  shared_ptr<Net<Dtype>> net_;
};

}  // namespace caffe

#endif  // CAFFE_NESTED_NET_LAYER_HPP_
