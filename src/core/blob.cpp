#include "demitasse/blob.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

int ToInt(int64_t count) {
  if (count > std::numeric_limits<int>::max()) {
    throw Error(Cat(count,
                    " elements are more than 2147483647, the most that one axis can have and "
                    "count() can tell (size() tells any number)"));
  }
  return static_cast<int>(count);
}

float AbsoluteSum(const float* values, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) sum += std::abs(values[i]);
  return static_cast<float>(sum);
}

float SquareSum(const float* values, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) sum += static_cast<double>(values[i]) * values[i];
  return static_cast<float>(sum);
}

void CheckSameSize(const Blob& to, const Blob& from) {
  if (to.size() != from.size()) {
    throw Error(Cat("cannot share between blobs of ", from.shape_string(), " and ",
                    to.shape_string(), ": they need as many elements"));
  }
}

}  // namespace

std::string ShapeString(const std::vector<int>& shape) {
  std::string text;
  uint64_t size = 1;  // of a shape that is not a blob's, the product may overflow
  for (const int dimension : shape) {
    text += std::to_string(dimension) + " ";
    size *= static_cast<uint64_t>(dimension);
  }
  return text + "(" + std::to_string(static_cast<int64_t>(size)) + ")";
}

int64_t ShapeSize(const std::vector<int>& shape) {
  if (shape.size() > kMaxBlobAxes) {
    throw Error(Cat("a blob has at most ", kMaxBlobAxes, " axes, got ", shape.size()));
  }
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / 8;  // so that bytes fit too
  int64_t size = 1;  // without the dimensions that are 0, so that the size of some axes fits too
  bool too_large = false;
  bool empty = false;
  for (const int dimension : shape) {
    if (dimension < 0) throw Error(Cat("a dimension must not be negative, got ", dimension));
    if (dimension == 0) empty = true;
    if (dimension > 0 && size > kMost / dimension) too_large = true;
    if (dimension > 0 && !too_large) size *= dimension;
  }
  if (too_large) {
    std::vector<std::string> dimensions;
    dimensions.reserve(shape.size());
    for (const int dimension : shape) dimensions.push_back(std::to_string(dimension));
    throw Error(Cat("a blob of ", Join(dimensions, " x "), " is too large for any machine"));
  }
  return empty ? 0 : size;
}

void Blob::Reshape(const std::vector<int>& shape) {
  const int64_t size = ShapeSize(shape);
  shape_ = shape;
  size_ = size;
  has_shape_ = true;
  if (data_ == nullptr) {
    data_ = std::make_shared<Buffer>(size);
    diff_ = std::make_shared<Buffer>(size);
    return;
  }
  // A blob keeps the budget it was made with.
  if (size > data_->size()) data_ = std::make_shared<Buffer>(size, data_->budget());
  if (size > diff_->size()) diff_ = std::make_shared<Buffer>(size, diff_->budget());
}

void Blob::Reshape(int num, int channels, int height, int width) {
  Reshape({num, channels, height, width});
}

int64_t Blob::size(int start_axis, int end_axis) const {
  if (start_axis < 0 || start_axis > end_axis || end_axis > num_axes()) {
    throw Error(Cat("axes [", start_axis, ", ", end_axis, ") are not within the ", num_axes(),
                    " axes of a blob of ", shape_string()));
  }
  int64_t size = 1;
  for (int axis = start_axis; axis < end_axis; ++axis) size *= shape_[axis];
  return size;
}

int Blob::count() const { return ToInt(size_); }

int Blob::count(int start_axis, int end_axis) const { return ToInt(size(start_axis, end_axis)); }

int Blob::CanonicalAxisIndex(int axis) const {
  if (axis < -num_axes() || axis >= num_axes()) {
    throw Error(
        Cat("axis ", axis, " is outside a blob of ", num_axes(), " axes, ", shape_string()));
  }
  return axis < 0 ? axis + num_axes() : axis;
}

int Blob::LegacyShape(int index) const {
  if (num_axes() > 4) {
    throw Error(Cat("num, channels, height and width are not defined for a blob of ", num_axes(),
                    " axes, ", shape_string()));
  }
  if (index < -4 || index >= 4) throw Error(Cat("no axis ", index, " in a blob of 4 axes"));
  return index < num_axes() && index >= -num_axes() ? shape(index) : 1;
}

int64_t Blob::offset(int n, int c, int h, int w) const {
  return ((static_cast<int64_t>(n) * channels() + c) * height() + h) * width() + w;
}

int64_t Blob::offset(const std::vector<int>& indices) const {
  if (static_cast<int>(indices.size()) > num_axes()) {
    throw Error(Cat(indices.size(), " indices for a blob of ", shape_string()));
  }
  int64_t offset = 0;
  for (int axis = 0; axis < num_axes(); ++axis) {
    offset *= shape_[axis];
    if (axis < static_cast<int>(indices.size())) {
      if (indices[axis] < 0 || indices[axis] >= shape_[axis]) {
        throw Error(Cat("index ", indices[axis], " on axis ", axis, " is outside a blob of ",
                        shape_string()));
      }
      offset += indices[axis];
    }
  }
  return offset;
}

void Blob::ShareData(const Blob& other) {
  CheckSameSize(*this, other);
  data_ = other.data();
}

void Blob::ShareDiff(const Blob& other) {
  CheckSameSize(*this, other);
  diff_ = other.diff();
}

void Blob::UseMemory(std::shared_ptr<Buffer> memory) {
  if (memory->size() < size_) {
    throw Error(
        Cat("a blob of ", shape_string(), " does not fit into ", memory->size(), " values"));
  }
  data_ = std::move(memory);
}

void Blob::set_cpu_data(float* data) { data_ = std::make_shared<Buffer>(data, size_); }

void Blob::CopyFrom(const Blob& source, bool copy_diff, bool reshape) {
  if (source.shape() != shape_) {
    if (!reshape) {
      throw Error(
          Cat("cannot copy a blob of ", source.shape_string(), " to one of ", shape_string()));
    }
    ReshapeLike(source);
  }
  if (copy_diff) {
    std::copy_n(source.cpu_diff(), size_, mutable_cpu_diff());
  } else {
    std::copy_n(source.cpu_data(), size_, mutable_cpu_data());
  }
}

void Blob::Update() {
  const float* const diff = cpu_diff();
  float* const data = mutable_cpu_data();
  for (int64_t i = 0; i < size_; ++i) data[i] -= diff[i];
}

float Blob::asum_data() const { return AbsoluteSum(cpu_data(), size_); }
float Blob::asum_diff() const { return AbsoluteSum(cpu_diff(), size_); }
float Blob::sumsq_data() const { return SquareSum(cpu_data(), size_); }
float Blob::sumsq_diff() const { return SquareSum(cpu_diff(), size_); }

void Blob::scale_data(float factor) {
  float* const data = mutable_cpu_data();
  for (int64_t i = 0; i < size_; ++i) data[i] *= factor;
}

void Blob::scale_diff(float factor) {
  float* const diff = mutable_cpu_diff();
  for (int64_t i = 0; i < size_; ++i) diff[i] *= factor;
}

}  // namespace demitasse
