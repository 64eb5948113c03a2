// demitasse train: whole runs, as a user starts them.
#include <sys/resource.h>

#include <sstream>

#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string ReadAll(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// No file that a program started meanwhile writes may be longer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &old_);
    rlimit limit = old_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &old_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_ = {};
};

class TrainTest : public ToolTest {
 protected:
  // A net with dropout and 64 KB of weights, to be trained for 6 iterations on random numbers.
  std::string WriteSolver(const std::string& prefix, int snapshot) const {
    Write("net.prototxt", R"(
layer { name: "data" type: "DummyData" top: "x" top: "y"
        dummy_data_param { data_filler { type: "gaussian" } shape { dim: 4 dim: 128 } } }
layer { name: "drop" type: "Dropout" bottom: "x" top: "dropped" }
layer { name: "fc" type: "InnerProduct" bottom: "dropped" top: "z"
        inner_product_param { num_output: 128 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "z" bottom: "y" top: "loss" }
)");
    return Write(prefix + ".prototxt",
                 Cat("net: 'net.prototxt' base_lr: 0.01 momentum: 0.9 lr_policy: 'fixed' ",
                     "random_seed: 1 max_iter: 6 display: 6 snapshot: ", snapshot,
                     " snapshot_prefix: '", Path(prefix), "'"));
  }

  static ProgramResult Train(const std::string& solver, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"train", "--solver=" + solver});
    return RunTool(flags);
  }
};

TEST_F(TrainTest, SnapshotsThatCannotBeWrittenLoseNothing) {
  const ProgramResult whole = Train(WriteSolver("whole", 6));
  EXPECT_EQ(0, whole.exit_code) << whole.err;

  const std::string solver = WriteSolver("run", 2);
  {
    const FileSizeLimit limit(1 << 15);
    const ProgramResult result = Train(solver);
    EXPECT_EQ(1, result.exit_code);
    EXPECT_THAT(result.err, HasSubstr("there is no snapshot of iteration 2, training goes on"));
    EXPECT_THAT(FilesIn(""), Not(testing::Contains(testing::StartsWith("run_iter"))));
  }
  std::filesystem::create_directory(Path("run_iter_6.caffemodel"));  // in the way of the last one
  EXPECT_EQ(1, Train(solver).exit_code);
  std::filesystem::remove(Path("run_iter_6.caffemodel"));
  {
    const FileSizeLimit limit(1 << 15);
    const ProgramResult result = Train(solver, {"--snapshot=latest"});
    EXPECT_EQ(1, result.exit_code);
    EXPECT_THAT(result.err, HasSubstr("run_iter_6.caffemodel: error: cannot write the file: "
                                      "File too large\n"));
  }
  const ProgramResult resumed = Train(solver, {"--snapshot=latest"});
  EXPECT_EQ(0, resumed.exit_code) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("Resuming from latest"));
  EXPECT_EQ(ReadAll(Path("whole_iter_6.caffemodel")), ReadAll(Path("run_iter_6.caffemodel")));
}

TEST_F(TrainTest, WritesWhatItDisplaysAndSnapshotsAsJson) {
  const ProgramResult result =
      Train(WriteSolver("run", 6), {"--log_json=" + Path("log.json"), "--quiet"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  std::istringstream log(ReadAll(Path("log.json")));
  std::string line;
  std::getline(log, line);
  EXPECT_THAT(line, testing::StartsWith("{\"event\": \"train\", \"iteration\": 0, \"seconds\": "));
  EXPECT_THAT(line, HasSubstr("\"outputs\": [{\"name\": \"loss\", \"value\": "));
  std::getline(log, line);
  EXPECT_THAT(line, testing::StartsWith("{\"event\": \"snapshot\", \"iteration\": 6, "));
  EXPECT_THAT(line, HasSubstr("\"file\": \"" + Path("run_iter_6.solverstate") + "\"}"));
  EXPECT_FALSE(std::getline(log, line)) << line;
}

TEST_F(TrainTest, WritesTestsAsJson) {
  const std::string solver =
      Write("tested.prototxt", ReadAll(WriteSolver("run", 6)) + " test_iter: 1 test_interval: 6");
  const ProgramResult result = Train(solver, {"--log_json=" + Path("log.json"), "--quiet"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(
      ReadAll(Path("log.json")),
      testing::ContainsRegex("\\{\"event\": \"test\", \"iteration\": 6, \"seconds\": [^,]*, "
                             "\"net\": 0, \"outputs\": \\[\\{\"name\": \"loss\""));
}

// A hangup asks for a snapshot, an interrupt for the end.
TEST_F(TrainTest, SignalsSnapshotAndStop) {
  WriteSolver("run", 0);  // and its net
  const std::string solver = Write(
      "long.prototxt", Cat("net: 'net.prototxt' base_lr: 0 lr_policy: 'fixed' display: 1000000 "
                           "max_iter: 2000000000 snapshot_prefix: '",
                           Path("run"), "'"));
  const ProgramResult result = RunProgram(
      "/bin/bash", {"-c", Cat("cd '", Path(""), "'; '", DEMITASSE_TOOL, "' train --solver=", solver,
                              R"( 2>log & pid=$!
lasts() { kill -0 $pid 2>/dev/null; }
until grep -q 'Iteration 0,' log || ! lasts; do sleep 0.05; done
kill -HUP $pid
until ls run_iter_*.solverstate >/dev/null 2>&1 || ! lasts; do sleep 0.05; done
lasts || echo it ended
kill -INT $pid
wait $pid)")});
  EXPECT_EQ(0, result.exit_code) << result.err << ReadAll(Path("log"));
  EXPECT_EQ("", result.out);
  EXPECT_THAT(ReadAll(Path("log")), HasSubstr("Optimization stopped early."));
}

TEST_F(TrainTest, SaysWhatItNeeds) {
  EXPECT_THAT(RunTool({"train"}).err,
              HasSubstr("there is no solver; give --solver=SOLVER.prototxt"));
  EXPECT_THAT(Train("solver.prototxt", {"--snapshot=latest", "--weights=a.caffemodel"}).err,
              HasSubstr("--snapshot continues a run with its own weights, --weights starts one"));
}

TEST_F(TrainTest, WarnsOnceOfAGpu) {
  const std::string text = ReadAll(WriteSolver("run", 0));
  const std::string solver = Write("gpu.prototxt", text + " solver_mode: GPU");
  const std::string err = Train(solver, {"--gpu=0"}).err;
  const std::string warning = "there is no code for a GPU";
  EXPECT_THAT(err, HasSubstr("solver_mode: GPU: " + warning));
  EXPECT_EQ(err.find(warning), err.rfind(warning));
}

TEST_F(TrainTest, AStateThatIsNoneIsFoundBeforeTheNetsAreBuilt) {
  const std::string wrong = Write("wrong.solverstate", "text");
  const std::string solver = Write("solver.prototxt", "net: 'missing' lr_policy: 'fixed'");
  ExpectError(Train(solver, {"--snapshot=" + wrong, "--minloglevel=1"}), 2,
              wrong + ": error: this is no solver state, or it is damaged");
}

#ifdef DEMITASSE_WITH_LMDB
// models/lenet_prelu, trained for a few iterations on some drawn digits.
class TrainLenetTest : public TrainTest {
 protected:
  TrainLenetTest() {
    RunTool({"dataset", "digits", "--count=128", "--output=" + Path("digits_train")});
    std::filesystem::copy(DEMITASSE_SOURCE_DIR "/models/lenet_prelu/lenet_prelu.prototxt",
                          Path("net.prototxt"));
  }

  // The weights that such a run ends with.
  std::string Weights(const std::vector<std::string>& flags) const {
    const std::string solver = Write("solver.prototxt", Cat(R"(
net: 'net.prototxt' train_state { stage: 'lmdb' } lr_policy: 'fixed' base_lr: 0.01 momentum: 0.9
random_seed: 1 max_iter: 4 snapshot_prefix: ')",
                                                            Path("lenet"), "'"));
    const ProgramResult result = Train(solver, flags);
    EXPECT_EQ(0, result.exit_code) << result.err;
    return ReadAll(Path("lenet_iter_4.caffemodel"));
  }
};

TEST_F(TrainLenetTest, EndsWithTheSameBitsEveryTime) {
  EXPECT_TRUE(Weights({"--threads=2"}) == Weights({"--threads=2"}));
}

TEST_F(TrainLenetTest, TheReferenceEngineGivesTheSameBitsForAnyNumberOfThreads) {
  const std::string one = Weights({"--engine=reference", "--threads=1"});
  EXPECT_TRUE(one == Weights({"--engine=reference", "--threads=3"}));
}

// The commands that the README of a model shows: its indented lines.
std::string CommandsIn(const std::string& readme) {
  std::istringstream lines(ReadAll(readme));
  std::string commands;
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, 4, "    ") == 0) commands += line + "\n";
  }
  return commands;
}

TEST_F(TrainTest, TheCommandsOfDigits8PreluLearnRealDigits) {
  const std::string digits = DEMITASSE_SOURCE_DIR "/../shared/data/digits/digits.csv.gz";
  if (!std::filesystem::exists(digits)) GTEST_SKIP() << "the digits are not at " << digits;
  const std::string model = DEMITASSE_SOURCE_DIR "/models/digits8_prelu";
  std::filesystem::copy(model, Path("model"));
  const std::string tool_folder = std::filesystem::path(DEMITASSE_TOOL).parent_path().string();
  const std::string script =
      Cat("set -e\ncd ", Path("model"), "\nPATH=", tool_folder, ":$PATH\ngunzip -c ", digits,
          " > digits.csv\n", CommandsIn(model + "/README.md"));
  const ProgramResult result = RunProgram("/bin/sh", {"-c", script});
  ASSERT_EQ(0, result.exit_code) << result.err;
  const std::string name = "Test net output #0: accuracy = ";
  const size_t last = result.err.rfind(name);
  ASSERT_NE(std::string::npos, last) << result.err;
  EXPECT_GE(std::stod(result.err.substr(last + name.size())), 0.97);
}
#endif

}  // namespace
}  // namespace demitasse
