#include "tools/weight_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/text.hpp"
#include "tools/figure_text.hpp"
#include "tools/json.hpp"
#include "tools/table.hpp"

namespace demitasse {
namespace {

// "PRELU" in files of 2014.
bool IsPRelu(const std::string& type) { return type == "PReLU" || type == "PRELU"; }

struct BlobDifference {
  std::string layer;
  size_t index = 0;
  const WeightBlob* a = nullptr;
  const WeightBlob* b = nullptr;
  bool comparable = false;  // as many values in the same shape
  int64_t differing = 0;
  double largest = 0;  // max |a - b|
  int64_t largest_at = 0;
  double relative = 0;  // ||a - b|| / ||a||
};

struct WeightComparison {
  std::vector<BlobDifference> blobs;
  std::vector<std::string> only_in_a;
  std::vector<std::string> only_in_b;
};

bool SameShape(const WeightBlob& a, const WeightBlob& b) {
  return a.shape == b.shape ||
         ((a.legacy_shape || b.legacy_shape) && a.values.size() == b.values.size());
}

// Equal bits of NaN are no difference; a NaN beside a number is one that no number is larger than.
void Measure(BlobDifference* result) {
  const std::vector<float>& a = result->a->values;
  const std::vector<float>& b = result->b->values;
  double squares_a = 0, squares = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    squares_a += double{a[i]} * double{a[i]};
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    const double distance = std::abs(double{a[i]} - double{b[i]});
    ++result->differing;
    squares += distance * distance;
    if (distance <= result->largest || std::isnan(result->largest)) continue;
    result->largest = distance;
    result->largest_at = static_cast<int64_t>(i);
  }
  result->relative = result->differing > 0 ? std::sqrt(squares / squares_a) : 0;
}

const LayerWeights* FindLayer(const WeightFile& file, const std::string& name) {
  const auto found = std::find_if(file.layers.begin(), file.layers.end(), [&](const auto& layer) {
    return layer.name == name && !layer.blobs.empty();
  });
  return found == file.layers.end() ? nullptr : &*found;
}

WeightComparison Compare(const WeightFile& a, const WeightFile& b) {
  WeightComparison result;
  for (const LayerWeights& layer : a.layers) {
    if (layer.blobs.empty()) continue;
    const LayerWeights* const other = FindLayer(b, layer.name);
    if (other == nullptr) {
      result.only_in_a.push_back(layer.name);
      continue;
    }
    for (size_t i = 0; i < std::max(layer.blobs.size(), other->blobs.size()); ++i) {
      BlobDifference difference;
      difference.layer = layer.name;
      difference.index = i;
      const auto blob = [i](const LayerWeights& from) {
        return i < from.blobs.size() && !from.blobs[i].absent ? &from.blobs[i] : nullptr;
      };
      difference.a = blob(layer);
      difference.b = blob(*other);
      if (difference.a == nullptr && difference.b == nullptr) continue;
      difference.comparable = difference.a != nullptr && difference.b != nullptr &&
                              SameShape(*difference.a, *difference.b);
      if (difference.comparable) Measure(&difference);
      result.blobs.push_back(difference);
    }
  }
  for (const LayerWeights& layer : b.layers) {
    if (!layer.blobs.empty() && FindLayer(a, layer.name) == nullptr) {
      result.only_in_b.push_back(layer.name);
    }
  }
  return result;
}

std::string ShapeText(const WeightBlob* blob) {
  return blob == nullptr ? "none" : BlobShapeText(blob->shape);
}

std::string Summary(const WeightComparison& comparison) {
  const auto count = [&](auto is) {
    return std::count_if(comparison.blobs.begin(), comparison.blobs.end(), is);
  };
  const auto equal =
      count([](const BlobDifference& d) { return d.comparable && d.differing == 0; });
  const auto differing = count([](const BlobDifference& d) { return d.differing > 0; });
  const auto other = static_cast<int64_t>(comparison.blobs.size()) - equal - differing;
  std::string text = Cat(equal, equal == 1 ? " blob is" : " blobs are", " equal, ", differing,
                         differing == 1 ? " differs" : " differ");
  if (other > 0) text += Cat(", ", other, " cannot be compared");
  return text + "\n";
}

std::string OnlyIn(const std::string& path, const std::vector<std::string>& layers) {
  return layers.empty() ? "" : Cat("only in ", path, ": ", Join(layers), "\n");
}

std::string DifferenceJson(const BlobDifference& difference) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"layer", JsonText(difference.layer)},
      {"blob", Cat(difference.index)},
      {"shape_a", JsonText(ShapeText(difference.a))},
      {"shape_b", JsonText(ShapeText(difference.b))},
      {"comparable", difference.comparable ? "true" : "false"}};
  if (difference.comparable) {
    fields.insert(
        fields.end(),
        {{"differing", Cat(difference.differing)},
         {"largest", JsonNumber(difference.largest)},
         {"largest_at", "[" + CoordinatesText(difference.largest_at, difference.a->shape) + "]"},
         {"relative", JsonNumber(difference.relative)}});
  }
  return JsonObject(fields);
}

std::string NamesJson(const std::vector<std::string>& names) {
  std::vector<std::string> items;
  for (const std::string& name : names) items.push_back(JsonText(name));
  return JsonArray(items);
}

}  // namespace

InspectReport InspectWeights(const WeightFile& file,
                             const std::map<std::string, std::string>& types) {
  InspectReport report;
  int64_t values = 0;
  size_t blobs = 0;
  for (const LayerWeights& layer : file.layers) {
    if (layer.blobs.empty()) continue;
    InspectedLayer inspected{layer.name, layer.type, {}};
    const auto type = types.find(layer.name);
    if (type != types.end()) inspected.type = type->second;
    for (size_t i = 0; i < layer.blobs.size(); ++i) {
      const WeightBlob& blob = layer.blobs[i];
      if (blob.absent) continue;
      InspectedBlob entry;
      entry.name = Cat(i);
      entry.shape = blob.shape;
      entry.statistics.Add(blob.values.data(), static_cast<int64_t>(blob.values.size()));
      if (IsPRelu(inspected.type)) entry.slopes = blob.values;
      values += entry.statistics.count();
      ++blobs;
      inspected.blobs.push_back(std::move(entry));
    }
    report.layers.push_back(std::move(inspected));
  }
  report.title = Cat(file.path, file.net_name.empty() ? "" : ": net '" + file.net_name + "'", ", ",
                     values, " parameters in ", blobs, blobs == 1 ? " blob" : " blobs", " of ",
                     report.layers.size(), report.layers.size() == 1 ? " layer" : " layers");
  return report;
}

std::string CompareWeights(const WeightFile& a, const WeightFile& b, size_t width) {
  const WeightComparison comparison = Compare(a, b);
  Table table({{"layer"},
               {"blob"},
               {"shape", false, 2},
               {"differ", true, 1},
               {"max |a - b|", true},
               {"at", false, 3},
               {"|a - b| / |a|", true}});
  std::string shapes;
  for (const BlobDifference& d : comparison.blobs) {
    if (!d.comparable) {
      shapes += Cat("layer '", d.layer, "': blob ", d.index, " is ", ShapeText(d.a), " in a, ",
                    ShapeText(d.b), " in b\n");
      continue;
    }
    const bool differs = d.differing > 0;
    table.AddRow({d.layer, Cat(d.index), ShapeText(d.a),
                  PercentText(d.differing, static_cast<int64_t>(d.a->values.size())),
                  differs ? ShortNumber(d.largest) : "-",
                  differs ? CoordinatesText(d.largest_at, d.a->shape) : "-",
                  differs ? ShortNumber(d.relative) : "-"});
  }
  const std::string remarks =
      shapes + OnlyIn("a", comparison.only_in_a) + OnlyIn("b", comparison.only_in_b);
  return Cat("a: ", a.path, "\nb: ", b.path, "\n\n", table.ToString(width), "\n",
             Summary(comparison), remarks);
}

std::string CompareWeightsJson(const WeightFile& a, const WeightFile& b) {
  const WeightComparison comparison = Compare(a, b);
  std::vector<std::string> blobs;
  for (const BlobDifference& d : comparison.blobs) blobs.push_back("\n  " + DifferenceJson(d));
  return JsonObject({{"a", JsonText(a.path)},
                     {"b", JsonText(b.path)},
                     {"blobs", JsonArray(blobs)},
                     {"only_in_a", NamesJson(comparison.only_in_a)},
                     {"only_in_b", NamesJson(comparison.only_in_b)}}) +
         "\n";
}

}  // namespace demitasse
