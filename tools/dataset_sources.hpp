// Where `demitasse dataset` gets a data set from: commands of its own, one dataset_*.cpp each, that
// write with DatasetWriter.
#ifndef DEMITASSE_TOOLS_DATASET_SOURCES_HPP_
#define DEMITASSE_TOOLS_DATASET_SOURCES_HPP_

#include "tools/command.hpp"

namespace demitasse {

Command DatasetCifarCommand();
Command DatasetCsvCommand();
Command DatasetDigitsCommand();
Command DatasetImagesCommand();
Command DatasetMnistCommand();
Command DatasetNpyCommand();

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_DATASET_SOURCES_HPP_
