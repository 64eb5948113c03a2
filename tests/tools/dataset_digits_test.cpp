// demitasse dataset digits, and what all sources have in common.
#include "src/io/picture.hpp"
#include "tests/tools/dataset_fixture.hpp"
#include "tools/digits.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;

using DatasetDigitsTest = DatasetTest;

TEST_F(DatasetDigitsTest, SaysWhatItNeeds) {
  const auto expect_usage_error = [](const ProgramResult& result, const std::string& speaker,
                                     const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_EQ(Cat(speaker, ": error: ", message, "\nSee ", speaker, " --help\n"), result.err);
    EXPECT_EQ("", result.out);
  };
  expect_usage_error(RunTool({"dataset"}), "demitasse dataset",
                     "say which source: demitasse dataset SOURCE [flags]");
  expect_usage_error(RunTool({"dataset", "digtis"}), "demitasse dataset",
                     "unknown source 'digtis'; did you mean 'digits'?");
  expect_usage_error(RunTool({"dataset", "digits"}), "demitasse dataset digits",
                     "there is no place to write to; give --output=PATH");
  expect_usage_error(Make({"digits", "--count=0"}, "db"), "demitasse dataset digits",
                     "--count=0: needs a whole number from 1 to 2147483647");
  EXPECT_THAT(Left(), ElementsAre());
}

#ifdef DEMITASSE_WITH_LMDB
TEST_F(DatasetDigitsTest, WritesADatabase) {
  const ProgramResult result = Make({"digits", "--count=12", "--seed=5"}, "db");
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ(Path("db") + ": LMDB, 12 samples, 1x28x28\n", result.out);
  EXPECT_EQ("", result.err);
  const std::vector<Record> records = RecordsOf("db");
  ASSERT_EQ(12U, records.size());
  EXPECT_EQ("00000000", records[0].first);
  EXPECT_EQ("00000011", records[11].first);
  const caffe::Datum& datum = records[11].second;
  const DrawnDigit digit = DrawDigit(5, 11);
  EXPECT_EQ(1, datum.label());
  EXPECT_EQ(1, datum.channels());
  EXPECT_EQ(28, datum.height());
  EXPECT_EQ(28, datum.width());
  EXPECT_FALSE(datum.encoded());
  EXPECT_EQ(std::string(digit.pixels.begin(), digit.pixels.end()), datum.data());
}

TEST_F(DatasetDigitsTest, ScaledValuesAreFloats) {
  const std::vector<Record> records = MakeLmdb({"digits", "--count=1", "--scale=0.5"});
  ASSERT_EQ(1U, records.size());
  const DrawnDigit digit = DrawDigit(1, 0);
  ASSERT_EQ(784, records[0].second.float_data_size());
  EXPECT_EQ("", records[0].second.data());
  for (int i = 0; i < 784; ++i) {
    EXPECT_EQ(digit.pixels[static_cast<size_t>(i)] * 0.5F, records[0].second.float_data(i));
  }
}

TEST_F(DatasetDigitsTest, ReplacesADatabaseOnlyWithForce) {
  MakeLmdb({"digits", "--count=3"});
  ExpectError(Make({"digits", "--count=4"}, "db"), 2,
              Path("db") + ": error: exists already; give --force to replace it");
  EXPECT_EQ(3U, RecordsOf("db").size());
  EXPECT_EQ(0, Make({"digits", "--count=4", "--force"}, "db/").exit_code);
  EXPECT_EQ(4U, RecordsOf("db").size());
  EXPECT_THAT(Left(), ElementsAre("db"));
}

TEST_F(DatasetDigitsTest, ForceLeavesAloneWhatIsNoDataSet) {
  std::filesystem::create_directory(Path("home"));
  Write("home/letter.txt", "dear");
  ExpectError(Make({"digits", "--force"}, "home"), 2,
              Path("home") +
                  ": error: holds 'letter.txt', which is of no data set; it is not "
                  "replaced");
  ExpectError(Make({"digits", "--force"}, "home/letter.txt"), 2,
              Path("home/letter.txt") +
                  ": error: this is a file, and a folder is to be made; remove it first");
  EXPECT_THAT(FilesIn("home"), ElementsAre("letter.txt"));
  EXPECT_THAT(Left(), ElementsAre("home"));
}

TEST_F(DatasetDigitsTest, AFolderThatIsNotThereIsAnError) {
  ExpectError(Make({"digits", "--count=3"}, "none/db"), 2,
              Path("none/db") + ": error: cannot make the folder: No such file or directory");
}
#endif

#ifdef DEMITASSE_WITH_HDF5
TEST_F(DatasetDigitsTest, WritesHdf5) {
  const ProgramResult result = Make({"digits", "--count=2000", "--seed=3"}, "digits.h5");
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ(Path("digits.h5") + ": HDF5, 2000 samples, 1x28x28\n", result.out);
  const NdArray data = ReadHdf5("digits.h5", "data");
  const NdArray label = ReadHdf5("digits.h5", "label");
  EXPECT_THAT(data.shape, ElementsAre(2000, 1, 28, 28));
  EXPECT_THAT(label.shape, ElementsAre(2000));
  for (const int i : {0, 1337, 1999}) {
    const DrawnDigit digit = DrawDigit(3, static_cast<uint64_t>(i));
    EXPECT_EQ(digit.label, label.values[static_cast<size_t>(i)]);
    const auto begin = data.values.begin() + i * 784;
    EXPECT_TRUE(std::equal(digit.pixels.begin(), digit.pixels.end(), begin));
  }
  EXPECT_THAT(Left(), ElementsAre("digits.h5"));
}

TEST_F(DatasetDigitsTest, TheFormatFlagCountsMoreThanTheName) {
  EXPECT_EQ(0, Make({"digits", "--count=1", "--format=hdf5"}, "digits").exit_code);
  EXPECT_THAT(ReadHdf5("digits", "label").values, ElementsAre(0));
}

TEST_F(DatasetDigitsTest, AFullDiskIsAFailedRun) {
  std::filesystem::create_symlink("/dev/full", Path("digits.h5"));
  const ProgramResult result = Make({"digits", "--count=10", "--force"}, "digits.h5");
  EXPECT_EQ(1, result.exit_code);
  EXPECT_THAT(result.err, StartsWith(Path("digits.h5") + ": error: cannot "));
  EXPECT_EQ("", result.out);
}
#endif

#ifdef DEMITASSE_WITH_PICTURES
TEST_F(DatasetDigitsTest, WritesPictures) {
  const ProgramResult result = Make({"digits", "--count=3", "--format=png"}, "out");
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ(Path("out") + ": PNG files, 3 samples, 1x28x28\n", result.out);
  EXPECT_THAT(FilesIn("out"), UnorderedElementsAre("00000000_0.png", "00000001_1.png",
                                                   "00000002_2.png", "list.txt"));
  EXPECT_EQ(DrawDigit(1, 2).pixels, ReadPicture(Path("out/00000002_2.png")).pixels);
  std::ifstream list(Path("out/list.txt"));
  const std::string text((std::istreambuf_iterator<char>(list)), {});
  EXPECT_EQ("00000000_0.png 0\n00000001_1.png 1\n00000002_2.png 2\n", text);
}

TEST_F(DatasetDigitsTest, PicturesAreNotScaled) {
  const ProgramResult result = Make({"digits", "--scale=2", "--format=png"}, "out");
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr("--scale has no meaning for PNG files, which hold 0 to 255"));
  EXPECT_THAT(Left(), ElementsAre());
}
#endif

}  // namespace
}  // namespace demitasse
