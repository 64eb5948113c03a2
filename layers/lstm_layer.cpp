// LSTM: y_t = h_t = o_t * tanh(c_t) with c_t = f_t * c_(t-1) + i_t * g_t at each step t, where
// i_t = sigmoid(a_i), f_t = cont_t * sigmoid(a_f), o_t = sigmoid(a_o), g_t = tanh(a_g), and these
// are the four parts (a_i, a_f, a_o, a_g) =
// W_xc x_t + b_c + W_xc_static x_static + W_hc (cont_t * h_(t-1)).
// There are T steps of N independent streams, and D = num_output cells. Bottoms: x, T x N x ...;
// cont, T x N, 0 where a sequence begins and 1 where it goes on; if wanted x_static, N x ..., the
// same at all steps; with expose_hidden h_0 and c_0, 1 x N x D. Tops: y, T x N x D; with
// expose_hidden h_T and c_T, 1 x N x D. Without expose_hidden, each pass forward goes on from the
// state that the last one ended in, at first from 0.
// Learned are W_xc, b_c, W_xc_static (if there is an x_static) and W_hc, of 4D rows each. There is
// no gradient of cont (and that of a_f is exact for a cont of 0 or 1 only). As in Caffe, gradients
// end at exposed states: those of h_T and c_T are not used, those of h_0 and c_0 are 0.
// Not in place.
// Hochreiter, Schmidhuber (1997), "Long short-term memory"; this form: Zaremba, Sutskever (2014),
// "Learning to execute".
#include "demitasse/layer_registry.hpp"
#include "layers/common/lstm_step.hpp"
#include "layers/common/recurrent_layer.hpp"

namespace demitasse {
namespace {

class LSTMLayer : public RecurrentLayer {
 public:
  explicit LSTMLayer(const LayerParameter& param)
      : RecurrentLayer(param, /*states=*/2, /*parts=*/4) {}

 protected:
  // Input(t) becomes i, f, o, g.
  void ForwardStep(int t, const float* cont) override {
    Step().Forward(cont, Input(t), StateBefore(kC, t), Input(t), StateAfter(kC, t),
                   StateAfter(kH, t));
  }

  void BackwardStep(int t) override {
    Step().Backward(Input(t), StateBefore(kC, t), StateDiff(kC), StateDiff(kH), InputDiff(t),
                    StateDiff(kC));
  }

  void ForwardOutput(Blob* y) override { y->CopyFrom(AllStates(kH)); }
  const float* BackwardOutput(const Blob& y) override { return y.cpu_diff(); }

 private:
  static constexpr int kH = 0;
  static constexpr int kC = 1;

  LstmStep Step() const { return {streams(), units()}; }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("LSTM", LSTMLayer);
}  // namespace demitasse
