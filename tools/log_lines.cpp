#include "tools/log_lines.hpp"

#include <gflags/gflags.h>
#include <glog/logging.h>
#include <unistd.h>

#include <cstdlib>

#include "demitasse/log.hpp"
#include "tools/style.hpp"

namespace demitasse {
namespace {

// One of the flags that glog keeps in gflags' registry.
Flag GlogFlag(const std::string& name, const std::string& value_name, const std::string& help) {
  const auto set = [name](const std::string& value) {
    if (gflags::SetCommandLineOption(name.c_str(), value.c_str()).empty()) {
      throw UsageError("glog does not take this value");
    }
  };
  return {name, value_name, "", help, set};
}

bool IsGiven(const char* flag) { return !gflags::GetCommandLineFlagInfoOrDie(flag).is_default; }

}  // namespace

FlagGroup LogFlags(LogOptions* options) {
  return {
      "Log lines (all but --quiet and --verbose are glog's own flags)",
      {SwitchFlag("quiet", &options->quiet, "show warnings and errors alone, and no progress"),
       SwitchFlag("verbose", &options->verbose, "show informational lines too, not only warnings"),
       GlogFlag("minloglevel", "N", "show lines from this level on: 0 all, 1 warnings, 2 none"),
       GlogFlag("v", "N", "the level of detail of glog's VLOG lines"),
       GlogFlag("log_dir", "DIR", "write the lines to files in DIR"),
       GlogFlag("logtostderr", "", "write them to standard error, not to files; the default"),
       GlogFlag("alsologtostderr", "", "write them to standard error beside the files"),
       GlogFlag("stderrthreshold", "N",
                "the least level written to standard error beside the files")}};
}

void StartLogging(const LogOptions& options) {
  if (options.quiet) HideProgress();
  FLAGS_colorlogtostderr = HasColors(STDERR_FILENO);
  const bool to_files = IsGiven("log_dir") && !FLAGS_log_dir.empty();
  if (!IsGiven("logtostderr")) FLAGS_logtostderr = !to_files;
  if (!IsGiven("minloglevel") && std::getenv("GLOG_minloglevel") == nullptr) {
    FLAGS_minloglevel =
        options.verbose && !options.quiet ? google::GLOG_INFO : google::GLOG_WARNING;
  }
  FLAGS_log_year_in_prefix = false;
  google::InitGoogleLogging("demitasse");
  SetLogSink([](LogLevel level, const std::string& message) {
    if (level == LogLevel::kWarning) {
      LOG(WARNING) << message;
    } else {
      LOG(INFO) << message;
    }
  });
}

bool LogsInformation() { return FLAGS_minloglevel <= google::GLOG_INFO; }

}  // namespace demitasse
