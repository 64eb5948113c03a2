#include "demitasse/filler.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

using caffe::FillerParameter;

void FillConstant(const FillerParameter& param, Rng* /*rng*/, Blob* blob) {
  float* const data = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) data[i] = param.value();
}

void FillBetween(float low, float high, Rng* rng, Blob* blob) {
  float* const data = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) data[i] = rng->Uniform(low, high);
}

void CheckUniform(const FillerParameter& param, const Blob& /*blob*/) {
  if (!(param.min() <= param.max())) {
    throw FillerError("min",
                      Cat("min must not be above max, got ", param.min(), " and ", param.max()));
  }
}

void FillUniform(const FillerParameter& param, Rng* rng, Blob* blob) {
  FillBetween(param.min(), param.max(), rng, blob);
}

void FillNormal(float mean, float standard_deviation, Rng* rng, Blob* blob) {
  float* const data = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) data[i] = rng->Gaussian(mean, standard_deviation);
}

void CheckGaussian(const FillerParameter& param, const Blob& blob) {
  if (param.std() < 0) throw FillerError("std", Cat("std must not be negative, got ", param.std()));
  if (param.sparse() >= 0 && (blob.num_axes() < 1 || blob.shape(0) == 0)) {
    throw FillerError("sparse", Cat("sparse needs outputs on the first axis, got a blob of ",
                                    blob.shape_string()));
  }
}

void FillGaussian(const FillerParameter& param, Rng* rng, Blob* blob) {
  FillNormal(param.mean(), param.std(), rng, blob);
  if (param.sparse() < 0) return;
  const float kept = static_cast<float>(param.sparse()) / static_cast<float>(blob->shape(0));
  float* const data = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) {
    if (!rng->Bernoulli(kept)) data[i] = 0;
  }
}

void FillPositiveUnitball(const FillerParameter& /*param*/, Rng* rng, Blob* blob) {
  FillBetween(0, 1, rng, blob);
  if (blob->size() == 0) return;
  const int64_t rows = blob->num_axes() > 0 ? blob->shape(0) : 1;
  const int64_t row_size = blob->size() / rows;
  float* const data = blob->mutable_cpu_data();
  for (float* row = data; row < data + blob->size(); row += row_size) {
    double sum = 0;
    for (int64_t i = 0; i < row_size; ++i) sum += row[i];
    for (int64_t i = 0; i < row_size && sum > 0; ++i) row[i] = static_cast<float>(row[i] / sum);
  }
}

double Fan(const FillerParameter& param, const Blob& blob) {
  const double size = static_cast<double>(blob.size());
  const double fan_in = blob.num_axes() > 0 ? size / blob.shape(0) : size;
  const double fan_out = blob.num_axes() > 1 ? size / blob.shape(1) : size;
  switch (param.variance_norm()) {
    case FillerParameter::FAN_OUT:
      return fan_out;
    case FillerParameter::AVERAGE:
      return (fan_in + fan_out) / 2;
    default:
      return fan_in;
  }
}

void FillXavier(const FillerParameter& param, Rng* rng, Blob* blob) {
  const float bound = static_cast<float>(std::sqrt(3.0 / Fan(param, *blob)));
  FillBetween(-bound, bound, rng, blob);
}

void FillMsra(const FillerParameter& param, Rng* rng, Blob* blob) {
  FillNormal(0, static_cast<float>(std::sqrt(2.0 / Fan(param, *blob))), rng, blob);
}

void CheckBilinear(const FillerParameter& /*param*/, const Blob& blob) {
  if (blob.num_axes() != 4 || blob.shape(2) != blob.shape(3)) {
    throw FillerError("type",
                      Cat("the bilinear filler needs 4 axes and a square kernel, got a blob of ",
                          blob.shape_string()));
  }
}

void FillBilinear(const FillerParameter& /*param*/, Rng* /*rng*/, Blob* blob) {
  const int side = blob->shape(3);
  const int factor = (side + 1) / 2;
  const float center = static_cast<float>(side - 1) / (2.0f * static_cast<float>(factor));
  const auto weight = [&](int64_t i) {
    return 1 - std::abs(static_cast<float>(i) / static_cast<float>(factor) - center);
  };
  float* const data = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) data[i] = weight(i % side) * weight(i / side % side);
}

struct FillerType {
  void (*check)(const FillerParameter&, const Blob&);
  void (*fill)(const FillerParameter&, Rng*, Blob*);
};

void CheckNothing(const FillerParameter& /*param*/, const Blob& /*blob*/) {}

const std::map<std::string, FillerType>& FillerTypes() {
  static const std::map<std::string, FillerType> types = {
      {"constant", {CheckNothing, FillConstant}},
      {"uniform", {CheckUniform, FillUniform}},
      {"gaussian", {CheckGaussian, FillGaussian}},
      {"positive_unitball", {CheckNothing, FillPositiveUnitball}},
      {"xavier", {CheckNothing, FillXavier}},
      {"msra", {CheckNothing, FillMsra}},
      {"bilinear", {CheckBilinear, FillBilinear}},
  };
  return types;
}

}  // namespace

void CheckFiller(const FillerParameter& param, const Blob& blob) {
  const auto type = FillerTypes().find(param.type());
  if (type == FillerTypes().end()) {
    std::vector<std::string> known;
    for (const auto& entry : FillerTypes()) known.push_back(entry.first);
    throw FillerError("type", Cat("unknown filler type '", param.type(), "'",
                                  DidYouMean(param.type(), known), " (known: ", Join(known), ")"));
  }
  if (param.sparse() >= 0 && param.type() != "gaussian") {
    throw FillerError("sparse",
                      Cat("sparse is for the gaussian filler, not for '", param.type(), "'"));
  }
  type->second.check(param, blob);
}

void Fill(const FillerParameter& param, Rng* rng, Blob* blob) {
  CheckFiller(param, *blob);
  FillerTypes().at(param.type()).fill(param, rng, blob);
}

}  // namespace demitasse
