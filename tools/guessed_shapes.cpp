#include "tools/guessed_shapes.hpp"

#include <algorithm>
#include <map>

namespace demitasse {
namespace {

// Sizes that have nothing in common, so that errors about shapes differ.
struct Example {
  int batch;
  int channels;
  int side;
};

constexpr Example kExamples[] = {{12, 3, 227}, {10, 1, 28}, {14, 4, 640}};

// Whether a layer takes the blob for labels or indices. Splits in between pass it on.
bool IsIndex(const NetState& state, const std::string& blob) {
  for (size_t i = 0; i < state.plan.size(); ++i) {
    const caffe::LayerParameter& param = state.plan[i].param;
    for (int bottom = 0; bottom < param.bottom_size(); ++bottom) {
      if (param.bottom(bottom) != blob || state.layers[i] == nullptr) continue;
      if (state.layers[i]->BottomIsIndex(bottom)) return true;
      if (!state.plan[i].is_split) continue;
      const auto& copies = param.top();
      if (std::any_of(copies.begin(), copies.end(),
                      [&](const std::string& copy) { return IsIndex(state, copy); })) {
        return true;
      }
    }
  }
  return false;
}

// How many samples the layer gives at a time, where one of its tops tells.
int KnownBatch(const NetState& state, size_t layer, int otherwise) {
  for (const Blob* const top : state.tops[layer]) {
    if (top->has_shape() && top->num_axes() > 0) return top->shape(0);
  }
  return otherwise;
}

GivenShapes Guess(const NetState& known, const Example& example) {
  GivenShapes shapes = known.given_shapes;
  for (size_t i = 0; i < known.plan.size(); ++i) {
    const caffe::LayerParameter& param = known.plan[i].param;
    if (param.bottom_size() > 0) continue;
    const int batch = KnownBatch(known, i, example.batch);
    for (int top = 0; top < param.top_size(); ++top) {
      if (known.tops[i][static_cast<size_t>(top)]->has_shape()) continue;
      const bool is_index = IsIndex(known, param.top(top));
      shapes[param.top(top)] =
          is_index ? std::vector<int>{batch}
                   : std::vector<int>{batch, example.channels, example.side, example.side};
    }
  }
  return shapes;
}

int CountErrors(const Diagnostics& diagnostics) {
  const auto& list = diagnostics.list();
  return static_cast<int>(std::count_if(list.begin(), list.end(), [](const Diagnostic& problem) {
    return problem.severity == Severity::kError;
  }));
}

}  // namespace

bool HasUnknownShapes(const NetState& state) {
  for (size_t i = 0; i < state.plan.size(); ++i) {
    if (state.plan[i].param.bottom_size() > 0) continue;
    for (const Blob* const top : state.tops[i]) {
      if (!top->has_shape()) return true;
    }
  }
  return false;
}

std::unique_ptr<NetState> BuildWithGuesses(const NetSource& net, const NetState& known,
                                           Diagnostics* diagnostics) {
  std::map<std::string, int> seen;  // errors, as they are printed
  std::unique_ptr<NetState> best;
  int fewest = 0;
  for (const Example& example : kExamples) {
    Diagnostics found;
    auto state = BuildShapes(net, known.options, Guess(known, example), &found, known.doubtful);
    for (const Diagnostic& problem : found.list()) {
      if (problem.severity == Severity::kError && ++seen[problem.ToString()] == 2) {
        diagnostics->AddError(problem.where, problem.message);
      }
    }
    const int errors = CountErrors(found);
    if (best != nullptr && errors >= fewest) continue;
    best = std::move(state);
    fewest = errors;
  }
  return best;
}

}  // namespace demitasse
