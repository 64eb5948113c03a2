#include "src/core/blob_proto.hpp"

#include <algorithm>
#include <limits>

#include "demitasse/blob.hpp"
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

// The shape of the old form had four axes.
std::vector<int> Shape(const caffe::BlobProto& proto) {
  if (proto.has_shape() || !IsLegacy(proto)) return ShapeFromProto(proto.shape().dim());
  return {proto.num(), proto.channels(), proto.height(), proto.width()};
}

template <typename Values>
void CopyValues(const Values& values, const Blob& blob, float* to) {
  if (values.size() != blob.size()) {
    throw Error(Cat("a blob of ", blob.shape_string(), " is given ", values.size(), " values"));
  }
  for (const auto value : values) *to++ = static_cast<float>(value);
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

void Blob::ReshapeAs(const caffe::BlobShape& shape) { Reshape(ShapeFromProto(shape.dim())); }

bool Blob::ShapeEquals(const caffe::BlobProto& proto) const {
  if (proto.has_shape()) return ShapeFromProto(proto.shape().dim()) == shape_;
  return !IsLegacy(proto) || WithoutOnes(Shape(proto)) == WithoutOnes(shape_);
}

void Blob::FromProto(const caffe::BlobProto& proto, bool reshape) {
  if (reshape) {
    Reshape(Shape(proto));
  } else if (!ShapeEquals(proto)) {
    throw Error(
        Cat("a blob of ", ShapeString(Shape(proto)), " is given for one of ", shape_string()));
  }
  if (proto.double_data_size() > 0) {
    CopyValues(proto.double_data(), *this, mutable_cpu_data());
  } else {
    CopyValues(proto.data(), *this, mutable_cpu_data());
  }
  if (proto.double_diff_size() > 0) {
    CopyValues(proto.double_diff(), *this, mutable_cpu_diff());
  } else if (proto.diff_size() > 0) {
    CopyValues(proto.diff(), *this, mutable_cpu_diff());
  }
}

void Blob::ToProto(caffe::BlobProto* proto, bool write_diff) const {
  proto->Clear();
  for (const int dimension : shape_) proto->mutable_shape()->add_dim(dimension);
  const float* const data = cpu_data();
  proto->mutable_data()->Add(data, data + count());
  if (write_diff) {
    const float* const diff = cpu_diff();
    proto->mutable_diff()->Add(diff, diff + count());
  }
}

}  // namespace demitasse
