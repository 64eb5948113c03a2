// Loops over floats that run at the memory's speed: compiled for the processor's vector unit, which
// is found out when the program runs, and with results that go past the cache if they do not fit.
//
// The loops are plain C++ that the compiler vectorizes (docs/adr/0009). Fused multiply-add is left
// out, so that every processor gives the same bits.
#ifndef DEMITASSE_SRC_CORE_VECTORIZE_HPP_
#define DEMITASSE_SRC_CORE_VECTORIZE_HPP_

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/core/threads.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#include <xmmintrin.h>
#define DEMITASSE_ON_X86
#endif

// Stands before a loop whose iterations do not depend on each other, although what it writes may be
// what it reads.
#if defined(__clang__)
#define DEMITASSE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define DEMITASSE_INDEPENDENT _Pragma("GCC ivdep")
#else
#define DEMITASSE_INDEPENDENT
#endif

namespace demitasse {

// Whether this processor has AVX2.
bool HasAvx2();

#ifdef DEMITASSE_ON_X86
// `flatten` brings the body into this function, where it is compiled for AVX2.
template <typename Body>
__attribute__((target("avx2"), flatten)) void RunForAvx2(const Body& body) {
  body();
}
#endif

// Calls body(), loops over floats, compiled for what this processor has.
template <typename Body>
void Vectorized(const Body& body) {
#ifdef DEMITASSE_ON_X86
  if (HasAvx2()) {
    RunForAvx2(body);
    return;
  }
#endif
  body();
}

// How a result is written. Streamed, it goes to memory past the cache: it saves reading the lines
// that are about to be overwritten, and what others still need stays in the cache.
enum class Store { kCached, kStreamed };

// The way for a result of `count` floats computed from `input`: streamed from kStreamedBytes on,
// unless it takes the place of the input.
Store StoreFor(const float* input, const float* output, int64_t count);

// Below, what reads the result next still finds it in a cache of 32 MB, and streaming it costs more
// than it saves (docs/performance.md). It is a constant because what processors say of their last
// cache is that of all their cores together, and virtual machines repeat it: 256 MB say two cores
// that have 32.
constexpr int64_t kStreamedBytes = int64_t{16} << 20;

// Lets this thread stream results of `bytes` and more while it lives, for tests and measurements.
class StreamingScope {
 public:
  explicit StreamingScope(int64_t bytes);
  ~StreamingScope();
  StreamingScope(const StreamingScope&) = delete;
  StreamingScope& operator=(const StreamingScope&) = delete;

 private:
  int64_t outer_;
};

// Floats that are computed before they are streamed: enough for the compiler to vectorize, few
// enough to be held in registers or next to them.
constexpr int64_t kStreamedTile = 64;

// Writes such a tile, which starts at a cache line, to y; past the cache if y allows it by being a
// multiple of 16 bytes.
inline void StoreTile(const float* tile, float* y, [[maybe_unused]] Store store) {
#ifdef DEMITASSE_ON_X86
  if (store == Store::kStreamed && reinterpret_cast<uintptr_t>(y) % 16 == 0) {
    for (int64_t i = 0; i < kStreamedTile; i += 4) _mm_stream_ps(y + i, _mm_load_ps(tile + i));
    return;
  }
#endif
  std::copy_n(tile, kStreamedTile, y);
}

// Makes streamed results visible to other threads. To be called by the thread that wrote them.
inline void FinishStores([[maybe_unused]] Store store) {
#ifdef DEMITASSE_ON_X86
  if (store == Store::kStreamed) _mm_sfence();
#endif
}

// y[i] = function(i) for i in [begin, end), to be called within Vectorized and followed by
// FinishStores. The function may read what y is about to overwrite at the same i.
template <typename Function>
void MapRange(int64_t begin, int64_t end, float* y, Store store, Function function) {
  int64_t i = begin;
  if (store == Store::kStreamed) {
    for (; i < end && reinterpret_cast<uintptr_t>(y + i) % 16 != 0; ++i) y[i] = function(i);
    for (; i + kStreamedTile <= end; i += kStreamedTile) {
      alignas(64) std::array<float, kStreamedTile> tile;
      DEMITASSE_INDEPENDENT
      for (int64_t j = 0; j < kStreamedTile; ++j) tile[static_cast<size_t>(j)] = function(i + j);
      StoreTile(tile.data(), y + i, store);
    }
  }
  DEMITASSE_INDEPENDENT
  for (int64_t j = i; j < end; ++j) y[j] = function(j);
}

// y[i] = function(i) for i in [0, count), on all cores.
template <typename Function>
void ParallelMap(int64_t count, float* y, Store store, const Function& function) {
  ParallelFor(count, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    Vectorized([&] { MapRange(begin, end, y, store, function); });
    FinishStores(store);
  });
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_VECTORIZE_HPP_
