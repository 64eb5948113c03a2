// The commands of the tool, one cmd_*.cpp each.
#ifndef DEMITASSE_TOOLS_COMMANDS_HPP_
#define DEMITASSE_TOOLS_COMMANDS_HPP_

#include <vector>

#include "tools/command.hpp"

namespace demitasse {

Command CheckCommand();
Command CompletionsCommand();
Command DatasetCommand();
Command DeviceQueryCommand();
Command DrawCommand();
Command FeaturesCommand();
Command GradcheckCommand();
// `commands` are those it tells of.
Command HelpCommand(const std::vector<Command>& commands);
Command InspectCommand();
Command LayersCommand();
Command MeanCommand();
Command ReportCommand();
Command RunCommand();
Command SummaryCommand();
Command TestCommand();
Command TimeCommand();
Command TrainCommand();
Command UpgradeCommand();

// The tool itself, which leads to them.
Command DemitasseCommand();

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_COMMANDS_HPP_
