#include "layers/common/lstm_step.hpp"

#include <cmath>

#include "layers/common/logistic.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// Elements that are worth a core of their own: each takes five exponentials.
constexpr int64_t kGrain = kElementwiseGrain / 16;

}  // namespace

void LstmStep::Forward(const float* cont, const float* inputs, const float* c_before, float* gates,
                       float* c, float* h) const {
  ParallelFor(streams * units, kGrain, [=, units = units](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      const int64_t n = k / units;
      const int64_t at = n * 4 * units + k % units;
      const float* const a = inputs + at;
      const float i = Logistic(a[0]);
      const float f = cont[n] == 0 ? 0 : cont[n] * Logistic(a[units]);
      const float o = Logistic(a[2 * units]);
      const float g = std::tanh(a[3 * units]);
      c[k] = f * c_before[k] + i * g;
      h[k] = o * std::tanh(c[k]);

      float* const gate = gates + at;
      gate[0] = i;
      gate[units] = f;
      gate[2 * units] = o;
      gate[3 * units] = g;
    }
  });
}

void LstmStep::Backward(const float* gates, const float* c_before, const float* c_diff,
                        const float* h_diff, float* inputs_diff, float* c_before_diff) const {
  ParallelFor(streams * units, kGrain, [=, units = units](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      const int64_t at = k / units * 4 * units + k % units;
      const float i = gates[at];
      const float f = gates[at + units];
      const float o = gates[at + 2 * units];
      const float g = gates[at + 3 * units];
      const float tanh_c = std::tanh(f * c_before[k] + i * g);
      const float dc = c_diff[k] + h_diff[k] * o * (1 - tanh_c * tanh_c);
      if (c_before_diff != nullptr) c_before_diff[k] = dc * f;
      if (inputs_diff == nullptr) continue;
      float* const da = inputs_diff + at;
      da[0] = dc * g * i * (1 - i);
      da[units] = dc * c_before[k] * f * (1 - f);
      da[2 * units] = h_diff[k] * tanh_c * o * (1 - o);
      da[3 * units] = dc * i * (1 - g * g);
    }
  });
}

}  // namespace demitasse
