#include "caffe/layers/nested_net_layer.hpp"

#include <vector>

namespace caffe {

template <typename Dtype>
void NestedNetLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom,
                                       const vector<Blob<Dtype>*>& top) {
  NetParameter net_param;
  net_param.mutable_state()->set_phase(this->phase_);
  LayerParameter* input_param = net_param.add_layer();
  input_param->set_name("x");
  input_param->set_type("Input");
  input_param->add_top("x");
  BlobShape* input_shape = input_param->mutable_input_param()->add_shape();
  for (int i = 0; i < bottom[0]->num_axes(); ++i) {
    input_shape->add_dim(bottom[0]->shape(i));
  }
  LayerParameter* ip_param = net_param.add_layer();
  ip_param->set_name("ip");
  ip_param->set_type("InnerProduct");
  ip_param->add_bottom("x");
  ip_param->add_top("y");
  ip_param->mutable_inner_product_param()->set_num_output(3);
  ip_param->mutable_inner_product_param()->mutable_weight_filler()->set_type("xavier");
  net_.reset(new Net<Dtype>(net_param));
  this->blobs_.clear();
  for (int i = 0; i < net_->params().size(); ++i) {
    this->blobs_.push_back(net_->params()[i]);
  }
}

template <typename Dtype>
void NestedNetLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom,
                                    const vector<Blob<Dtype>*>& top) {
  top[0]->Reshape(net_->output_blobs()[0]->shape());
}

template <typename Dtype>
void NestedNetLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom,
                                        const vector<Blob<Dtype>*>& top) {
  net_->input_blobs()[0]->ShareData(*bottom[0]);
  net_->ForwardTo(net_->layers().size() - 1);
  top[0]->ShareData(*net_->output_blobs()[0]);
}

template <typename Dtype>
void NestedNetLayer<Dtype>::Backward_cpu(const vector<Blob<Dtype>*>& top,
                                         const vector<bool>& propagate_down,
                                         const vector<Blob<Dtype>*>& bottom) {
  NOT_IMPLEMENTED;
}

INSTANTIATE_CLASS(NestedNetLayer);
REGISTER_LAYER_CLASS(NestedNet);

}  // namespace caffe
