// demitasse dataset csv, and values that are no bytes.
#include "tests/tools/dataset_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DatasetCsvTest : public DatasetTest {
 protected:
  // A run for a file of that text, which must fail with that error and leave nothing.
  void ExpectFailure(const std::string& text, std::vector<std::string> flags,
                     const std::string& message) {
    const std::string file = Write("x.csv", text);
    flags.insert(flags.begin(), {"csv", file});
    ExpectError(Make(flags, "out"), 2, file + message);
    EXPECT_THAT(Left(), ElementsAre("x.csv"));
  }
};

#ifdef DEMITASSE_WITH_LMDB
TEST_F(DatasetCsvTest, WholeNumbersUpTo255AreBytesOthersFloats) {
  const std::string file = Write("x.csv", "7,0,255\n-1,1,2.5\n0,256,0\n");
  const std::vector<Record> records = MakeLmdb({"csv", file});
  ASSERT_EQ(3U, records.size());
  EXPECT_EQ("00000000", records[0].first);
  EXPECT_EQ(7, records[0].second.label());
  EXPECT_EQ("2x1x1: 0 255", Text(records[0].second));
  EXPECT_EQ(-1, records[1].second.label());
  EXPECT_EQ("2x1x1: 1f 2.5f", Text(records[1].second));
  EXPECT_EQ("2x1x1: 256f 0f", Text(records[2].second));
}

TEST_F(DatasetCsvTest, TheLabelMayBeLastOrMissing) {
  const std::string file = Write("x.csv", "1,2,3");
  const std::vector<Record> last = MakeLmdb({"csv", file, "--label=last"});
  EXPECT_EQ(3, last.at(0).second.label());
  EXPECT_EQ("2x1x1: 1 2", Text(last.at(0).second));
  const std::vector<Record> none = MakeLmdb({"csv", file, "--label=none", "--force"});
  EXPECT_FALSE(none.at(0).second.has_label());
  EXPECT_EQ("3x1x1: 1 2 3", Text(none.at(0).second));
}

TEST_F(DatasetCsvTest, AShapeMakesPictures) {
  const std::string file = Write("x.csv", "9,1,2,3,4,5,6\n");
  const std::vector<Record> records = MakeLmdb({"csv", file, "--shape=1,2,3"});
  EXPECT_EQ("1x2x3: 1 2 3 4 5 6", Text(records.at(0).second));
}

TEST_F(DatasetCsvTest, TakesBlanksEmptyLinesAndLineEndsOfAllSystems) {
  const std::string file = Write("x.csv", "a,b\r\n 1 ,\t2\r\n\r\n3,4\r");
  const std::vector<Record> records = MakeLmdb({"csv", file, "--header"});
  ASSERT_EQ(2U, records.size());
  EXPECT_EQ("1x1x1: 2", Text(records[0].second));
  EXPECT_EQ(3, records[1].second.label());
  EXPECT_EQ("1x1x1: 4", Text(records[1].second));
}

TEST_F(DatasetCsvTest, ScaleComesBeforeTheChoiceOfBytes) {
  const std::string file = Write("x.csv", "1,0.5\n2,0.25\n");
  const std::vector<Record> records = MakeLmdb({"csv", file, "--scale=2"});
  EXPECT_EQ("1x1x1: 1", Text(records.at(0).second));
  EXPECT_EQ("1x1x1: 0.5f", Text(records.at(1).second));
}

TEST_F(DatasetCsvTest, ALongLineIsOneSample) {
  std::string text = "5";
  for (int i = 0; i < 700000; ++i) text += ",1";  // longer than what is read at once
  const std::string file = Write("x.csv", text + "\n" + text + "\n");
  const std::vector<Record> records = MakeLmdb({"csv", file});
  ASSERT_EQ(2U, records.size());
  EXPECT_EQ(std::string(700000, '\1'), records[1].second.data());
}

TEST_F(DatasetCsvTest, ErrorsNameTheLine) {
  ExpectFailure("1,2\n\n3,x\n", {}, ":3:3: error: 'x' is not a number");
  ExpectFailure("label,x\n1,2\n", {},
                ":1:1: error: 'label' is not a number; if this line is a header, give --header");
  ExpectFailure("1,2\n1,nan\n", {}, ":2:3: error: 'nan' is not a number");
  ExpectFailure("1,2\n1,2,\n", {}, ":2:5: error: '' is not a number");
  ExpectFailure("1,2\n1,2,3\n", {}, ":2: error: the line has 3 numbers, those above have 2");
  ExpectFailure("1,2\n3\n", {}, ":2: error: the line has 1 numbers, those above have 2");
  ExpectFailure("1\n", {}, ":1: error: there is no number beside the label");
  ExpectFailure("1,2\n", {"--shape=1,2,2"},
                ":1: error: --shape needs 4 numbers beside the label, got 1");
  ExpectFailure("0,1\n0.5,2\n", {},
                ":2: error: LMDB has labels of whole numbers, got 0.5; use --format=hdf5");
  ExpectFailure("3e9,2\n", {},
                ":1: error: LMDB has labels of whole numbers, got 3e+09; use --format=hdf5");
}

TEST_F(DatasetCsvTest, AFileWithoutSamplesIsAnError) {
  const std::string file = Write("x.csv", "label,x\n");
  ExpectError(Make({"csv", file, "--header"}, "db"), 2,
              Path("db") + ": error: there are no samples to write");
  EXPECT_THAT(Left(), ElementsAre("x.csv"));
}
#endif

#ifdef DEMITASSE_WITH_HDF5
TEST_F(DatasetCsvTest, Hdf5TakesAnyLabel) {
  const std::string file = Write("x.csv", "0.5,1,2\n-3,4,5\n");
  EXPECT_EQ(0, Make({"csv", file, "--scale=10"}, "x.h5").exit_code);
  EXPECT_THAT(ReadHdf5("x.h5", "label").values, ElementsAre(0.5F, -3));
  const NdArray data = ReadHdf5("x.h5", "data");
  EXPECT_THAT(data.shape, ElementsAre(2, 2, 1, 1));
  EXPECT_THAT(data.values, ElementsAre(10, 20, 40, 50));
}

TEST_F(DatasetCsvTest, Hdf5WithoutLabelsHasNoDatasetOfThem) {
  const std::string file = Write("x.csv", "1,2\n");
  EXPECT_EQ(0, Make({"csv", file, "--label=none"}, "x.h5").exit_code);
  EXPECT_THAT(Hdf5File(Path("x.h5")).Names(""), ElementsAre("data"));
}

TEST_F(DatasetCsvTest, AFailureLeavesTheOldFile) {
  const std::string good = Write("good.csv", "1,2\n");
  const std::string bad = Write("bad.csv", "1,2\n1,?\n");
  EXPECT_EQ(0, Make({"csv", good}, "x.h5").exit_code);
  EXPECT_EQ(2, Make({"csv", bad, "--force"}, "x.h5").exit_code);
  EXPECT_THAT(ReadHdf5("x.h5", "label").values, ElementsAre(1));
  EXPECT_THAT(Left(), ElementsAre("bad.csv", "good.csv", "x.h5"));
}
#endif

TEST_F(DatasetCsvTest, SaysWhatItNeeds) {
  EXPECT_THAT(Make({"csv"}, "x").err, HasSubstr("needs the name of one file of numbers, got 0"));
  const std::string file = Write("x.csv", "1,2\n");
  for (const char* shape : {"3", "1,2", "1,0,1", "1,a,1", "1,1,1,1"}) {
    EXPECT_THAT(Make({"csv", file, Cat("--shape=", shape)}, "x").err,
                HasSubstr(Cat("--shape=", shape, ": needs three sizes, channels,height,width")));
  }
  ExpectError(Make({"csv", Path("none")}, "x"), 2,
              Path("none") + ": error: cannot open the file: No such file or directory");
}

}  // namespace
}  // namespace demitasse
