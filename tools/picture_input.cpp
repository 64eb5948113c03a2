#include "tools/picture_input.hpp"

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "src/core/memory_claim.hpp"
#include "src/core/text.hpp"
#include "src/io/binary_proto.hpp"
#include "src/io/npy.hpp"
#include "src/io/picture_input.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), std::string::npos, end) == 0;
}

NdArray ParseMean(const std::string& text) {
  NdArray mean;
  for (const std::string& value : SplitText(text, ',')) {
    try {
      mean.values.push_back(ParseReal(value));
    } catch (const UsageError&) {
      throw UsageError(Cat("--mean=", OneLine(text), ": '", OneLine(value),
                           "' is not a number; give one value, one for each channel, or a .npy or "
                           ".binaryproto file"));
    }
  }
  if (mean.values.size() > 1) mean.shape = {static_cast<int>(mean.values.size())};
  return mean;
}

std::string Plural(int count, const std::string& noun) {
  return Cat(count, " ", noun, count == 1 ? "" : "s");
}

// Throws unless the mean fits pictures of channels x height x width.
void CheckMean(const NdArray& mean, const std::string& flag, const std::vector<int>& picture,
               const std::string& input) {
  if (mean.shape.empty() || mean.shape == picture) return;
  if (mean.shape.size() == 1) {
    if (mean.shape[0] == picture[0]) return;
    throw UsageError(Cat("--mean=", OneLine(flag), ": has ", Plural(mean.shape[0], "value"),
                         ", but the input '", input, "' has ", Plural(picture[0], "channel")));
  }
  throw Error(Location{flag},
              Cat("the mean is of ", ShapeString(mean.shape), ", but pictures for the input '",
                  input, "' are of ", ShapeString(picture), "; the sizes must be equal"));
}

}  // namespace

NdArray ReadMean(const std::string& mean) {
  if (mean.empty()) return {{}, {0}};
  const bool npy = EndsWith(mean, ".npy");
  if (!npy && !EndsWith(mean, ".binaryproto")) return ParseMean(mean);
  NdArray array = npy ? ReadNpy(mean) : ReadBinaryProto(mean);
  while (array.shape.size() > 3 && array.shape[0] == 1) array.shape.erase(array.shape.begin());
  if (array.shape.size() == 3 && array.shape[1] == 1 && array.shape[2] == 1) array.shape.resize(1);
  if (array.values.size() == 1) array.shape.clear();
  return array;
}

NdArray ReadPictures(const std::vector<std::string>& files, const std::vector<int>& shape,
                     const PictureOptions& options, const std::string& input) {
  if (shape.size() != 4 || (shape[1] != 1 && shape[1] != 3)) {
    throw UsageError(Cat("--input=", input, "=", OneLine(files[0]),
                         ": a picture needs an input of ",
                         "4 axes (pictures, channels, height, width) with 1 or 3 channels, but '",
                         input, "' is of ", ShapeString(shape)));
  }
  const NdArray mean = ReadMean(options.mean);
  CheckMean(mean, options.mean, {shape[1], shape[2], shape[3]}, input);
  const PictureInput picture{mean.values, options.scale, options.rgb};

  NdArray batch;
  batch.shape = {static_cast<int>(files.size()), shape[1], shape[2], shape[3]};
  const size_t size = static_cast<size_t>(ShapeSize({shape[1], shape[2], shape[3]}));
  const MemoryClaim memory(static_cast<int64_t>(files.size() * size * sizeof(float)));
  batch.values.resize(files.size() * size);
  for (size_t i = 0; i < files.size(); ++i) {
    FillFromPicture(files[i], picture, shape[1], shape[2], shape[3],
                    batch.values.data() + i * size);
  }
  return batch;
}

}  // namespace demitasse
