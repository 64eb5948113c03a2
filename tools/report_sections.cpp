// The sections of a report.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "src/core/text.hpp"
#include "tools/chart.hpp"
#include "tools/html.hpp"
#include "tools/report_page.hpp"

namespace demitasse {
namespace {

std::string Tile(const std::string& value, const std::string& about) {
  return Cat("<div class=\"card\"><b>", HtmlText(value), "</b>", HtmlText(about), "</div>\n");
}

std::string Card(const std::string& note, const std::string& html) {
  return Cat("<div class=\"card\"><p class=\"note\">", HtmlText(note), "</p>\n", html, "</div>\n");
}

std::string Percent(double share) { return Figure(std::round(1000 * share) / 10) + "%"; }

// The last iteration that any series knows.
int64_t LastIteration(const TrainingHistory& history) {
  int64_t last = 0;
  const auto look = [&last](const HistorySeries& series) {
    if (!series.points.empty()) last = std::max(last, series.points.back().iteration);
  };
  look(history.loss);
  look(history.learning_rate);
  for (const HistorySeries& series : history.train) look(series);
  for (const HistorySeries& series : history.test) look(series);
  return last;
}

// The first point whose value is the best, the lowest of a loss; the last point if none is finite.
HistoryPoint BestPoint(const HistorySeries& series) {
  HistoryPoint best = series.points.back();
  bool found = false;
  for (const HistoryPoint& point : series.points) {
    if (!std::isfinite(point.value)) continue;
    const bool is_better =
        !found || (series.is_loss ? point.value < best.value : point.value > best.value);
    if (is_better) best = point;
    found = true;
  }
  return best;
}

std::vector<HistorySeries> LossSeries(const TrainingHistory& history) {
  std::vector<HistorySeries> series;
  if (!history.loss.points.empty()) {
    series.push_back(history.loss);
    series.back().name = "Training";
  }
  for (const HistorySeries& output : history.test) {
    if (!output.is_loss) continue;
    series.push_back(output);
    series.back().name = "Test: " + output.name;
  }
  return series;
}

// An output that is no loss, of the training and the test nets that have one of that name.
Chart OutputChart(const std::string& name, const TrainingHistory& history) {
  Chart chart;
  const auto look = [&](const std::vector<HistorySeries>& outputs, const std::string& kind) {
    for (const HistorySeries& series : outputs) {
      if (series.name != name || series.is_loss) continue;
      chart.title = chart.series.empty() ? Cat(kind, " ", name) : name;
      chart.series.push_back(series);
      chart.series.back().name = kind;
    }
  };
  look(history.train, "Training");
  look(history.test, "Test");
  return chart;
}

std::vector<std::string> OutputNames(const TrainingHistory& history) {
  std::vector<std::string> names;
  for (const auto* outputs : {&history.test, &history.train}) {
    for (const HistorySeries& series : *outputs) {
      if (series.is_loss || std::find(names.begin(), names.end(), series.name) != names.end()) {
        continue;
      }
      names.push_back(series.name);
    }
  }
  return names;
}

std::string Milliseconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

// A histogram in bars.
std::string SlopeBars(const std::vector<float>& slopes) {
  constexpr size_t kBins = 24;
  const auto [least, most] = std::minmax_element(slopes.begin(), slopes.end());
  const float width = (*most - *least) / kBins;
  std::vector<size_t> counts(kBins, 0);
  for (const float slope : slopes) {
    const float place = width > 0 ? (slope - *least) / width : kBins / 2.0F;
    if (!std::isfinite(place)) continue;
    ++counts[std::min(static_cast<size_t>(std::max(place, 0.0F)), kBins - 1)];
  }
  const double highest = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
  std::string html = "<span class=\"slopes\">";
  for (const size_t count : counts) {
    html +=
        Cat("<i style=\"height:", Figure(100 * static_cast<double>(count) / std::max(highest, 1.0)),
            "%\"></i>");
  }
  return html + "</span>";
}

}  // namespace

ReportSection ResultSection(const TrainingHistory& history) {
  std::string tiles = Tile(Cat(LastIteration(history)), "iterations");
  if (!history.loss.points.empty()) {
    tiles += Tile(Figure(history.loss.points.back().value), "training loss at the end");
  }
  for (const HistorySeries& series : history.test) {
    const HistoryPoint best = BestPoint(series);
    tiles +=
        Tile(Figure(best.value), Cat("best test ", series.name, ", at iteration ", best.iteration));
  }
  return {"Result", Cat("<div class=\"tiles\">\n", tiles, "</div>\n")};
}

ReportSection CurveSection(const TrainingHistory& history) {
  std::string charts;
  const std::vector<HistorySeries> losses = LossSeries(history);
  if (!losses.empty()) charts += ChartHtml({"Loss", losses, true});
  std::vector<HistorySeries> parts;
  for (const HistorySeries& series : history.train) {
    if (series.is_loss) parts.push_back(series);
  }
  if (parts.size() > 1) charts += ChartHtml({"Losses of the training net", parts, true});
  for (const std::string& name : OutputNames(history)) {
    charts += ChartHtml(OutputChart(name, history));
  }
  if (!history.learning_rate.points.empty()) {
    charts += ChartHtml({"Learning rate", {history.learning_rate}, true});
  }
  return {"Training", Cat("<div class=\"charts\">\n", charts, "</div>\n")};
}

ReportSection GraphSection(const std::string& svg) {
  const size_t start = svg.find("<svg");  // behind the declaration of XML
  return {"Network", Cat("<div class=\"card graph\">",
                         start == std::string::npos ? "" : svg.substr(start), "</div>\n")};
}

ReportSection DeadUnitSection(const InspectReport& report, const std::string& inputs) {
  std::vector<std::vector<std::string>> rows;
  for (const InspectedLayer& layer : report.layers) {
    for (const InspectedBlob& blob : layer.blobs) {
      if (!blob.dead || blob.dead->units() == 0) continue;
      const int64_t dead = blob.dead->dead_units();
      const double share = static_cast<double>(dead) / static_cast<double>(blob.dead->units());
      rows.push_back({HtmlText(layer.name), BarCell(Percent(share), share), Cat(dead),
                      Cat(blob.dead->units()),
                      Cat(blob.dead->dead_channels().size(), " of ", blob.dead->channels())});
    }
  }
  if (rows.empty()) return {};
  return {"Dead units of ReLU",
          Card(Cat("Units that were not positive in any image, of ", inputs, "."),
               HtmlTable({"layer", "share", "dead", "units", "dead channels"}, rows))};
}

ReportSection SlopeSection(const InspectReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const InspectedLayer& layer : report.layers) {
    for (const InspectedBlob& blob : layer.blobs) {
      if (blob.slopes.empty()) continue;
      const SlopeSummary slopes =
          SummarizeSlopes(blob.slopes.data(), static_cast<int64_t>(blob.slopes.size()));
      rows.push_back({HtmlText(layer.name), SlopeBars(blob.slopes), Cat(slopes.count),
                      Figure(slopes.min), Figure(slopes.mean), Figure(slopes.max),
                      Cat(slopes.negative), Cat(slopes.near_zero)});
    }
  }
  if (rows.empty()) return {};
  return {"Slopes of PReLU",
          Card("How many channels learned which slope for negative inputs, from the least to the "
               "largest.",
               HtmlTable({"layer", "slopes", "channels", "min", "mean", "max", "below 0", "near 0"},
                         rows))};
}

ReportSection TimeSection(const TimeReport& report) {
  constexpr size_t kMostRows = 15;
  const bool has_backward = report.backward.median > 0;
  std::vector<std::string> titles = {"layer", "share", "forward ms"};
  if (has_backward) titles.emplace_back("backward ms");
  titles.emplace_back("million multiply-adds");
  std::vector<std::vector<std::string>> rows;
  const double largest = report.layers.empty() ? 1 : report.layers[0].share;
  for (const LayerReport& layer : report.layers) {
    if (rows.size() == kMostRows) break;
    std::vector<std::string> row = {
        Cat(HtmlText(layer.name), " <small>", HtmlText(layer.type), "</small>"),
        BarCell(Percent(layer.share), layer.share / largest), Milliseconds(layer.forward.median)};
    if (has_backward) row.push_back(Milliseconds(layer.backward.median));
    row.push_back(
        layer.multiply_adds == 0 ? "-" : Figure(static_cast<double>(layer.multiply_adds) / 1e6));
    rows.push_back(std::move(row));
  }
  std::string note = Cat("Forward ", Milliseconds(report.forward.median), " ms");
  if (has_backward) note += Cat(", backward ", Milliseconds(report.backward.median), " ms");
  note += Cat(": medians of ", report.iterations, " iterations, ", report.threads,
              report.threads == 1 ? " thread." : " threads.");
  return {"Slowest layers", Card(note, HtmlTable(titles, rows))};
}

}  // namespace demitasse
