#include "tools/run_inputs.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "demitasse/random.hpp"
#include "src/core/memory_claim.hpp"
#include "src/core/text.hpp"
#include "src/io/npy.hpp"
#include "tools/flags.hpp"
#include "tools/input_shapes.hpp"

namespace demitasse {
namespace {

using ValuesByInput = std::map<std::string, std::string>;

void CheckIndices(const ValuesByInput& files, const Net& net) {
  for (const std::string& name : net.input_names()) {
    if (!net.is_index(name) || files.count(name) > 0) continue;
    throw UsageError(Cat("input '", name, "' holds labels or indices, which cannot be random; ",
                         "give --input=", name, "=FILE.npy"));
  }
}

bool IsNpy(const std::string& file) {
  std::string extension = std::filesystem::path(file).extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension == ".npy" || extension == ".npz";  // of which the reader says what is wrong
}

// The names in "a.png:b.png". A colon may also be part of the name of a file that is there.
std::vector<std::string> SplitFiles(const std::string& files) {
  std::error_code failed;
  if (std::filesystem::exists(files, failed)) return {files};
  return SplitText(files, ':');
}

NdArray ReadInput(const std::string& input, const std::string& value, const std::vector<int>& shape,
                  const PictureOptions& pictures) {
  const std::vector<std::string> files = SplitFiles(value);
  const std::string text = Cat("--input=", input, "=", OneLine(value), ": ");
  for (const std::string& file : files) {
    if (file.empty()) throw UsageError(text + "has an empty name between its colons");
    if (files.size() > 1 && IsNpy(file)) {
      throw UsageError(text + "only pictures are joined by colons; put the batch in one .npy file");
    }
  }
  return IsNpy(files[0]) ? ReadNpy(files[0]) : ReadPictures(files, shape, pictures, input);
}

void FillFromFile(const std::string& input, const std::string& file, const PictureOptions& pictures,
                  Blob* blob) {
  const MemoryBudget::Scope memory(blob->data()->budget());  // for what is only on the way
  const NdArray array = ReadInput(input, file, blob->shape(), pictures);
  try {
    const MemoryClaim read(static_cast<int64_t>(array.values.size() * sizeof(float)));
    blob->Reshape(array.shape);
    std::copy(array.values.begin(), array.values.end(), blob->mutable_cpu_data());
  } catch (const Error& error) {  // too many axes, or more memory than the limit allows
    throw Error(Location{file}, Cat("input '", input, "': ", error.message()), error.kind());
  }
}

void FillAtRandom(uint64_t seed, Blob* blob) {
  Rng rng(seed);
  float* const values = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) values[i] = rng.Gaussian();
}

// Reshapes the net; an error about the new shapes says which they are and by which flag.
void Reshape(const std::vector<std::string>& reshaped, const std::string& flag, Net* net) {
  try {
    net->Reshape();
  } catch (const Error& error) {
    std::vector<std::string> changes;
    for (const std::string& input : reshaped) {
      changes.push_back(Cat("'", input, "' is of ", net->blob_by_name(input)->shape_string()));
    }
    if (changes.empty()) throw;
    throw Error(error.where(), Cat(error.message(), "; by --", flag, ", ", Join(changes, " and ")),
                error.kind());
  }
}

bool HasPicture(const ValuesByInput& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const auto& entry) { return !IsNpy(entry.second); });
}

}  // namespace

void FillInputs(const InputOptions& options, Net* net) {
  const auto shapes = ParseInputShapes(options.shapes);
  CheckInputNames("input_shape", options.shapes, net->input_names());
  const ValuesByInput files = ParseByInput("input", "FILE", options.files);
  CheckInputNames("input", options.files, net->input_names());
  if (!options.zero_indices) CheckIndices(files, *net);
  if (options.pictures.given() && !HasPicture(files)) {
    throw UsageError("--mean, --scale and --rgb have no effect without a picture as --input");
  }
  std::vector<std::string> reshaped;
  for (size_t i = 0; i < net->input_names().size(); ++i) {
    const std::string& name = net->input_names()[i];
    Blob* const blob = net->input_blobs()[i];
    const std::vector<int> shape = blob->shape();
    if (shapes.count(name) > 0) blob->Reshape(shapes.at(name));
    if (files.count(name) > 0) {
      FillFromFile(name, files.at(name), options.pictures, blob);
    } else if (net->is_index(name)) {
      std::fill_n(blob->mutable_cpu_data(), blob->size(), 0.0f);
    } else {
      FillAtRandom(options.seed + 1 + i, blob);
    }
    if (blob->shape() != shape) reshaped.push_back(name);
  }
  Reshape(reshaped, files.empty() ? "input_shape" : "input", net);
}

}  // namespace demitasse
