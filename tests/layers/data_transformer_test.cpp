#include "layers/common/data_transformer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/io/io_test_files.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using Values = std::vector<float>;

// A transformer of the layer "l", which has the given transform_param.
class Transformed {
 public:
  explicit Transformed(const std::string& param, Phase phase = caffe::TEST)
      : harness_("name: 'l' type: 'Silence'\ntransform_param { " + param + " }", {{1}},
                 Engine::kReference, phase),
        transformer_(harness_.layer()) {}

  const DataTransformer& transformer() const { return transformer_; }
  std::vector<int> Shape(const PixelArray& sample) const {
    return transformer_.OutputShape(sample);
  }
  Values operator()(const PixelArray& sample, uint64_t seed = 1) const {
    Values values(static_cast<size_t>(ShapeSize(Shape(sample))));
    transformer_.Transform(sample, seed, values.data());
    return values;
  }

 private:
  LayerHarness harness_;
  DataTransformer transformer_;
};

// Bytes 1, 2, 3, ...
PixelArray Counted(int channels, int height, int width) {
  PixelArray sample{channels, height, width, {}, {}};
  for (int i = 0; i < channels * height * width; ++i) {
    sample.bytes.push_back(static_cast<uint8_t>(i + 1));
  }
  return sample;
}

std::string MeanFile(const std::vector<int>& shape, const Values& values) {
  caffe::BlobProto mean;
  for (const int size : shape) mean.mutable_shape()->add_dim(size);
  for (const float value : values) mean.add_data(value);
  const std::string path = TempPath("mean.binaryproto");
  WriteBytes(path, mean.SerializeAsString());
  return path;
}

std::string ErrorOf(const std::string& param, const PixelArray& sample) {
  return ErrorAt("layer", [&] { (Transformed(param))(sample); });
}

TEST(DataTransformer, KeepsValuesUnlessToldOtherwise) {
  EXPECT_EQ((Values{1, 2, 3, 4}), Transformed("")(Counted(2, 1, 2)));
  EXPECT_EQ((Values{-1.5f, 300}), Transformed("")(PixelArray{1, 1, 2, {}, {-1.5f, 300}}));
}

TEST(DataTransformer, SubtractsTheMeanAndThenScales) {
  const PixelArray sample = Counted(2, 1, 2);
  EXPECT_EQ((Values{0, 0.5f, 1, 1.5f}), Transformed("scale: 0.5 mean_value: 1")(sample));
  EXPECT_EQ((Values{0, 1, -7, -6}), Transformed("mean_value: 1 mean_value: 10")(sample));
  EXPECT_EQ((Values{0, 0, 6, 8}), Transformed("scale: 2 mean_file: '" +
                                              MeanFile({1, 2, 1, 2}, {1, 2, 0, 0}) + "'")(sample));
}

TEST(DataTransformer, CutsTheCentreInTest) {
  EXPECT_EQ((Values{7, 8, 12, 13}), Transformed("crop_size: 2")(Counted(1, 4, 5)));
  EXPECT_THAT(Transformed("crop_size: 2").Shape(Counted(3, 4, 5)), ElementsAre(3, 2, 2));
}

TEST(DataTransformer, CutsAnywhereInTrain) {
  const Transformed transformed("crop_size: 2", caffe::TRAIN);
  std::set<float> corners;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Values cut = transformed(Counted(1, 3, 4), seed);
    EXPECT_EQ((Values{cut[0], cut[0] + 1, cut[0] + 4, cut[0] + 5}), cut);
    EXPECT_EQ(cut, transformed(Counted(1, 3, 4), seed));
    corners.insert(cut[0]);
  }
  EXPECT_THAT(corners, ElementsAre(1, 2, 3, 5, 6, 7));
}

TEST(DataTransformer, MirrorsHalfOfAllInBothPhases) {
  for (const Phase phase : {caffe::TRAIN, caffe::TEST}) {
    const Transformed transformed("mirror: true", phase);
    int mirrored = 0;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
      const Values values = transformed(Counted(1, 2, 3), seed);
      if (values == Values{3, 2, 1, 6, 5, 4}) {
        ++mirrored;
      } else {
        EXPECT_EQ((Values{1, 2, 3, 4, 5, 6}), values);
      }
    }
    EXPECT_NEAR(500, mirrored, 60);
  }
}

TEST(DataTransformer, TakesTheMeanFromWhereTheCutIs) {
  const PixelArray sample = Counted(2, 3, 4);
  const Values same(sample.bytes.begin(), sample.bytes.end());
  const Transformed transformed(
      "crop_size: 2 mirror: true mean_file: '" + MeanFile({2, 3, 4}, same) + "'", caffe::TRAIN);
  for (uint64_t seed = 0; seed < 20; ++seed) EXPECT_EQ(Values(8, 0), transformed(sample, seed));
}

TEST(DataTransformer, TellsWhatToDecodePicturesTo) {
  EXPECT_EQ(PictureColor::kAsStored, Transformed("").transformer().color());
  EXPECT_EQ(PictureColor::kColor, Transformed("force_color: true").transformer().color());
  EXPECT_EQ(PictureColor::kGray, Transformed("force_gray: true").transformer().color());
}

TEST(DataTransformer, RefusesWhatDoesNotFitTheSample) {
  const PixelArray sample = Counted(2, 3, 4);
  EXPECT_EQ(
      "layer 'l' (Silence): crop_size must not be larger than the picture, got 4 for one of 3 x 4",
      ErrorOf("crop_size: 4", sample));
  EXPECT_EQ("layer 'l' (Silence): the mean is 2 x 4 x 3, the picture 2 x 3 x 4",
            ErrorOf("mean_file: '" + MeanFile({1, 2, 4, 3}, Values(24)) + "'", sample));
  EXPECT_EQ(
      "layer 'l' (Silence): mean_value must be given once for all channels or once for each, got 3 "
      "for 2 channels",
      ErrorOf("mean_value: [1, 2, 3]", sample));
}

TEST(DataTransformer, RefusesBadParameters) {
  const PixelArray sample = Counted(1, 1, 1);
  EXPECT_EQ("layer 'l' (Silence): give either mean_file or mean_value, not both",
            ErrorOf("mean_file: 'a' mean_value: 1", sample));
  EXPECT_EQ("layer 'l' (Silence): force_color and force_gray cannot both be true",
            ErrorOf("force_color: true force_gray: true", sample));
  EXPECT_EQ("layer 'l' (Silence): crop_size must be at most 2147483647, got 4000000000",
            ErrorOf("crop_size: 4000000000", sample));
  EXPECT_EQ("layer 'l' (Silence): there is no file 'missing.binaryproto'",
            ErrorOf("mean_file: 'missing.binaryproto'", sample));
  const std::string two = MeanFile({2, 1, 1, 1}, {1, 2});
  EXPECT_EQ(
      "layer 'l' (Silence): '" + two + "' is an array of 2 1 1 1 (2); one mean picture is needed",
      ErrorOf("mean_file: '" + two + "'", sample));
  WriteBytes(two, "");
  EXPECT_EQ(
      "layer 'l' (Silence): '" + two + "': the file holds no values; is it a .binaryproto file?",
      ErrorOf("mean_file: '" + two + "'", sample));
}

}  // namespace
}  // namespace demitasse
