#include "tools/caffe_names.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

using Args = std::vector<std::string>;

// The same arguments, behind the command they are for.
Args Behind(Args command, const Args& args) {
  command.insert(command.end(), args.begin(), args.end());
  return command;
}

// convert_imageset [FLAGS] ROOT/ LIST DB
Args ConvertImageset(const Args& args) { return Behind({"dataset", "images"}, args); }

// compute_image_mean [FLAGS] DB [FILE]
Args ComputeImageMean(const Args& args) { return Behind({"mean"}, args); }

// upgrade_net_proto_text IN OUT, and the two others of that kind
Args Upgrade(const Args& args) { return Behind({"upgrade"}, args); }

// extract_features WEIGHTS NET BLOB[,BLOB...] DB[,DB...] BATCHES DB_TYPE [CPU|GPU] [DEVICE_ID=N]
Args ExtractFeatures(const Args& args) {
  Args names;
  Args translated = {"features"};
  for (const std::string& arg : args) (arg[0] == '-' ? translated : names).push_back(arg);
  if (AsksForHelp(translated)) return {"features", "--help"};
  if (names.size() < 6) {
    throw UsageError(Cat("extract_features needs WEIGHTS NET BLOB[,BLOB...] DB[,DB...] BATCHES ",
                         "DB_TYPE, got ", names.size(), " names"));
  }
  const char* const kFlags[] = {"weights", "model", "blobs", "output", "iterations", "format"};
  for (size_t i = 0; i < 6; ++i) translated.push_back(Cat("--", kFlags[i], "=", names[i]));
  if (std::find(names.begin() + 6, names.end(), "GPU") != names.end()) {
    translated.emplace_back("--gpu=0");
  }
  return translated;
}

struct Program {
  const char* name;
  Args (*translate)(const Args& args);
};

// `caffe` is missing: its commands have the same names and flags as ours.
constexpr Program kPrograms[] = {
    {"convert_imageset", ConvertImageset}, {"compute_image_mean", ComputeImageMean},
    {"extract_features", ExtractFeatures}, {"upgrade_net_proto_text", Upgrade},
    {"upgrade_net_proto_binary", Upgrade}, {"upgrade_solver_proto_text", Upgrade}};

}  // namespace

std::vector<std::string> TranslateCaffeCommand(const std::string& program,
                                               const std::vector<std::string>& args) {
  const std::string name = program.substr(program.find_last_of('/') + 1);
  for (const Program& known : kPrograms) {
    if (name == known.name) return known.translate(args);
  }
  return args;
}

}  // namespace demitasse
