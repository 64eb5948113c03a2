// The processor and the memory of this machine.
#ifndef DEMITASSE_TOOLS_PROCESSOR_HPP_
#define DEMITASSE_TOOLS_PROCESSOR_HPP_

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace demitasse {

struct Processor {
  std::string name;                       // empty where the system does not tell
  int64_t logical_cores = 0;              // that are switched on
  int64_t physical_cores = 0;             // 0 where the system does not tell
  std::vector<std::string> vector_units;  // "AVX2"
  std::vector<int64_t> caches;            // bytes of L1 (data), L2, L3; 0 where there is none
};

Processor ThisProcessor();

// Fills in the name and the physical cores from the form of /proc/cpuinfo.
void ReadCpuInfo(std::istream* cpuinfo, Processor* processor);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_PROCESSOR_HPP_
