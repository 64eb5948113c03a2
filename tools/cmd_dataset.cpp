// demitasse dataset: data sets in the forms that nets are trained from.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "src/core/text.hpp"
#include "tools/commands.hpp"
#include "tools/dataset_sources.hpp"
#include "tools/log_lines.hpp"

namespace demitasse {
namespace {

constexpr char kHelp[] =
    R"(demitasse dataset: make an LMDB database, an HDF5 file or a folder of PNG files
to train and test nets with.

usage: demitasse dataset SOURCE [flags]

Sources:
  images     pictures named in a list, with their labels
  mnist      MNIST's files of images and labels
  cifar      the binary files of CIFAR-10 and CIFAR-100
  csv        a text file of numbers, a sample on each line
  npy        arrays that numpy.save wrote
  digits     digits drawn as if by hand: no data needed

Examples:
  demitasse dataset digits --count=20000 --output=digits_train
  demitasse dataset images list.txt --resize_height=256 --resize_width=256 \
      --output=train_lmdb

demitasse dataset SOURCE --help lists the flags of a source.
Exit code: 0 done; 1 the run failed (disk full); 2 wrong usage or wrong input.
)";

struct Source {
  const char* name;
  void (*run)(const std::vector<std::string>& args);
};

constexpr Source kSources[] = {{"images", DatasetImages}, {"mnist", DatasetMnist},
                               {"cifar", DatasetCifar},   {"csv", DatasetCsv},
                               {"npy", DatasetNpy},       {"digits", DatasetDigits}};

const Source& FindSource(const std::string& name) {
  const auto* const found = std::find_if(std::begin(kSources), std::end(kSources),
                                         [&name](const Source& s) { return name == s.name; });
  if (found != std::end(kSources)) return *found;
  std::vector<std::string> known;
  for (const Source& source : kSources) known.emplace_back(source.name);
  throw UsageError(Cat("unknown source '", OneLine(name), "'", DidYouMean(name, known)));
}

}  // namespace

bool StartSource(const SourceHelp& help, std::vector<FlagGroup> flags,
                 const std::vector<std::string>& args, std::vector<std::string>* names) {
  bool verbose = false;
  flags.push_back(LogFlags(&verbose));
  if (AsksForHelp(args)) {
    std::cout << help.introduction << DescribeFlags(flags) << help.examples;
    return false;
  }
  ParseFlags(flags, args, names);
  StartLogging(verbose);
  return true;
}

void CmdDataset(const std::vector<std::string>& args) {
  if (args.empty()) throw UsageError("say what to make a data set from: demitasse dataset SOURCE");
  if (AsksForHelp({args[0]})) {
    std::cout << kHelp;
    return;
  }
  FindSource(args[0]).run({args.begin() + 1, args.end()});
}

}  // namespace demitasse
