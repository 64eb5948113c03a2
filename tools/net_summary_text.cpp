// How a summary of a net is printed.
#include <algorithm>
#include <functional>

#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/json.hpp"
#include "tools/net_summary.hpp"
#include "tools/quantities.hpp"
#include "tools/table.hpp"

namespace demitasse {
namespace {

constexpr char kUnknown[] = "?";

std::string ShapeText(const std::optional<std::vector<int>>& shape) {
  if (!shape) return kUnknown;
  return shape->empty() ? "1" : DimensionsText(*shape);
}

// "2x10", "2x10, 2", or, of three that are alike, "3 of 2x10".
std::string TopsText(const LayerSummary& layer) {
  std::vector<std::string> shapes;
  for (const TopSummary& top : layer.tops) shapes.push_back(ShapeText(top.shape));
  const bool alike =
      std::adjacent_find(shapes.begin(), shapes.end(), std::not_equal_to<>()) == shapes.end();
  return shapes.size() > 1 && alike ? Cat(shapes.size(), " of ", shapes[0]) : Join(shapes);
}

std::string ParametersText(const LayerSummary& layer) {
  if (layer.parameters == 0) return layer.has_shared ? "shared" : "-";
  return WholeText(layer.parameters);
}

std::vector<std::string> Row(const LayerSummary& layer) {
  std::vector<std::string> row = {layer.name, layer.type, TopsText(layer)};
  if (!layer.is_known) {
    row.insert(row.end(), {kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown});
    return row;
  }
  row.push_back(ParametersText(layer));
  row.push_back(layer.multiply_adds > 0 ? RoundedText(layer.multiply_adds) : "-");
  row.push_back(layer.bytes > 0 ? BytesText(layer.bytes) : "-");
  if (layer.field) {
    row.insert(row.end(), {DimensionsText(layer.field->size), PerAxisText(layer.field->stride),
                           PerAxisText(layer.field->start)});
  } else {
    row.insert(row.end(), {"-", "-", "-"});
  }
  return row;
}

constexpr size_t kFieldColumn = 6;

// Whether a place of its top sees more than the place itself.
bool HasWindow(const LayerSummary& layer) {
  return layer.field && *std::max_element(layer.field->size.begin(), layer.field->size.end()) > 1;
}

int64_t ParameterBytes(int64_t parameters) {
  return parameters * static_cast<int64_t>(sizeof(float));
}

std::string TotalLine(const std::string& name, const std::string& text) {
  return Padded(name, 19) + text + "\n";
}

// What the memory is for: " for data of 64x3x224x224".
std::string InputText(const NetSummary& summary) {
  const std::vector<TopSummary>& inputs = summary.layers[0].tops;
  if (inputs.empty()) return "";
  return Cat(" for ", inputs[0].blob, " of ", ShapeText(inputs[0].shape));
}

// A sum over the layers; nothing is known of one to which no known layer adds.
std::string TotalText(const NetSummary& summary, int64_t sum, const std::string& text) {
  return sum == 0 && summary.unknown_layers > 0 ? kUnknown : text;
}

std::string ParametersText(const NetSummary& summary, int64_t sum) {
  return TotalText(summary, sum, Cat(WholeText(sum), " (", BytesText(ParameterBytes(sum)), ")"));
}

std::string Totals(const NetSummary& summary) {
  std::string text = TotalLine("parameters", ParametersText(summary, summary.parameters));
  text += TotalLine("  trainable", ParametersText(summary, summary.trainable));
  text += TotalLine("multiply-adds",
                    TotalText(summary, summary.multiply_adds, WholeText(summary.multiply_adds)));
  text +=
      TotalLine("activation memory",
                TotalText(summary, summary.bytes, BytesText(summary.bytes)) + InputText(summary));
  return text;
}

// Of what the totals leave out; empty if they hold all.
std::string UnknownText(const NetSummary& summary, size_t width) {
  if (summary.unknown_layers == 0) return "";
  const bool one = summary.unknown_layers == 1;
  // Layers only pass on what is unknown, so the first such top is that of a data layer.
  std::string blob;
  for (const LayerSummary& layer : summary.layers) {
    for (const TopSummary& top : layer.tops) {
      if (blob.empty() && !top.shape) blob = OneLine(top.blob);
    }
  }
  const std::string text =
      Cat(summary.unknown_layers, one ? " layer (?) is" : " layers (?) are",
          " not in these sums: only the data can tell ", one ? "its shape" : "their shapes",
          ". Give the shape of the data by ", "--input_shape=", blob, "=NxCxHxW.");
  return "\n" + Join(Wrap(text, width), "\n") + "\n";
}

std::string IntegersJson(const std::vector<int64_t>& values) {
  std::vector<std::string> items;
  for (const int64_t value : values) items.push_back(Cat(value));
  return JsonArray(items);
}

std::string FieldJson(const std::optional<ReceptiveField>& field) {
  if (!field) return "null";
  return JsonObject({{"size", IntegersJson(field->size)},
                     {"stride", IntegersJson(field->stride)},
                     {"start", IntegersJson(field->start)}});
}

std::string TopJson(const TopSummary& top) {
  const std::string shape =
      top.shape ? IntegersJson({top.shape->begin(), top.shape->end()}) : "null";
  return JsonObject({{"blob", JsonText(top.blob)}, {"shape", shape}});
}

std::string LayerJson(const LayerSummary& layer) {
  const auto if_known = [&layer](int64_t value) {
    return layer.is_known ? Cat(value) : std::string("null");
  };
  std::vector<std::string> tops;
  for (const TopSummary& top : layer.tops) tops.push_back(TopJson(top));
  return JsonObject({{"name", JsonText(layer.name)},
                     {"type", JsonText(layer.type)},
                     {"tops", JsonArray(tops)},
                     {"parameters", if_known(layer.parameters)},
                     {"multiply_adds", if_known(layer.multiply_adds)},
                     {"activation_bytes", if_known(layer.bytes)},
                     {"receptive_field", FieldJson(layer.field)}});
}

}  // namespace

std::string SummaryTable(const NetSummary& summary, size_t width) {
  std::vector<TableColumn> columns = {
      {"layer"},           {"type", false, 2},  {"output"},         {"parameters", true},
      {"mult-adds", true}, {"memory", true, 1}, {"field", true, 3}, {"stride", true, 4},
      {"start", true, 5}};
  const bool has_windows = std::any_of(summary.layers.begin(), summary.layers.end(), HasWindow);
  if (!has_windows) columns.resize(kFieldColumn);
  Table table(columns);
  for (const LayerSummary& layer : summary.layers) {
    std::vector<std::string> row = Row(layer);
    row.resize(columns.size());
    table.AddRow(row);
  }
  const std::string name = summary.name.empty() ? "" : OneLine(summary.name) + ", ";
  return Cat(name, "phase ", summary.phase, "\n\n", table.ToString(width), "\n", Totals(summary),
             UnknownText(summary, width));
}

std::string SummaryJson(const NetSummary& summary) {
  std::vector<std::string> layers;
  for (const LayerSummary& layer : summary.layers) layers.push_back("\n  " + LayerJson(layer));
  return JsonObject({{"name", JsonText(summary.name)},
                     {"phase", JsonText(summary.phase)},
                     {"parameters", Cat(summary.parameters)},
                     {"trainable_parameters", Cat(summary.trainable)},
                     {"multiply_adds", Cat(summary.multiply_adds)},
                     {"activation_bytes", Cat(summary.bytes)},
                     {"unknown_layers", Cat(summary.unknown_layers)},
                     {"layers", JsonArray(layers)}}) +
         "\n";
}

}  // namespace demitasse
