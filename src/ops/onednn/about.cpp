#include "src/ops/onednn/about.hpp"

#include <dnnl.hpp>
#include <string>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

std::string InstructionSet() {
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
      return "SSE4.1";
    case dnnl::cpu_isa::avx:
      return "AVX";
    case dnnl::cpu_isa::avx2:
      return "AVX2";
    case dnnl::cpu_isa::avx512_core:
      return "AVX-512";
    case dnnl::cpu_isa::avx512_core_vnni:
      return "AVX-512 VNNI";
    case dnnl::cpu_isa::avx512_core_bf16:
      return "AVX-512 BF16";
    case dnnl::cpu_isa::avx512_core_amx:
      return "AVX-512 AMX";
    default:
      return "";
  }
}

}  // namespace

Component AboutOneDnn() {
  const dnnl::version_t& version = *dnnl::version();
  return {"oneDNN", Cat(version.major, ".", version.minor, ".", version.patch), InstructionSet()};
}

}  // namespace demitasse
