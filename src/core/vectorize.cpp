#include "src/core/vectorize.hpp"

namespace demitasse {
namespace {

thread_local int64_t streamed_bytes = kStreamedBytes;

}  // namespace

bool HasAvx2() {
#ifdef DEMITASSE_ON_X86
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
#else
  return false;
#endif
}

Store StoreFor(const float* input, const float* output, int64_t count) {
  const bool large = count * static_cast<int64_t>(sizeof(float)) >= streamed_bytes;
  return large && input != output ? Store::kStreamed : Store::kCached;
}

StreamingScope::StreamingScope(int64_t bytes) : outer_(streamed_bytes) { streamed_bytes = bytes; }
StreamingScope::~StreamingScope() { streamed_bytes = outer_; }

}  // namespace demitasse
