#include "tools/trace_file.hpp"

#include <cstdio>

#include "demitasse/error.hpp"
#include "tools/json.hpp"

namespace demitasse {
namespace {

std::string Microseconds(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

// The events of one layer in one pass, behind a comma each.
void WriteEvents(const Net& net, size_t layer, const std::string& pass, const TimedPass& times,
                 std::ostream& out) {
  const std::string name = JsonText(net.layer_names()[layer]);
  const std::string details =
      JsonObject({{"type", JsonText(net.layers()[layer]->type())},
                  {"implementation", JsonText(net.layers()[layer]->Implementation())}});
  for (const TimeSpan& span : times.spans) {
    out << ",\n"
        << JsonObject({{"name", name},
                       {"cat", JsonText(pass)},
                       {"ph", JsonText("X")},
                       {"ts", Microseconds(span.start)},
                       {"dur", Microseconds(span.duration)},
                       {"pid", "1"},
                       {"tid", "1"},
                       {"args", details}});
  }
}

}  // namespace

TraceFile::TraceFile(const std::string& path) : path_(path), file_(path) {
  if (!file_) throw Error(Location{path}, "cannot be written");
}

void TraceFile::Write(const NetTimer& timer) {
  const Net& net = timer.net();
  file_ << "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n"
        << JsonObject({{"name", JsonText("process_name")},
                       {"ph", JsonText("M")},
                       {"pid", "1"},
                       {"args", JsonObject({{"name", JsonText(net.name())}})}});
  for (size_t i = 0; i < timer.layers().size(); ++i) {
    WriteEvents(net, i, "forward", timer.layers()[i].forward, file_);
    WriteEvents(net, i, "backward", timer.layers()[i].backward, file_);
  }
  file_ << "\n]}\n";
  if (!file_.flush()) throw Error(Location{path_}, "cannot be written", ErrorKind::kRun);
}

}  // namespace demitasse
