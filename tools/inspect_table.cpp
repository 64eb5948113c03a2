#include "tools/inspect_table.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/figure_text.hpp"
#include "tools/json.hpp"
#include "tools/table.hpp"

namespace demitasse {
namespace {

constexpr size_t kSparkBins = 12;
constexpr size_t kDetailBins = 16;

bool Any(const InspectReport& report, bool (*has)(const InspectedBlob& blob)) {
  return std::any_of(report.layers.begin(), report.layers.end(), [has](const auto& layer) {
    return std::any_of(layer.blobs.begin(), layer.blobs.end(), has);
  });
}

std::string BlobTable(const InspectReport& report, size_t width) {
  const bool has_dead =
      Any(report, [](const InspectedBlob& blob) { return blob.dead.has_value(); });
  const bool has_nan =
      Any(report, [](const InspectedBlob& blob) { return !blob.statistics.all_finite(); });
  std::vector<TableColumn> columns = {{"layer"},           {"type", false, 4}, {"blob"},
                                      {"shape", false, 1}, {"mean", true},     {"std", true},
                                      {"min", true},       {"max", true},      {"zeros", true, 2}};
  if (has_nan) columns.insert(columns.end(), {{"NaN", true}, {"inf", true}});
  if (has_dead) columns.push_back({"dead", true});
  columns.push_back({"histogram", true, 3});
  Table table(columns);
  for (const InspectedLayer& layer : report.layers) {
    for (const InspectedBlob& blob : layer.blobs) {
      const BlobStatistics& figures = blob.statistics;
      std::vector<std::string> row = {layer.name,
                                      layer.type.empty() ? "-" : layer.type,
                                      blob.name,
                                      BlobShapeText(blob.shape),
                                      ShortNumber(figures.mean()),
                                      ShortNumber(figures.deviation()),
                                      ShortNumber(figures.min()),
                                      ShortNumber(figures.max()),
                                      PercentText(figures.zeros(), figures.count())};
      if (has_nan) {
        row.insert(row.end(), {CountText(figures.nans()), CountText(figures.infinities())});
      }
      if (has_dead) {
        row.push_back(blob.dead ? PercentText(blob.dead->dead_units(), blob.dead->units()) : "");
      }
      row.push_back(Sparkline(figures.histogram().Counts(kSparkBins)));
      table.AddRow(row);
    }
  }
  return table.ToString(width);
}

std::string SlopeTable(const InspectReport& report, size_t width) {
  Table table({{"slopes of"},
               {"channels", true, 2},
               {"min", true},
               {"mean", true},
               {"max", true},
               {"negative", true},
               {"above 1", true},
               {"near 0", true, 1}});
  bool any = false;
  for (const InspectedLayer& layer : report.layers) {
    for (const InspectedBlob& blob : layer.blobs) {
      if (blob.slopes.empty()) continue;
      any = true;
      const SlopeSummary slopes =
          SummarizeSlopes(blob.slopes.data(), static_cast<int64_t>(blob.slopes.size()));
      table.AddRow({layer.name, Cat(slopes.count), ShortNumber(slopes.min),
                    ShortNumber(slopes.mean), ShortNumber(slopes.max), CountText(slopes.negative),
                    CountText(slopes.above_one), CountText(slopes.near_zero)});
    }
  }
  return any ? "\n" + table.ToString(width) : "";
}

// "conv1 0, conv2 0 and 5 more"
std::string Listed(const std::vector<std::string>& names) {
  constexpr size_t kMost = 6;
  if (names.size() <= kMost) return Join(names);
  return Cat(Join({names.begin(), names.begin() + kMost}), " and ", names.size() - kMost, " more");
}

std::vector<std::string> FindWarnings(const InspectReport& report) {
  std::vector<std::string> not_finite, zero, dead, dying;
  for (const InspectedLayer& layer : report.layers) {
    for (const InspectedBlob& blob : layer.blobs) {
      const std::string name = layer.name + " blob " + blob.name;
      if (!blob.statistics.all_finite()) not_finite.push_back(name);
      if (blob.statistics.all_zero()) zero.push_back(name);
      if (!blob.dead) continue;
      const size_t channels = blob.dead->dead_channels().size();
      if (blob.dead->dead_units() == blob.dead->units()) {
        dead.push_back(layer.name);
      } else if (channels > 0) {
        dying.push_back(Cat(layer.name, " (", channels, " of ", blob.dead->channels(),
                            " channels, ", PercentText(blob.dead->dead_units(), blob.dead->units()),
                            " of the units)"));
      }
    }
  }
  std::vector<std::string> warnings = report.warnings;
  if (!not_finite.empty()) warnings.push_back("NaN or infinite: " + Listed(not_finite));
  if (!zero.empty()) warnings.push_back("all 0: " + Listed(zero));
  if (!dead.empty()) warnings.push_back("dead, never positive: " + Listed(dead));
  if (!dying.empty()) warnings.push_back("dead in part: " + Listed(dying));
  return warnings;
}

std::string SlopeLines(const std::vector<float>& slopes, size_t width) {
  constexpr size_t kColumn = 10;
  std::string text;
  const size_t per_line = std::max<size_t>(1, (width - 8) / kColumn);
  for (size_t i = 0; i < slopes.size(); ++i) {
    if (i % per_line == 0) {
      text += text.empty() ? "" : "\n";
      text += Padded(Cat("  ", i, ":"), 8);
    }
    const std::string slope = ShortNumber(double{slopes[i]});
    text += std::string(kColumn - std::min(kColumn, slope.size()), ' ') + slope;
  }
  return text + "\n";
}

std::string ShapeJson(const std::vector<int>& shape) {
  std::vector<std::string> dimensions;
  for (const int dimension : shape) dimensions.push_back(Cat(dimension));
  return JsonArray(dimensions);
}

std::string BlobJson(const InspectedBlob& blob) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"blob", JsonText(blob.name)},
      {"shape", ShapeJson(blob.shape)},
      {"values", StatisticsJson(blob.statistics)}};
  if (blob.dead) fields.emplace_back("dead", DeadUnitsJson(*blob.dead));
  if (!blob.slopes.empty()) {
    const auto count = static_cast<int64_t>(blob.slopes.size());
    fields.emplace_back("slopes", SlopesJson(SummarizeSlopes(blob.slopes.data(), count)));
  }
  return JsonObject(fields);
}

}  // namespace

std::string InspectTable(const InspectReport& report, size_t width) {
  std::string text = report.title + "\n\n" + BlobTable(report, width) + SlopeTable(report, width);
  std::string warnings;
  for (const std::string& warning : FindWarnings(report)) {
    warnings += Hanging("warning:", warning, 10, width);
  }
  return warnings.empty() ? text : text + "\n" + warnings;
}

std::string InspectLayer(const InspectedLayer& layer, size_t width) {
  std::string text = LayerPrefix(layer.name, layer.type);
  text = text.substr(0, text.size() - 2) + "\n";
  for (const InspectedBlob& blob : layer.blobs) {
    const BlobStatistics& figures = blob.statistics;
    text += Cat("\nblob ", blob.name, " of ", BlobShapeText(blob.shape), ": ", figures.count(),
                " values, mean ", ShortNumber(figures.mean()), ", std ",
                ShortNumber(figures.deviation()), ", min ", ShortNumber(figures.min()), ", max ",
                ShortNumber(figures.max()), "\n");
    text += Cat("zeros: ", figures.zeros(), ", NaN: ", figures.nans(),
                ", infinite: ", figures.infinities(), "\n\n");
    text += "        from       count\n";
    text += HistogramText(figures, kDetailBins, width - 30);
    if (blob.dead) {
      std::vector<std::string> channels;
      for (const int64_t channel : blob.dead->dead_channels()) channels.push_back(Cat(channel));
      text += Cat("\n", blob.dead->dead_units(), " of ", blob.dead->units(),
                  " units are dead, and with all of their units ", channels.size(), " of ",
                  blob.dead->channels(), " channels", channels.empty() ? "" : ":", "\n");
      if (!channels.empty()) text += Hanging("", Join(channels), 2, width);
    }
    if (!blob.slopes.empty()) text += "\nslope of each channel\n" + SlopeLines(blob.slopes, width);
  }
  return text;
}

std::string InspectJson(const InspectReport& report) {
  std::vector<std::string> layers, warnings;
  for (const InspectedLayer& layer : report.layers) {
    std::vector<std::string> blobs;
    for (const InspectedBlob& blob : layer.blobs) blobs.push_back("\n    " + BlobJson(blob));
    layers.push_back("\n  " + JsonObject({{"name", JsonText(layer.name)},
                                          {"type", JsonText(layer.type)},
                                          {"blobs", JsonArray(blobs)}}));
  }
  for (const std::string& warning : FindWarnings(report)) warnings.push_back(JsonText(warning));
  return JsonObject({{"title", JsonText(report.title)},
                     {"layers", JsonArray(layers)},
                     {"warnings", JsonArray(warnings)}}) +
         "\n";
}

}  // namespace demitasse
