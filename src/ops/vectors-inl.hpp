// The vectors of floats that fast loops compute with, for one instruction set. Included once per
// set.
#if defined(DEMITASSE_SRC_OPS_VECTORS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef DEMITASSE_SRC_OPS_VECTORS_INL_HPP_
#undef DEMITASSE_SRC_OPS_VECTORS_INL_HPP_
#else
#define DEMITASSE_SRC_OPS_VECTORS_INL_HPP_
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Below AVX2 engines are as fast: there the vectors only have to compile.
#if HWY_TARGET <= HWY_AVX2 && HWY_ARCH_X86
constexpr bool kFast = true;
using D = hn::ScalableTag<float>;
#else
constexpr bool kFast = false;
using D = hn::CappedTag<float, 4>;
#endif
using V = hn::Vec<D>;
constexpr int64_t kLanes = static_cast<int64_t>(hn::MaxLanes(D()));

}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#endif  // DEMITASSE_SRC_OPS_VECTORS_INL_HPP_
