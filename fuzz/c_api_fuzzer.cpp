// c_api: calls of include/demitasse.h in any order and with any numbers, on one of a few small nets
// (the first byte says which) or on a solver. Each call takes a byte that says which and the bytes
// of its numbers. What writes files and what loads plugins is left out.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "demitasse.h"
#include "fuzz/target.hpp"

namespace demitasse {
namespace {

constexpr char kConvolution[] =
    "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [1, 1, 6, 6] } } }\n"
    "layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'c'\n"
    "        convolution_param { num_output: 2 kernel_size: 3 } }\n"
    "layer { name: 'r' type: 'ReLU' bottom: 'c' top: 'c' }\n"
    "layer { name: 's' type: 'Softmax' bottom: 'c' top: 's' }\n";

constexpr char kLosses[] =
    "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [4, 6] } } }\n"
    "layer { name: 'l' type: 'Input' top: 'l' input_param { shape { dim: 4 } } }\n"
    "layer { name: 'drop' type: 'Dropout' bottom: 'x' top: 'd' }\n"
    "layer { name: 'ip' type: 'InnerProduct' bottom: 'd' top: 'y'\n"
    "        inner_product_param { num_output: 3 } }\n"
    "layer { name: 'hinge' type: 'HingeLoss' bottom: 'y' bottom: 'l' top: 'hinge' }\n"
    "layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'y' bottom: 'l' top: 'loss' }\n"
    "layer { name: 'right' type: 'Accuracy' bottom: 'y' bottom: 'l' top: 'right' }\n";

// Layers whose shapes depend on the values, or that keep something of the last pass.
constexpr char kStates[] =
    "layer { name: 'm' type: 'MemoryData' top: 'm' top: 'l'\n"
    "        memory_data_param { batch_size: 2 channels: 1 height: 4 width: 4 } }\n"
    "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [2, 1, 2, 2] } } }\n"
    "layer { name: 'p' type: 'Pooling' bottom: 'm' top: 'p'\n"
    "        pooling_param { pool: STOCHASTIC kernel_size: 2 stride: 2 } }\n"
    "layer { name: 'e' type: 'Eltwise' bottom: 'p' bottom: 'x' top: 'e'\n"
    "        eltwise_param { operation: MAX } }\n"
    "layer { name: 'n' type: 'BatchNorm' bottom: 'e' top: 'n' }\n"
    "layer { name: 'f' type: 'Filter' bottom: 'n' bottom: 'l' top: 'f' }\n"
    "layer { name: 'a' type: 'ArgMax' bottom: 'f' top: 'a' argmax_param { top_k: 3 } }\n"
    "layer { name: 'r' type: 'BatchReindex' bottom: 'x' bottom: 'l' top: 'r' }\n";

constexpr char kSolver[] =
    "base_lr: 0.1 lr_policy: 'step' gamma: 0.5 stepsize: 2 max_iter: 4 random_seed: 1\n"
    "test_iter: 1 test_interval: 2 snapshot_after_train: false snapshot_prefix: 'fuzz'\n"
    "net_param {\n"
    "  layer { name: 'x' type: 'DummyData' top: 'x' top: 't'\n"
    "          dummy_data_param { shape { dim: [2, 3] } shape { dim: [2, 2] }\n"
    "                             data_filler { type: 'gaussian' } } }\n"
    "  layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y'\n"
    "          inner_product_param { num_output: 2 } }\n"
    "  layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 't' top: 'loss' } }\n";

constexpr const char* kNets[] = {kConvolution, kLosses, kStates};

// Numbers and texts from the bytes; 0 and nothing behind their end.
class Source {
 public:
  explicit Source(const std::string& bytes) : bytes_(bytes) {}

  bool at_end() const { return at_ >= bytes_.size(); }
  std::string Rest() { return bytes_.substr(std::exchange(at_, bytes_.size())); }
  std::string Word() {
    const size_t length = Next<uint8_t>() % 16;
    const std::string word = bytes_.substr(std::min(at_, bytes_.size()), length);
    at_ += word.size();
    return word.c_str();  // without a zero in the middle
  }
  template <typename Number>
  Number Next() {
    Number number{};
    std::memcpy(&number, bytes_.data() + at_, std::min(sizeof(number), bytes_.size() - at_));
    at_ = std::min(bytes_.size(), at_ + sizeof(number));
    return number;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

using Options = std::unique_ptr<demitasse_options, decltype(&demitasse_options_free)>;
using NetPointer = std::unique_ptr<demitasse_net, decltype(&demitasse_net_free)>;
using SolverPointer = std::unique_ptr<demitasse_solver, decltype(&demitasse_solver_free)>;

Options MakeOptions() {
  Options options(demitasse_options_create(), demitasse_options_free);
  demitasse_options_set(options.get(), "memory_limit", "1000000");
  demitasse_options_set(options.get(), "threads", "1");
  return options;
}

NetPointer MakeNet(const char* text, bool training) {
  const Options options = MakeOptions();
  demitasse_options_set(options.get(), "phase", training ? "TRAIN" : "TEST");
  demitasse_options_set(options.get(), "force_backward", "true");
  demitasse_net* net = nullptr;
  demitasse_net_create_from_text(text, "net", options.get(), &net);
  return {net, demitasse_net_free};
}

SolverPointer MakeSolver() {
  const MemoryFile file(kSolver);
  demitasse_solver* solver = nullptr;
  demitasse_solver_create(file.path().c_str(), MakeOptions().get(), &solver);
  return {solver, demitasse_solver_free};
}

void CallOfOptions(Source* source) {
  const Options options = MakeOptions();
  const std::string key = source->Word();
  demitasse_options_set(options.get(), key.c_str(), source->Word().c_str());
}

// Any blob of the net: inputs, outputs, parameters, and by name.
demitasse_blob* ChooseBlob(demitasse_net* net, Source* source) {
  const auto kind = source->Next<uint8_t>();
  const int index = source->Next<int8_t>();
  switch (kind % 5) {
    case 0:
      return demitasse_net_input(net, index);
    case 1:
      return demitasse_net_output(net, index);
    case 2:
      return demitasse_net_layer_param(net, index, kind / 5 % 4 - 1);
    case 3:
      return demitasse_net_learnable_param(net, index);
    default:
      return demitasse_net_blob(net, demitasse_net_blob_name(net, index));
  }
}

void ReshapeBlob(demitasse_blob* blob, Source* source) {
  const int shape[] = {source->Next<int8_t>(), source->Next<int8_t>(), source->Next<int>(),
                       source->Next<int8_t>()};
  demitasse_blob_reshape(blob, shape, std::min<int>(source->Next<int8_t>(), 4));
}

void CallOfBlob(demitasse_net* net, Source* source) {
  demitasse_blob* const blob = ChooseBlob(net, source);
  std::vector<float> values(64);
  const auto call = source->Next<uint8_t>();
  const int64_t size = call % 2 == 0 ? demitasse_blob_size(blob) : source->Next<int8_t>();
  const int64_t fitting = std::min<int64_t>(size, 64);
  switch (call / 2 % 9) {
    case 0:
      for (float& value : values) value = static_cast<float>(source->Next<int8_t>() % 4);
      demitasse_blob_set_data(blob, values.data(), fitting);
      break;
    case 1:
      demitasse_blob_get_data(blob, values.data(), fitting);
      break;
    case 2:
      ReshapeBlob(blob, source);
      break;
    case 3:
      demitasse_blob_shape(blob, source->Next<int>());
      break;
    case 4:
      demitasse_blob_data(blob);
      break;
    case 5:
      demitasse_blob_diff(blob);
      break;
    case 6:
      demitasse_blob_set_diff(blob, values.data(), fitting);
      break;
    case 7:
      demitasse_blob_mutable_data(blob);
      break;
    default:
      demitasse_blob_get_diff(blob, values.data(), fitting);
  }
}

void LoadWeights(demitasse_net* net, Source* source) {
  const std::string weights = source->Rest();
  demitasse_net_load_weights_from_memory(net, weights.data(), static_cast<int64_t>(weights.size()));
}

// What takes two numbers at most.
void CallOfNet(uint8_t call, demitasse_net* net, Source* source) {
  float loss = 0;
  const int first = source->Next<int8_t>();
  const int last = source->Next<int8_t>();
  if (call == 0) demitasse_net_forward(net, &loss);
  if (call == 1) demitasse_net_backward(net);
  if (call == 2) demitasse_net_forward_from_to(net, first, last, &loss);
  if (call == 3) demitasse_net_backward_from_to(net, first, last);
  if (call == 4) demitasse_net_optimize(net);
  if (call == 5) demitasse_net_reshape(net);
  if (call == 6) demitasse_net_layer_param_count(net, first);
  if (call == 7) demitasse_net_layer_type(net, first);
  if (call == 8) demitasse_net_clear_param_diffs(net);
  if (call == 9) demitasse_net_share_weights(net, MakeNet(kConvolution, false).get());
}

void CallOfSolver(uint8_t call, demitasse_solver* solver, Source* source) {
  const auto number = source->Next<int8_t>();
  if (call == 0) demitasse_solver_step(solver, std::min<int>(number, 3));
  if (call == 1) demitasse_solver_solve(solver, nullptr);
  if (call == 2) demitasse_solver_test_net(solver, number);
  if (call == 3) demitasse_solver_iteration(solver);
  if (call == 4) {
    const MemoryFile state(source->Rest());
    demitasse_solver_restore(solver, state.path().c_str());
  }
}

void RunCalls(demitasse_net* net, demitasse_solver* solver, Source* source) {
  constexpr uint8_t kNetCalls = 10;
  constexpr int kMostCalls = 50;
  static const std::vector<float> samples(4 * 16, 1);
  for (int calls = 0; calls < kMostCalls && !source->at_end(); ++calls) {
    const auto call = static_cast<uint8_t>(source->Next<uint8_t>() % 32);
    if (call < kNetCalls) {
      CallOfNet(call, net, source);
    } else if (call < 20) {
      CallOfBlob(net, source);
    } else if (call == 20) {
      CallOfOptions(source);
    } else if (call == 21) {
      const int64_t number = std::min<int64_t>(source->Next<int8_t>(), 4);
      demitasse_net_set_memory_data(net, "m", samples.data(), samples.data(), number);
    } else if (call == 22) {
      LoadWeights(net, source);
    } else if (call == 23) {
      MakeNet(source->Rest().c_str(), true);
    } else {
      CallOfSolver(static_cast<uint8_t>(call - 24), solver, source);
    }
  }
}

void Read(const std::string& bytes) {
  Source source(bytes);
  const auto which = source.Next<uint8_t>();
  if (which % 4 == 3) {
    const SolverPointer solver = MakeSolver();
    return RunCalls(demitasse_solver_net(solver.get()), solver.get(), &source);
  }
  const NetPointer net = MakeNet(kNets[which % 4], which / 4 % 2 == 1);
  RunCalls(net.get(), nullptr, &source);
}

std::string Bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text.push_back(static_cast<char>(byte));
  return text;
}

std::vector<std::string> Seeds() {
  const std::string forward = Bytes({0, 0, 0});
  const std::string backward = Bytes({1, 0, 0});
  const std::string reshape = Bytes({10, 0, 0, 5, 2, 1, 7, 0, 0, 0, 8, 4});  // the first input
  const std::string memory_data = Bytes({21, 2});
  std::vector<std::string> seeds;
  for (int which = 0; which < 8; ++which) {
    const std::string begin = Bytes({which});
    seeds.push_back(begin + memory_data + forward + backward);
    seeds.push_back(begin + Bytes({2, 0, 2}) + Bytes({3, 2, 0}) + Bytes({10, 1, 0, 2}));
  }
  // Long ones: libFuzzer makes its inputs little longer than the seeds.
  std::string many;
  for (int call = 0; call < 40; ++call) many += Bytes({call, call % 7, call % 3, 5, 2, 1});
  for (int which = 0; which < 8; ++which) {
    seeds.push_back(Bytes({which}) + memory_data + forward + backward + many);
  }
  seeds.push_back(Bytes({0}) + reshape + forward + Bytes({10, 1, 0, 8}));
  seeds.push_back(Bytes({0}) + Bytes({4, 0, 0}) + forward + Bytes({5, 0, 0}));
  seeds.push_back(Bytes({3}) + Bytes({24, 2}) + Bytes({25, 0}) + Bytes({26, 0}) + forward);
  seeds.push_back(Bytes({0}) + Bytes({20, 5}) + "phase" + Bytes({4}) + "TEST" + forward);
  return seeds;
}

}  // namespace

const bool kCApiTarget = RegisterFuzzTarget({"c_api", Read, Seeds});

}  // namespace demitasse
