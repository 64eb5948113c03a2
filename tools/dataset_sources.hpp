// Where `demitasse dataset` gets a data set from, one dataset_*.cpp each. A source takes the
// arguments behind its name as a command does (commands.hpp), and writes with DatasetWriter.
#ifndef DEMITASSE_TOOLS_DATASET_SOURCES_HPP_
#define DEMITASSE_TOOLS_DATASET_SOURCES_HPP_

#include <string>
#include <vector>

#include "tools/flags.hpp"

namespace demitasse {

void DatasetCifar(const std::vector<std::string>& args);
void DatasetCsv(const std::vector<std::string>& args);
void DatasetDigits(const std::vector<std::string>& args);
void DatasetImages(const std::vector<std::string>& args);
void DatasetMnist(const std::vector<std::string>& args);
void DatasetNpy(const std::vector<std::string>& args);

// What --help prints around the flags of a source.
struct SourceHelp {
  const char* introduction;
  const char* examples;
};

// What a source begins with: sets its flags and starts logging, and returns true; or prints the
// help, if that is asked for, and returns false. Arguments that are no flags become `names`; a
// source without those passes null.
bool StartSource(const SourceHelp& help, std::vector<FlagGroup> flags,
                 const std::vector<std::string>& args, std::vector<std::string>* names);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_DATASET_SOURCES_HPP_
