// A plugin with one layer, Softplus: y = log(1 + exp(beta * x)) / beta, a ReLU without its corner.
// Dugas, Bengio, Bélisle, Nadeau, Garcia (2000), "Incorporating second-order functional knowledge
// for better option pricing".
#include <cmath>
#include <demitasse/layer_registry.hpp>
#include <vector>

namespace {

using demitasse::Blob;

class SoftplusLayer : public demitasse::Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  // extra_param { key: "beta" value: "2" }
  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    beta_ = ExtraParam<float>("beta", 1);
    if (!(beta_ > 0)) throw Fail("extra_param.beta", "beta must be greater than 0");
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const float* const x = bottom[0]->cpu_data();
    float* const y = top[0]->mutable_cpu_data();
    for (int64_t i = 0; i < bottom[0]->size(); ++i) {
      const float z = beta_ * x[i];  // exp(z) would overflow for large z
      y[i] = (z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z))) / beta_;
    }
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const float* const x = bottom[0]->cpu_data();
    const float* const top_diff = top[0]->cpu_diff();
    float* const bottom_diff = bottom[0]->mutable_cpu_diff();
    for (int64_t i = 0; i < bottom[0]->size(); ++i) {
      bottom_diff[i] = top_diff[i] / (1 + std::exp(-beta_ * x[i]));
    }
  }

 private:
  float beta_ = 1;
};

}  // namespace

DEMITASSE_REGISTER_LAYER("Softplus", SoftplusLayer);
