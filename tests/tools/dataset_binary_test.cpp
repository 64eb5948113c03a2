// demitasse dataset mnist, cifar and npy.
#include "src/io/picture.hpp"
#include "tests/tools/dataset_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DatasetBinaryTest : public DatasetTest {
 protected:
  void ExpectFailure(const std::vector<std::string>& args, const std::string& message) {
    ExpectError(Make(args, "out"), 2, message);
    EXPECT_FALSE(std::filesystem::exists(Path("out")));
  }
};

std::string Bytes(const std::vector<int>& values) { return {values.begin(), values.end()}; }

// Two images of 2 x 3 pixels.
std::string Images() {
  return Bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3}) +
         Bytes({1, 2, 3, 4, 5, 6, 250, 251, 252, 253, 254, 255});
}

std::string Labels(const std::vector<int>& labels) {
  return Bytes({0, 0, 8, 1, 0, 0, 0, static_cast<int>(labels.size())}) + Bytes(labels);
}

// A record of CIFAR: planes of one value each.
std::string CifarRecord(const std::vector<int>& labels, int red, int green, int blue) {
  std::string record = Bytes(labels);
  for (const int value : {red, green, blue}) record += std::string(1024, static_cast<char>(value));
  return record;
}

#ifdef DEMITASSE_WITH_LMDB
TEST_F(DatasetBinaryTest, ReadsMnist) {
  const std::string images = Write("images", Images());
  const std::string labels = Write("labels", Labels({3, 200}));
  const std::vector<Record> records = MakeLmdb({"mnist", images, labels});
  ASSERT_EQ(2U, records.size());
  EXPECT_EQ("00000001", records[1].first);
  EXPECT_EQ(3, records[0].second.label());
  EXPECT_EQ("1x2x3: 1 2 3 4 5 6", Text(records[0].second));
  EXPECT_EQ(200, records[1].second.label());
  EXPECT_EQ("1x2x3: 250 251 252 253 254 255", Text(records[1].second));
}

TEST_F(DatasetBinaryTest, ReadsCifar10InCaffesOrderOfChannels) {
  const std::string one = Write("1.bin", CifarRecord({9}, 1, 2, 3) + CifarRecord({0}, 4, 5, 6));
  const std::string two = Write("2.bin", CifarRecord({5}, 7, 8, 9));
  const std::vector<Record> records = MakeLmdb({"cifar", one, two});
  ASSERT_EQ(3U, records.size());
  EXPECT_EQ(9, records[0].second.label());
  EXPECT_EQ(5, records[2].second.label());
  EXPECT_EQ(32, records[2].second.width());
  EXPECT_EQ(std::string(1024, 7) + std::string(1024, 8) + std::string(1024, 9),
            records[2].second.data());
}

TEST_F(DatasetBinaryTest, Cifar100HasTwoKindsOfLabels) {
  const std::string file = Write("test.bin", CifarRecord({19, 99}, 1, 2, 3));
  EXPECT_EQ(99, MakeLmdb({"cifar", file}).at(0).second.label());
  const std::vector<Record> coarse = MakeLmdb({"cifar", file, "--coarse", "--force"});
  EXPECT_EQ(19, coarse.at(0).second.label());
  EXPECT_EQ(1, coarse.at(0).second.data()[0]);
}

TEST_F(DatasetBinaryTest, ReadsArraysOfSeveralShapes) {
  const std::string labels = WriteArray("y.npy", {2}, {1, 0});
  const std::string planes = WriteArray("x4.npy", {2, 2, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8.5});
  const std::vector<Record> records = MakeLmdb({"npy", planes, labels});
  ASSERT_EQ(2U, records.size());
  EXPECT_EQ(1, records[0].second.label());
  EXPECT_EQ("2x1x2: 1 2 3 4", Text(records[0].second));
  EXPECT_EQ("2x1x2: 5f 6f 7f 8.5f", Text(records[1].second));
  const std::string pictures = WriteArray("x3.npy", {1, 2, 2}, {1, 2, 3, 4});
  EXPECT_EQ("1x2x2: 1 2 3 4", Text(MakeLmdb({"npy", pictures, "--force"}).at(0).second));
  const std::string values = WriteArray("x2.npy", {1, 3}, {1, 2, 3});
  EXPECT_EQ("3x1x1: 1 2 3", Text(MakeLmdb({"npy", values, "--force"}).at(0).second));
}
#endif

#ifdef DEMITASSE_WITH_HDF5
TEST_F(DatasetBinaryTest, Hdf5TakesSeveralLabelsForASample) {
  const std::string x = WriteArray("x.npy", {2, 1}, {1, 2});
  const std::string y = WriteArray("y.npy", {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(0, Make({"npy", x, y}, "out.h5").exit_code);
  const NdArray labels = ReadHdf5("out.h5", "label");
  EXPECT_THAT(labels.shape, ElementsAre(2, 3));
  EXPECT_THAT(labels.values, ElementsAre(1, 2, 3, 4, 5, 6));
  ExpectFailure({"npy", x, y, "--format=lmdb"},
                y + ": error: LMDB has one label for a sample, here are 3; use --format=hdf5");
}
#endif

#ifdef DEMITASSE_WITH_PICTURES
TEST_F(DatasetBinaryTest, PicturesOfCifarHaveTheirColours) {
  const std::string file = Write("test.bin", CifarRecord({4}, 10, 20, 30));
  EXPECT_EQ(0, Make({"cifar", file, "--format=png"}, "out").exit_code);
  const Picture picture = ReadPicture(Path("out/00000000_4.png"));
  EXPECT_THAT(std::vector<uint8_t>(picture.pixels.begin(), picture.pixels.begin() + 3),
              ElementsAre(10, 20, 30));
}

TEST_F(DatasetBinaryTest, ArraysOfOtherValuesAreNoPictures) {
  const std::string x = WriteArray("x.npy", {1, 1, 2, 2}, {0, 1, 2, 0.5});
  ExpectFailure({"npy", x, "--format=png"},
                x + ": error: a picture needs 1 or 3 channels of bytes, got 1 of other values");
}
#endif

#ifdef DEMITASSE_WITH_LMDB
TEST_F(DatasetBinaryTest, SaysWhatIsWrongWithMnistsFiles) {
  const std::string images = Write("images", Images());
  const std::string labels = Write("labels", Labels({3, 1}));
  ExpectFailure({"mnist", labels, labels},
                labels +
                    ": error: this is no IDX file of bytes with 3 axes, it should begin with "
                    "0 0 8 3");
  const std::string packed = Write("packed", "\x1f\x8b\x08");
  ExpectFailure({"mnist", packed, labels},
                packed + ": error: the file is compressed; unpack it first: gunzip");
  const std::string three = Write("three", Labels({1, 2, 3}));
  ExpectFailure({"mnist", images, three},
                three + ": error: the file has 3 labels for the 2 images in " + images);
  const std::string cut = Write("cut", Images().substr(0, 27));
  ExpectFailure({"mnist", cut, labels},
                cut + ": error: the file ends inside record 1 of 2: it is truncated");
  const std::string header = Write("header", Images().substr(0, 9));
  ExpectFailure({"mnist", header, labels}, header + ": error: the file ends inside its header");
  const std::string flat = Write("flat", Bytes({0, 0, 8, 3, 0, 0, 0, 2}) + std::string(8, '\0'));
  ExpectFailure({"mnist", flat, labels},
                flat + ": error: images of 0 x 0 pixels; sides of 1 to 16384 are allowed");
  EXPECT_THAT(Make({"mnist", images}, "out").err,
              HasSubstr("needs two names, of images and of labels, got 1"));
}

TEST_F(DatasetBinaryTest, SaysWhatIsWrongWithCifarsFiles) {
  const std::string cut = Write("cut", CifarRecord({1}, 1, 2, 3).substr(1));
  ExpectFailure({"cifar", cut},
                cut +
                    ": error: the file has 3072 bytes, which is no whole number of records of "
                    "CIFAR-10 (3073 bytes) or CIFAR-100 (3074): it is truncated, or another "
                    "file");
  const std::string other = Write("other", CifarRecord({1}, 0, 0, 0) + CifarRecord({10}, 0, 0, 0));
  ExpectFailure({"cifar", other},
                other +
                    ": error: record 1 has the label 10; there are 0 to 9: this is another "
                    "file");
  const std::string ten = Write("ten", CifarRecord({1}, 0, 0, 0));
  ExpectFailure({"cifar", ten, "--coarse"},
                ten + ": error: this is a file of CIFAR-10, which has no --coarse labels");
  EXPECT_THAT(Make({"cifar"}, "out").err, HasSubstr("needs the names of one or more files"));
}

TEST_F(DatasetBinaryTest, SaysWhatIsWrongWithArrays) {
  const std::string x = WriteArray("x.npy", {2, 1}, {1, 2});
  const std::string line = WriteArray("line.npy", {2}, {1, 2});
  ExpectFailure({"npy", line},
                line + ": error: the array of samples needs 2, 3 or 4 axes, got 2 (2)");
  const std::string y = WriteArray("y.npy", {3}, {1, 2, 3});
  ExpectFailure({"npy", x, y},
                y + ": error: the array of labels needs 1 or 2 axes, the first of them of 2, the "
                    "number of samples; got 3 (3)");
  const std::string none = WriteArray("none.npy", {2, 0}, {});
  ExpectFailure({"npy", none}, none + ": error: the samples are empty: 2 0 (0)");
  const std::string empty = WriteArray("empty.npy", {0, 2}, {});
  ExpectFailure({"npy", empty}, Path("out") + ": error: there are no samples to write");
  EXPECT_THAT(Make({"npy"}, "out").err, HasSubstr("got 0 names"));
}
#endif

}  // namespace
}  // namespace demitasse
