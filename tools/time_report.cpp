#include "tools/time_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/json.hpp"
#include "tools/table.hpp"

namespace demitasse {
namespace {

constexpr double kMicrosecondsPerMillisecond = 1000;
// A layer faster than this does no work worth a rate, such as one whose top is its bottom.
constexpr double kLeastMillisecondsForRate = 0.001;

TimeSummary Summarize(const TimedPass& pass) {
  if (pass.spans.empty()) return {};
  std::vector<double> times;
  for (const TimeSpan& span : pass.spans) {
    times.push_back(span.duration / kMicrosecondsPerMillisecond);
  }
  std::sort(times.begin(), times.end());
  const auto quantile = [&times](double q) {
    return times[static_cast<size_t>(std::lround(q * static_cast<double>(times.size() - 1)))];
  };
  const double median = quantile(0.5);
  const double spread = median > 0 ? (quantile(0.75) - quantile(0.25)) / median : 0;
  return {median, times.front(), times.back(), spread};
}

// A top that is the same memory as a bottom, and not in place, moves nothing.
bool IsView(const Blob* top, const std::vector<Blob*>& bottoms) {
  return std::any_of(bottoms.begin(), bottoms.end(), [top](const Blob* bottom) {
    return top != bottom && top->data() == bottom->data();
  });
}

int64_t BytesMoved(const Layer& layer, const std::vector<Blob*>& bottoms,
                   const std::vector<Blob*>& tops) {
  if (layer.TopsAreInputs()) return 0;
  const auto is_view = [&bottoms](const Blob* top) { return IsView(top, bottoms); };
  if (!tops.empty() && std::all_of(tops.begin(), tops.end(), is_view)) return 0;
  int64_t floats = 0;
  for (const Blob* const bottom : bottoms) floats += bottom->size();
  for (const Blob* const top : tops) floats += is_view(top) ? 0 : top->size();
  for (const auto& parameter : layer.blobs()) floats += parameter->size();
  return floats * static_cast<int64_t>(sizeof(float));
}

LayerReport MakeLayerReport(const NetTimer& timer, size_t index) {
  const Net& net = timer.net();
  const Layer& layer = *net.layers()[index];
  const TimedPasses& times = timer.layers()[index];
  LayerReport report;
  report.name = net.layer_names()[index];
  report.type = layer.type();
  report.implementation = layer.Implementation();
  report.forward = Summarize(times.forward);
  report.backward = Summarize(times.backward);
  report.multiply_adds = layer.MultiplyAdds();
  report.bytes = BytesMoved(layer, net.bottom_vecs()[index], net.top_vecs()[index]);
  report.conversions = times.forward.conversions + times.backward.conversions;
  return report;
}

double Median(const LayerReport& layer) { return layer.forward.median + layer.backward.median; }

// 10^9 a second; 0 if there is nothing to tell.
double Giga(double count, const LayerReport& layer) {
  constexpr double kPerMillisecond = 1e6;
  if (layer.forward.median < kLeastMillisecondsForRate) return 0;
  return count / layer.forward.median / kPerMillisecond;
}
double Gflops(const LayerReport& layer) {
  return Giga(2 * static_cast<double>(layer.multiply_adds), layer);
}
double Gbytes(const LayerReport& layer) { return Giga(static_cast<double>(layer.bytes), layer); }

std::string Decimals(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string OrDash(double value, int decimals) {
  return value > 0 ? Decimals(value, decimals) : "-";
}

std::string Percent(double share) { return Decimals(100 * share, 1) + "%"; }

std::string PassText(const std::string& name, const TimeSummary& times) {
  return Cat(Padded(name, 10), Decimals(times.median, 3), " ms (", Decimals(times.min, 3), " to ",
             Decimals(times.max, 3), ")\n");
}

constexpr int kBackwardColumn = 4;

std::vector<std::string> Row(const LayerReport& layer) {
  const TimeSummary& slower =
      layer.forward.median > layer.backward.median ? layer.forward : layer.backward;
  return {layer.name,
          layer.type,
          layer.implementation.empty() ? "-" : layer.implementation,
          Decimals(layer.forward.median, 3),
          OrDash(layer.backward.median, 3),
          Percent(slower.spread),
          Percent(layer.share),
          OrDash(Gflops(layer), 1),
          OrDash(Gbytes(layer), 1),
          OrDash(static_cast<double>(layer.conversions), 0)};
}

std::string SummaryJson(const TimeSummary& times) {
  return JsonObject({{"median", JsonNumber(times.median)},
                     {"min", JsonNumber(times.min)},
                     {"max", JsonNumber(times.max)},
                     {"spread", JsonNumber(times.spread)}});
}

std::string LayerJson(const LayerReport& layer) {
  return JsonObject({{"name", JsonText(layer.name)},
                     {"type", JsonText(layer.type)},
                     {"implementation", JsonText(layer.implementation)},
                     {"forward_ms", SummaryJson(layer.forward)},
                     {"backward_ms", SummaryJson(layer.backward)},
                     {"share", JsonNumber(layer.share)},
                     {"multiply_adds", Cat(layer.multiply_adds)},
                     {"bytes", Cat(layer.bytes)},
                     {"gflops", JsonNumber(Gflops(layer))},
                     {"gbytes_per_second", JsonNumber(Gbytes(layer))},
                     {"reorders", Cat(layer.conversions)}});
}

}  // namespace

TimeReport MakeTimeReport(const NetTimer& timer, int threads) {
  TimeReport report;
  report.phase = caffe::Phase_Name(timer.net().phase());
  report.iterations = static_cast<int>(timer.passes().forward.spans.size());
  report.threads = threads;
  report.forward = Summarize(timer.passes().forward);
  report.backward = Summarize(timer.passes().backward);
  double total = 0;
  for (size_t i = 0; i < timer.layers().size(); ++i) {
    report.layers.push_back(MakeLayerReport(timer, i));
    total += Median(report.layers.back());
  }
  for (LayerReport& layer : report.layers) layer.share = total > 0 ? Median(layer) / total : 0;
  std::stable_sort(report.layers.begin(), report.layers.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  return report;
}

std::string TimeTable(const TimeReport& report, size_t width) {
  const bool backward = report.backward.median > 0;
  std::vector<TableColumn> columns = {{"layer"},         {"type", false, 2}, {"implementation"},
                                      {"fwd ms", true},  {"bwd ms", true},   {"spread", true, 3},
                                      {"share", true},   {"GFLOP/s", true},  {"GB/s", true, 1},
                                      {"reorders", true}};
  if (!backward) columns.erase(columns.begin() + kBackwardColumn);
  Table table(columns);
  for (const LayerReport& layer : report.layers) {
    std::vector<std::string> row = Row(layer);
    if (!backward) row.erase(row.begin() + kBackwardColumn);
    table.AddRow(row);
  }
  std::string head =
      Cat(report.iterations, report.iterations == 1 ? " iteration, " : " iterations, ",
          report.threads, report.threads == 1 ? " thread\n" : " threads\n");
  head += PassText("forward", report.forward);
  if (backward) head += PassText("backward", report.backward);
  return head + "\n" + table.ToString(width);
}

std::string TimeJson(const TimeReport& report) {
  std::vector<std::string> layers;
  for (const LayerReport& layer : report.layers) layers.push_back("\n  " + LayerJson(layer));
  return JsonObject({{"phase", JsonText(report.phase)},
                     {"iterations", Cat(report.iterations)},
                     {"threads", Cat(report.threads)},
                     {"forward_ms", SummaryJson(report.forward)},
                     {"backward_ms", SummaryJson(report.backward)},
                     {"layers", JsonArray(layers)}}) +
         "\n";
}

}  // namespace demitasse
