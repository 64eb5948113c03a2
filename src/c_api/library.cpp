// Functions of demitasse.h that concern the library as a whole.
#include <string>

#include "demitasse.h"
#include "demitasse/layer_registry.hpp"
#include "demitasse/log.hpp"
#include "demitasse/plugin.hpp"
#include "demitasse/version.hpp"
#include "src/c_api/status.hpp"

using demitasse::c_api::Given;
using demitasse::c_api::Try;
using demitasse::c_api::TryGet;

const char* demitasse_version(void) { return DEMITASSE_VERSION; }

int demitasse_version_number(void) {
  int parts[3] = {};
  size_t part = 0;
  for (const char c : std::string(DEMITASSE_VERSION)) {
    if (c == '.' && ++part == 3) break;
    if (c != '.') parts[part] = 10 * parts[part] + (c - '0');
  }
  return 10000 * parts[0] + 100 * parts[1] + parts[2];
}

const char* demitasse_layer_types(void) {
  return TryGet<const char*>(__func__, nullptr, [] {
    thread_local std::string lines;
    lines.clear();
    for (const std::string& type : demitasse::LayerRegistry::List()) lines += type + "\n";
    return lines.c_str();
  });
}

int demitasse_set_log(demitasse_log_function function, void* user) {
  return Try(__func__, [&] {
    if (function == nullptr) return demitasse::SetLogSink(nullptr);
    demitasse::SetLogSink([=](demitasse::LogLevel level, const std::string& message) {
      const bool warns = level == demitasse::LogLevel::kWarning;
      function(warns ? DEMITASSE_LOG_WARNING : DEMITASSE_LOG_INFO, message.c_str(), user);
    });
  });
}

int demitasse_load_plugin(const char* path) {
  return Try(__func__, [&] { demitasse::LoadPlugin(&Given(path, "path")); });
}
