// demitasse dataset: data sets in the forms that nets are trained from.
#include "tools/commands.hpp"
#include "tools/dataset_sources.hpp"

namespace demitasse {

Command DatasetCommand() {
  Command command;
  command.name = "demitasse dataset";
  command.summary = "make a data set: from pictures, arrays, or drawn digits";
  command.usage = {"SOURCE [flags]"};
  command.description =
      R"(Writes an LMDB database, an HDF5 file or a folder of PNG files, to train and
test nets with.
)";
  command.examples = R"(  demitasse dataset digits --count=20000 --output=digits_train
  demitasse dataset images list.txt --resize_height=256 --resize_width=256 \
      --output=train_lmdb
)";
  command.kind = "source";
  command.commands = {DatasetImagesCommand(), DatasetMnistCommand(), DatasetCifarCommand(),
                      DatasetCsvCommand(),    DatasetNpyCommand(),   DatasetDigitsCommand()};
  return command;
}

}  // namespace demitasse
