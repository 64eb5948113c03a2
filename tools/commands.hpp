// The commands of the tool, one cmd_*.cpp each. A command takes the arguments behind its name,
// prints its result on standard output, and throws Error; --help among the arguments prints the
// help instead.
#ifndef DEMITASSE_TOOLS_COMMANDS_HPP_
#define DEMITASSE_TOOLS_COMMANDS_HPP_

#include <string>
#include <vector>

namespace demitasse {

void CmdDataset(const std::vector<std::string>& args);
void CmdDeviceQuery(const std::vector<std::string>& args);
void CmdFeatures(const std::vector<std::string>& args);
void CmdGradcheck(const std::vector<std::string>& args);
void CmdInspect(const std::vector<std::string>& args);
void CmdLayers(const std::vector<std::string>& args);
void CmdMean(const std::vector<std::string>& args);
void CmdRun(const std::vector<std::string>& args);
void CmdTest(const std::vector<std::string>& args);
void CmdTime(const std::vector<std::string>& args);
void CmdTrain(const std::vector<std::string>& args);
void CmdUpgrade(const std::vector<std::string>& args);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_COMMANDS_HPP_
