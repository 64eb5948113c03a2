// demitasse dataset digits: digits drawn as if by hand.
#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "src/core/threads.hpp"
#include "tools/dataset_output.hpp"
#include "tools/dataset_sources.hpp"
#include "tools/digits.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(White on black, 28 x 28 pixels, with their labels 0 to 9 in turn. The same seed
makes the same digits on every machine, whatever their number: test a net on
those of another seed than it was trained with.
)";

constexpr char kExamples[] = R"(  demitasse dataset digits --count=20000 --output=digits_train
  demitasse dataset digits --count=2000 --seed=2 --output=digits_test
  demitasse dataset digits --count=100 --format=png --output=look_at_them
)";

struct DigitsOptions {
  int count = 10000;
  uint64_t seed = 1;
  DatasetOptions output;
};

std::vector<FlagGroup> DigitsFlags(DigitsOptions* options) {
  return {{"The digits",
           {WholeFlag("count", &options->count, 1, std::numeric_limits<int>::max(), "how many"),
            WholeFlag("seed", &options->seed, "which ones")}},
          DatasetFlags(&options->output)};
}

void WriteDigits(const DigitsOptions& options) {
  constexpr int kAtOnce = 1024;  // drawn by all cores
  constexpr int kGrain = 32;
  DatasetWriter writer(options.output, options.count);
  std::vector<DrawnDigit> digits(kAtOnce);
  for (int begin = 0; begin < options.count;) {
    const int drawn = std::min(kAtOnce, options.count - begin);
    ParallelFor(drawn, kGrain, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        digits[static_cast<size_t>(i)] = DrawDigit(options.seed, static_cast<uint64_t>(begin + i));
      }
    });
    for (int i = 0; i < drawn; ++i) {
      DrawnDigit& digit = digits[static_cast<size_t>(i)];
      Sample sample;
      sample.pixels = {1, kDigitSide, kDigitSide, std::move(digit.pixels), {}};
      sample.label = {static_cast<double>(digit.label)};
      writer.Add(sample);
    }
    begin += drawn;
  }
  writer.Finish();
}

}  // namespace

Command DatasetDigitsCommand() {
  const auto options = std::make_shared<DigitsOptions>();
  Command command;
  command.name = "demitasse dataset digits";
  command.summary = "draw digits as if by hand: no data needed";
  command.usage = {"--output=PATH [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = DigitsFlags(options.get());
  command.run = [options] { WriteDigits(*options); };
  return command;
}

}  // namespace demitasse
