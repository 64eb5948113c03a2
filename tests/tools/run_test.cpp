// demitasse run: which net is run, and how.
#include "demitasse/caffe.pb.h"
#include "src/io/weights.hpp"
#include "src/io/write_message.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RunTest : public ToolTest {
 protected:
  // A file with the weights of a layer 'scale' of one parameter blob of the given values.
  std::string WriteScales(const std::string& name, const std::vector<float>& values) const {
    caffe::NetParameter net;
    caffe::LayerParameter* const layer = net.add_layer();
    layer->set_name("scale");
    layer->set_type("Scale");
    caffe::BlobProto* const blob = layer->add_blobs();
    blob->mutable_shape()->add_dim(static_cast<int>(values.size()));
    for (const float value : values) blob->add_data(value);
    WriteMessage(Path(name), net);
    return Path(name);
  }
};

// y = s x, for 2 channels.
constexpr char kScaleNet[] = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }
layer { name: "scale" type: "Scale" bottom: "x" top: "y" }
)";

TEST_F(RunTest, RunsANet) {
  const std::string x = WriteArray("x.npy", {1, 3}, {1, 2, 6});
  const ProgramResult result = Run(DoublingNet(), {"--input=x=" + x});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("y  1 x 3  min 2  mean 6  max 12\n", result.out);
  EXPECT_EQ("", result.err);
}

TEST_F(RunTest, NeedsAModel) {
  ExpectUsageError(RunTool({"run"}), "there is no net to run; give --model=NET.prototxt");
  ExpectUsageError(RunTool({"run", "--model="}),
                   "there is no net to run; give --model=NET.prototxt");
}

TEST_F(RunTest, WrongFlagsAreUsageErrors) {
  ExpectUsageError(Run(DoublingNet(), {"--modle=x"}),
                   "unknown flag '--modle'; did you mean '--model'?");
  ExpectUsageError(Run(DoublingNet(), {"--threads=abc"}),
                   "--threads=abc: needs a whole number from 0 to 1024");
  ExpectUsageError(Run(DoublingNet(), {"--minloglevel=high"}),
                   "--minloglevel=high: glog does not take this value");
  ExpectUsageError(Run(DoublingNet(), {"--blobs=all"}),
                   "--blobs=all has no effect without --output=DIR");
  ExpectUsageError(Run(DoublingNet(), {"--optimize", "--backward"}),
                   "an optimized net has nothing for --backward; leave one out");
}

TEST_F(RunTest, AnOptimizedNetGivesTheSame) {
  const std::string x = WriteArray("x.npy", {1, 3}, {1, 2, 6});
  const ProgramResult result = Run(DoublingNet(), {"--input=x=" + x, "--optimize"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ("y  1 x 3  min 2  mean 6  max 12\n", result.out);
}

TEST_F(RunTest, ErrorsInTheNetNameTheLine) {
  const std::string path = Path("net.prototxt");
  ExpectError(Run("layer { name: \"a\"\n type: \"Input\" tpo: \"x\" }"), 2,
              path + ":2:16: error: layer 'a' (Input): unknown field 'tpo'; did you mean 'top'?");
  const ProgramResult missing = RunTool({"run", "--model=" + Path("none.prototxt")});
  EXPECT_EQ(2, missing.exit_code);
  EXPECT_EQ(Path("none.prototxt") + ": error: cannot be read: No such file or directory\n",
            missing.err);
}

TEST_F(RunTest, LenientMakesUnknownFieldsWarnings) {
  const ProgramResult result = Run(Cat(DoublingNet(), "colour: 'green'"), {"--lenient"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(result.out, StartsWith("y  1 x 3  min"));
  EXPECT_THAT(result.err, StartsWith("W"));
  EXPECT_THAT(result.err,
              HasSubstr(Path("net.prototxt") + ":4:1: warning: unknown field 'colour'"));
}

TEST_F(RunTest, PhaseLevelAndStageChooseLayers) {
  const auto layer = [](const std::string& name, const std::string& rule) {
    return Cat("layer { name: '", name, "' type: 'DummyData' top: '", name, "' include { ", rule,
               " } dummy_data_param { shape { dim: 1 } } }\n");
  };
  const std::string net = layer("train", "phase: TRAIN") + layer("test", "phase: TEST") +
                          layer("deep", "min_level: 2") + layer("staged", "stage: 'a' stage: 'b'");
  const auto line = [](const std::string& name) { return name + "  1  min 0  mean 0  max 0\n"; };
  EXPECT_EQ(line("test"), Run(net).out);
  EXPECT_EQ(line("train"), Run(net, {"--phase=TRAIN"}).out);
  EXPECT_EQ(line("deep") + line("test"), Run(net, {"--level=2"}).out);
  EXPECT_EQ(line("staged") + line("test  "), Run(net, {"--stage=a,b"}).out);
  EXPECT_EQ(line("test"), Run(net, {"--stage=a"}).out);
}

TEST_F(RunTest, WeightsAreLoadedAndLaterFilesWin) {
  const std::string x = WriteArray("x.npy", {1, 2}, {1, 1});
  const std::string a = WriteScales("a.caffemodel", {2, 4});
  const std::string b = WriteScales("b.caffemodel", {3, 5});
  const ProgramResult result = Run(kScaleNet, {"--input=x=" + x, "--weights=" + a});
  EXPECT_EQ("y  1 x 2  min 2  mean 3  max 4\n", result.out);
  EXPECT_EQ("", result.err);
  EXPECT_EQ("y  1 x 2  min 3  mean 4  max 5\n",
            Run(kScaleNet, {"--input=x=" + x, "--weights=" + a + "," + b}).out);
}

TEST_F(RunTest, WarnsOfParametersThatAreNotLoaded) {
  EXPECT_THAT(Run(kScaleNet).err, HasSubstr("] no --weights are given; the parameters are as the "
                                            "fillers made them\n"));
  const std::string net =
      Cat(kScaleNet, "layer { name: 'more' type: 'Bias' bottom: 'y' top: 'z' }");
  const std::string weights = WriteScales("a.caffemodel", {2, 4});
  EXPECT_THAT(Run(net, {"--weights=" + weights}).err,
              HasSubstr("] layer 'more' has parameters, but --weights holds none for it; they keep "
                        "their initial values\n"));
}

TEST_F(RunTest, WeightsThatDoNotFitAreAnError) {
  const std::string weights = WriteScales("a.caffemodel", {2, 4, 6});
  ExpectError(Run(kScaleNet, {"--weights=" + weights}), 2,
              weights + ": error: layer 'scale': blob 0 is 3 in the file, 2 in the net");
}

TEST_F(RunTest, LogLinesHaveALevel) {
  const std::string weights = WriteScales("a.caffemodel", {2, 4});
  const std::vector<std::string> flags = {"--weights=" + weights};
  const std::string ignored = "Ignoring source layer scale\n";
  EXPECT_THAT(Run(DoublingNet(), flags).err, Not(HasSubstr(ignored)));
  const std::string verbose = Run(DoublingNet(), {flags[0], "--verbose"}).err;
  EXPECT_THAT(verbose,
              ContainsRegex("I[0-9]{4} [0-9:.]+ +[0-9]+ log_lines.cpp:[0-9]+\\] " + ignored));
  EXPECT_THAT(Run(DoublingNet(), {flags[0], "-minloglevel", "0"}).err, HasSubstr(ignored));
  EXPECT_EQ("", Run(kScaleNet, {"--minloglevel=2"}).err);
}

TEST_F(RunTest, LogLinesGoToFilesIfAsked) {
  std::filesystem::create_directory(Path("logs"));
  const ProgramResult result = Run(kScaleNet, {"--log_dir=" + Path("logs")});
  EXPECT_EQ("", result.err);
  EXPECT_FALSE(FilesIn("logs").empty());
}

TEST_F(RunTest, EnginesAndThreadsAgree) {
  const std::string x = WriteArray("x.npy", {1, 3}, {1, 2, 6});
  for (const char* flag : {"--engine=auto", "--engine=reference", "--threads=1", "--threads=2"}) {
    EXPECT_EQ("y  1 x 3  min 2  mean 6  max 12\n", Run(DoublingNet(), {"--input=x=" + x, flag}).out)
        << flag;
  }
}

TEST_F(RunTest, OneDnnCanBeChosenWhereItWasBuiltIn) {
  const ProgramResult result = Run(DoublingNet(), {"--engine=onednn"});
#ifdef DEMITASSE_WITH_ONEDNN
  EXPECT_EQ(0, result.exit_code) << result.err;
#else
  ExpectUsageError(result, "--engine=onednn: this program was built without oneDNN");
#endif
}

TEST_F(RunTest, KeepsToTheMemoryLimit) {
  const ProgramResult result = Run(R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 1000000 } } })",
                                   {"--memory_limit=1M"});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr("the limit is 1 MB"));
  EXPECT_EQ("", result.out);
}

}  // namespace
}  // namespace demitasse
