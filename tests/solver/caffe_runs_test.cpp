// Twelve training runs of BVLC Caffe, which are to end in the same weights: from its first weights,
// and continued from its own solver state in the middle. data/README.md says what the files are.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <regex>
#include <sstream>

#include "demitasse/log.hpp"
#include "demitasse/solver.hpp"
#include "src/io/weights.hpp"
#include "tests/solver/solver_fixture.hpp"

namespace demitasse {
namespace {

const std::string kData = DEMITASSE_SOURCE_DIR "/tests/solver/data/";

std::string ReadAll(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Within 1e-4 of the largest value.
void ExpectNear(const std::string& what, const std::vector<float>& expected, const Blob& actual) {
  ASSERT_EQ(static_cast<int64_t>(expected.size()), actual.size()) << what;
  float largest = 0;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(expected[i], actual.cpu_data()[i], 1e-4f * largest) << what << " at " << i;
  }
}

class CaffeRuns : public testing::TestWithParam<const char*> {
 protected:
  CaffeRuns() : param_(SolverFrom(ReadAll(kData + GetParam() + "_solver.prototxt")).param) {
    param_.set_net(kData + "net.prototxt");
    param_.clear_snapshot();
    param_.set_snapshot_after_train(false);
    options_.threads = 1;  // the nets are tiny
  }

  void ExpectCaffesEnd(const Solver& solver, Net* net) const {
    const std::string end = kData + GetParam() + "_iter_20";
    for (const LayerWeights& layer : ReadCaffemodel(end + ".caffemodel").layers) {
      for (size_t i = 0; i < layer.blobs.size(); ++i) {
        ExpectNear(layer.name, layer.blobs[i].values, *net->layer_by_name(layer.name)->blobs()[i]);
      }
    }
    caffe::SolverState state;
    ASSERT_TRUE(state.ParseFromString(ReadAll(end + ".solverstate")));
    ASSERT_EQ(static_cast<size_t>(state.history_size()), solver.history().size());
    for (int i = 0; i < state.history_size(); ++i) {
      const auto& values = state.history(i).data();
      ExpectNear("history " + std::to_string(i), {values.begin(), values.end()},
                 *solver.history()[static_cast<size_t>(i)]);
    }
    EXPECT_EQ(state.iter(), solver.iter());
  }

  caffe::SolverParameter param_;
  SolverOptions options_;
};

TEST_P(CaffeRuns, EndInTheSameWeights) {
  options_.weights = {kData + "init.caffemodel"};
  Solver solver(param_, options_);
  solver.Solve();
  ExpectCaffesEnd(solver, &solver.net());
}

TEST_P(CaffeRuns, GoOnFromCaffesStates) {
  Solver solver(param_, options_);
  solver.Solve(kData + GetParam() + "_iter_10.solverstate");
  ExpectCaffesEnd(solver, &solver.net());
}

// The lines that scripts read, with numbers as # and what follows the first number kept apart.
struct LogLines {
  std::vector<std::string> texts;
  std::vector<double> numbers;

  void Add(const std::string& message) {
    const std::string line = message.substr(0, message.find('\n'));
    static const std::regex kRead(
        "(Initializing .*|Creating Layer .*|\\w+ (<-|->) .*|Setting up .*|Top shape: .*|"
        "    with loss .*|Memory required .*|\\w+ (needs|does not need) backward .*|This network "
        ".*|"
        "Network initialization done.|Solver scaffolding done.|Solving .*|Learning Rate Policy.*|"
        "Iteration \\d+.*|    (Train|Test) net output.*)");
    static const std::regex kSpeed("\\(.* iters\\)");  // as the machine was
    static const std::regex kNumber("-?\\d+(\\.\\d+)?(e[-+]?\\d+)?");
    if (!std::regex_match(line, kRead)) return;
    const std::string text = std::regex_replace(line, kSpeed, "()");
    for (std::sregex_iterator it(text.begin(), text.end(), kNumber), end; it != end; ++it) {
      numbers.push_back(std::stod(it->str()));
    }
    texts.push_back(std::regex_replace(text, kNumber, "#"));
  }
};

TEST_P(CaffeRuns, LogTheSameLines) {
  LogLines expected;
  std::istringstream log(ReadAll(kData + GetParam() + ".log"));
  for (std::string line; std::getline(log, line);) {
    const size_t prefix = line.find("] ");  // "I20261121 06:35:05.534677  2927 solver.cpp:290] "
    if (prefix != std::string::npos) expected.Add(line.substr(prefix + 2));
  }
  LogLines actual;
  SetLogSink([&actual](LogLevel, const std::string& message) { actual.Add(message); });
  options_.weights = {kData + "init.caffemodel"};
  Solver(param_, options_).Solve();
  SetLogSink({});

  EXPECT_EQ(expected.texts, actual.texts);
  ASSERT_EQ(expected.numbers.size(), actual.numbers.size());
  for (size_t i = 0; i < expected.numbers.size(); ++i) {
    EXPECT_NEAR(expected.numbers[i], actual.numbers[i], 1e-4 * std::abs(expected.numbers[i])) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(, CaffeRuns,
                         testing::Values("sgd_fixed", "sgd_step", "sgd_inv", "sgd_poly", "sgd_l1",
                                         "sgd_accum", "nesterov", "adagrad", "rmsprop", "adadelta",
                                         "adam", "legacy_enum"),
                         [](const auto& run) { return run.param; });

}  // namespace
}  // namespace demitasse
