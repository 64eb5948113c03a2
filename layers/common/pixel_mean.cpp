#include "layers/common/pixel_mean.hpp"

#include <algorithm>
#include <string>

#include "layers/common/data_fields.hpp"
#include "src/core/text.hpp"
#include "src/io/binary_proto.hpp"

namespace demitasse {
namespace {

constexpr char kMeanFile[] = "transform_param.mean_file";

std::string Sizes(const std::vector<int>& shape) {
  return Cat(shape[0], " x ", shape[1], " x ", shape[2]);
}

}  // namespace

PixelMean::PixelMean(const Layer& layer) : layer_(layer) {
  const caffe::TransformationParameter& param = layer.layer_param().transform_param();
  if (!param.has_mean_file()) return;
  if (param.mean_value_size() > 0) {
    throw layer.Fail("transform_param.mean_value[0]",
                     "give either mean_file or mean_value, not both");
  }
  RequirePath(layer, kMeanFile, param.mean_file());
  if (layer.shapes_only()) return;
  const std::string path = FindNamedFile(layer, kMeanFile, param.mean_file());
  try {
    pixels_ = ReadBinaryProto(path);
  } catch (const Error& error) {
    throw FileError(layer, kMeanFile, error);
  }
  // (1, channels, height, width) as Caffe writes it, or fewer axes.
  std::vector<int>& shape = pixels_.shape;
  while (shape.size() > 3 && shape.front() == 1) shape.erase(shape.begin());
  while (shape.size() < 3) shape.insert(shape.begin(), 1);
  if (shape.size() > 3) {
    throw layer.Fail(kMeanFile, Cat("'", path, "' is an array of ", ShapeString(shape),
                                    "; one mean picture is needed"));
  }
}

float PixelMean::OfChannel(int channel) const {
  const auto& values = layer_.layer_param().transform_param().mean_value();
  return values.empty() ? 0 : values.Get(values.size() == 1 ? 0 : channel);
}

void PixelMean::CheckFits(int channels, int height, int width) const {
  const std::vector<int> shape = {channels, height, width};
  if (!pixels_.values.empty() && pixels_.shape != shape) {
    throw layer_.Fail(kMeanFile,
                      Cat("the mean is ", Sizes(pixels_.shape), ", the picture ", Sizes(shape)));
  }
  CheckChannels(channels);
}

void PixelMean::CheckChannels(int channels) const {
  if (!pixels_.values.empty() && pixels_.shape[0] != channels) {
    throw layer_.Fail(kMeanFile,
                      Cat("the mean has ", pixels_.shape[0], " channel",
                          pixels_.shape[0] == 1 ? "" : "s", ", the pictures ", channels));
  }
  const int means = layer_.layer_param().transform_param().mean_value_size();
  if (means > 1 && means != channels) {
    throw layer_.Fail(Cat("transform_param.mean_value[", std::min(means - 1, channels), "]"),
                      Cat("mean_value must be given once for all channels or once for each, got ",
                          means, " for ", channels, " channel", channels == 1 ? "" : "s"));
  }
}

}  // namespace demitasse
