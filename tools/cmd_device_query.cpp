// demitasse device_query: what nets are computed with.
#include <iostream>

#include "demitasse/memory_budget.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/io/file_libraries.hpp"
#include "src/ops/engines.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/flags.hpp"
#include "tools/json.hpp"
#include "tools/log_lines.hpp"
#include "tools/net_flags.hpp"
#include "tools/processor.hpp"
#include "tools/quantities.hpp"

namespace demitasse {
namespace {

constexpr char kIntroduction[] =
    R"(demitasse device_query: what this machine computes with, and the libraries this
program was built with.

usage: demitasse device_query [--json]

)";

std::vector<Component> Components() {
  std::vector<Component> components = Engines();
  for (const Component& library : FileLibraries()) components.push_back(library);
  return components;
}

std::string Caches(const Processor& processor) {
  std::vector<std::string> items;
  for (size_t i = 0; i < processor.caches.size(); ++i) {
    if (processor.caches[i] > 0)
      items.push_back(Cat("L", i + 1, " ", BytesText(processor.caches[i])));
  }
  return Join(items);
}

std::string Cores(const Processor& processor) {
  if (processor.physical_cores == 0) return Cat(processor.logical_cores);
  return Cat(processor.logical_cores, " logical, ", processor.physical_cores, " physical");
}

std::string InWords(const Component& component) {
  if (component.version.empty()) return "not built in";
  return component.version + (component.detail.empty() ? "" : ", for " + component.detail);
}

void PrintLines(const Processor& processor) {
  constexpr size_t kNameWidth = 14;
  const auto line = [](const std::string& name, const std::string& value) {
    std::cout << Padded(name, kNameWidth) << (value.empty() ? "unknown" : value) << "\n";
  };
  line("processor", processor.name);
  line("cores", Cores(processor));
  line("vector units", Join(processor.vector_units));
  line("caches", Caches(processor));
  line("memory", BytesText(MachineMemory()));
  line("threads", Cat(ThreadCount()));
  for (const Component& component : Components()) line(component.name, InWords(component));
}

void PrintJson(const Processor& processor) {
  std::vector<std::string> units;
  for (const std::string& unit : processor.vector_units) units.push_back(JsonText(unit));
  std::vector<std::string> caches;
  for (const int64_t cache : processor.caches) caches.push_back(Cat(cache));
  std::vector<std::string> components;
  for (const Component& component : Components()) {
    components.push_back(JsonObject({{"name", JsonText(component.name)},
                                     {"built_in", component.version.empty() ? "false" : "true"},
                                     {"version", JsonText(component.version)},
                                     {"detail", JsonText(component.detail)}}));
  }
  std::cout << JsonObject({{"processor", JsonText(processor.name)},
                           {"logical_cores", Cat(processor.logical_cores)},
                           {"physical_cores", Cat(processor.physical_cores)},
                           {"vector_units", JsonArray(units)},
                           {"cache_bytes", JsonArray(caches)},
                           {"memory_bytes", Cat(MachineMemory())},
                           {"threads", Cat(ThreadCount())},
                           {"libraries", JsonArray(components)}})
            << "\n";
}

}  // namespace

void CmdDeviceQuery(const std::vector<std::string>& args) {
  bool json = false;
  bool verbose = false;
  std::string gpu;
  const std::vector<FlagGroup> flags = {
      {"Flags", {SwitchFlag("json", &json, "print JSON"), GpuFlag(&gpu)}}, LogFlags(&verbose)};
  if (AsksForHelp(args)) {
    std::cout << kIntroduction << DescribeFlags(flags);
    return;
  }
  ParseFlags(flags, args);
  StartLogging(verbose);
  WarnOfGpu(gpu);
  const Processor processor = ThisProcessor();
  json ? PrintJson(processor) : PrintLines(processor);
}

}  // namespace demitasse
