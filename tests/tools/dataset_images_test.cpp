// demitasse dataset images.
#include "src/io/encode_picture.hpp"
#include "tests/tools/dataset_fixture.hpp"

#if defined(DEMITASSE_WITH_PICTURES) && defined(DEMITASSE_WITH_LMDB)
namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DatasetImagesTest : public DatasetTest {
 protected:
  // A PNG file with the pixels of one row, 3 values each for RGB, or one for grey.
  std::string WritePng(const std::string& name, int channels, std::vector<uint8_t> pixels) {
    const int width = static_cast<int>(pixels.size()) / channels;
    return Write(name, EncodePng({1, width, channels, std::move(pixels)}));
  }

  std::string WriteList(const std::string& lines) { return Write("list.txt", lines); }

  static std::string ReadAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(DatasetImagesTest, TakesTheListsOrderAndNames) {
  std::filesystem::create_directory(Path("a b"));
  WritePng("a b/colour.png", 3, {1, 2, 3, 4, 5, 6});
  WritePng("grey.png", 1, {7, 8});
  const std::string list = WriteList("a b/colour.png 5\ngrey.png 16777217\n");
  const std::vector<Record> records = MakeLmdb({"images", list});
  ASSERT_EQ(2U, records.size());
  EXPECT_EQ("00000000_a b/colour.png", records[0].first);
  EXPECT_EQ(5, records[0].second.label());
  EXPECT_EQ("3x1x2: 3 6 2 5 1 4", Text(records[0].second));  // blue, green, red
  EXPECT_EQ("00000001_grey.png", records[1].first);
  EXPECT_EQ(16777217, records[1].second.label());
  EXPECT_EQ("3x1x2: 7 8 7 8 7 8", Text(records[1].second));
}

TEST_F(DatasetImagesTest, PathsMayStartAtARoot) {
  std::filesystem::create_directory(Path("pictures"));
  WritePng("pictures/x.png", 1, {9});
  const std::string list = WriteList("x.png 1\n");
  EXPECT_EQ(1U, MakeLmdb({"images", list, "--root=" + Path("pictures")}).size());
  EXPECT_EQ(1U, MakeLmdb({"images", list, "--root=" + Path("pictures/"), "--force"}).size());
}

TEST_F(DatasetImagesTest, TakesTheArgumentsOfConvertImageset) {
  WritePng("x.png", 3, {1, 2, 3});
  const std::string list = WriteList("/x.png 1\n");
  const ProgramResult result =
      RunTool({"dataset", "images", "-gray", "-backend", "lmdb", Path(""), list, Path("db")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ("1x1x1: 2", Text(RecordsOf("db").at(0).second));
}

TEST_F(DatasetImagesTest, ResizesAndMakesGrey) {
  WritePng("x.png", 3, {10, 10, 10, 20, 20, 20});
  const std::string list = WriteList("x.png 1\n");
  const std::vector<Record> records =
      MakeLmdb({"images", list, "--gray", "--resize_height=2", "--resize_width=1"});
  EXPECT_EQ("1x2x1: 15 15", Text(records.at(0).second));
}

TEST_F(DatasetImagesTest, ShufflesByTheSeed) {
  std::string lines;
  for (int i = 0; i < 20; ++i) {
    WritePng(Cat(i, ".png"), 1, {static_cast<uint8_t>(i)});
    lines += Cat(i, ".png ", i, "\n");
  }
  const std::string list = WriteList(lines);
  const auto labels = [&](const std::string& seed) {
    std::vector<int> order;
    for (const Record& record : MakeLmdb({"images", list, "--shuffle", seed, "--force"})) {
      order.push_back(record.second.label());
    }
    return order;
  };
  const std::vector<int> first = labels("--seed=1");
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(labels("--seed=2")));
  EXPECT_THAT(first, Not(testing::ElementsAreArray(labels("--seed=2"))));
  EXPECT_THAT(first, testing::ElementsAreArray(labels("--seed=1")));
  EXPECT_FALSE(std::is_sorted(first.begin(), first.end()));
}

TEST_F(DatasetImagesTest, EncodedFilesStayAsTheyAre) {
  const std::string png = WritePng("x.png", 3, {1, 2, 3, 4, 5, 6});
  const std::string list = WriteList("x.png 2\n");
  const caffe::Datum datum = MakeLmdb({"images", list, "--encoded"}).at(0).second;
  EXPECT_TRUE(datum.encoded());
  EXPECT_EQ(2, datum.label());
  EXPECT_EQ(ReadAll(png), datum.data());
  EXPECT_FALSE(datum.has_channels());
}

TEST_F(DatasetImagesTest, EncodedFilesAreMadeAnewWhereThePictureChanges) {
  WritePng("x.png", 3, {10, 10, 10, 20, 20, 20});
  const std::string list = WriteList("x.png 2\n");
  const auto decode = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> args = {"images", list, "--force"};
    args.insert(args.end(), flags.begin(), flags.end());
    return DecodePicture(MakeLmdb(args).at(0).second.data(), "datum");
  };
  const Picture small = decode({"--encoded", "--resize_height=1", "--resize_width=1"});
  EXPECT_THAT(small.pixels, ElementsAre(15, 15, 15));
  const Picture gray = decode({"--encoded", "--gray"});
  EXPECT_EQ(1, gray.channels);
  EXPECT_THAT(gray.pixels, ElementsAre(10, 20));
  EXPECT_EQ(
      "\xff\xd8\xff",
      MakeLmdb({"images", list, "--force", "--encode_type=jpg"}).at(0).second.data().substr(0, 3));
}

TEST_F(DatasetImagesTest, ErrorsNameTheLineOfTheList) {
  WritePng("x.png", 1, {1, 2});
  WritePng("y.png", 1, {1, 2, 3});
  Write("bad.png", "no picture");
  const auto expect = [&](const std::string& lines, const std::vector<std::string>& flags,
                          const std::string& message) {
    std::vector<std::string> args = {"images", WriteList(lines)};
    args.insert(args.end(), flags.begin(), flags.end());
    ExpectError(Make(args, "out"), 2, Path("list.txt") + message);
    EXPECT_FALSE(std::filesystem::exists(Path("out")));
  };
  expect("x.png 1\nnone.png 2\n", {"--root=" + Path("")},
         ":2: error: '" + Path("none.png") + "': cannot open the file: No such file or directory");
  expect("x.png 1\nbad.png 2\n", {"--root=" + Path("")},
         ":2: error: '" + Path("bad.png") +
             "': this is neither a PNG nor a JPEG picture, whatever its name says; convert it to "
             "one of them");
  expect("x.png 1\ny.png 2\n", {"--check_size"},
         ":2: error: 'y.png': the picture has 1 x 3 pixels, the first 1 x 2; give --resize_height "
         "and --resize_width, or leave out --check_size");
  expect("x.png\n", {}, ":1: error: needs a picture's path and its label, got 'x.png'");
}

TEST_F(DatasetImagesTest, PicturesOfSeveralSizesGoIntoLmdbOnly) {
  WritePng("x.png", 1, {1, 2});
  WritePng("y.png", 1, {1, 2, 3});
  const std::string list = WriteList("x.png 1\ny.png 2\n");
  const ProgramResult result = Make({"images", list}, "db");
  EXPECT_EQ(Path("db") + ": LMDB, 2 samples, of several sizes\n", result.out);
#ifdef DEMITASSE_WITH_HDF5
  ExpectError(Make({"images", list}, "x.h5"), 2,
              list +
                  ":2: error: samples in HDF5 need one shape, but this is 3 1 3 (9), and the "
                  "first was 3 1 2 (6)");
  EXPECT_FALSE(std::filesystem::exists(Path("x.h5")));
#endif
}

TEST_F(DatasetImagesTest, SaysWhatItNeeds) {
  const std::string list = WriteList("x.png 1\n");
  EXPECT_THAT(Make({"images"}, "db").err,
              HasSubstr("needs the name of one list of pictures, got 0 names"));
  EXPECT_THAT(Make({"images", list, "--resize_width=3"}, "db").err,
              HasSubstr("--resize_height and --resize_width need each other"));
  EXPECT_THAT(Make({"images", list, "--encoded"}, "x.h5").err, HasSubstr("--encoded is for LMDB"));
  EXPECT_THAT(Make({"images", list, "--backend=leveldb"}, "db").err,
              HasSubstr("--backend=leveldb: needs to be one of lmdb"));
}

}  // namespace
}  // namespace demitasse
#endif
