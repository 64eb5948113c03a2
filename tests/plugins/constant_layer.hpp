// A layer for plugins that are loaded in tests: each element of its top is 7.
#ifndef DEMITASSE_TESTS_PLUGINS_CONSTANT_LAYER_HPP_
#define DEMITASSE_TESTS_PLUGINS_CONSTANT_LAYER_HPP_

#include <algorithm>
#include <vector>

#include "demitasse/layer_registry.hpp"

namespace {

class ConstantLayer : public demitasse::Layer {
 public:
  using Layer::Layer;
  void Reshape(const std::vector<demitasse::Blob*>& bottom,
               const std::vector<demitasse::Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<demitasse::Blob*>& /*bottom*/,
                   const std::vector<demitasse::Blob*>& top) override {
    std::fill_n(top[0]->mutable_cpu_data(), top[0]->size(), 7.0f);
  }
};

}  // namespace

#endif  // DEMITASSE_TESTS_PLUGINS_CONSTANT_LAYER_HPP_
