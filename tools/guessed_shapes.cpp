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

void GuessShape(const NetState& known, const std::string& blob, const Example& example, int batch,
                GivenShapes* shapes) {
  std::vector<int> shape = {batch};
  if (!IsIndex(known, blob)) {
    shape.insert(shape.end(), {example.channels, example.side, example.side});
  }
  (*shapes)[blob] = shape;
}

// For all blobs without a shape: of those, a build takes what it does not find out itself.
GivenShapes Guess(const NetState& known, const Example& example) {
  GivenShapes shapes = known.given_shapes;
  for (size_t i = 0; i < known.plan.size(); ++i) {
    const caffe::LayerParameter& param = known.plan[i].param;
    const int batch = KnownBatch(known, i, example.batch);
    for (size_t top = 0; top < known.tops[i].size(); ++top) {
      if (known.tops[i][top]->has_shape() || static_cast<int>(top) >= param.top_size()) continue;
      GuessShape(known, param.top(static_cast<int>(top)), example, batch, &shapes);
    }
    for (size_t bottom = 0; bottom < known.wiring.bottoms[i].size(); ++bottom) {
      if (known.wiring.bottoms[i][bottom] != Wiring::kNoValue) continue;
      GuessShape(known, param.bottom(static_cast<int>(bottom)), example, example.batch, &shapes);
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
  const auto& set_up = state.is_set_up;
  const auto lacks_shape = [](const Blob* top) { return !top->has_shape(); };
  return std::find(set_up.begin(), set_up.end(), false) != set_up.end() ||
         std::any_of(state.tops.begin(), state.tops.end(), [&](const std::vector<Blob*>& tops) {
           return std::any_of(tops.begin(), tops.end(), lacks_shape);
         });
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
