#include "src/layer/gradient_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>
#include <utility>

#include "demitasse/random.hpp"

namespace demitasse {
namespace {

// Steps, in multiples of the first. Each differs enough from the one before to tell curvature,
// whose error goes with the square, from a wrong gradient.
constexpr std::array<double, 4> kSmaller = {0x1p-3, 0x1p-6, 0x1p-9, 0x1p-12};
constexpr std::array<double, 3> kLarger = {4, 16, 64};

// One derivative, by steps of several lengths.
class DerivativeChecker {
 public:
  DerivativeChecker(const Direction& direction, const Objective& objective,
                    const std::function<void()>& run, const std::vector<float>& here,
                    const GradientCheckOptions& options)
      : direction_(direction), objective_(objective), run_(run), here_(here), options_(options) {}

  DerivativeCheck Check() {
    Try(1);
    if (is_sharp_ || !is_finite_) {
      for (const double factor : kSmaller) {
        if (best_.outcome == GradientOutcome::kRight || (is_finite_ && !is_sharp_)) break;
        Try(factor);
      }
    } else {
      for (const double factor : kLarger) {
        if (best_.outcome == GradientOutcome::kRight && is_sharp_) break;
        Try(factor);
      }
    }
    if (best_.outcome == GradientOutcome::kWrong) {
      // A slope that every step sees another way is none: corners and rounding that lie inside.
      if (!is_confirmed_) best_.outcome = GradientOutcome::kUnclear;
      if (at_corner_) best_.outcome = GradientOutcome::kAtCorner;
      if (at_corner_) best_.error = 0;
    }
    direction_.move(0);
    return best_;
  }

 private:
  struct Side {
    double distance = 0;
    std::vector<float> values;
  };

  Side Look(double distance) const {
    Side side;
    side.distance = direction_.move(distance);
    run_();
    side.values = objective_.Values();
    return side;
  }

  void Try(double factor) {
    const double step = static_cast<double>(options_.step) * factor * direction_.unit;
    const Side above = Look(step);
    const Side below = Look(-step);
    const double width = above.distance - below.distance;
    const Objective::Difference rise = objective_.Subtract(above.values, below.values);

    DerivativeCheck check;
    check.analytical = direction_.derivative;
    check.numerical = rise.value / width;
    const double analytical = std::isfinite(check.analytical) ? std::abs(check.analytical) : 0;
    const double scale = std::max({analytical, std::abs(check.numerical), direction_.typical});
    const double tolerance = static_cast<double>(options_.threshold) * scale;
    const double distance = std::abs(check.analytical - check.numerical);
    check.error = scale > 0 ? distance / scale : distance;
    const bool was_sharp = is_sharp_ && !is_first_;
    is_finite_ = std::isfinite(check.numerical);
    is_sharp_ = is_finite_ && rise.rounding / width <= tolerance;
    is_confirmed_ |=
        (was_sharp || is_sharp_) && std::abs(check.numerical - last_numerical_) <= tolerance;
    last_numerical_ = check.numerical;
    if (!(distance <= tolerance)) {
      check.outcome = is_sharp_ ? GradientOutcome::kWrong : GradientOutcome::kUnclear;
      if (is_sharp_) at_corner_ = IsBetween(above, below, check.analytical, tolerance);
    }
    Keep(check);
  }

  // Whether some outputs have a corner here, and the gradient lies where they allow it to.
  bool IsBetween(const Side& above, const Side& below, double gradient, double tolerance) const {
    const Objective::Range range =
        objective_.Slopes(above.values, above.distance, here_, below.values, below.distance);
    return range.most - range.least > tolerance && gradient >= range.least - tolerance &&
           gradient <= range.most + tolerance;
  }

  // A right one counts more than a wrong one, which counts more than one that is unclear.
  void Keep(const DerivativeCheck& check) {
    const auto rank = [](const DerivativeCheck& c) {
      return c.outcome == GradientOutcome::kRight   ? 0
             : c.outcome == GradientOutcome::kWrong ? 1
                                                    : 2;
    };
    const bool better =
        rank(check) != rank(best_) ? rank(check) < rank(best_) : check.error < best_.error;
    if (is_first_ || better) best_ = check;
    is_first_ = false;
  }

  const Direction& direction_;
  const Objective& objective_;
  const std::function<void()>& run_;
  const std::vector<float>& here_;
  const GradientCheckOptions& options_;
  DerivativeCheck best_;
  bool is_first_ = true;
  bool is_confirmed_ = false;  // two steps after each other saw the same slope
  double last_numerical_ = std::numeric_limits<double>::quiet_NaN();
  // Of the last step:
  bool is_finite_ = true;
  bool is_sharp_ = true;    // rounding does not hide the difference
  bool at_corner_ = false;  // of the last sharp one
};

// The elements to check, in order.
std::vector<int64_t> ChooseElements(const std::vector<float>& gradient,
                                    const GradientCheckOptions& options) {
  const auto size = static_cast<int64_t>(gradient.size());
  std::vector<int64_t> chosen;
  if (options.samples == 0 || options.samples >= size) {
    for (int64_t i = 0; i < size; ++i) chosen.push_back(i);
    return chosen;
  }
  using Entry = std::pair<float, int64_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> largest;  // the least on top
  const auto wanted = static_cast<size_t>(options.samples / 2);
  for (int64_t i = 0; wanted > 0 && i < size; ++i) {
    const float value = std::abs(gradient[static_cast<size_t>(i)]);
    if (largest.size() == wanted && !(value > largest.top().first)) continue;
    if (largest.size() == wanted) largest.pop();
    largest.emplace(value, i);
  }
  for (; !largest.empty(); largest.pop()) chosen.push_back(largest.top().second);
  Rng rng(options.seed);
  while (chosen.size() < static_cast<size_t>(options.samples)) {
    chosen.push_back(static_cast<int64_t>(rng.Below(static_cast<uint64_t>(size))));
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

void Count(const DerivativeCheck& check, int64_t element, BlobGradientCheck* result) {
  ++result->checked;
  if (check.outcome == GradientOutcome::kAtCorner) ++result->at_corners;
  if (check.outcome == GradientOutcome::kUnclear) {
    ++result->unclear;
    return;
  }
  if (check.outcome == GradientOutcome::kWrong) ++result->wrong;
  // Not "error > worst": a NaN is worse than all.
  if (result->worst_element >= 0 && check.error <= result->worst.error) return;
  result->worst = check;
  result->worst_element = element;
}

class LayerChecker {
 public:
  LayerChecker(const GradientCheckOptions& options, const std::function<void()>& before_forward,
               const std::vector<Blob*>& bottom, const std::vector<Blob*>& top, Layer* layer)
      : options_(options),
        before_forward_(before_forward),
        bottom_(bottom),
        top_(top),
        layer_(*layer) {
    for (const Blob* blob : bottom) {
      kept_.emplace_back();
      if (std::find(top.begin(), top.end(), blob) == top.end()) continue;
      kept_.back().assign(blob->cpu_data(), blob->cpu_data() + blob->size());
    }
  }

  std::vector<BlobGradientCheck> Check() {
    Run();
    const Objective objective = WeightTops();
    const std::vector<float> here = objective.Values();
    CheckSame(here, objective);
    Backward();
    std::vector<BlobGradientCheck> results;
    for (size_t i = 0; i < bottom_.size(); ++i) {
      if (!HasGradient(i)) continue;
      results.push_back({false, static_cast<int>(i), bottom_[i]->shape()});
      const auto values = [this, i] {
        return kept_[i].empty() ? bottom_[i]->mutable_cpu_data() : kept_[i].data();
      };
      CheckBlob(*bottom_[i], values, objective, here, &results.back());
    }
    for (size_t i = 0; i < layer_.blobs().size(); ++i) {
      if (!layer_.ParameterHasGradient(static_cast<int>(i))) continue;
      Blob* const blob = layer_.blobs()[i].get();
      results.push_back({true, static_cast<int>(i), blob->shape()});
      const auto values = [blob] { return blob->mutable_cpu_data(); };
      CheckBlob(*blob, values, objective, here, &results.back());
    }
    RestoreBottoms();
    return results;
  }

 private:
  bool HasGradient(size_t bottom) const {
    return layer_.AllowForceBackward(static_cast<int>(bottom));
  }

  void RestoreBottoms() const {
    for (size_t i = 0; i < bottom_.size(); ++i) {
      if (kept_[i].empty()) continue;
      std::copy(kept_[i].begin(), kept_[i].end(), bottom_[i]->mutable_cpu_data());
    }
  }

  // A difference between two passes must come from what was moved between them.
  void CheckSame(const std::vector<float>& here, const Objective& objective) const {
    Run();
    if (objective.Are(here)) return;
    throw layer_.Fail("",
                      "two passes over the same values differ, so no gradient can be checked: the "
                      "layer keeps something from one to the next (a recurrent one its state, "
                      "where cont is not 0 in the first step)");
  }

  void Run() const {
    RestoreBottoms();
    before_forward_();
    layer_.Forward(bottom_, top_);
  }

  // Gives the tops random gradients, and a loss's other tops, which are for reading, none.
  Objective WeightTops() const {
    bool has_loss = false;
    for (size_t i = 0; i < top_.size(); ++i) has_loss |= layer_.loss(static_cast<int>(i)) != 0;
    Rng rng(~options_.seed);  // not what the bottoms may have been filled with
    std::vector<std::vector<float>> weights;
    for (size_t i = 0; i < top_.size(); ++i) {
      weights.emplace_back(static_cast<size_t>(top_[i]->size()));
      const bool counts = !has_loss || layer_.loss(static_cast<int>(i)) != 0;
      for (float& weight : weights.back()) weight = counts ? rng.Gaussian() : 0;
      std::copy(weights.back().begin(), weights.back().end(), top_[i]->mutable_cpu_diff());
    }
    return Objective({top_.begin(), top_.end()}, weights);
  }

  void Backward() const {
    std::vector<bool> propagate_down;
    for (size_t i = 0; i < bottom_.size(); ++i) propagate_down.push_back(HasGradient(i));
    std::vector<bool> before;
    for (size_t i = 0; i < layer_.blobs().size(); ++i) {
      Blob* const blob = layer_.blobs()[i].get();
      const int index = static_cast<int>(i);
      std::fill_n(blob->mutable_cpu_diff(), blob->size(), 0.0f);
      before.push_back(layer_.param_propagate_down(index));
      layer_.set_param_propagate_down(index, layer_.ParameterHasGradient(index));
    }
    layer_.Backward(top_, propagate_down, bottom_);
    for (size_t i = 0; i < before.size(); ++i) {
      layer_.set_param_propagate_down(static_cast<int>(i), before[i]);
    }
  }

  // `values` are those to be moved, which Run takes.
  void CheckBlob(const Blob& blob, const std::function<float*()>& values,
                 const Objective& objective, const std::vector<float>& here,
                 BlobGradientCheck* result) const {
    const std::vector<float> gradient(blob.cpu_diff(), blob.cpu_diff() + blob.size());
    const double size = RootMeanSquare(values(), blob.size());
    Direction direction;
    direction.typical = RootMeanSquare(gradient.data(), blob.size());
    for (const int64_t element : ChooseElements(gradient, options_)) {
      const float value = values()[element];
      direction.unit = std::max(std::abs(double{value}), size);
      if (!(direction.unit > 0)) direction.unit = 1;
      direction.derivative = double{gradient[static_cast<size_t>(element)]};
      direction.move = [&values, element, value](double distance) {
        float& moved = values()[element];
        moved = static_cast<float>(double{value} + distance);
        return double{moved} - double{value};
      };
      Count(CheckDerivative(
                direction, objective, [this] { Run(); }, here, options_),
            element, result);
    }
  }

  const GradientCheckOptions& options_;
  const std::function<void()>& before_forward_;
  const std::vector<Blob*>& bottom_;
  const std::vector<Blob*>& top_;
  Layer& layer_;
  std::vector<std::vector<float>> kept_;  // what the bottoms hold that a top overwrites
};

}  // namespace

DerivativeCheck CheckDerivative(const Direction& direction, const Objective& objective,
                                const std::function<void()>& run, const std::vector<float>& here,
                                const GradientCheckOptions& options) {
  return DerivativeChecker(direction, objective, run, here, options).Check();
}

double RootMeanSquare(const float* values, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    if (std::isfinite(values[i])) sum += double{values[i]} * double{values[i]};
  }
  return size > 0 ? std::sqrt(sum / static_cast<double>(size)) : 0;
}

std::vector<BlobGradientCheck> CheckLayerGradients(const GradientCheckOptions& options,
                                                   const std::function<void()>& before_forward,
                                                   const std::vector<Blob*>& bottom,
                                                   const std::vector<Blob*>& top, Layer* layer) {
  return LayerChecker(options, before_forward, bottom, top, layer).Check();
}

}  // namespace demitasse
