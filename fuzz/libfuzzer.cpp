// demitasse_fuzz: libFuzzer's way into the target that DEMITASSE_FUZZ_TARGET names. (An environment
// variable, since libFuzzer starts itself again with flags that it knows.)
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzz/target.hpp"

namespace {

const demitasse::FuzzTarget& Target() {
  const char* const wanted = std::getenv("DEMITASSE_FUZZ_TARGET");
  const auto& targets = demitasse::FuzzTargets();
  const auto found = std::find_if(targets.begin(), targets.end(), [&](const auto& target) {
    return wanted != nullptr && target.name == wanted;
  });
  if (found != targets.end()) return *found;
  std::fprintf(stderr, "set DEMITASSE_FUZZ_TARGET to one of:");
  for (const auto& target : targets) std::fprintf(stderr, " %s", target.name.c_str());
  std::fprintf(stderr, "\n");
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const demitasse::FuzzTarget& target = Target();
  demitasse::RunFuzzTarget(target, std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
