// What threads share beside weights: the list of layer types, the log, files, protobuf's own state.
#include <gmock/gmock.h>

#include <atomic>
#include <cstdio>
#include <string>

#include "demitasse/layer_registry.hpp"
#include "demitasse/solver.hpp"
#include "src/io/lmdb_writer.hpp"
#include "tests/net/net_fixture.hpp"
#include "tests/threads/together.hpp"

namespace demitasse {
namespace {

constexpr int kThreads = 8;

TEST(LibraryThreads, NetsAreBuiltAndDestroyedAtOnce) {
  const std::string text = InputText("x", "2, 3") + InnerProductText("ip: InnerProduct x -> y", 4) +
                           LayerText("drop: Dropout y -> z");
  const auto owner = MakeNet(text);
  Together(kThreads, [&](int) {
    for (int i = 0; i < 20; ++i) {
      const auto net = MakeNet(text, ForPhase(caffe::TRAIN));
      net->ShareTrainedLayersWith(*owner);
      net->Forward();
      EXPECT_EQ("unknown layer type", BuildError("layer { name: 'l' type: 'RLU' }").substr(28, 18));
    }
  });
}

TEST(LibraryThreads, TheRegistryAndTheLogAreForAllThreads) {
  std::atomic<int> messages{0};
  Together(kThreads, [&](int i) {
    const std::string type = "Threads" + std::to_string(i);
    SetLogSink([&](LogLevel, const std::string&) { ++messages; });
    for (int pass = 0; pass < 50; ++pass) {
      LayerRegistry::Register(type, [](const LayerParameter& param) {
        LayerParameter other = param;
        other.set_type("ReLU");
        return LayerRegistry::Create(other);
      });
      LogInfo(type);
      EXPECT_THAT(LayerRegistry::List(), testing::Contains(type));
      LayerParameter param;
      param.set_type(type);
      EXPECT_TRUE(LayerRegistry::Create(param)->SupportsInPlace(0));
    }
  });
  SetLogSink(nullptr);
  EXPECT_EQ(kThreads * 50, messages);
}

// The weight of a line that a solver fits, with dropout: it depends on the random numbers.
float TrainedWeight(const std::string& prefix) {
  const std::string net = R"(
    layer { name: 'x' type: 'DummyData' top: 'x' top: 'target' dummy_data_param {
      shape { dim: 4 dim: 1 } data_filler { value: 2 } data_filler { value: 6 } } }
    layer { name: 'drop' type: 'Dropout' bottom: 'x' top: 'dropped' }
    layer { name: 'fc' type: 'InnerProduct' bottom: 'dropped' top: 'y'
      inner_product_param { num_output: 1 } }
    layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 'target' top: 'loss' })";
  Diagnostics diagnostics;
  caffe::SolverParameter param =
      ReadSolverFromText("net_param {" + net +
                             "} lr_policy: 'fixed' base_lr: 0.01 momentum: 0.9 "
                             "max_iter: 20 random_seed: 5 test_iter: 1 test_interval: 10",
                         "solver", {}, &diagnostics)
          .param;
  diagnostics.ThrowIfErrors();
  param.set_snapshot_prefix(prefix);
  Solver solver(param);
  solver.Solve();
  for (const char* const end : {".caffemodel", ".solverstate"}) {
    EXPECT_EQ(0, std::remove((prefix + "_iter_20" + end).c_str()));
  }
  return *solver.net().layer_by_name("fc")->blobs()[0]->cpu_data();
}

TEST(LibraryThreads, SolversTrainAtOnce) {
  const float alone = TrainedWeight(TempPath("alone"));
  EXPECT_NE(0, alone);
  std::vector<float> weights(kThreads);
  const std::string prefix = TempPath("together");
  Together(kThreads, [&](int i) {
    weights[static_cast<size_t>(i)] = TrainedWeight(prefix + std::to_string(i));
  });
  EXPECT_THAT(weights, testing::Each(alone));
}

#ifdef DEMITASSE_WITH_LMDB

// Records of one pixel, which is its number.
std::string NumbersLmdb(int count) {
  std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  for (int i = 0; i < count; ++i) {
    caffe::Datum datum;
    datum.set_channels(1);
    datum.set_height(1);
    datum.set_width(1);
    datum.set_data(std::string(1, static_cast<char>(i)));
    writer.Put(std::to_string(100 + i), datum.SerializeAsString());
  }
  writer.Finish();
  return path;
}

TEST(LibraryThreads, NetsReadOneDatabaseAtOnce) {
  const std::string text =
      LayerText("data: Data -> data",
                "data_param { backend: LMDB batch_size: 4 source: '" + NumbersLmdb(12) + "' }");
  Together(kThreads, [&](int i) {
    const auto net = MakeNet(text, ForPhase(i % 2 == 0 ? caffe::TRAIN : caffe::TEST));
    for (int batch = 0; batch < 9; ++batch) {
      net->Forward();
      const float first = static_cast<float>(batch % 3 * 4);
      EXPECT_THAT(Values(*net->blob_by_name("data")),
                  testing::ElementsAre(first, first + 1, first + 2, first + 3));
    }
  });
}

#endif  // DEMITASSE_WITH_LMDB

}  // namespace
}  // namespace demitasse
