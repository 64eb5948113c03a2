// caffemodel: weights of any age, read and copied into a net.
#include "demitasse/net.hpp"
#include "fuzz/target.hpp"

namespace demitasse {
namespace {

constexpr char kNet[] =
    "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [1, 1, 4, 4] } } }\n"
    "layer { name: 'conv' type: 'Convolution' bottom: 'x' top: 'y'\n"
    "        convolution_param { num_output: 2 kernel_size: 3 } }\n"
    "layer { name: 'fc' type: 'InnerProduct' bottom: 'y' top: 'z'\n"
    "        inner_product_param { num_output: 3 } }\n";

void Read(const std::string& bytes) {
  static Net net(MemoryFile(kNet).path());
  net.CopyTrainedLayersFrom(MemoryFile(bytes).path());
}

std::string OldForm(caffe::NetParameter net) {
  for (const caffe::LayerParameter& layer : net.layer()) {
    caffe::V1LayerParameter* const old = net.add_layers();
    old->set_name(layer.name());
    old->set_type(caffe::V1LayerParameter::CONVOLUTION);
    *old->mutable_blobs() = layer.blobs();
    for (caffe::BlobProto& blob : *old->mutable_blobs()) {
      blob.set_num(1);
      blob.set_channels(1);
      blob.set_height(1);
      blob.set_width(blob.data_size());
      blob.clear_shape();
    }
  }
  net.clear_layer();
  return net.SerializeAsString();
}

std::vector<std::string> Seeds() {
  const Net net(MemoryFile(kNet).path());
  caffe::NetParameter message;
  net.ToProto(&message);
  return {message.SerializeAsString(), OldForm(message)};
}

}  // namespace

const bool kCaffemodelTarget = RegisterFuzzTarget({"caffemodel", Read, Seeds});

}  // namespace demitasse
