// WindowData: batch_size windows of pictures, drawn at random from a window file as R-CNN makes it
// ("# NUMBER", picture, channels, height, width, count, then "class overlap x1 y1 x2 y2" for each
// window), and their classes. The share fg_fraction of a batch, its last part, overlaps an object
// by at least fg_threshold; the others, of class 0, overlap all by less than bg_threshold. Windows
// are stretched to crop_size x crop_size (crop_mode: "warp"), or cut as squares around them
// ("square"), with context_pad pixels of surroundings on each side; what is beyond the picture is
// 0. y = scale * (x - mean), with the centre of mean_file, and mirrored with probability 1/2 if
// `mirror` is set; these are in transform_param. (Caffe looks for scale where no file can have it,
// and takes it as 1.) Channels are blue, green, red. Paths start at the working directory or beside
// the file they stand in, root_folder in front. Batches are prepared in the background,
// data_param.prefetch of them ahead. No gradient. Girshick, Donahue, Darrell, Malik (2014), "Rich
// feature hierarchies for accurate object detection and semantic segmentation".

#include <algorithm>
#include <memory>

#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/data_fields.hpp"
#include "layers/common/pixel_mean.hpp"
#include "layers/common/prefetcher.hpp"
#include "layers/common/sample_loader.hpp"
#include "layers/common/window_crop.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/find_file.hpp"

namespace demitasse {
namespace {

constexpr char kSource[] = "window_data_param.source";
constexpr int kChannels = 3;

class WindowDataLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int ExactNumTopBlobs() const override { return 2; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

  void SkipBatches(int64_t batches) override { prefetcher_->Skip(batches); }

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    prefetcher_->Next(top);
  }

 private:
  void ReadOptions();
  void ReadWindows();
  void SortWindow(Window window);
  void LoadBatch(int64_t number, Batch* batch);
  // Draws item `index` of a batch and writes it.
  void LoadItem(int index, uint64_t seed, Batch* batch) const;
  Picture ReadImage(int index) const;
  void WriteItem(const Picture& part, const WindowCrop& crop, bool mirror, float* to) const;
  const float* MeanRow(int channel, int y) const;

  const caffe::WindowDataParameter& param() const { return layer_param_.window_data_param(); }

  int batch_size_ = 0;
  int foregrounds_ = 0;  // in a batch
  CropOptions crop_;
  uint64_t seed_ = 0;
  std::string windows_path_;
  std::string named_in_;  // the file that says where the pictures are
  std::vector<std::string> images_;
  std::vector<std::string> cached_;  // the pictures' files, if they are kept in memory
  std::vector<Window> foreground_;
  std::vector<Window> background_;
  std::unique_ptr<const PixelMean> mean_;
  std::unique_ptr<Prefetcher> prefetcher_;  // last: its thread uses what stands above
};

void WindowDataLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                                 const std::vector<Blob*>& top) {
  ReadOptions();
  const int prefetch = PrefetchDepth(*this);
  mean_ = std::make_unique<PixelMean>(*this);
  mean_->CheckChannels(kChannels);
  const NdArray& pixels = mean_->pixels();
  if (!pixels.values.empty() && std::min(pixels.shape[1], pixels.shape[2]) < crop_.size) {
    throw Fail("transform_param.mean_file",
               Cat("the mean is ", pixels.shape[1], " x ", pixels.shape[2],
                   ", smaller than crop_size, ", crop_.size));
  }
  top[0]->Reshape({batch_size_, kChannels, crop_.size, crop_.size});
  top[1]->Reshape({batch_size_});
  if (shapes_only()) {
    RequirePath(*this, kSource, param().source());
    return;
  }
  ReadWindows();
  seed_ = rng()->Next();
  prefetcher_ = std::make_unique<Prefetcher>(
      prefetch, [this](int64_t number, Batch* batch) { LoadBatch(number, batch); });
  prefetcher_->CountMemory(top);
}

void WindowDataLayer::ReadOptions() {
  batch_size_ = CountField(*this, "window_data_param.batch_size", param().batch_size());
  crop_.size =
      CountField(*this, "transform_param.crop_size", layer_param_.transform_param().crop_size());
  crop_.context_pad = CountField(*this, "window_data_param.context_pad", param().context_pad(), 0);
  if (int64_t{2} * crop_.context_pad >= crop_.size) {
    throw Fail("window_data_param.context_pad",
               Cat("context_pad must be less than half of crop_size, ", crop_.size, ", got ",
                   crop_.context_pad));
  }
  crop_.square = param().crop_mode() == "square";
  if (!crop_.square && param().crop_mode() != "warp") {
    throw Fail("window_data_param.crop_mode",
               Cat("unknown crop_mode '", param().crop_mode(), "'",
                   DidYouMean(param().crop_mode(), {"square", "warp"}), " (known: square, warp)"));
  }
  if (!(param().fg_fraction() >= 0 && param().fg_fraction() <= 1)) {  // NaN neither
    throw Fail("window_data_param.fg_fraction",
               Cat("fg_fraction must be from 0 to 1, got ", param().fg_fraction()));
  }
  // As a float, the product may be a number beyond int.
  foregrounds_ = static_cast<int>(
      std::min<double>(static_cast<float>(batch_size_) * param().fg_fraction(), batch_size_));
}

void WindowDataLayer::ReadWindows() {
  windows_path_ = FindNamedFile(*this, kSource, param().source());
  named_in_ =
      param().root_folder().empty() ? windows_path_ : Where("window_data_param.root_folder").file;
  WindowFile file;
  try {
    file = ReadWindowFile(windows_path_);
  } catch (const Error& error) {
    throw FileError(*this, kSource, error);
  }
  images_ = std::move(file.images);
  for (const Window& window : file.windows) SortWindow(window);
  if (foregrounds_ > 0 && foreground_.empty()) {
    throw Fail(kSource, Cat("'", windows_path_, "' has no window that overlaps an object by ",
                            param().fg_threshold(), " (fg_threshold)"));
  }
  if (foregrounds_ < batch_size_ && background_.empty()) {
    throw Fail(kSource,
               Cat("'", windows_path_, "' has no window that overlaps its objects by less than ",
                   param().bg_threshold(), " (bg_threshold)"));
  }
}

void WindowDataLayer::SortWindow(Window window) {
  if (window.overlap >= param().fg_threshold()) {
    if (window.label < 1) {
      throw Fail(kSource, Cat("'", ToString(Location{windows_path_, window.line}),
                              "': the class of a window that overlaps an object must be at least "
                              "1, got ",
                              window.label));
    }
    foreground_.push_back(window);
  } else if (window.overlap < param().bg_threshold()) {
    window.label = 0;
    background_.push_back(window);
  }
}

void WindowDataLayer::LoadBatch(int64_t number, Batch* batch) {
  if (param().cache_images() && cached_.empty()) {
    cached_.resize(images_.size());
    for (size_t i = 0; i < images_.size(); ++i) {
      cached_[i] =
          ReadFile(FindFile(param().root_folder() + images_[i], named_in_), int64_t{1} << 32);
    }
  }
  batch->shape = {batch_size_, kChannels, crop_.size, crop_.size};
  const int64_t size = ShapeSize(batch->shape);
  batch->data.assign(static_cast<size_t>(size), 0);
  batch->labels.resize(static_cast<size_t>(batch_size_));
  const uint64_t seed = SeedFor(seed_, number);
  ForEachSample(batch_size_, size / batch_size_,
                [&](int index) { LoadItem(index, SeedFor(seed, index), batch); });
}

void WindowDataLayer::LoadItem(int index, uint64_t seed, Batch* batch) const {
  Rng rng(seed);
  const std::vector<Window>& windows =
      index < batch_size_ - foregrounds_ ? background_ : foreground_;
  const Window& window = windows[rng.Below(windows.size())];
  const bool mirror = rng.Bernoulli(0.5f) && layer_param_.transform_param().mirror();
  batch->labels[static_cast<size_t>(index)] = static_cast<float>(window.label);
  try {
    const Picture picture = ReadImage(window.image);
    const WindowCrop crop = PlaceWindow(window, picture, crop_, mirror);
    if (crop.scaled_width == 0 || crop.scaled_height == 0) return;
    WriteItem(CutOut(picture, crop), crop, mirror,
              batch->data.data() + index * ShapeSize({kChannels, crop_.size, crop_.size}));
  } catch (const Error& error) {
    throw Fail(kSource,
               Cat("picture '", images_[static_cast<size_t>(window.image)], "', for the window of ",
                   ToString(Location{windows_path_, window.line}), ": ", error.message()),
               error.kind());
  }
}

Picture WindowDataLayer::ReadImage(int index) const {
  const auto at = static_cast<size_t>(index);
  const std::string path = param().root_folder() + images_[at];
  return cached_.empty() ? ReadPicture(FindFile(path, named_in_))
                         : DecodePicture(cached_[at], path);
}

void WindowDataLayer::WriteItem(const Picture& part, const WindowCrop& crop, bool mirror,
                                float* to) const {
  const float scale = layer_param_.transform_param().scale();
  const PixelArray pixels = PictureToPixels(part, kChannels, part.height, part.width);
  const uint8_t* from = pixels.bytes.data();
  for (int c = 0; c < kChannels; ++c) {
    const float channel_mean = mean_->OfChannel(c);
    for (int y = 0; y < pixels.height; ++y, from += pixels.width) {
      const int64_t row = int64_t{c} * crop_.size + crop.top + y;
      float* const to_row = to + row * crop_.size + crop.left;
      const float* const mean_row = MeanRow(c, crop.top + y);
      for (int x = 0; x < pixels.width; ++x) {
        const float mean = mean_row == nullptr ? channel_mean : mean_row[crop.left + x];
        to_row[x] = (from[mirror ? pixels.width - 1 - x : x] - mean) * scale;
      }
    }
  }
}

// A row of the mean's centre; null if there is no mean of pixels.
const float* WindowDataLayer::MeanRow(int channel, int y) const {
  const NdArray& mean = mean_->pixels();
  if (mean.values.empty()) return nullptr;
  const int top = (mean.shape[1] - crop_.size) / 2;
  const int left = (mean.shape[2] - crop_.size) / 2;
  return mean.values.data() + (int64_t{channel} * mean.shape[1] + top + y) * mean.shape[2] + left;
}

}  // namespace
DEMITASSE_REGISTER_LAYER("WindowData", WindowDataLayer);
}  // namespace demitasse
