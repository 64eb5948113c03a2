// Diagnostics that are no errors, to the log.
#ifndef DEMITASSE_SRC_CORE_LOG_WARNINGS_HPP_
#define DEMITASSE_SRC_CORE_LOG_WARNINGS_HPP_

#include "demitasse/error.hpp"

namespace demitasse {

void LogWarnings(const Diagnostics& diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_LOG_WARNINGS_HPP_
