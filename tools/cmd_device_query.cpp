// demitasse device_query: what nets are computed with.
#include <iostream>
#include <memory>

#include "demitasse/memory_budget.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/io/file_libraries.hpp"
#include "src/ops/engines.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/json.hpp"
#include "tools/net_flags.hpp"
#include "tools/processor.hpp"
#include "tools/quantities.hpp"

namespace demitasse {
namespace {

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

struct DeviceQueryOptions {
  bool json = false;
  std::string gpu;
};

void DeviceQuery(const DeviceQueryOptions& options) {
  WarnOfGpu(options.gpu);
  const Processor processor = ThisProcessor();
  options.json ? PrintJson(processor) : PrintLines(processor);
}

}  // namespace

Command DeviceQueryCommand() {
  const auto options = std::make_shared<DeviceQueryOptions>();
  Command command;
  command.name = "demitasse device_query";
  command.summary = "what the machine has, and what this program was built with";
  command.usage = {"[--json]"};
  command.flags = {
      {"Flags", {SwitchFlag("json", &options->json, "print JSON"), GpuFlag(&options->gpu)}}};
  command.run = [options] { DeviceQuery(*options); };
  return command;
}

}  // namespace demitasse
