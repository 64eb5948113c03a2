#include "src/io/weights.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "src/io/write_message.hpp"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

caffe::NetParameter Net(const std::string& text) {
  caffe::NetParameter net;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &net));
  return net;
}

std::string TestPath() { return TempPath("net.caffemodel"); }

WeightFile ReadFileOf(const std::string& bytes) {
  WriteBytes(TestPath(), bytes);
  return ReadCaffemodel(TestPath());
}

// `net` as it is read back.
WeightFile Read(const std::string& net) { return ReadFileOf(Net(net).SerializeAsString()); }

std::string ErrorOfBytes(const std::string& bytes) {
  return ErrorAt(TestPath(), [&] { ReadFileOf(bytes); });
}

std::string ErrorOfBlob(const std::string& blob) {
  const caffe::NetParameter net =
      Net("layer { name: 'conv1' blobs { data: 1 shape { dim: 1 } } "
          "blobs { " +
          blob + " } }");
  return ErrorOfBytes(net.SerializeAsString());
}

// One layer with one blob of one value.
const char kSmallNet[] =
    "name: 'small' layer { name: 'a' type: 'Bias' blobs { shape { dim: 1 } data: 5 } }";

std::string SmallFile() { return Net(kSmallNet).SerializeAsString(); }

TEST(WeightsTest, AFileWithoutEndIsAnError) {
  EXPECT_EQ("the file is damaged, or no caffemodel: what stands at byte 0 is not a field of a net",
            ErrorAt("/dev/zero", [] { ReadCaffemodel("/dev/zero"); }));
}

TEST(WeightsTest, ReadsTodaysForm) {
  const WeightFile file = Read(
      "name: 'net' layer { name: 'data' type: 'Input' }"
      "layer { name: 'fc' type: 'InnerProduct' convolution_param { num_output: 3 }"
      "  blobs { shape { dim: 2 dim: 3 } data: [1, 2, 3, 4, 5, 6] diff: [9, 9, 9, 9, 9, 9] }"
      "  blobs { shape { dim: 2 } data: [7, 8] } }");
  EXPECT_EQ(TestPath(), file.path);
  EXPECT_EQ("net", file.net_name);
  ASSERT_EQ(2u, file.layers.size());
  EXPECT_EQ("data", file.layers[0].name);
  EXPECT_THAT(file.layers[0].blobs, IsEmpty());
  const LayerWeights& layer = file.layers[1];
  EXPECT_EQ("fc", layer.name);
  EXPECT_EQ("InnerProduct", layer.type);
  ASSERT_EQ(2u, layer.blobs.size());
  EXPECT_THAT(layer.blobs[0].shape, ElementsAre(2, 3));
  EXPECT_THAT(layer.blobs[0].values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_FALSE(layer.blobs[0].legacy_shape);
  EXPECT_THAT(layer.blobs[1].shape, ElementsAre(2));
  EXPECT_THAT(layer.blobs[1].values, ElementsAre(7, 8));
}

TEST(WeightsTest, ReadsV1Form) {
  const WeightFile file = Read(
      "layers { name: 'conv1' type: CONVOLUTION"
      "  blobs { num: 1 channels: 1 height: 2 width: 1 data: [1, 2] }"
      "  blobs { num: 1 channels: 1 height: 1 width: 1 data: 3 } }");
  ASSERT_EQ(1u, file.layers.size());
  const LayerWeights& layer = file.layers[0];
  EXPECT_EQ("conv1", layer.name);
  EXPECT_EQ("CONVOLUTION", layer.type);
  ASSERT_EQ(2u, layer.blobs.size());
  EXPECT_TRUE(layer.blobs[0].legacy_shape);
  EXPECT_THAT(layer.blobs[0].shape, ElementsAre(1, 1, 2, 1));
  EXPECT_THAT(layer.blobs[0].values, ElementsAre(1, 2));
  EXPECT_THAT(layer.blobs[1].values, ElementsAre(3));
}

TEST(WeightsTest, ReadsV0Form) {
  const WeightFile file = Read(
      "layers { layer { name: 'conv1' type: 'conv' num_output: 1"
      "  blobs { num: 1 channels: 1 height: 1 width: 2 data: [1, 2] } } bottom: 'data' }");
  ASSERT_EQ(1u, file.layers.size());
  EXPECT_EQ("conv1", file.layers[0].name);
  EXPECT_EQ("conv", file.layers[0].type);
  ASSERT_EQ(1u, file.layers[0].blobs.size());
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(1, 2));
}

TEST(WeightsTest, ReadsTypesOfForksAsNumbers) {
  // layers { name: "p" type: 999 blobs { data: 5 } }
  const std::string blob("\x32\x05\x2d\x00\x00\xa0\x40", 7);
  const std::string layer = "\x22\x01p\x28\xe7\x07" + blob;
  const WeightFile file =
      ReadFileOf("\x12" + std::string(1, static_cast<char>(layer.size())) + layer);
  ASSERT_EQ(1u, file.layers.size());
  EXPECT_EQ("999", file.layers[0].type);
  EXPECT_THAT(file.layers[0].blobs[0].shape, IsEmpty());
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(5));
}

TEST(WeightsTest, RoundsDoublePrecision) {
  const WeightFile file =
      Read("layer { name: 'a' blobs { shape { dim: 2 } double_data: [0.1, -3] } }");
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(0.1F, -3));
}

TEST(WeightsTest, SkipsFieldsItDoesNotKnow) {
  const std::string number("\xf8\x3f\x05", 3);  // field 1023, a varint
  const std::string fixed64 = "\xf9\x3f" + std::string(8, 'x');
  const std::string fixed32 = "\xfd\x3f" + std::string(4, 'x');
  const std::string text("\xfa\x3f\x03xyz", 6);
  const WeightFile file = ReadFileOf(number + fixed64 + SmallFile() + fixed32 + text);
  EXPECT_EQ("small", file.net_name);
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(5));
}

TEST(WeightsTest, NamesTheBlobWhoseValuesDoNotFit) {
  EXPECT_EQ("layer 'conv1': blob 1: the shape 2 3 (6) needs 6 values, got 2",
            ErrorOfBlob("shape { dim: 2 dim: 3 } data: [1, 2]"));
  EXPECT_EQ("layer 'conv1': blob 1: the shape 2 3 (6) needs 6 values, got 0",
            ErrorOfBlob("shape { dim: 2 dim: 3 }"));
  EXPECT_EQ("layer 'conv1': blob 1: the shape 1 (1) needs 1 values, got 2",
            ErrorOfBlob("shape { dim: 1 } double_data: [1, 2]"));
  EXPECT_EQ("layer 'conv1': blob 1: the shape 5 0 0 0 (0) needs 0 values, got 1",
            ErrorOfBlob("num: 5 data: 1"));
}

TEST(WeightsTest, RefusesImpossibleShapes) {
  EXPECT_EQ("layer 'conv1': blob 1: a dimension must be from 0 to 2147483647, got -2",
            ErrorOfBlob("shape { dim: -2 } data: [1, 2]"));
  EXPECT_EQ("layer 'conv1': blob 1: a dimension must be from 0 to 2147483647, got 2147483648",
            ErrorOfBlob("shape { dim: 2147483648 }"));
  EXPECT_THAT(ErrorOfBlob("num: -1 channels: 1 height: 1 width: -1 data: 1"),
              StartsWith("layer 'conv1': blob 1: a dimension must not be negative, got -1"));
  EXPECT_THAT(ErrorOfBlob("shape { dim: [2000000000, 2000000000, 2000000000] }"),
              StartsWith("layer 'conv1': blob 1: "));
}

TEST(WeightsTest, SaysThatAFileIsTruncatedWhereverItEnds) {
  const std::string whole = SmallFile();
  const size_t name_end = Net("name: 'small'").ByteSizeLong();
  for (size_t size = 1; size < whole.size(); ++size) {
    if (size == name_end) continue;  // a whole net, without layers
    // Net and layer names alone could be text.
    EXPECT_THAT(ErrorOfBytes(whole.substr(0, size)), HasSubstr(size == 1 ? "text" : "truncated"))
        << size << " of " << whole.size() << " bytes";
  }
  EXPECT_EQ(
      "the file ends inside a field, after 21 of its 22 bytes: it is truncated, copy or download "
      "it again",
      ErrorOfBytes(whole.substr(0, whole.size() - 1)));
}

TEST(WeightsTest, SaysThatAnUnknownFieldIsTruncated) {
  const std::string text("\xfa\x3f\x64xyz", 6);  // 100 bytes, of which 3 are there
  EXPECT_EQ(
      "the file ends inside a field, after 3 of its 100 bytes: it is truncated, copy or download "
      "it again",
      ErrorOfBytes(SmallFile() + text));
}

TEST(WeightsTest, SaysWhereAFileIsDamaged) {
  const std::string good = SmallFile();
  const std::string message = "the file is damaged, or no caffemodel: what stands at byte " +
                              std::to_string(good.size()) + " is not a field of a net";
  EXPECT_EQ(message, ErrorOfBytes(good + std::string(100, '\0')));
  EXPECT_EQ(message, ErrorOfBytes(good + "\x0b rest"));  // a group begins
  EXPECT_EQ(message, ErrorOfBytes(good + "\x0a" + std::string(9, '\xff') + "\x01 rest"));  // length
  EXPECT_EQ(message, ErrorOfBytes(good + "\xa2\x06\x02\x0a\x7f and then more than 127 bytes " +
                                  std::string(200, 'x')));  // a name longer than its layer
}

TEST(WeightsTest, SaysWhatAFileIsInstead) {
  EXPECT_EQ("cannot open the file: No such file or directory",
            ErrorAt("none", [] { ReadCaffemodel("none"); }));
  EXPECT_EQ("this is a directory where a file is needed",
            ErrorAt(testing::TempDir(), [] { ReadCaffemodel(testing::TempDir()); }));
  EXPECT_EQ("the file is empty; a caffemodel is needed", ErrorOfBytes(""));
  EXPECT_THAT(ErrorOfBytes("\nname: \"LeNet\"\r\n\tlayer {}"), StartsWith("this is a text file"));
  EXPECT_EQ("the file holds no layer weights (1 layers, none with blobs); is it a caffemodel?",
            ErrorOfBytes(Net("name: 'x' layer { name: 'relu' }").SerializeAsString()));
}

TEST(WeightsTest, CannotReadHdf5FromAPipe) {
  int ends[2] = {};
  ASSERT_EQ(0, pipe(ends));
  ASSERT_EQ(10, write(ends[1], "\x89HDF\r\n\x1a\n..", 10));
  close(ends[1]);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  EXPECT_EQ("this is HDF5 data, which cannot be read from a pipe; give the path of its file",
            ErrorAt(path, [&] { ReadCaffemodel(path); }));
  close(ends[0]);
}

TEST(WeightsTest, TellsSolverStatesAndMeanImages) {
  caffe::SolverState state;
  state.set_iter(100);
  state.set_learned_net("net.caffemodel");
  const char message[] = "this is not a caffemodel but a solverstate, a mean image or the like";
  EXPECT_EQ(message, ErrorOfBytes(state.SerializeAsString()));
  caffe::BlobProto mean;
  mean.set_num(1);
  mean.add_data(0.5F);
  EXPECT_EQ(message, ErrorOfBytes(mean.SerializeAsString()));
}

TEST(WeightsTest, RefusesFilesBeyondTheLimitOfProtocolBuffers) {
  WriteBytes(TestPath(), SmallFile());
  std::filesystem::resize_file(TestPath(), 2147483648);  // sparse: takes no room on the disk
  const std::string message = ErrorAt(TestPath(), [] { ReadCaffemodel(TestPath()); });
  std::filesystem::remove(TestPath());
  EXPECT_EQ(
      "the weights take 2147483648 bytes, a caffemodel can have at most 2147483647 (a limit "
      "of Protocol Buffers); keep them in HDF5 form, .caffemodel.h5",
      message);
}

TEST(WeightsTest, WritesWhatItReads) {
  caffe::NetParameter net = Net(kSmallNet);
  std::vector<float> values(1000000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  caffe::BlobProto* blob = net.add_layer()->add_blobs();
  blob->mutable_shape()->add_dim(1000000);
  blob->mutable_data()->Add(values.begin(), values.end());
  WriteMessage(TestPath(), net);
  EXPECT_EQ(net.SerializeAsString(), ReadBytes(TestPath()));
  const WeightFile file = ReadCaffemodel(TestPath());
  EXPECT_EQ("small", file.net_name);
  ASSERT_EQ(2u, file.layers.size());
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(5));
  EXPECT_EQ(values, file.layers[1].blobs[0].values);
}

TEST(WeightsTest, FailedWriteIsAFailedRun) {
  try {
    WriteMessage("/dev/full", Net(kSmallNet));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ("/dev/full: error: cannot write the file: No space left on device", error.what());
    EXPECT_EQ(ErrorKind::kRun, error.kind());
  }
}

}  // namespace
}  // namespace demitasse
