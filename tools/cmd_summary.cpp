// demitasse summary: what the layers of a net give, hold and compute.
#include <iostream>
#include <memory>

#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/net_summary.hpp"
#include "tools/shapes_net.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Prints a table of the layers that take part in a phase:
  output          the shapes of its tops; ?: only the data can tell
  parameters      shared ones count once, at the first layer that has them
  mult-adds       products that are added up in a pass forward
  memory          of the tops, -: in the memory of a bottom; gradients take as
                  much again
  field           the receptive field: how much of the input a place of the top
                  sees, padding included
  stride, start   how far the fields of neighbours lie apart, and where the
                  first begins (below 0: in the padding)
Columns that do not fit the terminal are left out; --json has them all. No
memory is taken, and no data or weights are needed.
)";

constexpr char kExamples[] = R"(  demitasse summary --model=models/lenet/lenet.prototxt
  demitasse summary --model=models/vgg16/vgg16.prototxt --phase=TRAIN \
      --input_shape=data=64x3x224x224,label=64
)";

struct SummaryOptions {
  ShapesOptions net;
  bool json = false;
};

std::vector<FlagGroup> SummaryFlags(SummaryOptions* summary) {
  return {
      ShapesFlags(&summary->net),
      {"What it tells", {SwitchFlag("json", &summary->json, "print JSON instead of the table")}}};
}

void Summarize(const SummaryOptions& options) {
  const NetSummary summary = MakeNetSummary(*ReadShapes(options.net));
  std::cout << (options.json ? SummaryJson(summary) : SummaryTable(summary, OutputWidth()));
}

}  // namespace

Command SummaryCommand() {
  const auto summary = std::make_shared<SummaryOptions>();
  Command command;
  command.name = "demitasse summary";
  command.summary = "what the layers of a net give, hold and compute";
  command.usage = {"--model=NET.prototxt [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = SummaryFlags(summary.get());
  command.takes_plugins = true;
  command.run = [summary] { Summarize(*summary); };
  return command;
}

}  // namespace demitasse
