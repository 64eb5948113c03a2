// demitasse check: each file of tests/corpus/check gives the problems its first lines say,
// "# expect: PROBLEM", or, for one in a net that a solver names, "# expect in FILE:PROBLEM".
#include <algorithm>

#include "tests/support/bad_corpus.hpp"
#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"
#include "tools/check_files.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path& Source() {
  static const fs::path path = DEMITASSE_SOURCE_DIR;
  return path;
}

std::vector<fs::path> FilesBelow(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".prototxt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void Replace(const std::string& what, const std::string& by, std::string* text) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what)) {
    text->replace(at, what.size(), by);
  }
}

// The problems as they are printed, without the folder in front; elsewhere it is "here".
std::vector<std::string> ProblemsIn(const fs::path& path, std::vector<caffe::Phase> phases = {}) {
  FileCheck check;
  check.net.options.memory_limit = int64_t{1} << 30;  // for what is the same on every machine
  if (!phases.empty()) check.phases = std::move(phases);
  const std::string folder = path.parent_path().string();
  std::vector<std::string> lines;
  for (const Diagnostic& problem : CheckFile(path.string(), check).problems) {
    std::string line = problem.ToString();
    Replace(folder + "/", "", &line);
    Replace(folder, "here", &line);
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> ExpectedIn(const fs::path& path) {
  const std::string here = "# expect: ";
  const std::string in_net = "# expect in ";
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, here.size(), here) == 0) {
      const std::string rest = line.substr(here.size());
      const bool has_place = rest.find_first_of("0123456789") == 0;
      lines.push_back(path.filename().string() + (has_place ? ":" : ": ") + rest);
    } else if (line.compare(0, in_net.size(), in_net) == 0) {
      lines.push_back(line.substr(in_net.size()));
    }
  }
  return lines;
}

TEST(CheckCorpus, EveryMistakeIsFoundInItsPlace) {
  const std::vector<fs::path> files = FilesBelow(Source() / "tests" / "corpus" / "check");
  ASSERT_GE(files.size(), 90U);
  for (const fs::path& path : files) EXPECT_EQ(ExpectedIn(path), ProblemsIn(path)) << path;
}

TEST(CheckCorpus, WhatKeepsANetFromBeingBuiltIsAmongTheProblems) {
  for (const std::string& path : BadCorpus()) {
    // A solver is what the file is; memory is not taken, so that it cannot run out at the weights.
    if (path.find("solver_instead_of_net") != std::string::npos) continue;
    if (path.find("inner_product_huge") != std::string::npos) continue;
    for (const caffe::Phase phase : {caffe::TRAIN, caffe::TEST}) {
      std::ifstream file(path);
      std::string line;
      std::getline(file, line);
      for (const std::string& start :
           {std::string("# expect: "), "# expect in " + caffe::Phase_Name(phase) + ": "}) {
        if (line.compare(0, start.size(), start) != 0) continue;
        EXPECT_THAT(ProblemsIn(path, {phase}),
                    testing::Contains(EndsWith(line.substr(start.size()))))
            << path;
      }
    }
  }
}

TEST(CheckCorpus, NothingIsWrongWithTheModels) {
  const std::vector<fs::path> files = FilesBelow(Source() / "models");
  ASSERT_GE(files.size(), 20U);
  for (const fs::path& path : files) {
    if (path.filename() == "solver.prototxt") continue;
    EXPECT_THAT(ProblemsIn(path), IsEmpty()) << path;
    EXPECT_THAT(ProblemsIn(path, {caffe::TRAIN}), IsEmpty()) << path;
    EXPECT_THAT(ProblemsIn(path, {caffe::TEST}), IsEmpty()) << path;
  }
}

// Solvers write their snapshots where they run.
TEST(CheckCorpus, NothingIsWrongWithTheSolversOfTheModels) {
  int solvers = 0;
  for (const fs::path& path : FilesBelow(Source() / "models")) {
    if (path.filename() != "solver.prototxt") continue;
    const ProgramResult result = RunTool({"check", path.string()});
    EXPECT_EQ(result.out, path.string() + ": no problems (the solver and its nets)" +
                              "; shapes behind data not checked, --input_shape=data=NxCxHxW gives "
                              "them\n");
    EXPECT_EQ(result.exit_code, 0);
    ++solvers;
  }
  EXPECT_GE(solvers, 2);
}

using CheckTest = ToolTest;

constexpr char kNet[] = R"(
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param { num_output: 5 } }
)";

TEST_F(CheckTest, SaysSoWhenAllIsWell) {
  const std::string net = Write("net.prototxt", kNet);
  const ProgramResult result = RunTool({"check", net});
  EXPECT_EQ(result.out, net + ": no problems (TRAIN and TEST)\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(RunTool({"check", "--phase=TEST", net}).out, net + ": no problems (TEST)\n");
}

TEST_F(CheckTest, ErrorsAndWarningsAreCounted) {
  const std::string bad = Write("bad.prototxt", std::string(kNet) +
                                                    "layer { name: 'r' type: 'ReLU' bottom: 'x' "
                                                    "top: 'r' pooling_param { stride: 2 } }\n");
  const ProgramResult result = RunTool({"check", bad, Write("net.prototxt", kNet)});
  EXPECT_EQ(result.out,
            bad +
                ":5:40: error: layer 'r' (ReLU): bottom[0] 'x' is not produced by any layer "
                "above; known blobs: data, ip\n" +
                bad +
                ":5:53: warning: layer 'r' (ReLU): pooling_param has no effect: this type "
                "reads relu_param; leave it out or correct the type\n" +
                Path("net.prototxt") + ": no problems (TRAIN and TEST)\n" + "1 error, 1 warning\n");
  EXPECT_EQ(result.exit_code, 2);
}

TEST_F(CheckTest, WarningsAreRefusedOnlyIfStrict) {
  const std::string net = Write("net.prototxt", std::string(kNet) +
                                                    "layer { name: 'r' type: 'ReLU' bottom: 'ip' "
                                                    "top: 'r' phase: TEST }\n");
  EXPECT_EQ(RunTool({"check", net}).exit_code, 0);
  EXPECT_EQ(RunTool({"check", net, "--strict"}).exit_code, 2);
}

TEST_F(CheckTest, ProblemsComeAsJson) {
  const std::string net = Write("net.prototxt", "layer { name: 'r' type: 'ReLu' }");
  const ProgramResult result = RunTool({"check", "--json", net});
  EXPECT_EQ(result.exit_code, 2);
  const JsonValue json = ParseJson(result.out);
  EXPECT_EQ(NumberOf(json, "errors"), 1);
  EXPECT_EQ(NumberOf(json, "warnings"), 0);
  const JsonValue& problem = Field(json, "problems").list_value().values(0);
  EXPECT_EQ(TextOf(problem, "severity"), "error");
  EXPECT_EQ(TextOf(problem, "file"), net);
  EXPECT_EQ(NumberOf(problem, "line"), 1);
  EXPECT_EQ(NumberOf(problem, "column"), 25);
  EXPECT_EQ(TextOf(problem, "message"),
            "layer 'r': unknown layer type 'ReLu'; did you mean 'ReLU'?");
}

TEST_F(CheckTest, WeightsThatDoNotFitAreNamedAtTheirLayer) {
  const fs::path model = Source() / "models" / "digits_prelu";
  const std::string weights = (model / "digits_prelu.caffemodel").string();
  const std::string net = (model / "digits_prelu.prototxt").string();
  EXPECT_EQ(RunTool({"check", net, "--weights=" + weights}).out,
            net + ": no problems (TRAIN and TEST)\n");
  const ProgramResult larger =
      RunTool({"check", net, "--weights=" + weights, "--input_shape=data=1x1x32x32"});
  EXPECT_THAT(larger.out, HasSubstr("do not fit: blob 0 is "));
  EXPECT_THAT(larger.out, HasSubstr(" (InnerProduct): the weights in '" + weights));
  EXPECT_EQ(larger.exit_code, 2);
}

TEST_F(CheckTest, LayersThatGetNoWeightsAreNamed) {
  const fs::path model = Source() / "models" / "digits_prelu";
  const std::string net = Write("net.prototxt", R"(
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: [1, 1, 28, 28] } } }
layer { name: "conv_1" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: "msra" } } }
)");
  EXPECT_THAT(
      RunTool({"check", net, "--weights=" + (model / "digits_prelu.caffemodel").string()}).out,
      HasSubstr(
          ":3:15: warning: layer 'conv_1' (Convolution): no weights are given for it, it would "
          "start with those of its fillers; did you mean 'conv1'?\n"));
}

TEST_F(CheckTest, WindowsOfPicturesNeedNoFiles) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "data" type: "WindowData" top: "data" top: "label"
        window_data_param { source: "missing" batch_size: 2 }
        transform_param { crop_size: 8 } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 2 kernel_size: 9 weight_filler { type: "msra" } } }
)");
  EXPECT_THAT(RunTool({"check", net}).out,
              HasSubstr(":6:56: error: layer 'conv' (Convolution): kernel 9 is larger"));
}

TEST_F(CheckTest, ShapesOfDataCanBeGiven) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "d" type: "Data" top: "data" data_param { source: "x" batch_size: 4 } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 2 kernel_size: 5 } }
)");
  EXPECT_EQ(RunTool({"check", net}).out,
            net +
                ": no problems (TRAIN and TEST); shapes behind data not checked, "
                "--input_shape=data=NxCxHxW gives them\n");
  EXPECT_EQ(RunTool({"check", net, "--input_shape=data=4x1x8x8"}).out,
            net + ": no problems (TRAIN and TEST)\n");
  EXPECT_THAT(RunTool({"check", net, "--input_shape=data=4x1x3x8"}).out,
              HasSubstr(":4:56: error: layer 'conv' (Convolution): "));
  EXPECT_THAT(RunTool({"check", net, "--input_shape=date=4x1x3x8"}).err,
              HasSubstr("the net has no input 'date'; did you mean 'data'?"));
}

TEST_F(CheckTest, NeedsAFile) {
  EXPECT_EQ(
      RunTool({"check"}).err,
      "demitasse check: error: needs a file, a net or a solver\nSee demitasse check --help\n");
  const ProgramResult missing = RunTool({"check", Path("none.prototxt")});
  EXPECT_THAT(missing.out, HasSubstr("No such file or directory"));
  EXPECT_EQ(missing.exit_code, 2);
}

}  // namespace
}  // namespace demitasse
