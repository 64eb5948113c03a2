#include "src/io/binary_proto.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "demitasse/caffe.pb.h"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char kNoBinaryProto[] =
    "this is no .binaryproto file (an array as a BlobProto message), or it is damaged";

std::string TestPath() { return TempPath("mean.binaryproto"); }

std::string Bytes(const std::string& text) {
  caffe::BlobProto blob;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &blob));
  return blob.SerializeAsString();
}

NdArray Read(const std::string& bytes) {
  WriteBytes(TestPath(), bytes);
  return ReadBinaryProto(TestPath());
}

std::string ErrorOf(const std::string& bytes) {
  return ErrorAt(TestPath(), [&] { Read(bytes); });
}

TEST(BinaryProtoTest, ReadsAnArrayWithItsShape) {
  const NdArray array = Read(Bytes("shape { dim: 2 dim: 3 } data: [1, 2, 3, 4, 5, 6] diff: 7"));
  EXPECT_THAT(array.shape, ElementsAre(2, 3));
  EXPECT_THAT(array.values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(BinaryProtoTest, ReadsTheOldFormOfFourAxes) {
  const NdArray array =
      Read(Bytes("num: 1 channels: 3 height: 1 width: 2 data: [1, 2, 3, 4, 5, 6]"));
  EXPECT_THAT(array.shape, ElementsAre(1, 3, 1, 2));
  EXPECT_THAT(array.values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(BinaryProtoTest, ReadsASingleValueAndDoublePrecision) {
  EXPECT_THAT(Read(Bytes("data: 5")).shape, IsEmpty());
  EXPECT_THAT(Read(Bytes("shape { dim: 2 } double_data: [0.1, -3]")).values, ElementsAre(0.1F, -3));
}

TEST(BinaryProtoTest, RefusesShapesThatDoNotFit) {
  EXPECT_EQ("the shape 2 2 (4) needs 4 values, got 3",
            ErrorOf(Bytes("shape { dim: 2 dim: 2 } data: [1, 2, 3]")));
  EXPECT_EQ("the shape 1 3 0 0 (0) needs 0 values, got 1",
            ErrorOf(Bytes("num: 1 channels: 3 data: 1")));
  EXPECT_EQ("a dimension must be from 0 to 2147483647, got -1",
            ErrorOf(Bytes("shape { dim: -1 } data: 1")));
}

TEST(BinaryProtoTest, SaysThatAFileIsTruncated) {
  const std::string whole = Bytes("num: 1 channels: 1 height: 2 width: 2 data: [1, 2, 3, 4]");
  const std::string values =
      ": it is truncated (copy or download it again), or no .binaryproto file";
  EXPECT_EQ("the file ends inside its values, after 15 of their 16 bytes" + values,
            ErrorOf(whole.substr(0, whole.size() - 1)));
  const std::string shape_first = Bytes("shape { dim: 4 }") + Bytes("data: [1, 2, 3, 4]");
  EXPECT_EQ("the file ends inside its values, after 15 of their 16 bytes" + values,
            ErrorOf(shape_first.substr(0, shape_first.size() - 1)));
  EXPECT_EQ("the file ends inside its values, after 0 of their 16 bytes" + values,
            ErrorOf(whole.substr(0, whole.size() - 16)));
  EXPECT_EQ("the file holds no values; is it a .binaryproto file?",
            ErrorOf(Bytes("num: 1 channels: 1")));
  EXPECT_EQ("the file holds no values; is it a .binaryproto file?", ErrorOf(""));
}

TEST(BinaryProtoTest, SaysWhatIsNoSuchFile) {
  EXPECT_EQ(kNoBinaryProto, ErrorOf("hello"));
  EXPECT_EQ(kNoBinaryProto, ErrorOf(std::string(100, '\xff')));
  EXPECT_EQ(kNoBinaryProto, ErrorOf(std::string(100, '\0')));
  EXPECT_EQ(kNoBinaryProto, ErrorOf("\x93NUMPY\x01"));
  EXPECT_EQ("cannot open the file: No such file or directory",
            ErrorAt("none", [] { ReadBinaryProto("none"); }));
  EXPECT_EQ("this is a directory where a file is needed",
            ErrorAt(testing::TempDir(), [] { ReadBinaryProto(testing::TempDir()); }));
}

TEST(BinaryProtoTest, RefusesFilesBeyondTheLimitOfProtocolBuffers) {
  WriteBytes(TestPath(), Bytes("data: 5"));
  std::filesystem::resize_file(TestPath(), 2147483648);  // sparse: takes no room on the disk
  const std::string message = ErrorAt(TestPath(), [] { ReadBinaryProto(TestPath()); });
  std::filesystem::remove(TestPath());
  EXPECT_EQ("the file is longer than 2147483647 bytes", message);
}

}  // namespace
}  // namespace demitasse
