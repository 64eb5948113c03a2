#include "tools/shapes_net.hpp"

#include <limits>

#include "src/core/log_warnings.hpp"
#include "src/parse/prototxt.hpp"
#include "tools/input_shapes.hpp"
#include "tools/net_flags.hpp"

namespace demitasse {

FlagGroup ShapesFlags(ShapesOptions* options) {
  NetOptions* const net = &options->net;
  return {"The net",
          {TextFlag("model", "NET.prototxt", &options->model, "the net; always needed"),
           PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
           LenientFlag(&net->lenient), InputShapeFlag(&options->input_shapes)}};
}

std::unique_ptr<NetState> ReadShapes(const ShapesOptions& options) {
  if (options.model.empty()) throw UsageError("there is no net; give --model=NET.prototxt");
  const GivenShapes shapes = ParseInputShapes(options.input_shapes);
  NetOptions net_options = options.net;
  net_options.memory_limit = std::numeric_limits<int64_t>::max();
  TextOptions text_options;
  text_options.lenient = net_options.lenient;
  Diagnostics diagnostics;
  const NetSource source = ReadNet(options.model, text_options, &diagnostics);
  diagnostics.ThrowIfErrors();
  std::unique_ptr<NetState> net = BuildShapes(source, net_options, shapes, &diagnostics);
  CheckInputNames("input_shape", options.input_shapes, SourceTops(*net));
  LogWarnings(diagnostics);
  diagnostics.ThrowIfErrors();
  return net;
}

}  // namespace demitasse
