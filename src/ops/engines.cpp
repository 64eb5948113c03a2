#include "src/ops/engines.hpp"

#include <cblas.h>

#include <sstream>
#ifdef DEMITASSE_WITH_ONEDNN
#include "src/ops/onednn/about.hpp"
#endif

namespace demitasse {
namespace {

Component AboutOpenBlas() {
  std::istringstream config(openblas_get_config());  // "OpenBLAS 0.3.21 DYNAMIC_ARCH ..."
  std::string name;
  std::string version;
  config >> name >> version;
  return {name, version, openblas_get_corename()};
}

}  // namespace

std::vector<Component> Engines() {
#ifdef DEMITASSE_WITH_ONEDNN
  return {AboutOneDnn(), AboutOpenBlas()};
#else
  return {{"oneDNN", "", ""}, AboutOpenBlas()};
#endif
}

}  // namespace demitasse
