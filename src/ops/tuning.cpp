#include "src/ops/tuning.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include "demitasse/memory_budget.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

thread_local Tuning* current = nullptr;

int64_t Places(const std::vector<int>& axes) { return int64_t{axes[0]} * axes[1]; }

// The arrays of a convolution, all 0.
class Trial {
 public:
  explicit Trial(const ConvolutionDesc& desc)
      : src_(int64_t{desc.num} * desc.in_channels * Places(desc.window.input)),
        weights_(int64_t{desc.out_channels} * (desc.in_channels / desc.group) *
                 Places(desc.window.kernel)),
        bias_(desc.out_channels),
        dst_(int64_t{desc.num} * desc.out_channels * Places(desc.window.output)),
        has_bias_(desc.bias) {}

  double Seconds(Convolution* op) {
    const auto begin = std::chrono::steady_clock::now();
    op->Forward(src_, weights_, has_bias_ ? &bias_ : nullptr, &dst_);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  Buffer src_, weights_, bias_, dst_;
  const bool has_bias_;
};

// In turn, and the fastest run of each: whatever else the machine does slows both.
bool IsFaster(const ConvolutionDesc& desc, Convolution* first, Convolution* second) {
  constexpr int kLeastRuns = 5;
  constexpr double kLeastSeconds = 0.01;
  Trial trial(desc);
  for (Convolution* op : {first, second}) trial.Seconds(op);  // packs weights
  double fastest_first = std::numeric_limits<double>::infinity(), fastest_second = fastest_first;
  double total = 0;
  for (int run = 0; run < kLeastRuns || total < kLeastSeconds; ++run) {
    const double a = trial.Seconds(first), b = trial.Seconds(second);
    fastest_first = std::min(fastest_first, a);
    fastest_second = std::min(fastest_second, b);
    total += a + b;
  }
  return fastest_first < fastest_second;
}

}  // namespace

TunedShape TunedShapeOf(const ConvolutionDesc& desc) {
  const WindowGeometry& w = desc.window;
  return {desc.num, desc.in_channels, w.input[0], w.input[1],   desc.out_channels,
          w.pad[0], w.pad[1],         desc.group, ThreadCount()};
}

bool Tuning::PrefersWinograd(const ConvolutionDesc& desc, const Factory& winograd,
                             const Factory& direct) {
  const TunedShape shape = TunedShapeOf(desc);
  const auto found = choices_.find(shape);
  if (found != choices_.end()) return found->second;
  // The net's limit is not for what is gone when the net runs.
  const MemoryBudget::Scope unlimited(nullptr);
  const auto first = winograd(), second = direct();
  return choices_[shape] = second == nullptr || IsFaster(desc, first.get(), second.get());
}

Tuning* Tuning::Current() { return current; }

Tuning::Scope::Scope(Tuning* tuning) : outer_(current) { current = tuning; }
Tuning::Scope::~Scope() { current = outer_; }

}  // namespace demitasse
