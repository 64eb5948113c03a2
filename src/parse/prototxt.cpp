#include "src/parse/prototxt.hpp"

#include <utility>

#include "src/core/text.hpp"
#include "src/parse/nan_check.hpp"
#include "src/parse/text_file.hpp"
#include "src/parse/upgrade.hpp"

namespace demitasse {
namespace {

// Reads a `what` ("net") into `message`, and upgrades it if its text is in order.
template <typename Message, typename Upgrade>
std::shared_ptr<const SourceMap> Read(const std::string& text, const std::string& name,
                                      const TextOptions& options, const std::string& what,
                                      const Upgrade& upgrade, Message* message,
                                      Diagnostics* diagnostics) {
  const auto source = std::make_shared<SourceMap>(name);
  Diagnostics found;
  ReadText(text, name, options, message, source.get(), &found);
  const bool is_read = !found.has_errors();
  if (is_read) {
    if (message->ByteSizeLong() == 0) {
      found.AddError(Location{name}, Cat("the file is empty; a ", what, " is needed"));
    }
    CheckNoNan(*message, *source, &found);
  }
  Diagnostics of_a_part;
  upgrade(message, source.get(), is_read ? &found : &of_a_part);
  diagnostics->Add(found);
  return source;
}

}  // namespace

NetSource ReadNet(const std::string& path, const TextOptions& options, Diagnostics* diagnostics) {
  return ReadNetFromText(ReadTextFile(path), path, options, diagnostics);
}

NetSource ReadNetFromText(const std::string& text, const std::string& name,
                          const TextOptions& options, Diagnostics* diagnostics) {
  NetSource result;
  result.source = Read(text, name, options, "net", UpgradeNet, &result.net, diagnostics);
  return result;
}

SolverSource ReadSolver(const std::string& path, const TextOptions& options,
                        Diagnostics* diagnostics) {
  return ReadSolverFromText(ReadTextFile(path), path, options, diagnostics);
}

SolverSource ReadSolverFromText(const std::string& text, const std::string& name,
                                const TextOptions& options, Diagnostics* diagnostics) {
  SolverSource result;
  result.source = Read(text, name, options, "solver", UpgradeSolver, &result.param, diagnostics);
  return result;
}

}  // namespace demitasse
