// RecurrentLayer: the base of layers that walk through sequences step by step, LSTM and RNN.
//
// There are T steps of N streams, which are independent of each other. Bottoms: x (T x N x ...);
// cont (T x N), 0 where a sequence begins and 1 where it goes on; x_static (N x ..., the same at
// all steps), if there is one more; with expose_hidden the states before the first step. Tops: y
// (T x N x D); with expose_hidden the states after the last step. A state is 1 x N x D. If states
// are not exposed, each Forward goes on from the state that the one before ended in.
//
// The first state is h. This class computes, for every step t, the layer's input
//
//   a_t = W_x x_t + b + W_static x_static + W_h (cont_t * h_(t-1))
//
// and hands it to the derived class, which makes the states after the step of it, and y of the
// states. All parameters but W_static's are always there; they come in the order W_x, b, W_static,
// W_h, then those of the derived class. As in Caffe, gradients end at exposed states: those of the
// tops are not used, those of the bottoms are 0.
#ifndef DEMITASSE_LAYERS_COMMON_RECURRENT_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_RECURRENT_LAYER_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"
#include "src/ops/inner_product.hpp"

namespace demitasse {

class RecurrentLayer : public Layer {
 public:
  int MinBottomBlobs() const override { return 2 + exposed(); }
  int MaxBottomBlobs() const override { return 3 + exposed(); }
  int ExactNumTopBlobs() const override { return 1 + exposed(); }
  bool AllowForceBackward(int bottom_index) const override { return bottom_index != kCont; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  std::string Implementation() const override { return input_product_->name(); }
  int64_t MultiplyAdds() const override;

 protected:
  // A layer of so many states whose input a_t has `parts` * D elements.
  RecurrentLayer(const LayerParameter& param, int states, int parts);

  // Computes the states after step t from Input(t) and the states before, overwriting Input(t) with
  // what BackwardStep needs. `cont` has a value per stream.
  virtual void ForwardStep(int t, const float* cont) = 0;
  // Computes InputDiff(t) from StateDiff, the gradients of the states after step t, and turns those
  // of all states but the first into gradients of the states before.
  virtual void BackwardStep(int t) = 0;
  // Computes y from the states after all steps.
  virtual void ForwardOutput(Blob* y) = 0;
  // Returns the gradient of h_t for all steps, as far as it comes from that of y; adds to the
  // gradients of the parameters in between.
  virtual const float* BackwardOutput(const Blob& y) = 0;

  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

  int steps() const { return steps_; }
  int streams() const { return streams_; }
  int units() const { return units_; }
  int64_t state_size() const { return int64_t{streams_} * units_; }

  float* Input(int t) { return inputs_.mutable_cpu_data() + int64_t{t} * parts_ * state_size(); }
  float* InputDiff(int t) {
    return inputs_.mutable_cpu_diff() + int64_t{t} * parts_ * state_size();
  }
  const float* StateBefore(int state, int t) const;
  float* StateAfter(int state, int t);
  float* StateDiff(int state) { return states_[index(state)].first.mutable_cpu_diff(); }
  // State `state` after every step, T x N x D.
  Blob& AllStates(int state) { return states_[index(state)].all; }

  // The gradient of a parameter, null if it is not wanted.
  Buffer* ParameterDiff(int parameter) const;

 private:
  static constexpr int kCont = 1;    // the bottom
  static constexpr int kStatic = 2;  // the bottom, and its weights

  struct State {
    Blob first;  // before the first step
    Blob all;    // after every step
    Blob last;   // after the last step of the Forward before
  };

  static size_t index(int state) { return static_cast<size_t>(state); }
  int exposed() const;
  int hidden_weights() const { return has_static_ ? 3 : 2; }

  void CheckBottoms(const std::vector<Blob*>& bottom) const;
  void CheckExposed(const std::vector<Blob*>& bottom) const;
  void CheckInputs(const Blob& blob, int bottom_index, int first_axis, int parameter) const;
  void LoadStates(const std::vector<Blob*>& bottom);
  void StoreStates(const std::vector<Blob*>& top);
  void ForwardInputs(const std::vector<Blob*>& bottom);
  void BackwardInputs(const std::vector<bool>& propagate_down, const std::vector<Blob*>& bottom);
  void BackwardStatic(bool propagate_down, Blob* bottom);
  void BackwardSteps(const float* cont, const float* h_diff);
  // to = cont * from, with a cont for each stream; both are of the size of a state.
  void Continue(const float* cont, const float* from, float* to) const;

  const int parts_;
  bool has_static_ = false;
  int steps_ = 0;    // T
  int streams_ = 0;  // N
  int units_ = 0;    // D
  Blob inputs_;      // a_t, T x N x parts * D
  Blob statics_;     // W_static x_static, N x parts * D
  Blob continued_;   // cont_t * h_(t-1), T x N x D
  std::vector<State> states_;
  // The products with W_x, W_static and, for its gradient, W_h.
  std::optional<InnerProduct> input_product_, static_product_, hidden_product_;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_RECURRENT_LAYER_HPP_
