// Which convolutions take Winograd's algorithm, as measured on this machine and not by the rule.
#ifndef DEMITASSE_SRC_OPS_TUNING_HPP_
#define DEMITASSE_SRC_OPS_TUNING_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "src/ops/convolution.hpp"

namespace demitasse {

// What a 3x3 convolution's time depends on: images, input channels, height, width, output channels,
// padding of both axes, groups, threads.
using TunedShape = std::array<int64_t, 9>;

// The shape of a convolution that this thread would compute.
TunedShape TunedShapeOf(const ConvolutionDesc& desc);

// For one thread at a time.
class Tuning {
 public:
  // Whether a shape takes Winograd's algorithm.
  using Choices = std::map<TunedShape, bool>;

  Tuning() = default;
  explicit Tuning(Choices choices) : choices_(std::move(choices)) {}

  const Choices& choices() const { return choices_; }

  // Whether Winograd's algorithm is to be taken: what the choices say or, if they do not know the
  // shape, what is faster now, which they say from then on. `direct` may make null.
  using Factory = std::function<std::unique_ptr<Convolution>()>;
  bool PrefersWinograd(const ConvolutionDesc& desc, const Factory& winograd, const Factory& direct);

  // What decides for the convolutions that this thread makes now; null for the rule.
  static Tuning* Current();

  // Lets a tuning decide while the scope lives.
  class Scope {
   public:
    explicit Scope(Tuning* tuning);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Tuning* const outer_;
  };

 private:
  Choices choices_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_TUNING_HPP_
