// demitasse dataset images: pictures named in a list.
#include <cstddef>
#include <memory>
#include <utility>

#include "src/core/shuffle.hpp"
#include "src/core/text.hpp"
#include "src/io/encode_picture.hpp"
#include "src/io/file.hpp"
#include "src/io/find_file.hpp"
#include "src/io/image_list.hpp"
#include "src/io/picture.hpp"
#include "tools/dataset_output.hpp"
#include "tools/dataset_sources.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Each line of the list is a path and a whole number, the label. The second form
is that of Caffe's convert_imageset. Channels are in the order blue, green, red.
Keys are made of number and path: 00000007_cat.jpg.
)";

constexpr char kExamples[] =
    R"(  demitasse dataset images list.txt --root=pictures --resize_height=256 \
      --resize_width=256 --shuffle --output=train_lmdb
)";

enum class Encoding { kAsStored, kPng, kJpeg };

struct ImagesOptions {
  std::vector<std::string> names;
  std::string list;
  std::string root;
  int height = 0;
  int width = 0;
  bool gray = false;
  bool check_size = false;
  bool shuffle = false;
  uint64_t seed = 1;
  bool encoded = false;
  Encoding encoding = Encoding::kAsStored;
  std::string backend = "lmdb";
  DatasetOptions output;
};

std::vector<FlagGroup> ImagesFlags(ImagesOptions* options) {
  constexpr int kMost = 1 << 20;
  return {
      {"The pictures",
       {TextFlag("root", "DIR", &options->root,
                 "where the paths of the list start. Otherwise they start at the working "
                 "directory, or where the list is"),
        WholeFlag("resize_height", &options->height, 0, kMost,
                  "pixels to scale to, with --resize_width; 0: as it is"),
        WholeFlag("resize_width", &options->width, 0, kMost, "the same"),
        SwitchFlag("gray", &options->gray, "make one channel of them, otherwise all have three"),
        SwitchFlag("check_size", &options->check_size,
                   "refuse a picture of another size than the "
                   "first"),
        SwitchFlag("shuffle", &options->shuffle, "take them in a random order"),
        WholeFlag("seed", &options->seed, "which order")}},
      {"How they are stored (LMDB only)",
       {SwitchFlag("encoded", &options->encoded,
                   "as PNG or JPEG files, which a Data layer decodes: the file as it is, unless "
                   "--gray, --resize_height or --encode_type changes it"),
        ChoiceFlag<Encoding>(
            "encode_type", &options->encoding,
            {{"auto", Encoding::kAsStored}, {"png", Encoding::kPng}, {"jpg", Encoding::kJpeg}},
            "the kind of file, auto: the picture's own. png and jpg imply --encoded"),
        ChoiceFlag<std::string>("backend", &options->backend, {{"lmdb", "lmdb"}},
                                "as in Caffe, but there is no writing of LevelDB")}},
      DatasetFlags(&options->output)};
}

// Where the pictures and the list are, in either form of usage.
void TakeNames(ImagesOptions* options) {
  const std::vector<std::string>& names = options->names;
  const bool as_in_caffe = names.size() == 3 && options->output.output.empty();
  if (as_in_caffe) {
    options->root = names[0];
    options->list = names[1];
    options->output.output = names[2];
    return;
  }
  if (names.size() != 1) {
    throw UsageError(Cat("needs the name of one list of pictures, got ", names.size(), " names"));
  }
  options->list = names[0];
}

void CheckOptions(const ImagesOptions& options) {
  if ((options.height == 0) != (options.width == 0)) {
    throw UsageError("--resize_height and --resize_width need each other");
  }
  if (options.encoded && FormatOf(options.output) != DatasetOptions::kLmdb) {
    throw UsageError("--encoded is for LMDB, in other formats pictures are not stored as files");
  }
}

std::string PathOf(const ListedImage& image, const ImagesOptions& options) {
  if (options.root.empty()) return FindFile(image.path, options.list);
  return options.root + (options.root.back() == '/' ? "" : "/") + image.path;
}

bool IsPng(const std::string& bytes) { return bytes.compare(0, 4, "\x89PNG") == 0; }

// The picture as a file of the kind that is asked for; `bytes` is the file it was.
std::string Encoded(const std::string& bytes, const PixelArray& pixels, bool changed,
                    Encoding encoding) {
  const bool png = encoding == Encoding::kAsStored ? IsPng(bytes) : encoding == Encoding::kPng;
  if (!changed && png == IsPng(bytes)) return bytes;
  const Picture picture = PixelsToPicture(pixels);
  return png ? EncodePng(picture) : EncodeJpeg(picture);
}

Sample ReadSample(const ListedImage& image, const ImagesOptions& options) {
  constexpr int64_t kLongestFile = int64_t{1} << 31;
  const std::string path = PathOf(image, options);
  const std::string bytes = ReadFile(path, kLongestFile);
  const Picture picture = DecodePicture(bytes, path);
  const int channels = options.gray ? 1 : 3;
  const bool resize = options.height > 0;
  Sample sample;
  sample.pixels = PictureToPixels(picture, channels, resize ? options.height : picture.height,
                                  resize ? options.width : picture.width);
  sample.label = {static_cast<double>(image.label)};
  sample.name = image.path;
  if (options.encoded) {
    const bool changed = resize || (options.gray && picture.channels != 1);
    sample.encoded = Encoded(bytes, sample.pixels, changed, options.encoding);
  }
  return sample;
}

void CheckSize(const PixelArray& pixels, const PixelArray& first) {
  if (pixels.height == first.height && pixels.width == first.width) return;
  throw Error(Cat("the picture has ", pixels.height, " x ", pixels.width, " pixels, the first ",
                  first.height, " x ", first.width,
                  "; give --resize_height and --resize_width, or leave out --check_size"));
}

void WriteImages(const ImagesOptions& options) {
  std::vector<ListedImage> images = ReadImageList(options.list);
  if (options.shuffle) ShuffleBySeed(options.seed, &images);
  DatasetWriter writer(options.output, static_cast<int64_t>(images.size()));
  PixelArray first;
  for (const ListedImage& image : images) {
    const Location where{options.list, image.line};
    Sample sample;
    try {
      sample = ReadSample(image, options);
      if (first.channels == 0) first = {3, sample.pixels.height, sample.pixels.width, {}, {}};
      if (options.check_size) CheckSize(sample.pixels, first);
    } catch (const Error& error) {
      const std::string& file = error.where().file;
      throw Error(where, Cat("'", file.empty() ? image.path : file, "': ", error.message()),
                  error.kind());
    }
    sample.where = where;
    writer.Add(sample);
  }
  writer.Finish();
}

}  // namespace

Command DatasetImagesCommand() {
  const auto options = std::make_shared<ImagesOptions>();
  Command command;
  command.name = "demitasse dataset images";
  command.summary = "a data set of the pictures (PNG, JPEG) that a list names";
  command.usage = {"LIST --output=PATH [flags]", "[flags] ROOT/ LIST PATH"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = ImagesFlags(options.get());
  command.names = &options->names;
  command.run = [options] {
    TakeNames(options.get());
    options->encoded = options->encoded || options->encoding != Encoding::kAsStored;
    CheckOptions(*options);
    WriteImages(*options);
  };
  return command;
}

}  // namespace demitasse
