// ImageData: the next batch_size pictures (PNG or JPEG) of a list, each scaled to new_height x
// new_width if they are given and made ready by transform_param, and their labels. source is a text
// file of lines "PATH LABEL"; the last blank of a line splits it. root_folder is put in front of
// every path. Paths start at the working directory or beside the file they stand in. Channels are
// blue, green, red, or grey with is_color: false. With shuffle the pictures come in another order
// every epoch. rand_skip leaves out up to that many pictures at the start, less one. Pictures
// without new_height and crop_size may differ in size from one batch to the next. Batches are
// prepared in the background, data_param.prefetch of them ahead. No gradient.

#include <memory>
#include <numeric>
#include <utility>

#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/data_fields.hpp"
#include "layers/common/sample_loader.hpp"
#include "src/core/shuffle.hpp"
#include "src/core/text.hpp"
#include "src/io/find_file.hpp"
#include "src/io/image_list.hpp"
#include "src/io/picture.hpp"

namespace demitasse {
namespace {

constexpr char kSource[] = "image_data_param.source";

class ImageDataLayer : public Layer {
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
  void ReadSizes();
  void GiveKnownShapes(const std::vector<Blob*>& top) const;
  void ReadList();
  void LoadBatch(int64_t number, Batch* batch);
  // The pictures of the list that a batch of `count` from `position` on has.
  void Choose(int64_t position, int count);
  void Order(int64_t epoch);
  PixelArray Read(const ListedImage& image) const;
  Samples ChosenSamples() const;

  int batch_size_ = 0;
  int new_height_ = 0;
  int new_width_ = 0;
  uint64_t order_seed_ = 0;
  int64_t first_ = 0;  // the first batch's position; positions count pictures over all epochs
  std::string list_path_;
  std::string named_in_;  // the file that says where the pictures are
  std::vector<ListedImage> images_;
  std::vector<int64_t> order_;  // of the images in `epoch_`
  int64_t epoch_ = -1;
  std::vector<const ListedImage*> chosen_;
  std::unique_ptr<SampleLoader> loader_;
  std::unique_ptr<Prefetcher> prefetcher_;  // last: its thread uses what stands above
};

void ImageDataLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                                const std::vector<Blob*>& top) {
  const caffe::ImageDataParameter& param = layer_param_.image_data_param();
  batch_size_ = CountField(*this, "image_data_param.batch_size", param.batch_size());
  const int prefetch = PrefetchDepth(*this);
  ReadSizes();
  const uint64_t seed = rng()->Next();
  order_seed_ = SeedFor(seed, -1);
  loader_ = std::make_unique<SampleLoader>(*this, kSource, batch_size_, seed);
  if (shapes_only()) {
    GiveKnownShapes(top);
    return;
  }
  ReadList();
  if (param.rand_skip() > images_.size()) {
    throw Fail("image_data_param.rand_skip",
               Cat("rand_skip must be at most the number of pictures in '", list_path_, "', ",
                   images_.size(), ", got ", param.rand_skip()));
  }
  first_ = RandomSkip(param.rand_skip(), seed);
  Choose(first_, 1);
  top[0]->Reshape(loader_->BatchShape(ChosenSamples()));
  top[1]->Reshape({batch_size_});
  prefetcher_ = std::make_unique<Prefetcher>(
      prefetch, [this](int64_t number, Batch* batch) { LoadBatch(number, batch); });
  prefetcher_->CountMemory(top);
}

void ImageDataLayer::ReadSizes() {
  const caffe::ImageDataParameter& param = layer_param_.image_data_param();
  new_height_ = CountField(*this, "image_data_param.new_height", param.new_height(), 0);
  new_width_ = CountField(*this, "image_data_param.new_width", param.new_width(), 0);
  if ((new_height_ > 0) != (new_width_ > 0)) {
    throw Fail(new_height_ > 0 ? "image_data_param.new_height" : "image_data_param.new_width",
               Cat("give both new_height and new_width, or none of them, got ", new_height_,
                   " and ", new_width_));
  }
}

// Without a look at the list, the size of pictures is known if they are scaled or cut.
void ImageDataLayer::GiveKnownShapes(const std::vector<Blob*>& top) const {
  const caffe::ImageDataParameter& param = layer_param_.image_data_param();
  RequirePath(*this, kSource, param.source());
  top[1]->Reshape({batch_size_});
  const DataTransformer& transformer = loader_->transformer();
  const bool is_scaled = new_height_ > 0;
  if (!is_scaled && transformer.crop_size() == 0) return;
  const std::vector<int> sample =
      transformer.OutputShape({param.is_color() ? 3 : 1,
                               is_scaled ? new_height_ : transformer.crop_size(),
                               is_scaled ? new_width_ : transformer.crop_size(),
                               {},
                               {}});
  top[0]->Reshape({batch_size_, sample[0], sample[1], sample[2]});
}

void ImageDataLayer::ReadList() {
  const caffe::ImageDataParameter& param = layer_param_.image_data_param();
  list_path_ = FindNamedFile(*this, kSource, param.source());
  named_in_ = param.root_folder().empty() ? list_path_ : Where("image_data_param.root_folder").file;
  try {
    images_ = ReadImageList(list_path_);
  } catch (const Error& error) {
    throw FileError(*this, kSource, error);
  }
}

void ImageDataLayer::Order(int64_t epoch) {
  epoch_ = epoch;
  order_.resize(images_.size());
  std::iota(order_.begin(), order_.end(), int64_t{0});
  if (!layer_param_.image_data_param().shuffle()) return;
  ShuffleBySeed(SeedFor(order_seed_, epoch), &order_);
}

void ImageDataLayer::Choose(int64_t position, int count) {
  const auto size = static_cast<int64_t>(images_.size());
  chosen_.clear();
  for (int64_t at = position; at < position + count; ++at) {
    if (at / size != epoch_) Order(at / size);
    chosen_.push_back(&images_[static_cast<size_t>(order_[static_cast<size_t>(at % size)])]);
  }
}

PixelArray ImageDataLayer::Read(const ListedImage& image) const {
  const caffe::ImageDataParameter& param = layer_param_.image_data_param();
  const Picture picture = ReadPicture(FindFile(param.root_folder() + image.path, named_in_));
  return PictureToPixels(picture, param.is_color() ? 3 : 1,
                         new_height_ > 0 ? new_height_ : picture.height,
                         new_width_ > 0 ? new_width_ : picture.width);
}

Samples ImageDataLayer::ChosenSamples() const {
  return {
      [this](int index) { return Read(*chosen_[static_cast<size_t>(index)]); },
      [this](int index) {
        const ListedImage& image = *chosen_[static_cast<size_t>(index)];
        return Cat("picture '", image.path, "' of ", ToString(Location{list_path_, image.line}));
      }};
}

void ImageDataLayer::LoadBatch(int64_t number, Batch* batch) {
  Choose(first_ + number * batch_size_, batch_size_);
  loader_->Load(ChosenSamples(), number, batch);
  batch->labels.clear();
  for (const ListedImage* image : chosen_) {
    batch->labels.push_back(static_cast<float>(image->label));
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("ImageData", ImageDataLayer);
}  // namespace demitasse
