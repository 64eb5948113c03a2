#include "tests/support/layer_harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "src/layer/gradient_check.hpp"
#include "src/parse/text_reader.hpp"

namespace demitasse {
namespace {

std::shared_ptr<Layer> MakeLayer(const std::string& prototxt, Engine engine, Phase phase) {
  LayerParameter param;
  auto source = std::make_shared<SourceMap>("layer");
  Diagnostics diagnostics;
  ReadText(prototxt, "layer", {}, &param, source.get(), &diagnostics);
  diagnostics.ThrowIfErrors();
  param.set_phase(phase);
  LayerContext context;
  context.engine = engine;
  context.source = source;
  return LayerRegistry::Create(param, context);
}

void Prepare(const GradientOptions& options, LayerHarness* harness) {
  if (options.prepare) options.prepare(harness);
}

std::vector<std::vector<float>> WeightTops(LayerHarness* harness) {
  std::vector<std::vector<float>> weights;
  for (Blob* top : harness->tops()) {
    weights.emplace_back(static_cast<size_t>(top->size()));
    FillGaussian(100 + weights.size(), &weights.back());
    SetDiff(weights.back(), top);
  }
  return weights;
}

// Everything a layer computes from the bottoms it has: tops, bottom and parameter gradients.
std::vector<std::vector<float>> Results(LayerHarness* harness) {
  harness->Forward();
  std::vector<std::vector<float>> results;
  for (const Blob* top : harness->tops()) results.push_back(Data(*top));
  WeightTops(harness);
  harness->Backward();
  for (size_t i = 0; i < harness->bottoms().size(); ++i) {
    if (harness->layer().AllowForceBackward(static_cast<int>(i))) {
      results.push_back(Diff(*harness->bottoms()[i]));
    }
  }
  for (const auto& blob : harness->layer().blobs()) results.push_back(Diff(*blob));
  return results;
}

void ExpectNear(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b,
                float tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].size(), b[i].size());
    for (size_t j = 0; j < a[i].size(); ++j) {
      ASSERT_NEAR(a[i][j], b[i][j], tolerance) << "result " << i << " element " << j;
    }
  }
}

}  // namespace

LayerHarness::LayerHarness(const std::string& prototxt, const Shapes& bottom_shapes, Engine engine,
                           Phase phase)
    : layer_(MakeLayer(prototxt, engine, phase)) {
  for (const std::vector<int>& shape : bottom_shapes) {
    owned_.push_back(std::make_unique<Blob>(shape));
    std::vector<float> values(static_cast<size_t>(owned_.back()->size()));
    FillGaussian(owned_.size(), &values);
    SetData(values, owned_.back().get());
    bottom_.push_back(owned_.back().get());
  }
  const LayerParameter& param = layer_->layer_param();
  const auto& bottom_names = param.bottom();
  for (const std::string& name : param.top()) {
    const auto same = std::find(bottom_names.begin(), bottom_names.end(), name);
    if (same == bottom_names.end()) owned_.push_back(std::make_unique<Blob>());
    top_.push_back(same == bottom_names.end() ? owned_.back().get()
                                              : bottom_.at(same - bottom_names.begin()));
  }
  if (top_.empty() && layer_->ExactNumTopBlobs() != 0) {
    owned_.push_back(std::make_unique<Blob>());
    top_.push_back(owned_.back().get());
  }
  layer_->SetUp(bottom_, top_);
}

void LayerHarness::Backward() {
  std::vector<bool> propagate_down;
  for (size_t i = 0; i < bottom_.size(); ++i) {
    propagate_down.push_back(layer_->AllowForceBackward(static_cast<int>(i)));
  }
  for (size_t i = 0; i < layer_->blobs().size(); ++i) {
    const auto& blob = layer_->blobs()[i];
    SetDiff(std::vector<float>(static_cast<size_t>(blob->size())), blob.get());
    const int index = static_cast<int>(i);
    layer_->set_param_propagate_down(index, layer_->ParameterHasGradient(index));
  }
  layer_->Backward(top_, propagate_down, bottom_);
}

std::vector<float> Data(const Blob& blob) {
  return std::vector<float>(blob.cpu_data(), blob.cpu_data() + blob.size());
}

std::vector<float> Diff(const Blob& blob) {
  return std::vector<float>(blob.cpu_diff(), blob.cpu_diff() + blob.size());
}

void SetData(const std::vector<float>& values, Blob* blob) {
  ASSERT_EQ(static_cast<int64_t>(values.size()), blob->size());
  std::copy(values.begin(), values.end(), blob->mutable_cpu_data());
}

void SetDiff(const std::vector<float>& values, Blob* blob) {
  ASSERT_EQ(static_cast<int64_t>(values.size()), blob->size());
  std::copy(values.begin(), values.end(), blob->mutable_cpu_diff());
}

void FillGaussian(uint64_t seed, std::vector<float>* values) {
  Rng rng(seed);
  for (float& value : *values) value = rng.Gaussian();
}

void CheckGradients(const std::string& prototxt, const Shapes& bottom_shapes,
                    const GradientOptions& options) {
  SCOPED_TRACE(prototxt);
  LayerHarness harness(prototxt, bottom_shapes, options.engine, options.phase);
  Prepare(options, &harness);
  GradientCheckOptions check;
  check.step = options.step;
  check.threshold = options.tolerance;
  for (const BlobGradientCheck& blob : CheckLayerGradients(
           check, [] {}, harness.bottoms(), harness.tops(), &harness.layer())) {
    EXPECT_EQ(0, blob.wrong + blob.unclear)
        << (blob.is_parameter ? "parameter " : "bottom ") << blob.index << " of "
        << ShapeString(blob.shape) << ": " << blob.wrong << " wrong, " << blob.unclear
        << " unclear; element " << blob.worst_element << ": analytical " << blob.worst.analytical
        << ", numerical " << blob.worst.numerical;
  }
}

void CheckInPlace(const std::string& prototxt, const std::vector<int>& shape, Engine engine) {
  CheckInPlaceOverFirst(prototxt, {shape}, engine);
}

void CheckInPlaceOverFirst(const std::string& prototxt, const Shapes& bottom_shapes,
                           Engine engine) {
  SCOPED_TRACE(prototxt);
  std::string bottoms;
  for (size_t i = 0; i < bottom_shapes.size(); ++i) bottoms += Cat(" bottom: 'x", i, "'");
  LayerHarness apart(prototxt + bottoms + " top: 'y'", bottom_shapes, engine);
  LayerHarness in_place(prototxt + bottoms + " top: 'x0'", bottom_shapes, engine);
  ASSERT_EQ(&in_place.bottom(), &in_place.top());
  for (size_t i = 0; i < apart.layer().blobs().size(); ++i) {
    in_place.layer().blobs()[i]->CopyFrom(*apart.layer().blobs()[i]);
  }
  ExpectNear(Results(&apart), Results(&in_place), 1e-6f);
}

void CheckReshape(const std::string& prototxt, const Shapes& shapes, const Shapes& other,
                  const GradientOptions& options) {
  SCOPED_TRACE(prototxt);
  LayerHarness harness(prototxt, shapes, options.engine, options.phase);
  Prepare(options, &harness);
  std::vector<std::vector<float>> inputs;
  for (const Blob* bottom : harness.bottoms()) inputs.push_back(Data(*bottom));
  const auto before = Results(&harness);

  for (size_t i = 0; i < other.size(); ++i) {
    harness.bottoms()[i]->Reshape(other[i]);
    std::vector<float> values(static_cast<size_t>(harness.bottoms()[i]->size()));
    FillGaussian(50 + i, &values);
    SetData(values, harness.bottoms()[i]);
  }
  Prepare(options, &harness);
  Results(&harness);

  for (size_t i = 0; i < shapes.size(); ++i) {
    harness.bottoms()[i]->Reshape(shapes[i]);
    SetData(inputs[i], harness.bottoms()[i]);
  }
  ExpectNear(before, Results(&harness), 0);
}

void CheckErrors(const std::vector<BadLayer>& cases) {
  for (const BadLayer& bad : cases) {
    SCOPED_TRACE(bad.prototxt);
    try {
      LayerHarness harness(bad.prototxt, bad.bottom_shapes);
      harness.Forward();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(bad.error, error.what());
    }
  }
}

}  // namespace demitasse
