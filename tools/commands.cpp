#include "tools/commands.hpp"

namespace demitasse {

Command DemitasseCommand() {
  Command tool;
  tool.name = "demitasse";
  tool.summary =
      "runs and trains networks in Caffe's format, from the prototxt and caffemodel files you have";
  tool.usage = {"COMMAND [flags]", "--version"};
  tool.description =
      "A flag has one dash or two, its value follows behind '=' or as the next word.\n";
  tool.examples = R"(  demitasse run --model=deploy.prototxt --weights=net.caffemodel \
      --input=data=cat.jpg
)";
  // In the order in which people come to need them.
  tool.commands = {
      RunCommand(),         TrainCommand(),   TestCommand(),     CheckCommand(),
      SummaryCommand(),     DrawCommand(),    TimeCommand(),     InspectCommand(),
      GradcheckCommand(),   ReportCommand(),  FeaturesCommand(), DatasetCommand(),
      MeanCommand(),        UpgradeCommand(), LayersCommand(),   DeviceQueryCommand(),
      CompletionsCommand(),
  };
  tool.commands.push_back(HelpCommand(tool.commands));
  return tool;
}

}  // namespace demitasse
