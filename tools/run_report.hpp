// What demitasse inspect says of the blobs of a run.
#ifndef DEMITASSE_TOOLS_RUN_REPORT_HPP_
#define DEMITASSE_TOOLS_RUN_REPORT_HPP_

#include <functional>

#include "demitasse/net.hpp"
#include "tools/inspect_table.hpp"

namespace demitasse {

// Runs the net forward `batches` times, each time after `prepare(batch)`, and measures every top
// right behind the layer that wrote it: a layer that works in place is about to overwrite it. The
// warnings tell where the first value came from that is not finite.
InspectReport InspectRun(int batches, const std::function<void(int batch)>& prepare, Net* net);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_RUN_REPORT_HPP_
