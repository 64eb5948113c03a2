// A layer on its own, and the checks that every layer's test makes.
#ifndef DEMITASSE_TESTS_SUPPORT_LAYER_HARNESS_HPP_
#define DEMITASSE_TESTS_SUPPORT_LAYER_HARNESS_HPP_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

using Shapes = std::vector<std::vector<int>>;

// A layer set up from the text of its message, `name: "l" type: "ReLU" ...`, with bottoms of the
// given shapes, filled with Gaussian numbers, and as many tops as the text names (1 if it names
// none). A top named like a bottom is that bottom: the layer works in place.
class LayerHarness {
 public:
  LayerHarness(const std::string& prototxt, const Shapes& bottom_shapes,
               Engine engine = Engine::kReference, Phase phase = caffe::TRAIN);

  Layer& layer() { return *layer_; }
  Blob& bottom(int index = 0) { return *bottom_.at(static_cast<size_t>(index)); }
  Blob& top(int index = 0) { return *top_.at(static_cast<size_t>(index)); }
  const std::vector<Blob*>& bottoms() const { return bottom_; }
  const std::vector<Blob*>& tops() const { return top_; }

  float Forward() { return layer_->Forward(bottom_, top_); }
  // Gradients of the bottoms that can have one and of all parameters, which start from 0; the tops'
  // gradients are those that the caller put there.
  void Backward();

 private:
  std::vector<std::unique_ptr<Blob>> owned_;
  std::vector<Blob*> bottom_;
  std::vector<Blob*> top_;
  std::shared_ptr<Layer> layer_;
};

// The values of a blob's data or gradient.
std::vector<float> Data(const Blob& blob);
std::vector<float> Diff(const Blob& blob);
void SetData(const std::vector<float>& values, Blob* blob);
void SetDiff(const std::vector<float>& values, Blob* blob);
// Fills with Gaussian numbers, the same ones for the same seed.
void FillGaussian(uint64_t seed, std::vector<float>* values);

// What a gradient check needs to know of a layer.
struct GradientOptions {
  Engine engine = Engine::kReference;
  Phase phase = caffe::TRAIN;
  float step = 1e-2f;       // of the size of the values
  float tolerance = 1e-2f;  // of the error; see src/layer/gradient_check.hpp for both
  // Prepares the bottoms (labels, for instance); they are Gaussian before.
  std::function<void(LayerHarness*)> prepare;
};

// Compares the gradients of sum(weights * tops), with random weights, for every bottom that can
// have one and every parameter that has one, with central differences.
void CheckGradients(const std::string& prototxt, const Shapes& bottom_shapes,
                    const GradientOptions& options = {});

// Checks that the layer computes the same in place as not, forward and backward, parameters'
// gradients included. The text names no bottoms and tops.
void CheckInPlace(const std::string& prototxt, const std::vector<int>& shape,
                  Engine engine = Engine::kReference);
// The same for a layer of several bottoms whose top takes the place of the first.
void CheckInPlaceOverFirst(const std::string& prototxt, const Shapes& bottom_shapes,
                           Engine engine = Engine::kReference);

// Checks that a layer that is reshaped to `other` shapes and back computes what it computed before,
// forward and backward.
void CheckReshape(const std::string& prototxt, const Shapes& shapes, const Shapes& other,
                  const GradientOptions& options = {});

struct BadLayer {
  std::string prototxt;
  Shapes bottom_shapes;
  std::string error;  // all of what(), the file being "layer"
};

// Checks that setting up each of the layers (and running it forward, if that far) throws just the
// expected error.
void CheckErrors(const std::vector<BadLayer>& cases);

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SUPPORT_LAYER_HARNESS_HPP_
