#include "src/core/blob_proto.hpp"

#include <algorithm>
#include <limits>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

bool IsLegacy(const caffe::BlobProto& proto) {
  return proto.has_num() || proto.has_channels() || proto.has_height() || proto.has_width();
}

std::vector<int> WithoutOnes(std::vector<int> shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), 1), shape.end());
  return shape;
}

template <typename Values>
void CopyValues(const Values& values, Blob* blob) {
  if (values.size() != blob->size()) {
    throw Error(Cat("a blob of ", blob->shape_string(), " is given ", values.size(), " values"));
  }
  float* data = blob->mutable_cpu_data();
  for (const auto value : values) *data++ = static_cast<float>(value);
}

}  // namespace

std::vector<int> ShapeFromProto(const google::protobuf::RepeatedField<int64_t>& dimensions) {
  std::vector<int> shape;
  for (const int64_t dimension : dimensions) {
    if (dimension < 0 || dimension > std::numeric_limits<int>::max()) {
      throw Error(Cat("a dimension must be from 0 to ", std::numeric_limits<int>::max(), ", got ",
                      dimension));
    }
    shape.push_back(static_cast<int>(dimension));
  }
  return shape;
}

void BlobFromProto(const caffe::BlobProto& proto, Blob* blob) {
  if (proto.has_shape() && ShapeFromProto(proto.shape().dim()) != blob->shape()) {
    throw Error(Cat("a blob of ", ShapeString(ShapeFromProto(proto.shape().dim())),
                    " is given for one of ", blob->shape_string()));
  }
  if (!proto.has_shape() && IsLegacy(proto)) {
    const Blob legacy(proto.num(), proto.channels(), proto.height(), proto.width());
    if (WithoutOnes(legacy.shape()) != WithoutOnes(blob->shape())) {
      throw Error(
          Cat("a blob of ", legacy.shape_string(), " is given for one of ", blob->shape_string()));
    }
  }
  if (proto.double_data_size() > 0) {
    CopyValues(proto.double_data(), blob);
  } else {
    CopyValues(proto.data(), blob);
  }
}

void BlobToProto(const Blob& blob, bool with_diff, caffe::BlobProto* proto) {
  proto->Clear();
  for (const int dimension : blob.shape()) proto->mutable_shape()->add_dim(dimension);
  const float* const data = blob.cpu_data();
  proto->mutable_data()->Add(data, data + blob.count());
  if (with_diff) {
    const float* const diff = blob.cpu_diff();
    proto->mutable_diff()->Add(diff, diff + blob.count());
  }
}

}  // namespace demitasse
