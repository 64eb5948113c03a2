#include "src/core/log_warnings.hpp"

#include "demitasse/log.hpp"

namespace demitasse {

void LogWarnings(const Diagnostics& diagnostics) {
  for (const Diagnostic& problem : diagnostics.list()) {
    if (problem.severity == Severity::kWarning) LogWarning(problem.ToString());
  }
}

}  // namespace demitasse
