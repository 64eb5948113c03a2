// Functions of demitasse.h that concern the library as a whole.
#include <algorithm>
#include <string>

#include "demitasse.h"
#include "demitasse/layer_registry.hpp"
#include "demitasse/log.hpp"
#include "demitasse/version.hpp"
#include "src/c_api/status.hpp"
#include "src/io/picture.hpp"

using demitasse::c_api::Given;
using demitasse::c_api::Try;
using demitasse::c_api::TryGet;

const char* demitasse_version(void) { return DEMITASSE_VERSION; }

int demitasse_version_number(void) { return DEMITASSE_VERSION_NUMBER; }

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

int demitasse_read_picture(const char* path, int channels, int height, int width, float* values) {
  return Try(__func__, [&] {
    const demitasse::Picture picture = demitasse::ReadPicture(&Given(path, "path"));
    float* const to = &Given(values, "values");
    const demitasse::NdArray array =
        demitasse::PictureToArray(picture, channels, height, width, demitasse::ChannelOrder::kBgr);
    std::copy(array.values.begin(), array.values.end(), to);
  });
}
