// demitasse mean.
#include "src/io/binary_proto.hpp"
#include "src/io/encode_picture.hpp"
#include "src/io/lmdb_writer.hpp"
#include "tests/tools/dataset_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

#ifdef DEMITASSE_WITH_LMDB
class MeanTest : public DatasetTest {
 protected:
  static caffe::Datum MakeDatum(int channels, int height, int width) {
    caffe::Datum datum;
    datum.set_channels(channels);
    datum.set_height(height);
    datum.set_width(width);
    return datum;
  }

  std::string WriteDatabase(const std::vector<caffe::Datum>& datums) const {
    LmdbWriter writer(Path("db"));
    for (size_t i = 0; i < datums.size(); ++i) {
      writer.Put(Cat("key", i), datums[i].SerializeAsString());
    }
    writer.Finish();
    return Path("db");
  }
};

TEST_F(MeanTest, WritesTheMeanImageAndPrintsTheChannels) {
  caffe::Datum bytes = MakeDatum(2, 1, 2);
  bytes.set_data(std::string("\x00\x01\xfe\xff", 4));
  caffe::Datum floats = MakeDatum(2, 1, 2);
  for (const float value : {1.0F, 2.0F, -4.0F, 0.5F}) floats.add_float_data(value);
  const std::string db = WriteDatabase({bytes, floats});
  const ProgramResult result = RunTool({"mean", db, Path("mean.binaryproto")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ("", result.err);
  EXPECT_EQ(
      "Number of channels: 2\n"
      "mean_value channel [0]: 1\n"
      "mean_value channel [1]: 126.375\n",
      result.out);
  const NdArray mean = ReadBinaryProto(Path("mean.binaryproto"));
  EXPECT_THAT(mean.shape, ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(mean.values, ElementsAre(0.5F, 1.5F, 125, 127.75F));
}

TEST_F(MeanTest, TheFileMayBeLeftOut) {
  caffe::Datum datum = MakeDatum(1, 1, 1);
  datum.set_data("\x07");
  const std::string db = WriteDatabase({datum});
  const ProgramResult result = RunTool({"mean", "--backend", "lmdb", db});
  EXPECT_EQ("Number of channels: 1\nmean_value channel [0]: 7\n", result.out) << result.err;
  EXPECT_THAT(Left(), ElementsAre("db"));
}

TEST_F(MeanTest, ErrorsNameTheRecord) {
  caffe::Datum small = MakeDatum(1, 1, 1);
  small.set_data("\x07");
  caffe::Datum large = MakeDatum(1, 1, 2);
  large.set_data("\x07\x07");
  const std::string db = WriteDatabase({small, large});
  ExpectError(RunTool({"mean", db, Path("out")}), 2,
              db + ": error: record 'key1': the picture is 1 x 1 x 2, the first was 1 x 1 x 1; the "
                   "mean image needs pictures of one size");
  EXPECT_THAT(Left(), ElementsAre("db"));
}

TEST_F(MeanTest, ADatabaseWithoutRecordsHasNoMean) {
  const std::string db = WriteDatabase({});
  ExpectError(RunTool({"mean", db}), 2, db + ": error: the database has no records");
}

TEST_F(MeanTest, SaysWhatItNeeds) {
  EXPECT_THAT(RunTool({"mean"}).err, HasSubstr("needs the name of a database"));
  EXPECT_THAT(RunTool({"mean", "a", "b", "c"}).err, HasSubstr("got 3 names"));
  EXPECT_EQ(2, RunTool({"mean", Path("none")}).exit_code);
}

#ifdef DEMITASSE_WITH_PICTURES
TEST_F(MeanTest, DecodesPicturesAsTheyAreStored) {
  caffe::Datum grey;
  grey.set_encoded(true);
  grey.set_data(EncodePng({1, 1, 1, {9}}));
  EXPECT_EQ("Number of channels: 1\nmean_value channel [0]: 9\n",
            RunTool({"mean", WriteDatabase({grey})}).out);
}

TEST_F(MeanTest, ChannelsOfColourAreBlueGreenRed) {
  caffe::Datum colour;
  colour.set_encoded(true);
  colour.set_data(EncodePng({1, 1, 3, {1, 2, 3}}));
  EXPECT_EQ(
      "Number of channels: 3\nmean_value channel [0]: 3\nmean_value channel [1]: 2\n"
      "mean_value channel [2]: 1\n",
      RunTool({"mean", WriteDatabase({colour})}).out);
}
#endif
#endif

}  // namespace
}  // namespace demitasse
