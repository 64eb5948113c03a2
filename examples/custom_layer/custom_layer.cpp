// A program with a layer of its own, SoftShrink:
//
//   y = x - lambda for x > lambda, x + lambda for x < -lambda, 0 between
//
// Without arguments it runs soft_shrink.prototxt; custom_layer NET.prototxt runs another net with
// one input, and custom_layer --list prints all types of layers there are.
#include <cstdio>
#include <demitasse/demitasse.hpp>
#include <string>
#include <vector>

namespace {

using demitasse::Blob;

class SoftShrinkLayer : public demitasse::Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  // extra_param { key: "lambda" value: "0.5" }
  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    lambda_ = ExtraParam<float>("lambda", 0.5f);
    if (lambda_ < 0) throw Fail("extra_param.lambda", "lambda must not be negative");
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const float* const x = bottom[0]->cpu_data();
    float* const y = top[0]->mutable_cpu_data();
    for (int64_t i = 0; i < bottom[0]->size(); ++i) {
      y[i] = x[i] > lambda_ ? x[i] - lambda_ : (x[i] < -lambda_ ? x[i] + lambda_ : 0);
    }
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const float* const x = bottom[0]->cpu_data();
    const float* const top_diff = top[0]->cpu_diff();
    float* const bottom_diff = bottom[0]->mutable_cpu_diff();
    for (int64_t i = 0; i < bottom[0]->size(); ++i) {
      bottom_diff[i] = x[i] > lambda_ || x[i] < -lambda_ ? top_diff[i] : 0;
    }
  }

 private:
  float lambda_ = 0;
};

}  // namespace

DEMITASSE_REGISTER_LAYER("SoftShrink", SoftShrinkLayer);

namespace {

void Print(const char* name, const float* values, int64_t count) {
  std::printf("%s", name);
  for (int64_t i = 0; i < count; ++i) std::printf(" %g", values[i]);
  std::printf("\n");
}

void Run(const std::string& prototxt) {
  demitasse::NetOptions options;
  options.force_backward = true;  // gradients of inputs, too
  demitasse::Net net(prototxt, options);
  Blob* const x = net.input_blobs().at(0);
  for (int64_t i = 0; i < x->size(); ++i) {
    x->mutable_cpu_data()[i] = 0.25f * static_cast<float>(i - x->size() / 2);
  }
  const Blob& y = *net.Forward().at(0);
  net.Backward();  // without a loss: of the sum of all y
  Print("x    ", x->cpu_data(), x->size());
  Print("y    ", y.cpu_data(), y.size());
  Print("dy/dx", x->cpu_diff(), x->size());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string argument = argc > 1 ? argv[1] : "soft_shrink.prototxt";
  if (argument == "--list") {
    for (const std::string& type : demitasse::LayerRegistry::List()) {
      std::printf("%s\n", type.c_str());
    }
    return 0;
  }
  try {
    Run(argument);
  } catch (const demitasse::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
