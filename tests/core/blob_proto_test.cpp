#include "src/core/blob_proto.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"

namespace demitasse {
namespace {

using caffe::BlobProto;
using testing::ElementsAre;
using testing::ThrowsMessage;

BlobProto ProtoOf(const std::vector<int>& shape, const std::vector<float>& data) {
  BlobProto proto;
  for (const int dimension : shape) proto.mutable_shape()->add_dim(dimension);
  for (const float value : data) proto.add_data(value);
  return proto;
}

BlobProto OldProtoOf(int num, int channels, int height, int width, int values) {
  BlobProto proto;
  proto.set_num(num);
  proto.set_channels(channels);
  proto.set_height(height);
  proto.set_width(width);
  for (int i = 0; i < values; ++i) proto.add_data(static_cast<float>(i));
  return proto;
}

TEST(BlobProto, IsRead) {
  Blob blob(std::vector<int>{2, 1});
  blob.FromProto(ProtoOf({2, 1}, {3, 4}), false);
  EXPECT_EQ(3, blob.cpu_data()[0]);
  EXPECT_EQ(4, blob.cpu_data()[1]);
}

TEST(BlobProto, IsReadInDoublePrecision) {
  BlobProto proto = ProtoOf({2}, {});
  proto.add_double_data(0.5);
  proto.add_double_data(-2);
  proto.add_double_diff(3);
  proto.add_double_diff(-0.25);
  Blob blob(std::vector<int>{2});
  blob.FromProto(proto, false);
  EXPECT_EQ(0.5f, blob.cpu_data()[0]);
  EXPECT_EQ(-2, blob.cpu_data()[1]);
  EXPECT_EQ(3, blob.cpu_diff()[0]);
  EXPECT_EQ(-0.25f, blob.cpu_diff()[1]);
}

TEST(BlobProto, OfTheOldFormMayHaveMoreAxesOfLengthOne) {
  Blob blob(std::vector<int>{2, 3});
  blob.FromProto(OldProtoOf(1, 1, 2, 3, 6), false);
  EXPECT_EQ(5, blob.cpu_data()[5]);
}

TEST(BlobProto, MustFitTheBlob) {
  Blob blob(std::vector<int>{2, 3});
  EXPECT_THAT(
      [&] {
        blob.FromProto(ProtoOf({3, 2}, {1, 2, 3, 4, 5, 6}), false);
      },
      ThrowsMessage<Error>("error: a blob of 3 2 (6) is given for one of 2 3 (6)"));
  EXPECT_THAT([&] { blob.FromProto(OldProtoOf(1, 1, 3, 2, 6), false); },
              ThrowsMessage<Error>("error: a blob of 1 1 3 2 (6) is given for one of 2 3 (6)"));
  EXPECT_THAT(
      [&] {
        blob.FromProto(ProtoOf({2, 3}, {1, 2}), false);
      },
      ThrowsMessage<Error>("error: a blob of 2 3 (6) is given 2 values"));
}

TEST(BlobProto, MustHaveDimensions) {
  caffe::BlobShape shape;
  shape.add_dim(3000000000);
  EXPECT_THAT([&] { ShapeFromProto(shape.dim()); },
              ThrowsMessage<Error>("error: a dimension must be from 0 to 2147483647, got "
                                   "3000000000"));
  shape.set_dim(0, -1);
  EXPECT_THAT([&] { ShapeFromProto(shape.dim()); },
              ThrowsMessage<Error>("error: a dimension must be from 0 to 2147483647, got -1"));
}

TEST(BlobProto, GivesTheBlobItsShape) {
  Blob blob;
  blob.FromProto(ProtoOf({2, 1}, {3, 4}));
  EXPECT_THAT(blob.shape(), ElementsAre(2, 1));
  EXPECT_EQ(4, blob.cpu_data()[1]);
  blob.FromProto(OldProtoOf(1, 1, 2, 3, 6));
  EXPECT_THAT(blob.shape(), ElementsAre(1, 1, 2, 3));
}

TEST(BlobProto, MayHoldAGradient) {
  BlobProto proto = ProtoOf({2}, {1, 2});
  proto.add_diff(3);
  proto.add_diff(4);
  Blob blob;
  blob.FromProto(proto);
  EXPECT_EQ(2, blob.cpu_data()[1]);
  EXPECT_EQ(4, blob.cpu_diff()[1]);
}

TEST(BlobProto, CanBeComparedByShape) {
  const Blob blob(std::vector<int>{2, 3});
  EXPECT_TRUE(blob.ShapeEquals(ProtoOf({2, 3}, {})));
  EXPECT_FALSE(blob.ShapeEquals(ProtoOf({3, 2}, {})));
  EXPECT_TRUE(blob.ShapeEquals(OldProtoOf(1, 1, 2, 3, 0)));
  EXPECT_FALSE(blob.ShapeEquals(OldProtoOf(1, 1, 3, 2, 0)));
}

TEST(BlobProto, ABlobShapeReshapes) {
  caffe::BlobShape shape;
  shape.add_dim(4);
  shape.add_dim(5);
  Blob blob;
  blob.Reshape(shape);
  EXPECT_THAT(blob.shape(), ElementsAre(4, 5));
}

TEST(BlobProto, IsWritten) {
  Blob blob(std::vector<int>{1, 2});
  blob.mutable_cpu_data()[1] = 5;
  blob.mutable_cpu_diff()[0] = 7;
  BlobProto proto;
  blob.ToProto(&proto);
  EXPECT_THAT(proto.shape().dim(), ElementsAre(1, 2));
  EXPECT_THAT(proto.data(), ElementsAre(0, 5));
  EXPECT_EQ(0, proto.diff_size());
  blob.ToProto(&proto, true);
  EXPECT_THAT(proto.data(), ElementsAre(0, 5));
  EXPECT_THAT(proto.diff(), ElementsAre(7, 0));
}

}  // namespace
}  // namespace demitasse
