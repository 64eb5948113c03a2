#include "tools/run_outputs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/file.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/hdf5_weights.hpp"
#include "src/io/npy.hpp"
#include "src/io/write_message.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

// A name as part of a file name: what may not be, or may surprise a shell, becomes '_'.
std::string FileName(std::string name) {
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '.' && c != '_' && c != '-') c = '_';
  }
  return name;
}

// Runs `step`. Whatever keeps results from being written is a failure of the run.
template <typename Step>
void Writing(const Step& step) {
  try {
    step();
  } catch (const Error& error) {
    throw Error(error.where(), error.message(), ErrorKind::kRun);
  }
}

// Throws unless `directory` is one that can be written to, or can be made.
void CheckDirectory(const std::string& directory) {
  fs::path path = fs::absolute(directory);
  std::error_code failed;
  while (!fs::exists(path, failed) && path.has_relative_path()) path = path.parent_path();
  if (!fs::is_directory(path, failed)) {
    throw Error(Location{directory},
                path == fs::absolute(directory)
                    ? "this is not a directory"
                    : Cat("cannot make the directory: ", path.string(), " is not a directory"));
  }
  if (access(path.c_str(), W_OK | X_OK) != 0) {
    throw SystemError(directory, "cannot write to the directory", errno);
  }
}

void MakeDirectory(const std::string& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) throw SystemError(directory, "cannot make the directory", failed.value());
}

bool IsHdf5Name(const std::string& path) { return fs::path(path).extension() == ".h5"; }

}  // namespace

bool IsUserBlob(const Net& net, const std::string& blob_name) {
  return net.has_blob(blob_name) && !net.is_split_copy(blob_name);
}

OutputFiles::OutputFiles(const OutputOptions& options, const Net& net)
    : options_(options), net_(net) {
  if (!options_.directory.empty()) {
    PlanBlobs();
    if (options_.gradients) PlanGradients();
  }
  if (IsHdf5Name(options_.caffemodel)) RequireHdf5();
  Writing([&] {
    if (!options_.directory.empty()) CheckDirectory(options_.directory);
    if (!options_.caffemodel.empty()) AtomicFile probe(options_.caffemodel);
  });
}

void OutputFiles::PlanBlobs() {
  for (const std::string& name : options_.all_blobs ? net_.blob_names() : net_.output_names()) {
    if (!IsUserBlob(net_, name)) continue;
    Add(name, ".npy", net_.blob_by_name(name).get(), false, Cat("blob '", name, "'"));
  }
}

void OutputFiles::PlanGradients() {
  for (const std::string& name : net_.input_names()) {
    if (!net_.has_gradient(name)) continue;
    Add(name, ".diff.npy", net_.blob_by_name(name).get(), true,
        Cat("the gradient of blob '", name, "'"));
  }
  for (size_t i = 0; i < net_.layers().size(); ++i) {
    const Layer& layer = *net_.layers()[i];
    if (!net_.layer_need_backward()[i]) continue;
    for (size_t j = 0; j < layer.blobs().size(); ++j) {
      if (!layer.ParameterHasGradient(static_cast<int>(j))) continue;
      Add(net_.layer_names()[i], Cat(".", j, ".diff.npy"), layer.blobs()[j].get(), true,
          Cat("the gradient of parameter ", j, " of layer '", net_.layer_names()[i], "'"));
    }
  }
}

void OutputFiles::Add(const std::string& name, const std::string& end, const Blob* blob,
                      bool gradient, const std::string& what) {
  const std::string file = FileName(name) + end;
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const Entry& e) { return e.file == file; });
  if (same != entries_.end()) {
    throw Error(Cat("--output: ", same->what, " and ", what, " would both be written to ", file,
                    "; rename one of them in the net"));
  }
  entries_.push_back({file, blob, gradient, what});
}

void OutputFiles::Write() const {
  Writing([&] {
    if (!options_.directory.empty()) MakeDirectory(options_.directory);
    for (const Entry& entry : entries_) {
      const std::string path = (fs::path(options_.directory) / entry.file).string();
      const Blob& blob = *entry.blob;
      WriteNpy(path, blob.shape(), entry.gradient ? blob.cpu_diff() : blob.cpu_data());
    }
    if (options_.caffemodel.empty()) return;
    caffe::NetParameter param;
    net_.ToProto(&param);
    IsHdf5Name(options_.caffemodel) ? WriteHdf5Weights(options_.caffemodel, param)
                                    : WriteMessage(options_.caffemodel, param);
  });
}

}  // namespace demitasse
