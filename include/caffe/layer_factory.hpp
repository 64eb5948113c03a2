// The registry of layers under Caffe's names. It is demitasse::LayerRegistry.
#ifndef DEMITASSE_CAFFE_LAYER_FACTORY_HPP_
#define DEMITASSE_CAFFE_LAYER_FACTORY_HPP_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "caffe/common.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/layer.hpp"
#include "demitasse/layer_registry.hpp"

namespace caffe {

namespace compat {

template <typename Dtype>
struct LayerOf;  // there is float only
template <>
struct LayerOf<float> {
  using type = demitasse::Layer;
};

}  // namespace compat

// Not a plain alias of demitasse::Layer: a class template that derives from that would have a base
// that does not depend on Dtype, in which `Layer` is found first, and that is no template.
template <typename Dtype>
using Layer = typename compat::LayerOf<Dtype>::type;

namespace compat {

// Marks the layer that a creator has made; see Layer::set_is_caffe_layer.
inline std::shared_ptr<demitasse::Layer> WrittenForCaffe(std::shared_ptr<demitasse::Layer> layer) {
  CHECK(layer) << "the creator of a layer gave none";
  layer->set_is_caffe_layer();
  return layer;
}

}  // namespace compat

template <typename Dtype>
class LayerRegistry {
 public:
  typedef std::shared_ptr<Layer<Dtype>> (*Creator)(const LayerParameter&);

  static void AddCreator(const std::string& type, Creator creator) {
    demitasse::LayerRegistry::Register(type, creator);
  }
  // Throws Error for an unknown type.
  static std::shared_ptr<Layer<Dtype>> CreateLayer(const LayerParameter& param) {
    return demitasse::LayerRegistry::Create(param);
  }
  static std::vector<std::string> LayerTypeList() { return demitasse::LayerRegistry::List(); }

  LayerRegistry() = delete;
};

template <typename Dtype>
class LayerRegisterer {
 public:
  LayerRegisterer(const std::string& type, typename LayerRegistry<Dtype>::Creator creator) {
    LayerRegistry<Dtype>::AddCreator(type, creator);
  }
};

}  // namespace caffe

#define REGISTER_LAYER_CREATOR(type, creator)                                                  \
  static const ::caffe::LayerRegisterer<float> g_creator_f_##type(                             \
      #type, [](const ::caffe::LayerParameter& param) -> std::shared_ptr<::demitasse::Layer> { \
        return ::caffe::compat::WrittenForCaffe(creator<float>(param));                        \
      })

#define REGISTER_LAYER_CLASS(type)                                                   \
  template <typename Dtype>                                                          \
  std::shared_ptr<Layer<Dtype>> Creator_##type##Layer(const LayerParameter& param) { \
    return std::shared_ptr<Layer<Dtype>>(new type##Layer<Dtype>(param));             \
  }                                                                                  \
  REGISTER_LAYER_CREATOR(type, Creator_##type##Layer)

#endif  // DEMITASSE_CAFFE_LAYER_FACTORY_HPP_
