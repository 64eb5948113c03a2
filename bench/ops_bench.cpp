// Times ops that are bound by memory, beside the memory's limit: Copy and Add are the streams that
// a forward and a backward pass cannot do without, written past the cache. Medians of one run:
//
//   build/release/bench/ops_bench --benchmark_enable_random_interleaving=true
//       --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/buffer.hpp"
#include "demitasse/random.hpp"
#include "src/core/vectorize.hpp"
#include "src/ops/prelu.hpp"
#include "src/ops/relu.hpp"
#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

struct Shape {
  int64_t images;
  int64_t channels;
  int64_t places;
};

constexpr int64_t kPlain = 1;

int64_t Size(const Shape& shape) { return shape.images * shape.channels * shape.places; }

// Source, gradient and result of an op: numbers of either sign in memory that was used before.
struct Arrays {
  explicit Arrays(int64_t size) : x(size), dy(size), out(size) {}

  Buffer x;
  Buffer dy;
  Buffer out;
};

// The same arrays for all that is timed, said to be in blocks of so many channels.
Arrays& ArraysOf(const Shape& shape, int64_t block = kPlain) {
  static std::map<int64_t, std::unique_ptr<Arrays>> all;
  std::unique_ptr<Arrays>& arrays = all[Size(shape)];
  const bool fresh = arrays == nullptr;
  if (fresh) arrays = std::make_unique<Arrays>(Size(shape));
  const auto layout = block == kPlain ? nullptr
                                      : std::make_shared<BlockedLayout>(
                                            shape.images, shape.channels, shape.places, block);
  Rng rng(1);
  for (Buffer* const buffer : {&arrays->x, &arrays->dy, &arrays->out}) {
    float* const values = buffer->Overwrite(layout);
    for (int64_t i = 0; fresh && i < Size(shape); ++i) values[i] = 2 * rng.Uniform() - 1;
  }
  return *arrays;
}

template <typename Body>
void Time(benchmark::State& state, int64_t floats, const Body& body) {
  for (auto _ : state) {
    body();
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * floats * static_cast<int64_t>(sizeof(float)));
}

void Copy(benchmark::State& state, const Shape& shape) {
  Arrays& arrays = ArraysOf(shape);
  const float* const x = arrays.x.plain();
  float* const y = arrays.out.mutable_plain();
  Time(state, 2 * Size(shape),
       [=] { ParallelMap(Size(shape), y, Store::kStreamed, [=](int64_t i) { return x[i]; }); });
}

void Add(benchmark::State& state, const Shape& shape) {
  Arrays& arrays = ArraysOf(shape);
  const float* const x = arrays.x.plain();
  const float* const dy = arrays.dy.plain();
  float* const dx = arrays.out.mutable_plain();
  Time(state, 3 * Size(shape), [=] {
    ParallelMap(Size(shape), dx, Store::kStreamed, [=](int64_t i) { return x[i] + dy[i]; });
  });
}

void ReluForward(benchmark::State& state, const Shape& shape, float slope, bool in_place) {
  Arrays& arrays = ArraysOf(shape);
  Relu relu;
  relu.negative_slope = slope;
  Buffer* const y = in_place ? &arrays.x : &arrays.out;
  Time(state, 2 * Size(shape), [&] { relu.Forward(arrays.x, Size(shape), y); });
}

void ReluBackward(benchmark::State& state, const Shape& shape, float slope, bool in_place) {
  Arrays& arrays = ArraysOf(shape);
  Relu relu;
  relu.negative_slope = slope;
  Buffer* const dx = in_place ? &arrays.dy : &arrays.out;
  Time(state, 3 * Size(shape), [&] { relu.Backward(arrays.x, arrays.dy, Size(shape), dx); });
}

PRelu Op(const Shape& shape, bool shared) {
  if (shared) return {1, 1, Size(shape)};
  return {shape.images, shape.channels, shape.places};
}

void PReluForward(benchmark::State& state, const Shape& shape, int64_t block, bool shared) {
  Arrays& arrays = ArraysOf(shape, block);
  const std::vector<float> slopes(static_cast<size_t>(shape.channels), 0.25f);
  Time(state, 2 * Size(shape),
       [&] { Op(shape, shared).Forward(arrays.x, slopes.data(), &arrays.out); });
}

void PReluBackward(benchmark::State& state, const Shape& shape, int64_t block, bool shared) {
  Arrays& arrays = ArraysOf(shape, block);
  const std::vector<float> slopes(static_cast<size_t>(shape.channels), 0.25f);
  Time(state, 3 * Size(shape), [&] {
    benchmark::DoNotOptimize(
        Op(shape, shared).Backward(arrays.x, arrays.dy, slopes.data(), &arrays.out));
  });
}

// All of them on arrays of one shape.
void Register(const std::string& size, const Shape& shape) {
  const auto add = [&](const std::string& name, const auto& function, const auto&... arguments) {
    benchmark::RegisterBenchmark((size + "/" + name).c_str(), function, shape, arguments...)
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  };
  add("Copy", Copy);
  add("ReluForward", ReluForward, 0.0f, false);
  add("LeakyReluForward", ReluForward, 0.1f, false);
  add("LeakyReluForward/in_place", ReluForward, 0.1f, true);
  add("PReluForward", PReluForward, kPlain, false);
  add("PReluForward/shared", PReluForward, kPlain, true);
  add("PReluForward/blocks_of_8", PReluForward, int64_t{8}, false);
  add("PReluForward/blocks_of_16", PReluForward, int64_t{16}, false);
  add("Add", Add);
  add("LeakyReluBackward", ReluBackward, 0.1f, false);
  add("LeakyReluBackward/in_place", ReluBackward, 0.1f, true);
  add("PReluBackward", PReluBackward, kPlain, false);
  add("PReluBackward/shared", PReluBackward, kPlain, true);
  add("PReluBackward/blocks_of_8", PReluBackward, int64_t{8}, false);
  add("PReluBackward/blocks_of_16", PReluBackward, int64_t{16}, false);
}

const bool kRegistered = [] {
  Register("64x64x112x112", {64, 64, 112 * 112});
  Register("16x512x7x7", {16, 512, 7 * 7});
  Register("1x16x8x8", {1, 16, 8 * 8});
  return true;
}();

}  // namespace
}  // namespace demitasse
