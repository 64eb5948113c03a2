// demitasse features.
#include "src/io/encode_picture.hpp"
#include "src/io/weights.hpp"
#include "src/io/write_message.hpp"
#include "tests/tools/dataset_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// Batches of two random samples x, and y = s x.
constexpr char kNet[] = R"(
layer { name: "x" type: "DummyData" top: "x"
        dummy_data_param { data_filler { type: "gaussian" std: 1 }
                           shape { dim: 2 dim: 3 dim: 1 dim: 2 } } }
layer { name: "scale" type: "Scale" bottom: "x" top: "group/y" scale_param { axis: 0 num_axes: 0 } }
)";

class FeaturesTest : public DatasetTest {
 protected:
  // A run of the net with s = 3 on three batches.
  ProgramResult Features(const std::vector<std::string>& flags,
                         const std::string& net = kNet) const {
    const std::string weights = Path("net.caffemodel");
    if (!std::filesystem::exists(weights)) {
      caffe::NetParameter param;
      param.add_layer()->set_name("scale");
      param.mutable_layer(0)->set_type("Scale");
      caffe::BlobProto* const blob = param.mutable_layer(0)->add_blobs();
      blob->mutable_shape();
      blob->add_data(3);
      WriteMessage(weights, param);
    }
    std::vector<std::string> args = {"features", "--model=" + Write("net.prototxt", net),
                                     "--weights=" + weights, "--iterations=3"};
    args.insert(args.end(), flags.begin(), flags.end());
    return RunTool(args);
  }

  // Expects six different samples, and y = 3 x for each of their values.
  static void ExpectValues(const std::vector<float>& x, const std::vector<float>& y) {
    ASSERT_EQ(36U, x.size());
    ASSERT_EQ(36U, y.size());
    for (size_t i = 0; i < x.size(); ++i) EXPECT_EQ(3 * x[i], y[i]);
    EXPECT_EQ(36U, std::set<float>(x.begin(), x.end()).size());
  }
};

TEST_F(FeaturesTest, WritesArraysForNumpy) {
  const ProgramResult result =
      Features({"--blobs=x,group/y", "--output=" + Path("x.npy") + "," + Path("y.npy")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ("", result.out + result.err);
  const NdArray x = ReadNpy(Path("x.npy"));
  EXPECT_THAT(x.shape, ElementsAre(6, 3, 1, 2));
  ExpectValues(x.values, ReadNpy(Path("y.npy")).values);
}

#ifdef DEMITASSE_WITH_HDF5
TEST_F(FeaturesTest, WritesADatasetForEachBlob) {
  EXPECT_EQ(0, Features({"--blobs=x,group/y", "--output=" + Path("f.h5")}).exit_code);
  const NdArray y = ReadHdf5("f.h5", "group/y");
  EXPECT_THAT(y.shape, ElementsAre(6, 3, 1, 2));
  ExpectValues(ReadHdf5("f.h5", "x").values, y.values);
}
#endif

#ifdef DEMITASSE_WITH_LMDB
TEST_F(FeaturesTest, WritesDatabasesLikeCaffes) {
  EXPECT_EQ(0,
            Features({"--blobs=x,group/y", "--output=" + Path("x") + "," + Path("y")}).exit_code);
  std::vector<float> values[2];
  for (const int i : {0, 1}) {
    const std::vector<Record> records = RecordsOf(i == 0 ? "x" : "y");
    ASSERT_EQ(6U, records.size());
    EXPECT_EQ("0000000005", records[5].first);
    for (const Record& record : records) {
      EXPECT_EQ(3, record.second.channels());
      EXPECT_EQ(1, record.second.height());
      EXPECT_EQ(2, record.second.width());
      for (const float value : record.second.float_data()) values[i].push_back(value);
    }
  }
  ExpectValues(values[0], values[1]);
}
#endif

TEST_F(FeaturesTest, ABlobWithoutAxesIsOneSampleABatch) {
  const std::string net =
      std::string(kNet) + "layer { name: 'sum' type: 'Reduction' bottom: 'x' top: 'sum' }";
  EXPECT_EQ(0, Features({"--blobs=sum", "--output=" + Path("s.npy")}, net).exit_code);
  EXPECT_THAT(ReadNpy(Path("s.npy")).shape, ElementsAre(3));
}

#ifdef DEMITASSE_WITH_PICTURES
TEST_F(FeaturesTest, AnArrayHasOneShape) {
  Write("a.png", EncodePng({1, 1, 1, {1}}));
  Write("b.png", EncodePng({1, 2, 1, {1, 2}}));
  const std::string net = "layer { name: 'x' type: 'ImageData' top: 'x' top: 'label' " +
                          Cat("image_data_param { source: '", Write("list", "a.png 0\nb.png 0\n"),
                              "' is_color: false } }");
  ExpectError(Features({"--blobs=x", "--output=" + Path("x.npy")}, net), 2,
              "error: --output: the blob for " + Path("x.npy") +
                  " was of 1 1 1 1 (1) and is now of 1 1 1 2 (2); a .npy file needs one shape, use "
                  "--format=lmdb");
  EXPECT_FALSE(std::filesystem::exists(Path("x.npy")));
}
#endif

TEST_F(FeaturesTest, AnArrayHasAsManyRowsAsAnIntCounts) {
  const ProgramResult result =
      Features({"--blobs=x", "--output=" + Path("x.npy"), "--iterations=1073741824"});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr("--iterations: they would make 2147483648 samples, a .npy file "
                                    "here has fewer than 2^31; use --format=hdf5"));
  EXPECT_FALSE(std::filesystem::exists(Path("x.npy")));
}

TEST_F(FeaturesTest, SaysWhatItNeeds) {
  const auto expect = [](const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_THAT(result.err, HasSubstr(message));
  };
  expect(RunTool({"features"}), "there is no net to run; give --model=NET.prototxt");
  expect(RunTool({"features", "--model=net"}), "there are no weights; give --weights=");
  expect(Features({}), "say what to write: --blobs=NAME,...");
  expect(Features({"--blobs=x"}), "there is no place to write to; give --output=PATH");
  expect(Features({"--blobs=x,group/y", "--output=" + Path("x.npy")}),
         "--output needs 2 paths, one for each of --blobs, got 1");
  expect(Features({"--blobs=x", "--format=hdf5", "--output=a,b"}),
         "--output needs 1 path for HDF5, got 2");
  expect(Features({"--blobs=x,group/y", "--output=a.npy,a.npy"}), "--output names 'a.npy' twice");
  expect(Features({"--blobs=z", "--output=a.npy"}), "'z'");
}

TEST_F(FeaturesTest, ANetWithoutDataIsAnError) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 } } }
layer { name: "scale" type: "Scale" bottom: "x" top: "y" scale_param { axis: 0 num_axes: 0 } })";
  ExpectError(Features({"--blobs=y", "--output=" + Path("y.npy")}, net), 2,
              Path("net.prototxt") +
                  ": error: nothing fills the net's input 'x'; a net with a "
                  "data layer is needed in its place");
  EXPECT_THAT(Left(), ElementsAre("net.caffemodel", "net.prototxt"));
}

TEST_F(FeaturesTest, AFullDiskIsAFailedRun) {
  std::filesystem::create_symlink("/dev/full", Path("x.npy"));
  ExpectError(Features({"--blobs=x", "--output=" + Path("x.npy")}), 1,
              Path("x.npy") + ": error: cannot write the file: No space left on device");
}

}  // namespace
}  // namespace demitasse
