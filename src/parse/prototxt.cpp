#include "src/parse/prototxt.hpp"

#include <utility>

#include "src/parse/nan_check.hpp"
#include "src/parse/text_file.hpp"
#include "src/parse/upgrade.hpp"

namespace demitasse {
namespace {

void Append(const Diagnostics& found, Diagnostics* diagnostics) {
  for (const Diagnostic& problem : found.list()) {
    if (problem.severity == Severity::kError) {
      diagnostics->AddError(problem.where, problem.message);
    } else {
      diagnostics->AddWarning(problem.where, problem.message);
    }
  }
}

}  // namespace

NetSource ReadNet(const std::string& path, const TextOptions& options, Diagnostics* diagnostics) {
  return ReadNetFromText(ReadTextFile(path), path, options, diagnostics);
}

NetSource ReadNetFromText(const std::string& text, const std::string& name,
                          const TextOptions& options, Diagnostics* diagnostics) {
  NetSource result;
  const auto source = std::make_shared<SourceMap>(name);
  result.source = source;
  Diagnostics found;
  ReadText(text, name, options, &result.net, source.get(), &found);
  if (!found.has_errors()) {
    if (result.net.ByteSizeLong() == 0)
      found.AddError(Location{name}, "the file is empty; a net is needed");
    CheckNoNan(result.net, *source, &found);
    UpgradeNet(&result.net, source.get(), &found);
  }
  Append(found, diagnostics);
  return result;
}

}  // namespace demitasse
