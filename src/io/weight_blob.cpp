#include "src/io/weight_blob.hpp"

#include <cstdint>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "src/core/blob_proto.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

template <typename BlobProto>
WeightBlob Convert(const BlobProto& proto) {
  WeightBlob blob;
  blob.legacy_shape =
      proto.has_num() || proto.has_channels() || proto.has_height() || proto.has_width();
  if (blob.legacy_shape) {
    blob.shape = {proto.num(), proto.channels(), proto.height(), proto.width()};
  } else {
    blob.shape = ShapeFromProto(proto.shape().dim());
  }
  const int64_t needed = ShapeSize(blob.shape);
  const bool is_double = proto.double_data_size() > 0;
  const int given = is_double ? proto.double_data_size() : proto.data_size();
  if (given != needed) {
    throw Error(
        Cat("the shape ", ShapeString(blob.shape), " needs ", needed, " values, got ", given));
  }
  if (is_double) {
    blob.values.assign(proto.double_data().begin(), proto.double_data().end());
  } else {
    blob.values.assign(proto.data().begin(), proto.data().end());
  }
  return blob;
}

}  // namespace

WeightBlob ToWeightBlob(const weights::BlobProto& proto) { return Convert(proto); }

WeightBlob ToWeightBlob(const caffe::BlobProto& proto) { return Convert(proto); }

}  // namespace demitasse
