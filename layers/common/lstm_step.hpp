// One step of an LSTM, for LSTM and LSTMUnit: with the four parts a_i, a_f, a_o, a_g of its input,
//
//   i = sigmoid(a_i)    f = cont * sigmoid(a_f)    o = sigmoid(a_o)    g = tanh(a_g)
//   c = f * c_before + i * g
//   h = o * tanh(c)
#ifndef DEMITASSE_LAYERS_COMMON_LSTM_STEP_HPP_
#define DEMITASSE_LAYERS_COMMON_LSTM_STEP_HPP_

#include <cstdint>

namespace demitasse {

// For `streams` sequences side by side. cont has a value for each; c and h have (streams, units),
// inputs and gates (streams, 4, units) in the order i, f, o, g.
struct LstmStep {
  int64_t streams = 0;
  int64_t units = 0;

  // `gates` may be `inputs`.
  void Forward(const float* cont, const float* inputs, const float* c_before, float* gates,
               float* c, float* h) const;

  // The gradients of inputs and c_before from those of c and h; a gradient that is not wanted is
  // null, c_before_diff may be c_diff. As in Caffe the derivative of f is f * (1 - f), which is
  // right for a cont of 0 or 1 only.
  void Backward(const float* gates, const float* c_before, const float* c_diff, const float* h_diff,
                float* inputs_diff, float* c_before_diff) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_LSTM_STEP_HPP_
