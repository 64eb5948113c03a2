// The command line tool when the system fails: each call of a kind in turn (fail_calls.c), in all
// that reads and writes files. A run must end by itself, with its results or with one error, and
// leave no file that is neither what was there before nor whole.
//
// Some calls of each kind are tried; with DEMITASSE_ALL_FAULTS=1 in the environment all of them,
// and of allocations, which are tens of thousands, one in 100.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

#include "src/core/text.hpp"
#include "tests/support/run_tool.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

constexpr char kPrevious[] = "what was there before";
constexpr char kDigits[] = DEMITASSE_SOURCE_DIR "/models/digits_prelu/";
constexpr char kNet[] = R"(
layer { name: "d" type: "Data" top: "data" top: "label" include { not_stage: "h5" }
        data_param { source: "IN/db" batch_size: 10 backend: LMDB } }
layer { name: "d" type: "HDF5Data" top: "data" top: "label" include { stage: "h5" }
        hdf5_data_param { source: "IN/data.h5" batch_size: 10 } }
layer { name: "c" type: "Convolution" bottom: "data" top: "c"
        convolution_param { num_output: 4 kernel_size: 5 stride: 2 } }
layer { name: "p" type: "PReLU" bottom: "c" top: "c" }
layer { name: "f" type: "InnerProduct" bottom: "c" top: "f" inner_product_param { num_output: 10 } }
layer { name: "l" type: "SoftmaxWithLoss" bottom: "f" bottom: "label" top: "l" }
)";
constexpr char kSolver[] = R"(
net: "IN/net.prototxt" base_lr: 0.01 lr_policy: "fixed" max_iter: 4 snapshot: 2 random_seed: 7
snapshot_prefix: "OUT/s" momentum: 0.9
)";

// What the tool is asked for; IN and OUT stand for folders. Training is given an engine: one that
// has no memory is passed over for another, which rounds otherwise.
struct Scenario {
  std::string name;
  std::vector<std::string> args;
  std::vector<std::string> files;  // in OUT, that are there before
  bool uses_hdf5 = false;
};

std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  return out << scenario.name;
}

const std::vector<Scenario>& Scenarios() {
  const std::string digits = kDigits;
  static const std::vector<Scenario> scenarios = {
      {"Run",
       {"run", "--model=" + digits + "digits_prelu.prototxt", "--output=OUT/o",
        "--weights=" + digits + "digits_prelu.caffemodel", "--input=data=" + digits + "seven.png"},
       {"o/prob.npy"}},
      {"RunHdf5",
       {"run", "--model=IN/net.prototxt", "--stage=h5", "--phase=TRAIN", "--backward",
        "--weights=IN/s_iter_2.caffemodel.h5", "--save_params=OUT/p.caffemodel.h5"},
       {"p.caffemodel.h5"},
       true},
      {"Train",
       {"train", "--solver=IN/solver.prototxt", "--engine=reference"},
       {"s_iter_4.caffemodel", "s_iter_4.solverstate"}},
      {"TrainHdf5",
       {"train", "--solver=IN/solver_h5.prototxt", "--engine=reference"},
       {"s_iter_4.solverstate.h5"},
       true},
      {"Restore",
       {"train", "--solver=IN/solver.prototxt", "--snapshot=IN/s_iter_2.solverstate",
        "--engine=reference"},
       {"s_iter_4.caffemodel"}},
      {"RestoreHdf5",
       {"train", "--solver=IN/solver_h5.prototxt", "--snapshot=IN/s_iter_2.solverstate.h5",
        "--engine=reference"},
       {"s_iter_4.caffemodel.h5"},
       true},
      {"Lmdb", {"dataset", "digits", "--output=OUT/db", "--count=40", "--force"}, {"db/data.mdb"}},
      {"Hdf5", {"dataset", "digits", "--output=OUT/d.h5", "--count=40", "--force"}, {"d.h5"}, true},
      {"Mean", {"mean", "IN/db", "OUT/mean.binaryproto"}, {"mean.binaryproto"}},
      {"Features",
       {"features", "--model=IN/net.prototxt", "--weights=IN/s_iter_2.caffemodel", "--blobs=c,f",
        "--iterations=2", "--output=OUT/f.h5"},
       {"f.h5"},
       true},
  };
  return scenarios;
}

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string Bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

using Files = std::map<std::string, std::string>;

Files FilesIn(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[entry.path().lexically_relative(folder).string()] = Bytes(entry.path());
  }
  return files;
}

// The lines that are no log lines, nor what the HDF5 library prints when it cannot start.
std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const bool is_log =
        line.size() > 1 && (line[0] == 'W' || line[0] == 'I') && line[1] >= '0' && line[1] <= '9';
    const bool is_hdf5 = line.compare(0, 9, "HDF5-DIAG") == 0 || line.compare(0, 2, "  ") == 0;
    if (!is_log && !is_hdf5 && !line.empty()) lines.push_back(line);
  }
  return lines;
}

class FaultsTest : public testing::TestWithParam<Scenario> {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::path(testing::TempDir()) / "faults";
    fs::create_directories(root_ / "out");
    Make("net.prototxt", kNet);
    Make("solver.prototxt", kSolver);
    Make("solver_h5.prototxt",
         std::string(kSolver) + "snapshot_format: HDF5 train_state { stage: 'h5' }");
    for (const char* data : {"db", "data.h5"}) {
      MustRun({"dataset", "digits", "--count=40", Cat("--output=IN/", data)});
    }
    for (const char* solver : {"solver", "solver_h5"}) {
      MustRun({"train", Cat("--solver=IN/", solver, ".prototxt")});
    }
    for (const auto& entry : fs::directory_iterator(root_ / "out")) {
      fs::rename(entry.path(), root_ / entry.path().filename());
    }
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  // OUT as it is before each run.
  static void Prepare(const Scenario& scenario) {
    fs::remove_all(root_ / "out");
    fs::create_directories(root_ / "out");
    for (const std::string& name : scenario.files) {
      fs::create_directories((root_ / "out" / name).parent_path());
      std::ofstream(root_ / "out" / name) << kPrevious;
    }
    fs::remove(root_ / "failed");
  }

  static ProgramResult Run(std::vector<std::string> args, const std::string& fault) {
    for (std::string& arg : args) arg = Substituted(arg);
    args.emplace_back("--quiet");
    args.insert(args.begin(),
                {"30", "env", "LD_PRELOAD=" DEMITASSE_FAIL_CALLS, "DEMITASSE_FAIL=" + fault,
                 "DEMITASSE_FAILED=" + (root_ / "failed").string(), DEMITASSE_TOOL});
    return RunProgram("/usr/bin/timeout", args);
  }
  static bool HasFailed() { return fs::exists(root_ / "failed"); }
  static Files Output() { return FilesIn(root_ / "out"); }

  // Tries faults of one kind; returns how many runs there were.
  static int TryCall(const Scenario& scenario, const std::string& call, const Files& whole);
  static void Judge(const ProgramResult& result, const Files& whole);

 private:
  static std::string Substituted(const std::string& text) {
    return Replaced(Replaced(text, "OUT/", (root_ / "out/").string()), "IN/",
                    (root_ / "").string());
  }
  static void Make(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name) << Substituted(text);
  }
  static void MustRun(const std::vector<std::string>& args) {
    const ProgramResult result = Run(args, "");
    ASSERT_EQ(0, result.exit_code) << result.err;
  }

  static fs::path root_;
};

fs::path FaultsTest::root_;

void FaultsTest::Judge(const ProgramResult& result, const Files& whole) {
  const std::vector<std::string> lines = Lines(result.err);
  EXPECT_TRUE(result.exit_code >= 0 && result.exit_code <= 2) << result.exit_code << result.err;
  EXPECT_EQ(result.exit_code == 0 ? 0U : 1U, lines.size()) << result.err;
  for (const std::string& line : lines) {
    const bool is_of_openmp = line.compare(0, 22, "libgomp: Out of memory") == 0;
    EXPECT_TRUE(is_of_openmp || line.find("error: ") != std::string::npos) << line;
  }
  const bool has_warned = !result.err.empty();  // of a snapshot that could not be taken
  const Files output = Output();
  for (const auto& [name, bytes] : output) {
    // What was replaced may be there still, if it could not be removed.
    if (name.find(".old.") != std::string::npos) continue;
    const auto expected = whole.find(name);
    if (expected == whole.end()) {
      ADD_FAILURE() << name << " is left behind";
      continue;
    }
    const bool is_whole = bytes == expected->second;
    EXPECT_TRUE(is_whole || bytes == kPrevious) << name << " is damaged";
    EXPECT_TRUE(is_whole || has_warned || result.exit_code != 0) << name << " is not written";
  }
}

int FaultsTest::TryCall(const Scenario& scenario, const std::string& call, const Files& whole) {
  const bool all = std::getenv("DEMITASSE_ALL_FAULTS") != nullptr;
  const bool allocates = call == "malloc";
  int runs = 0;
  for (int n = 1;; n += all ? 1 + (allocates ? n / 100 : 0) : 1 + n / (allocates ? 1 : 3)) {
    for (const char* goes_on : {"", "+"}) {
      const bool is_disk = call == "write" || call == "pwrite";
      if (*goes_on != '\0' && !is_disk) continue;
      const std::string fault = Cat(call, ":", n, goes_on);
      SCOPED_TRACE(fault);
      Prepare(scenario);
      const ProgramResult result = Run(scenario.args, fault);
      if (!HasFailed()) return runs;
      Judge(result, whole);
      ++runs;
    }
  }
}

TEST_P(FaultsTest, EndInSuccessOrOneError) {
  const Scenario& scenario = GetParam();
  Prepare(scenario);
  const ProgramResult result = Run(scenario.args, "");
  ASSERT_EQ(0, result.exit_code) << result.err;
  const Files whole = Output();
  std::cout << scenario.name << ":";
  for (const char* call :
       {"read", "pread", "write", "pwrite", "fsync", "rename", "open", "mmap", "malloc"}) {
    // HDF5 1.10 does not survive allocations that fail.
    if (call == std::string("malloc") && scenario.uses_hdf5) continue;
    std::cout << " " << call << " " << TryCall(scenario, call, whole) << std::flush;
  }
  std::cout << "\n";
}

INSTANTIATE_TEST_SUITE_P(All, FaultsTest, testing::ValuesIn(Scenarios()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace demitasse
