// Data: the next batch_size records of a database (backend: LMDB or LEVELDB) of Datum messages,
// each made ready by transform_param, and their labels as an optional second top. Behind the last
// record the first one follows. Batches are prepared in the background, `prefetch` of them ahead.
// Pictures in PNG or JPEG form (encoded: true) become blue, green, red or grey channels; those
// without crop_size may differ in size from one batch to the next. rand_skip leaves out up to that
// many records at the start, less one. No gradient.

#include <memory>

#include "demitasse/layer_registry.hpp"
#include "demitasse/log.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/data_fields.hpp"
#include "layers/common/sample_loader.hpp"
#include "src/core/text.hpp"
#include "src/io/database.hpp"

namespace demitasse {
namespace {

constexpr char kSource[] = "data_param.source";

class DataLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int MinTopBlobs() const override { return 1; }
  int MaxTopBlobs() const override { return 2; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

  void SkipBatches(int64_t batches) override { prefetcher_->Skip(batches); }

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    prefetcher_->Next(top);
  }

 private:
  struct Record {
    std::string key;
    std::string value;
    float label = 0;
  };

  void Open();
  void GiveKnownShapes(const std::vector<Blob*>& top) const;
  void WarnIfNotEncoded() const;
  void MoveTo(int64_t position);
  void Advance();
  void LoadBatch(int64_t number, Batch* batch);
  // Reads `count` records from `position` on to records_.
  void ReadRecords(int64_t position, int count);
  PixelArray Decode(Record* record) const;
  Samples RecordSamples();

  std::string path_;
  int batch_size_ = 0;
  int64_t first_ = 0;  // the position of the first batch
  PictureColor color_ = PictureColor::kAsStored;
  std::unique_ptr<DatabaseCursor> cursor_;
  // Positions count records, and go on counting from one epoch to the next.
  int64_t position_ = 0;  // of the cursor
  int64_t count_ = 0;     // records in the database; 0 until its end was reached
  std::vector<Record> records_;
  std::unique_ptr<SampleLoader> loader_;
  std::unique_ptr<Prefetcher> prefetcher_;  // last: its thread uses what stands above
};

void DataLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) {
  const caffe::DataParameter& param = layer_param_.data_param();
  batch_size_ = CountField(*this, "data_param.batch_size", param.batch_size());
  const int prefetch = PrefetchDepth(*this);
  const uint64_t seed = rng()->Next();
  loader_ = std::make_unique<SampleLoader>(*this, kSource, batch_size_, seed);
  color_ = loader_->transformer().color();
  if (color_ == PictureColor::kAsStored && param.force_encoded_color()) {
    color_ = PictureColor::kColor;
  }
  if (shapes_only()) {
    GiveKnownShapes(top);
    return;
  }
  Open();
  first_ = RandomSkip(param.rand_skip(), seed);
  ReadRecords(first_, 1);
  top[0]->Reshape(loader_->BatchShape(RecordSamples()));
  WarnIfNotEncoded();
  if (top.size() > 1) top[1]->Reshape({batch_size_});
  prefetcher_ = std::make_unique<Prefetcher>(
      prefetch, [this](int64_t number, Batch* batch) { LoadBatch(number, batch); });
  prefetcher_->CountMemory(top);
}

// Without a look at the database, that of pictures is known if they are cut and either decoded to
// a colour or given a mean for each channel.
void DataLayer::GiveKnownShapes(const std::vector<Blob*>& top) const {
  RequirePath(*this, kSource, layer_param_.data_param().source());
  if (top.size() > 1) top[1]->Reshape({batch_size_});
  const int means = layer_param_.transform_param().mean_value_size();
  int channels = means > 1 ? means : 0;
  if (color_ == PictureColor::kColor) channels = 3;
  if (color_ == PictureColor::kGray) channels = 1;
  const int side = loader_->transformer().crop_size();
  if (channels == 0 || side == 0) return;
  const std::vector<int> cut = loader_->transformer().OutputShape({channels, side, side, {}, {}});
  top[0]->Reshape({batch_size_, cut[0], cut[1], cut[2]});
}

void DataLayer::Open() {
  const bool lmdb = layer_param_.data_param().backend() == caffe::DataParameter::LMDB;
  path_ = FindNamedFile(*this, kSource, layer_param_.data_param().source());
  try {
    cursor_ = OpenDatabase(path_, lmdb ? DatabaseKind::kLmdb : DatabaseKind::kLevelDb);
  } catch (const Error& error) {
    throw FileError(*this, kSource, error);
  }
  if (cursor_->AtEnd()) throw Fail(kSource, Cat("'", path_, "' holds no records"));
}

void DataLayer::WarnIfNotEncoded() const {
  const bool forced = loader_->transformer().color() != PictureColor::kAsStored;
  if (!forced || ParseDatum(records_[0].value).encoded()) return;
  LogWarning(Cat("layer '", layer_param_.name(),
                 "' (Data): force_color and force_gray are for encoded pictures; those of '", path_,
                 "' are not encoded, and stay as they are"));
}

void DataLayer::Advance() {
  cursor_->Next();
  ++position_;
  if (!cursor_->AtEnd()) return;
  if (count_ == 0) count_ = position_;
  cursor_->ToFirst();
}

void DataLayer::MoveTo(int64_t position) {
  if (position < position_) {
    cursor_->ToFirst();
    position_ = 0;
  }
  while (position_ < position) {
    Advance();
    if (count_ > 0) position_ += (position - position_) / count_ * count_;
  }
}

void DataLayer::ReadRecords(int64_t position, int count) {
  MoveTo(position);
  records_.resize(static_cast<size_t>(count));
  for (Record& record : records_) {
    record.key = cursor_->key();
    record.value = cursor_->value();
    Advance();
  }
}

PixelArray DataLayer::Decode(Record* record) const {
  const caffe::Datum datum = ParseDatum(record->value);
  record->label = static_cast<float>(datum.label());
  return DatumToPixels(datum, color_, Cat("'", path_, "'"));
}

Samples DataLayer::RecordSamples() {
  return {[this](int index) { return Decode(&records_[static_cast<size_t>(index)]); },
          [this](int index) {
            return Cat("record '", OneLine(records_[static_cast<size_t>(index)].key), "' of '",
                       path_, "'");
          }};
}

void DataLayer::LoadBatch(int64_t number, Batch* batch) {
  ReadRecords(first_ + number * batch_size_, batch_size_);
  loader_->Load(RecordSamples(), number, batch);
  batch->labels.clear();
  for (const Record& record : records_) batch->labels.push_back(record.label);
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Data", DataLayer);
}  // namespace demitasse
