// GradientChecker: compares the gradients of a layer with differences, inside a test of GoogleTest.
#ifndef DEMITASSE_CAFFE_TEST_TEST_GRADIENT_CHECK_UTIL_HPP_
#define DEMITASSE_CAFFE_TEST_TEST_GRADIENT_CHECK_UTIL_HPP_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "caffe/layer.hpp"
#include "caffe/util/math_functions.hpp"
#include "demitasse/random.hpp"

namespace caffe {

// Differences are taken between values `stepsize` above and below; the error is at most `threshold`
// of the larger gradient, or of 1. Places within kink_range of +-kink are left out.
template <typename Dtype>
class GradientChecker {
 public:
  GradientChecker(const Dtype stepsize, const Dtype threshold, const unsigned int seed = 1701,
                  const Dtype kink = 0., const Dtype kink_range = -1)
      : stepsize_(stepsize),
        threshold_(threshold),
        seed_(seed),
        kink_(kink),
        kink_range_(kink_range) {}

  // Of half the sum of the squares of the tops. check_bottom is a bottom, -1 for parameters and all
  // bottoms, -2 for parameters alone.
  void CheckGradient(Layer<Dtype>* layer, const std::vector<Blob<Dtype>*>& bottom,
                     const std::vector<Blob<Dtype>*>& top, int check_bottom = -1) {
    layer->SetUp(bottom, top);
    CheckGradientSingle(layer, bottom, top, check_bottom, -1, -1);
  }
  // Of each element of the tops.
  void CheckGradientExhaustive(Layer<Dtype>* layer, const std::vector<Blob<Dtype>*>& bottom,
                               const std::vector<Blob<Dtype>*>& top, int check_bottom = -1) {
    layer->SetUp(bottom, top);
    CHECK_GT(top.size(), 0) << "Exhaustive mode requires at least one top blob.";
    ForEachTopElement(
        top, [&](int i, int j) { CheckGradientSingle(layer, bottom, top, check_bottom, i, j); });
  }
  // The same for a layer in which an element of a bottom matters to one of the top alone.
  void CheckGradientEltwise(Layer<Dtype>* layer, const std::vector<Blob<Dtype>*>& bottom,
                            const std::vector<Blob<Dtype>*>& top) {
    layer->SetUp(bottom, top);
    CHECK_GT(top.size(), 0) << "Eltwise mode requires at least one top blob.";
    ForEachTopElement(
        top, [&](int i, int j) { CheckGradientSingle(layer, bottom, top, -1, i, j, true); });
  }
  void CheckGradientSingle(Layer<Dtype>* layer, const std::vector<Blob<Dtype>*>& bottom,
                           const std::vector<Blob<Dtype>*>& top, int check_bottom, int top_id,
                           int top_data_id, bool element_wise = false);

 private:
  template <typename Check>
  static void ForEachTopElement(const std::vector<Blob<Dtype>*>& top, const Check& check) {
    for (size_t i = 0; i < top.size(); ++i) {
      for (int j = 0; j < top[i]->count(); ++j) check(static_cast<int>(i), j);
    }
  }
  Dtype Forward(Layer<Dtype>* layer, const std::vector<Blob<Dtype>*>& bottom,
                const std::vector<Blob<Dtype>*>& top, int top_id, int top_data_id);

  const Dtype stepsize_;
  const Dtype threshold_;
  const unsigned int seed_;
  const Dtype kink_;
  const Dtype kink_range_;
};

// Runs the layer; returns what is differentiated, and puts its gradient into the tops.
template <typename Dtype>
Dtype GradientChecker<Dtype>::Forward(Layer<Dtype>* layer, const std::vector<Blob<Dtype>*>& bottom,
                                      const std::vector<Blob<Dtype>*>& top, int top_id,
                                      int top_data_id) {
  *layer->rng() = demitasse::Rng(seed_);
  layer->Forward(bottom, top);
  double objective = 0;
  for (Blob<Dtype>* const blob : top) {
    Dtype* const diff = blob->mutable_cpu_diff();
    for (int i = 0; i < blob->count(); ++i) {
      const Dtype value = blob->cpu_data()[i];
      diff[i] = top_id < 0 ? value : 0;
      if (top_id < 0) objective += 0.5 * value * value;
    }
  }
  if (top_id < 0) return static_cast<Dtype>(objective);
  constexpr Dtype kWeight = 2;
  top[top_id]->mutable_cpu_diff()[top_data_id] = kWeight;
  return kWeight * top[top_id]->cpu_data()[top_data_id];
}

template <typename Dtype>
void GradientChecker<Dtype>::CheckGradientSingle(Layer<Dtype>* layer,
                                                 const std::vector<Blob<Dtype>*>& bottom,
                                                 const std::vector<Blob<Dtype>*>& top,
                                                 int check_bottom, int top_id, int top_data_id,
                                                 bool element_wise) {
  std::vector<bool> propagate_down(bottom.size(), check_bottom == -1);
  std::vector<Blob<Dtype>*> checked;
  for (const auto& param : layer->blobs()) {
    caffe_set(param->count(), Dtype(0), param->mutable_cpu_diff());
    checked.push_back(param.get());
  }
  if (check_bottom == -1) checked.insert(checked.end(), bottom.begin(), bottom.end());
  if (check_bottom >= 0) {
    checked.push_back(bottom[check_bottom]);
    propagate_down[check_bottom] = true;
  }
  Forward(layer, bottom, top, top_id, top_data_id);
  layer->Backward(top, propagate_down, bottom);
  for (size_t id = 0; id < checked.size(); ++id) {
    Blob<Dtype>& blob = *checked[id];
    const std::vector<Dtype> computed(blob.cpu_diff(), blob.cpu_diff() + blob.count());
    for (int i = 0; i < blob.count(); ++i) {
      const Dtype value = blob.cpu_data()[i];
      Dtype estimated = 0;
      if (!element_wise || i == top_data_id) {
        blob.mutable_cpu_data()[i] = value + stepsize_;
        const Dtype above = Forward(layer, bottom, top, top_id, top_data_id);
        blob.mutable_cpu_data()[i] = value - stepsize_;
        const Dtype below = Forward(layer, bottom, top, top_id, top_data_id);
        blob.mutable_cpu_data()[i] = value;
        estimated = (above - below) / stepsize_ / 2;
      }
      if (std::abs(std::abs(value) - kink_) <= kink_range_) continue;
      const Dtype scale = std::max({std::abs(computed[i]), std::abs(estimated), Dtype(1)});
      EXPECT_NEAR(computed[i], estimated, threshold_ * scale)
          << "top " << top_id << "[" << top_data_id << "], blob " << id << "[" << i
          << "] = " << value;
    }
  }
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_TEST_TEST_GRADIENT_CHECK_UTIL_HPP_
