// For loops whose iterations do not depend on each other, though the compiler cannot know: the
// output may be the input.
#ifndef DEMITASSE_SRC_CORE_SIMD_HPP_
#define DEMITASSE_SRC_CORE_SIMD_HPP_

#ifdef _OPENMP
#define DEMITASSE_SIMD _Pragma("omp simd")
#else
#define DEMITASSE_SIMD
#endif

#endif  // DEMITASSE_SRC_CORE_SIMD_HPP_
