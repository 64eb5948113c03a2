#include "tools/processor.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

namespace demitasse {
namespace {

std::vector<std::string> VectorUnits() {
  std::vector<std::string> units;
#if defined(__x86_64__)
  const auto add = [&units](int supported, const char* name) {
    if (supported != 0) units.emplace_back(name);
  };
  __builtin_cpu_init();
  add(__builtin_cpu_supports("sse4.2"), "SSE4.2");
  add(__builtin_cpu_supports("avx"), "AVX");
  add(__builtin_cpu_supports("avx2"), "AVX2");
  add(__builtin_cpu_supports("fma"), "FMA");
  add(__builtin_cpu_supports("avx512f"), "AVX-512F");
  add(__builtin_cpu_supports("avx512bw"), "AVX-512BW");
  add(__builtin_cpu_supports("avx512vnni"), "AVX-512VNNI");
#endif
  return units;
}

// "model name : AMD EPYC" has the key "model name" and the value "AMD EPYC".
std::pair<std::string, std::string> KeyAndValue(const std::string& line) {
  const size_t colon = line.find(':');
  if (colon == std::string::npos) return {};
  std::string key = line.substr(0, colon);
  key.erase(key.find_last_not_of(" \t") + 1);
  const size_t value = line.find_first_not_of(" \t", colon + 1);
  return {key, value == std::string::npos ? "" : line.substr(value)};
}

}  // namespace

void ReadCpuInfo(std::istream* cpuinfo, Processor* processor) {
  std::set<std::pair<std::string, std::string>> cores;  // package and core of each
  std::string package;
  for (std::string line; std::getline(*cpuinfo, line);) {
    const auto [key, value] = KeyAndValue(line);
    if (key == "model name") processor->name = value;
    if (key == "physical id") package = value;
    if (key == "core id") cores.emplace(package, value);
  }
  processor->physical_cores = static_cast<int64_t>(cores.size());
}

Processor ThisProcessor() {
  Processor processor;
  processor.logical_cores = sysconf(_SC_NPROCESSORS_ONLN);
  processor.vector_units = VectorUnits();
  for (const int level : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE}) {
    processor.caches.push_back(std::max<int64_t>(0, sysconf(level)));
  }
  std::ifstream cpuinfo("/proc/cpuinfo");
  ReadCpuInfo(&cpuinfo, &processor);
  return processor;
}

}  // namespace demitasse
