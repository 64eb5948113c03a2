// Numerical against analytical gradients: what a layer's (or a net's) Backward computes beside
// differences of what its Forward computes.
//
// The derivative along a direction is taken from a central difference, (f(x + h) - f(x - h)) / 2h,
// whose sum over the outputs is in double and leaves out what did not change. f is computed in
// float, so that no one step is right for all: the first is `step` times the size of the values. If
// that does not agree, a smaller one may (f is curved, or has a corner within the step: ReLU near
// 0, two maxima of a pooling window that are almost equal); if rounding hides the difference, a
// larger one. (Press et al., "Numerical Recipes", 5.7, on both errors of a step.) A gradient is
// wrong if two steps agree with each other and none with it.
// At a corner itself (ReLU at 0, equal maxima) every slope between those of the two sides is right,
// for each output that has a corner there.
//
// The error is |analytical - numerical| / scale, where scale is the largest of both absolute values
// and the root mean square of the blob's gradient: an element far smaller than its neighbours
// drowns in their rounding. Caffe's checker has 1 in place of the last, and so takes any gradient
// that is small enough for right.
#ifndef DEMITASSE_SRC_LAYER_GRADIENT_CHECK_HPP_
#define DEMITASSE_SRC_LAYER_GRADIENT_CHECK_HPP_

#include <cstdint>
#include <functional>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

struct GradientCheckOptions {
  float step = 1e-2f;       // of the size of the values
  float threshold = 1e-2f;  // of the error
  // Elements of each blob: half of them those with the largest gradients, the others at random; 0
  // for all.
  int samples = 0;
  uint64_t seed = 1;
};

enum class GradientOutcome {
  kRight,
  kAtCorner,  // between the slopes of both sides of a corner
  kUnclear,   // rounding hides the slope, no two steps agree on it, or it is not finite
  kWrong,
};

struct DerivativeCheck {
  GradientOutcome outcome = GradientOutcome::kRight;
  double analytical = 0;
  double numerical = 0;
  double error = 0;
};

// sum(weights * outputs): what is differentiated.
class Objective {
 public:
  Objective(std::vector<const Blob*> outputs, std::vector<std::vector<float>> weights);

  // The outputs as they are now, one after the other.
  std::vector<float> Values() const;
  // Whether they are `values` now, bit by bit or NaN by NaN.
  bool Are(const std::vector<float>& values) const;

  struct Difference {
    double value = 0;
    double rounding = 0;  // how much of it may be due to the rounding of the outputs
  };
  Difference Subtract(const std::vector<float>& from, const std::vector<float>& what) const;

  // What the derivative may be, if each output that has a corner here takes a slope between those
  // of its two sides. The distances are those of `above` (positive) and `below` (negative).
  struct Range {
    double least = 0;
    double most = 0;
  };
  Range Slopes(const std::vector<float>& above, double to_above, const std::vector<float>& here,
               const std::vector<float>& below, double to_below) const;

 private:
  std::vector<const Blob*> outputs_;
  std::vector<std::vector<float>> weights_;
};

// A line through the point where the gradient was computed.
struct Direction {
  // Moves to the point that is `distance` away from that one, either way, and returns how far it
  // came: values are floats.
  std::function<double(double distance)> move;
  double unit = 1;        // the size of the values
  double derivative = 0;  // the analytical one
  double typical = 0;     // size of a derivative
};

// `run` computes the outputs; `here` are their values at distance 0, where this ends.
DerivativeCheck CheckDerivative(const Direction& direction, const Objective& objective,
                                const std::function<void()>& run, const std::vector<float>& here,
                                const GradientCheckOptions& options);

// Of the finite values among them; 0 if there are none.
double RootMeanSquare(const float* values, int64_t size);

// How the gradient of one blob came out.
struct BlobGradientCheck {
  bool is_parameter = false;
  int index = 0;  // among the layer's parameters, or its bottoms
  std::vector<int> shape;
  int64_t checked = 0;  // elements, of which:
  int64_t at_corners = 0;
  int64_t unclear = 0;
  int64_t wrong = 0;
  DerivativeCheck worst{};  // a wrong one if there is any, then by the error
  int64_t worst_element = -1;
};

// Checks a layer that has been set up, on the values in its bottoms, for the sum of its tops (of
// those that are losses, if there are any) with random weights. `before_forward` is called before
// every pass, to set random numbers back. Bottoms and parameters keep their values; tops and
// gradients are overwritten. Throws LayerError if the layer has no gradient.
std::vector<BlobGradientCheck> CheckLayerGradients(const GradientCheckOptions& options,
                                                   const std::function<void()>& before_forward,
                                                   const std::vector<Blob*>& bottom,
                                                   const std::vector<Blob*>& top, Layer* layer);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_LAYER_GRADIENT_CHECK_HPP_
