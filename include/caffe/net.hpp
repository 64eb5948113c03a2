// Net: demitasse::Net under the names of Caffe's class.
#ifndef DEMITASSE_CAFFE_NET_HPP_
#define DEMITASSE_CAFFE_NET_HPP_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "caffe/blob.hpp"
#include "caffe/common.hpp"
#include "caffe/layer.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/export.hpp"
#include "demitasse/net.hpp"

namespace caffe {

namespace compat {

DEMITASSE_API std::shared_ptr<demitasse::Net> MakeNet(const NetParameter& param);
DEMITASSE_API std::shared_ptr<demitasse::Net> MakeNet(const std::string& file, Phase phase,
                                                      int level,
                                                      const std::vector<std::string>* stages);
DEMITASSE_API void WriteHdf5(const demitasse::Net& net, const std::string& file, bool write_diff);

// The places of `some` in `all`.
DEMITASSE_API std::vector<int> IndicesOf(const std::vector<demitasse::Blob*>& some,
                                         const std::vector<std::shared_ptr<demitasse::Blob>>& all);
// The weight of each blob of the net in its loss.
DEMITASSE_API std::vector<float> LossWeights(const demitasse::Net& net);
// The names of the net's parameters, or their numbers within their layers.
DEMITASSE_API std::vector<std::string> ParamNames(const demitasse::Net& net);

}  // namespace compat

template <typename Dtype>
class Net {
 public:
  explicit Net(const NetParameter& param) : Net(compat::MakeNet(param)) {}
  explicit Net(const std::string& param_file, Phase phase, const int level = 0,
               const std::vector<std::string>* stages = nullptr)
      : Net(compat::MakeNet(param_file, phase, level, stages)) {}
  // Another view of the same net.
  explicit Net(std::shared_ptr<demitasse::Net> net);
  virtual ~Net() = default;
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;

  // What it stands for.
  demitasse::Net& demitasse_net() { return *net_; }

  const std::vector<Blob<Dtype>*>& Forward(Dtype* loss = nullptr) { return net_->Forward(loss); }
  const std::vector<Blob<Dtype>*>& ForwardPrefilled(Dtype* loss = nullptr) { return Forward(loss); }
  // Copies `bottom` into the inputs first.
  const std::vector<Blob<Dtype>*>& Forward(const std::vector<Blob<Dtype>*>& bottom,
                                           Dtype* loss = nullptr) {
    CHECK_EQ(bottom.size(), input_blobs().size()) << "one blob for each input of the net";
    for (size_t i = 0; i < bottom.size(); ++i) input_blobs()[i]->CopyFrom(*bottom[i]);
    return Forward(loss);
  }
  Dtype ForwardFromTo(int start, int end) { return net_->ForwardFromTo(start, end); }
  Dtype ForwardFrom(int start) { return ForwardFromTo(start, last_layer()); }
  Dtype ForwardTo(int end) { return ForwardFromTo(0, end); }
  void ClearParamDiffs() { net_->ClearParamDiffs(); }
  void Backward() { net_->Backward(); }
  void BackwardFromTo(int start, int end) { net_->BackwardFromTo(start, end); }
  void BackwardFrom(int start) { BackwardFromTo(start, 0); }
  void BackwardTo(int end) { BackwardFromTo(last_layer(), end); }
  Dtype ForwardBackward() { return net_->ForwardBackward(); }
  void Reshape() { net_->Reshape(); }
  void Update() {
    for (Blob<Dtype>* const param : learnable_params()) param->Update();
  }
  void ShareWeights() {}  // they always are

  void CopyTrainedLayersFrom(const NetParameter& param) { net_->CopyTrainedLayersFrom(param); }
  void CopyTrainedLayersFrom(const std::string& file) { net_->CopyTrainedLayersFrom(file); }
  void CopyTrainedLayersFromBinaryProto(const std::string& file) { CopyTrainedLayersFrom(file); }
  void CopyTrainedLayersFromHDF5(const std::string& file) { CopyTrainedLayersFrom(file); }
  void ShareTrainedLayersWith(const Net* other) { net_->ShareTrainedLayersWith(*other->net_); }
  void ToProto(NetParameter* param, bool write_diff = false) const {
    net_->ToProto(param, write_diff);
  }
  void ToHDF5(const std::string& filename, bool write_diff = false) const {
    compat::WriteHdf5(*net_, filename, write_diff);
  }

  const std::string& name() const { return net_->name(); }
  Phase phase() const { return net_->phase(); }
  void set_debug_info(const bool value) { net_->set_debug_info(value); }

  const std::vector<std::string>& layer_names() const { return net_->layer_names(); }
  const std::vector<std::string>& blob_names() const { return net_->blob_names(); }
  const std::vector<std::shared_ptr<Blob<Dtype>>>& blobs() const { return net_->blobs(); }
  const std::vector<std::shared_ptr<Layer<Dtype>>>& layers() const { return net_->layers(); }
  const std::vector<std::vector<Blob<Dtype>*>>& bottom_vecs() const { return net_->bottom_vecs(); }
  const std::vector<std::vector<Blob<Dtype>*>>& top_vecs() const { return net_->top_vecs(); }
  // The places of a layer's blobs in blobs().
  const std::vector<int>& bottom_ids(int i) const { return bottom_ids_.at(i); }
  const std::vector<int>& top_ids(int i) const { return top_ids_.at(i); }
  const std::vector<Dtype>& blob_loss_weights() const { return blob_loss_weights_; }
  const std::vector<bool>& layer_need_backward() const { return net_->layer_need_backward(); }

  const std::vector<std::shared_ptr<Blob<Dtype>>>& params() const { return net_->params(); }
  const std::vector<Blob<Dtype>*>& learnable_params() const { return net_->learnable_params(); }
  const std::vector<Dtype>& params_lr() const { return net_->params_lr(); }
  const std::vector<Dtype>& params_weight_decay() const { return net_->params_weight_decay(); }
  const std::vector<std::string>& param_display_names() const { return param_display_names_; }

  int num_inputs() const { return static_cast<int>(input_blobs().size()); }
  int num_outputs() const { return static_cast<int>(output_blobs().size()); }
  const std::vector<Blob<Dtype>*>& input_blobs() const { return net_->input_blobs(); }
  const std::vector<Blob<Dtype>*>& output_blobs() const { return net_->output_blobs(); }
  const std::vector<int>& input_blob_indices() const { return input_blob_indices_; }
  const std::vector<int>& output_blob_indices() const { return output_blob_indices_; }

  bool has_blob(const std::string& blob_name) const { return net_->has_blob(blob_name); }
  // Throws Error, where Caffe gives null, if there is no such blob.
  const std::shared_ptr<Blob<Dtype>> blob_by_name(const std::string& blob_name) const {
    return net_->blob_by_name(blob_name);
  }
  bool has_layer(const std::string& layer_name) const { return net_->has_layer(layer_name); }
  const std::shared_ptr<Layer<Dtype>> layer_by_name(const std::string& layer_name) const {
    return net_->layer_by_name(layer_name);
  }

 private:
  int last_layer() const { return static_cast<int>(layers().size()) - 1; }

  std::shared_ptr<demitasse::Net> net_;
  std::vector<std::vector<int>> bottom_ids_;
  std::vector<std::vector<int>> top_ids_;
  std::vector<int> input_blob_indices_;
  std::vector<int> output_blob_indices_;
  std::vector<Dtype> blob_loss_weights_;
  std::vector<std::string> param_display_names_;
};

template <typename Dtype>
Net<Dtype>::Net(std::shared_ptr<demitasse::Net> net)
    : net_(std::move(net)),
      input_blob_indices_(compat::IndicesOf(net_->input_blobs(), net_->blobs())),
      output_blob_indices_(compat::IndicesOf(net_->output_blobs(), net_->blobs())),
      blob_loss_weights_(compat::LossWeights(*net_)),
      param_display_names_(compat::ParamNames(*net_)) {
  for (const auto& bottoms : net_->bottom_vecs()) {
    bottom_ids_.push_back(compat::IndicesOf(bottoms, net_->blobs()));
  }
  for (const auto& tops : net_->top_vecs()) {
    top_ids_.push_back(compat::IndicesOf(tops, net_->blobs()));
  }
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_NET_HPP_
