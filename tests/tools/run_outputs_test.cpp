// demitasse run: the files that come out.
#include "src/io/hdf5_weights.hpp"
#include "src/io/weights.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::StartsWith;
using testing::UnorderedElementsAre;

using RunOutputsTest = ToolTest;

// y = s x + b with s = 3, b = 1.
constexpr char kAffineNet[] = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }
layer { name: "scale" type: "Scale" bottom: "x" top: "s"
        scale_param { filler { type: "constant" value: 3 } } }
layer { name: "bias" type: "Bias" bottom: "s" top: "y"
        bias_param { filler { type: "constant" value: 1 } } }
)";

TEST_F(RunOutputsTest, WritesTheOutputsToADirectoryItMakes) {
  const std::string x = WriteArray("x.npy", {1, 2}, {1, 2});
  const ProgramResult result = Run(kAffineNet, {"--input=x=" + x, "--output=" + Path("new/out")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(FilesIn("new/out"), UnorderedElementsAre("y.npy"));
  const NdArray y = ReadNpy(Path("new/out/y.npy"));
  EXPECT_THAT(y.shape, ElementsAre(1, 2));
  EXPECT_THAT(y.values, ElementsAre(4, 7));
}

TEST_F(RunOutputsTest, WritesAllBlobsAsTheyStandAfterThePass) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 } } }
layer { name: "a" type: "Power" bottom: "x" top: "a" power_param { scale: 2 } }
layer { name: "in_place" type: "Power" bottom: "a" top: "a" power_param { shift: 1 } }
layer { name: "b" type: "Power" bottom: "x" top: "b" }
layer { name: "loss" type: "EuclideanLoss" bottom: "a" bottom: "b" }
)";
  const std::string x = WriteArray("x.npy", {2}, {1, 2});
  const ProgramResult result =
      Run(net, {"--input=x=" + x, "--output=" + Path("out"), "--blobs=all"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(FilesIn("out"), UnorderedElementsAre("x.npy", "a.npy", "b.npy"));
  EXPECT_THAT(ReadNpy(Path("out/x.npy")).values, ElementsAre(1, 2));
  EXPECT_THAT(ReadNpy(Path("out/a.npy")).values, ElementsAre(3, 5));
}

TEST_F(RunOutputsTest, BackwardWritesGradientsOfInputsAndParameters) {
  const std::string x = WriteArray("x.npy", {2, 2}, {1, 2, 3, 4});
  const ProgramResult result =
      Run(kAffineNet, {"--input=x=" + x, "--backward", "--output=" + Path("out")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(FilesIn("out"),
              UnorderedElementsAre("y.npy", "x.diff.npy", "scale.0.diff.npy", "bias.0.diff.npy"));
  const NdArray x_gradient = ReadNpy(Path("out/x.diff.npy"));
  EXPECT_THAT(x_gradient.shape, ElementsAre(2, 2));
  EXPECT_THAT(x_gradient.values, ElementsAre(3, 3, 3, 3));
  EXPECT_THAT(ReadNpy(Path("out/scale.0.diff.npy")).values, ElementsAre(4, 6));
  EXPECT_THAT(ReadNpy(Path("out/bias.0.diff.npy")).values, ElementsAre(2, 2));
}

TEST_F(RunOutputsTest, LabelsAndStatisticsHaveNoGradientFile) {
  const std::string net = R"(
layer { name: "in" type: "Input" top: "x" top: "label"
        input_param { shape { dim: 2 dim: 3 } shape { dim: 2 } } }
layer { name: "norm" type: "BatchNorm" bottom: "x" top: "n" }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "n" bottom: "label" top: "loss" }
)";
  const std::string label = WriteArray("label.npy", {2}, {0, 2});
  const ProgramResult result = Run(
      net, {"--input=label=" + label, "--phase=TRAIN", "--backward", "--output=" + Path("out")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(FilesIn("out"), UnorderedElementsAre("loss.npy", "x.diff.npy"));
}

TEST_F(RunOutputsTest, SharedParametersShowTheirSumAtEachLayer) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 1 } } }
layer { name: "one" type: "Scale" bottom: "x" top: "a" param { name: "s" }
        scale_param { filler { type: "constant" value: 3 } } }
layer { name: "two" type: "Scale" bottom: "a" top: "b" param { name: "s" } }
)";
  const std::string x = WriteArray("x.npy", {1, 1}, {5});
  const std::vector<std::string> flags = {"--input=x=" + x, "--backward"};
  EXPECT_THAT(RunForArray(net, flags, "one.0.diff.npy").values, ElementsAre(30));  // 2 s x
  EXPECT_THAT(RunForArray(net, flags, "two.0.diff.npy").values, ElementsAre(30));
}

TEST_F(RunOutputsTest, UnusualCharactersInNamesBecomeUnderscores) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "a/b c:d.e-f_g" input_param { shape { dim: 1 } } })";
  EXPECT_EQ(0, Run(net, {"--output=" + Path("out")}).exit_code);
  EXPECT_THAT(FilesIn("out"), UnorderedElementsAre("a_b_c_d.e-f_g.npy"));
}

TEST_F(RunOutputsTest, TwoFilesOfOneNameAreAnError) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "a/b" top: "a_b" input_param { shape { dim: 1 } } })";
  ExpectError(Run(net, {"--output=" + Path("out")}), 2,
              "error: --output: blob 'a/b' and blob 'a_b' would both be written to a_b.npy; rename "
              "one of them in the net");
  EXPECT_FALSE(std::filesystem::exists(Path("out")));
  EXPECT_EQ(0, Run(net).exit_code);
}

TEST_F(RunOutputsTest, WritesNothingWhenTheInputIsWrong) {
  const std::string net = R"(
layer { name: "in" type: "Input" top: "x" top: "label"
        input_param { shape { dim: 1 dim: 3 } shape { dim: 1 } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "x" bottom: "label" top: "loss" }
)";
  const std::string label = WriteArray("label.npy", {1}, {7});
  const ProgramResult result = Run(net, {"--input=label=" + label, "--output=" + Path("out"),
                                         "--save_params=" + Path("net.caffemodel")});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_EQ("", result.out);
  EXPECT_FALSE(std::filesystem::exists(Path("out")));
  EXPECT_FALSE(std::filesystem::exists(Path("net.caffemodel")));
}

TEST_F(RunOutputsTest, AnOutputThatIsNoDirectoryIsAFailedRun) {
  const std::string file = Write("file", "");
  const ProgramResult result = Run(DoublingNet(), {"--output=" + file});
  ExpectError(result, 1, file + ": error: this is not a directory");
  EXPECT_EQ("", result.out);
  ExpectError(Run(DoublingNet(), {"--output=" + file + "/out"}), 1,
              file + "/out: error: cannot make the directory: " + file + " is not a directory");
  const ProgramResult nowhere = Run(DoublingNet(), {"--output=/proc/demitasse"});
  EXPECT_EQ(1, nowhere.exit_code);
  EXPECT_THAT(nowhere.err, StartsWith("/proc/demitasse: error: cannot "));
}

TEST_F(RunOutputsTest, AFullDiskIsAFailedRun) {
  std::filesystem::create_directory(Path("out"));
  std::filesystem::create_symlink("/dev/full", Path("out/y.npy"));
  ExpectError(Run(DoublingNet(), {"--output=" + Path("out")}), 1,
              Path("out/y.npy") + ": error: cannot write the file: No space left on device");
  const ProgramResult result = Run(DoublingNet(), {"--save_params=/dev/full"});
  ExpectError(result, 1, "/dev/full: error: cannot write the file: No space left on device");
}

#ifdef DEMITASSE_WITH_HDF5
// The C library writes over all that is freed.
TEST_F(RunOutputsTest, Hdf5FilesAreClosedByADriverThatIsThere) {
  const ProgramResult result = RunProgram(
      "/usr/bin/env",
      {"GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=85", DEMITASSE_TOOL, "run",
       "--model=" + Write("net.prototxt", DoublingNet()), "--save_params=" + Path("net.h5")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_TRUE(std::filesystem::exists(Path("net.h5")));
}
#endif

TEST_F(RunOutputsTest, SavesTheParametersAsTheyAreAfterThePass) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 1 } } }
layer { name: "norm" type: "BatchNorm" bottom: "x" top: "n" }
)";
  const std::string x = WriteArray("x.npy", {2, 1}, {4, 8});
  const std::string file = Path("net.caffemodel");
  const ProgramResult result = Run(net, {"--input=x=" + x, "--phase=TRAIN", "--save_params", file});
  EXPECT_EQ(0, result.exit_code) << result.err;
  const WeightFile saved = ReadCaffemodel(file);
  ASSERT_EQ(2U, saved.layers.size());
  EXPECT_EQ("norm", saved.layers[1].name);
  ASSERT_EQ(3U, saved.layers[1].blobs.size());
  EXPECT_THAT(saved.layers[1].blobs[0].values, ElementsAre(6));  // the batch's mean
  EXPECT_THAT(saved.layers[1].blobs[2].values, ElementsAre(1));  // batches
}

TEST_F(RunOutputsTest, SavesParametersInHdf5FormByName) {
  const std::string net = DoublingNet() + std::string(R"(
layer { name: "scale" type: "Scale" bottom: "y" top: "z" scale_param { filler { value: 3 } } }
)");
  const std::string file = Path("net.caffemodel.h5");
  const ProgramResult result = Run(net, {"--save_params=" + file});
#ifdef DEMITASSE_WITH_HDF5
  EXPECT_EQ(0, result.exit_code) << result.err;
  const WeightFile saved = ReadHdf5Weights(file);
  ASSERT_EQ(3U, saved.layers.size());  // in the order of their names
  ASSERT_EQ(1U, saved.layers[1].blobs.size());
  EXPECT_THAT(saved.layers[1].blobs[0].values, ElementsAre(3, 3, 3));
#else
  EXPECT_EQ(2, result.exit_code);
  EXPECT_FALSE(std::filesystem::exists(file));
#endif
}

TEST_F(RunOutputsTest, AParameterFileThatCannotBeMadeIsNoticedBeforeTheRun) {
  const ProgramResult result = Run(DoublingNet(), {"--save_params=" + Path("none/net.caffemodel")});
  ExpectError(
      result, 1,
      Path("none/net.caffemodel") + ": error: cannot create the file: No such file or directory");
  EXPECT_EQ("", result.out);
}

}  // namespace
}  // namespace demitasse
