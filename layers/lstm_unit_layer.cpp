// LSTMUnit: c = f * c_before + i * g and h = o * tanh(c), the state of D memory cells of each of N
// streams after one step of an LSTM, with i = sigmoid(a_i), f = cont * sigmoid(a_f),
// o = sigmoid(a_o) and g = tanh(a_g).
// Bottoms: c_before, 1 x N x D; a, 1 x N x 4D, its parts in the order i, f, o, g; cont, 1 x N, 0
// where a sequence begins and 1 where it goes on. Tops: c and h, 1 x N x D. There is no gradient
// of cont, and that of a_f is exact for a cont of 0 or 1 only. Not in place.
// Hochreiter, Schmidhuber (1997), "Long short-term memory"; Zaremba, Sutskever (2014), "Learning to
// execute".
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/lstm_step.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class LSTMUnitLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 3; }
  int ExactNumTopBlobs() const override { return 2; }
  bool AllowForceBackward(int bottom_index) const override { return bottom_index != 2; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const std::vector<int>& shape = bottom[0]->shape();
    if (shape.size() != 3 || shape[0] != 1) {
      throw Fail("bottom[0]", Cat(BottomName(*this, 0), " of ", bottom[0]->shape_string(),
                                  " must be 1 x streams x units"));
    }
    step_ = {shape[1], shape[2]};
    CheckShape(*bottom[1], 1, {1, step_.streams, 4 * step_.units}, "1 x streams x 4 * units");
    CheckShape(*bottom[2], 2, {1, step_.streams}, "1 x streams");
    gates_.ReshapeLike(*bottom[1]);
    for (Blob* const blob : top) blob->Reshape(shape);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    step_.Forward(bottom[2]->cpu_data(), bottom[1]->cpu_data(), bottom[0]->cpu_data(),
                  gates_.data()->Overwrite(nullptr), top[0]->data()->Overwrite(nullptr),
                  top[1]->data()->Overwrite(nullptr));
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0] && !propagate_down[1]) return;
    const auto wanted = [&](size_t i) {
      return propagate_down[i] ? bottom[i]->diff()->Overwrite(nullptr) : nullptr;
    };
    step_.Backward(gates_.cpu_data(), bottom[0]->cpu_data(), top[0]->cpu_diff(), top[1]->cpu_diff(),
                   wanted(1), wanted(0));
  }

 private:
  void CheckShape(const Blob& blob, int index, const std::vector<int64_t>& expected,
                  const char* words) const {
    if (std::equal(expected.begin(), expected.end(), blob.shape().begin(), blob.shape().end())) {
      return;
    }
    throw Fail(Cat("bottom[", index, "]"),
               Cat(BottomName(*this, index), " of ", blob.shape_string(), " must be ", words,
                   ", with the ", step_.streams, " streams and ", step_.units, " units of ",
                   BottomName(*this, 0)));
  }

  LstmStep step_;
  Blob gates_;  // of the last Forward: i, f, o, g
};

}  // namespace
DEMITASSE_REGISTER_LAYER("LSTMUnit", LSTMUnitLayer);
}  // namespace demitasse
