// Messages and pictures from and to files under include/caffe.
#include "caffe/util/io.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "caffe/util/upgrade_proto.hpp"
#include "demitasse/error.hpp"
#include "src/io/encode_picture.hpp"

namespace caffe {
namespace {

using demitasse::Error;
using testing::StartsWith;

class CaffeIoTest : public testing::Test {
 protected:
  void SetUp() override { MakeTempDir(&folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
    return Path(name);
  }

  template <typename Step>
  static std::string ErrorOf(const Step& step) {
    try {
      step();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  std::string folder_;
};

TEST_F(CaffeIoTest, MessagesComeBackFromBothKindsOfFiles) {
  BlobProto blob;
  blob.mutable_shape()->add_dim(2);
  blob.add_data(1.5);
  blob.add_data(-3);
  WriteProtoToTextFile(blob, Path("text"));
  WriteProtoToBinaryFile(blob, Path("binary"));
  BlobProto text;
  BlobProto binary;
  EXPECT_TRUE(ReadProtoFromTextFile(Path("text"), &text));
  EXPECT_TRUE(ReadProtoFromBinaryFile(Path("binary"), &binary));
  EXPECT_EQ(blob.SerializeAsString(), text.SerializeAsString());
  EXPECT_EQ(blob.SerializeAsString(), binary.SerializeAsString());
}

TEST_F(CaffeIoTest, MistakesInFilesAreErrorsOrFalse) {
  const std::string file = Write("damaged", "\x0f\xff");
  BlobProto blob;
  EXPECT_FALSE(ReadProtoFromTextFile(file, &blob));
  EXPECT_FALSE(ReadProtoFromBinaryFile(file, &blob));
  const std::string typo = Write("typo", "dota: 1");
  EXPECT_THAT(ErrorOf([&] { ReadProtoFromTextFileOrDie(typo, &blob); }),
              StartsWith(typo + ":1:1: error: "));
  EXPECT_EQ(file + ": error: this is no BlobProto message, or it is damaged",
            ErrorOf([&] { ReadProtoFromBinaryFileOrDie(file, &blob); }));
  EXPECT_EQ(Path("none") + ": error: cannot be read: No such file or directory",
            ErrorOf([&] { ReadProtoFromTextFileOrDie(Path("none"), &blob); }));
}

TEST_F(CaffeIoTest, NetsAndSolversAreBroughtToTodaysForm) {
  NetParameter net;
  const std::string old = Write("net", "layers { name: 'r' type: RELU bottom: 'x' top: 'y' }");
  ReadNetParamsFromTextFileOrDie(old, &net);
  ASSERT_EQ(1, net.layer_size());
  EXPECT_EQ("ReLU", net.layer(0).type());

  NetParameter written;
  V1LayerParameter* const layer = written.add_layers();
  layer->set_name("t");
  layer->set_type(V1LayerParameter::TANH);
  WriteProtoToBinaryFile(written, Path("binary"));
  ReadNetParamsFromBinaryFileOrDie(Path("binary"), &net);
  ASSERT_EQ(1, net.layer_size());
  EXPECT_EQ("TanH", net.layer(0).type());

  SolverParameter solver;
  ReadSolverParamsFromTextFileOrDie(Write("solver", "net: 'x' solver_type: ADAM"), &solver);
  EXPECT_EQ("Adam", solver.type());
  SolverParameter another;
  another.set_solver_type(SolverParameter::NESTEROV);
  EXPECT_TRUE(UpgradeSolverAsNeeded("here", &another));
  EXPECT_EQ("Nesterov", another.type());
}

TEST_F(CaffeIoTest, TemporaryNamesAreNew) {
  std::string first;
  std::string second;
  MakeTempFilename(&first);
  MakeTempFilename(&second);
  EXPECT_NE(first, second);
  EXPECT_FALSE(std::filesystem::exists(first));
  for (const std::string& name : {first, second}) {
    EXPECT_TRUE(std::filesystem::remove(std::filesystem::path(name).parent_path()));
  }
}

TEST_F(CaffeIoTest, AFileIsAnEncodedDatum) {
  Datum datum;
  EXPECT_TRUE(ReadFileToDatum(Write("bytes", "abc"), 7, &datum));
  EXPECT_EQ("abc", datum.data());
  EXPECT_EQ(7, datum.label());
  EXPECT_TRUE(datum.encoded());
  EXPECT_FALSE(ReadFileToDatum(Path("none"), &datum));
}

#ifdef DEMITASSE_WITH_PICTURES
// Red, and green.
const demitasse::Picture kTwoPixels = {1, 2, 3, {255, 0, 0, 0, 255, 0}};

TEST_F(CaffeIoTest, APictureIsADatumWithBlueFirst) {
  const std::string file = Write("p.png", demitasse::EncodePng(kTwoPixels));
  Datum datum;
  ASSERT_TRUE(ReadImageToDatum(file, 3, &datum));
  EXPECT_EQ(3, datum.channels());
  EXPECT_EQ(1, datum.height());
  EXPECT_EQ(2, datum.width());
  EXPECT_EQ(3, datum.label());
  EXPECT_FALSE(datum.encoded());
  EXPECT_EQ(std::string("\0\0\0\xff\xff\0", 6), datum.data());

  ASSERT_TRUE(ReadImageToDatum(file, 3, 2, 4, false, &datum));
  EXPECT_EQ(1, datum.channels());
  EXPECT_EQ(2, datum.height());
  EXPECT_EQ(4, datum.width());
  EXPECT_FALSE(ReadImageToDatum(Path("none"), 3, &datum));
}

TEST_F(CaffeIoTest, AnEncodedPictureIsDecodedOnce) {
  const std::string bytes = demitasse::EncodePng(kTwoPixels);
  Datum datum;
  ASSERT_TRUE(ReadImageToDatum(Write("p.png", bytes), 0, 0, 0, true, "png", &datum));
  EXPECT_EQ(bytes, datum.data());
  Datum grey = datum;
  EXPECT_TRUE(DecodeDatumNative(&datum));
  EXPECT_EQ(std::string("\0\0\0\xff\xff\0", 6), datum.data());
  EXPECT_FALSE(DecodeDatumNative(&datum));
  EXPECT_TRUE(DecodeDatum(&grey, false));
  EXPECT_EQ(std::string("\x4c\x96"), grey.data());
}
#endif

}  // namespace
}  // namespace caffe
