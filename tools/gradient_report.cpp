#include "tools/gradient_report.hpp"

#include <algorithm>
#include <cstddef>

#include "src/core/text.hpp"
#include "tools/figure_text.hpp"
#include "tools/json.hpp"
#include "tools/table.hpp"

namespace demitasse {
namespace {

std::string BlobName(const BlobGradientCheck& blob, const LayerGradientCheck& layer) {
  if (blob.is_parameter) return Cat("param ", blob.index);
  return layer.bottoms[static_cast<size_t>(blob.index)];
}

// "conv1 and 2 parameters"
std::string Checked(const LayerGradientCheck& layer) {
  std::vector<std::string> parts;
  int parameters = 0;
  for (const BlobGradientCheck& blob : layer.blobs) {
    if (blob.checked == 0) continue;
    if (blob.is_parameter) {
      ++parameters;
    } else {
      parts.push_back(BlobName(blob, layer));
    }
  }
  if (parts.size() > 2) parts = {Cat(parts.size(), " bottoms")};
  if (parameters > 0) parts.push_back(Cat(parameters, parameters == 1 ? " param" : " params"));
  return parts.empty() ? "-" : Join(parts);
}

// What a layer's blobs come to.
struct Verdict {
  int64_t checked = 0;
  int64_t at_corners = 0;
  int64_t unclear = 0;
  int64_t wrong = 0;
  const BlobGradientCheck* worst = nullptr;

  std::string word() const {
    if (checked == 0) return "-";
    if (wrong > 0) return "WRONG";
    return unclear == checked ? "unclear" : "ok";
  }
};

Verdict Judge(const LayerGradientCheck& layer) {
  Verdict verdict;
  for (const BlobGradientCheck& blob : layer.blobs) {
    verdict.checked += blob.checked;
    verdict.at_corners += blob.at_corners;
    verdict.unclear += blob.unclear;
    verdict.wrong += blob.wrong;
    if (blob.worst_element < 0) continue;
    const BlobGradientCheck* const worst = verdict.worst;
    if (worst == nullptr || !(blob.worst.error <= worst->worst.error)) verdict.worst = &blob;
  }
  return verdict;
}

using Rows = std::vector<std::vector<std::string>>;

constexpr std::ptrdiff_t kCornersColumn = 6;
constexpr std::ptrdiff_t kUnclearColumn = 7;

void AddLayer(const LayerGradientCheck& layer, Rows* rows) {
  const Verdict verdict = Judge(layer);
  if (layer.is_split && verdict.wrong == 0) return;
  std::vector<std::string> row = {layer.name, layer.type, Checked(layer),
                                  CountText(verdict.checked)};
  const BlobGradientCheck* const worst = verdict.worst;
  if (worst == nullptr) {
    row.insert(row.end(), {"-", "-"});
  } else {
    row.push_back(ShortNumber(worst->worst.error, 2));
    row.push_back(Cat(BlobName(*worst, layer), "[",
                      CoordinatesText(worst->worst_element, worst->shape), "]"));
  }
  row.insert(row.end(),
             {CountText(verdict.at_corners), CountText(verdict.unclear), verdict.word()});
  rows->push_back(row);
}

std::string NetWord(const std::vector<NetDerivativeCheck>& net) {
  const auto count = [&net](GradientOutcome outcome) {
    return std::count_if(net.begin(), net.end(),
                         [outcome](const auto& blob) { return blob.check.outcome == outcome; });
  };
  if (net.empty()) return "-";
  if (count(GradientOutcome::kWrong) > 0) return "WRONG";
  const auto unclear = count(GradientOutcome::kUnclear);
  return unclear == static_cast<int64_t>(net.size()) ? "unclear" : "ok";
}

void AddNet(const std::vector<NetDerivativeCheck>& net, Rows* rows) {
  if (net.empty()) return;
  const NetDerivativeCheck* worst = nullptr;
  int64_t corners = 0, unclear = 0;
  for (const NetDerivativeCheck& blob : net) {
    corners += blob.check.outcome == GradientOutcome::kAtCorner ? 1 : 0;
    const bool is_unclear = blob.check.outcome == GradientOutcome::kUnclear;
    unclear += is_unclear ? 1 : 0;
    if (is_unclear || (worst != nullptr && blob.check.error <= worst->check.error)) continue;
    worst = &blob;
  }
  rows->push_back({"the whole net", "", Cat(net.size(), net.size() == 1 ? " blob" : " blobs"),
                   Cat(net.size()), worst == nullptr ? "-" : ShortNumber(worst->check.error, 2),
                   worst == nullptr ? "-" : worst->blob, CountText(corners), CountText(unclear),
                   NetWord(net)});
}

std::string Numbers(const DerivativeCheck& check) {
  return Cat("analytical ", ShortNumber(check.analytical, 6), ", numerical ",
             ShortNumber(check.numerical, 6), ", relative error ", ShortNumber(check.error));
}

std::string WrongBlobs(const NetGradientCheck& check) {
  std::string text;
  for (const LayerGradientCheck& layer : check.layers) {
    for (const BlobGradientCheck& blob : layer.blobs) {
      if (blob.wrong == 0) continue;
      text +=
          Cat(LayerPrefix(layer.name, layer.type), "gradient of ",
              blob.is_parameter ? "" : "bottom ", BlobName(blob, layer), ": ", blob.wrong, " of ",
              blob.checked, " elements wrong\n  worst at [",
              CoordinatesText(blob.worst_element, blob.shape), "]: ", Numbers(blob.worst), "\n");
    }
  }
  for (const NetDerivativeCheck& blob : check.net) {
    if (blob.check.outcome != GradientOutcome::kWrong) continue;
    text += Cat("the whole net: gradient of the loss by ", blob.blob,
                "\n  along the gradient: ", Numbers(blob.check), "\n");
  }
  return text;
}

std::string Notes(const NetGradientCheck& check) {
  std::string text;
  for (const LayerGradientCheck& layer : check.layers) {
    if (layer.note.empty() || layer.is_split) continue;
    text += Cat(layer.note.compare(0, 5, "layer") == 0 ? "" : LayerPrefix(layer.name, layer.type),
                layer.note, "\n");
  }
  if (!check.net_note.empty()) text += Cat("the whole net: ", check.net_note, "\n");
  return text;
}

std::string DerivativeFields(const DerivativeCheck& check, std::string first) {
  return JsonObject({{"at", std::move(first)},
                     {"analytical", JsonNumber(check.analytical)},
                     {"numerical", JsonNumber(check.numerical)},
                     {"error", JsonNumber(check.error)}});
}

std::string BlobJson(const BlobGradientCheck& blob, const LayerGradientCheck& layer) {
  std::vector<std::string> shape;
  for (const int dimension : blob.shape) shape.push_back(Cat(dimension));
  const std::string at = "[" + CoordinatesText(blob.worst_element, blob.shape) + "]";
  return JsonObject(
      {{"kind", JsonText(blob.is_parameter ? "parameter" : "bottom")},
       {"index", Cat(blob.index)},
       {"blob", blob.is_parameter ? "null" : JsonText(BlobName(blob, layer))},
       {"shape", JsonArray(shape)},
       {"checked", Cat(blob.checked)},
       {"at_corners", Cat(blob.at_corners)},
       {"unclear", Cat(blob.unclear)},
       {"wrong", Cat(blob.wrong)},
       {"worst", blob.worst_element < 0 ? "null" : DerivativeFields(blob.worst, at)}});
}

std::string LayerJson(const LayerGradientCheck& layer) {
  std::vector<std::string> blobs;
  blobs.reserve(layer.blobs.size());
  for (const BlobGradientCheck& blob : layer.blobs) blobs.push_back(BlobJson(blob, layer));
  return JsonObject({{"name", JsonText(layer.name)},
                     {"type", JsonText(layer.type)},
                     {"result", JsonText(Judge(layer).word())},
                     {"note", JsonText(layer.note)},
                     {"blobs", JsonArray(blobs)}});
}

std::string OutcomeWord(GradientOutcome outcome) {
  switch (outcome) {
    case GradientOutcome::kRight:
      return "ok";
    case GradientOutcome::kAtCorner:
      return "at a corner";
    case GradientOutcome::kUnclear:
      return "unclear";
    case GradientOutcome::kWrong:
      return "WRONG";
  }
  return "";
}

std::string NetJson(const NetGradientCheck& check) {
  std::vector<std::string> blobs;
  for (const NetDerivativeCheck& blob : check.net) {
    blobs.push_back(JsonObject({{"blob", JsonText(blob.blob)},
                                {"result", JsonText(OutcomeWord(blob.check.outcome))},
                                {"analytical", JsonNumber(blob.check.analytical)},
                                {"numerical", JsonNumber(blob.check.numerical)},
                                {"error", JsonNumber(blob.check.error)}}));
  }
  return JsonObject({{"result", JsonText(NetWord(check.net))},
                     {"note", JsonText(check.net_note)},
                     {"blobs", JsonArray(blobs)}});
}

// Takes the column out if there is nothing in it.
void DropIfEmpty(std::ptrdiff_t column, std::vector<TableColumn>* columns, Rows* rows) {
  const auto is_empty = [column](const auto& row) {
    return row[static_cast<size_t>(column)] == "-";
  };
  if (!std::all_of(rows->begin(), rows->end(), is_empty)) return;
  columns->erase(columns->begin() + column);
  for (auto& row : *rows) row.erase(row.begin() + column);
}

}  // namespace

std::string GradientTable(const NetGradientCheck& check, const GradientCheckOptions& options,
                          caffe::Phase phase, size_t width) {
  std::vector<TableColumn> columns = {
      {"layer"},       {"type", false, 2}, {"gradient of"},   {"elements", true, 3},
      {"worst", true}, {"at", false, 1},   {"corners", true}, {"unclear", true},
      {"result"}};
  Rows rows;
  for (const LayerGradientCheck& layer : check.layers) AddLayer(layer, &rows);
  AddNet(check.net, &rows);
  DropIfEmpty(kUnclearColumn, &columns, &rows);
  DropIfEmpty(kCornersColumn, &columns, &rows);
  Table table(columns);
  for (const auto& row : rows) table.AddRow(row);
  std::string text = Cat("phase ", caffe::Phase_Name(phase), ", step ", options.step,
                         ", threshold ", options.threshold, ", ");
  text += options.samples > 0 ? Cat("up to ", options.samples, " elements of each blob\n\n")
                              : "all elements\n\n";
  text += table.ToString(width);
  const std::string remarks = WrongBlobs(check) + Notes(check);
  return remarks.empty() ? text : text + "\n" + remarks;
}

std::string GradientJson(const NetGradientCheck& check, const GradientCheckOptions& options,
                         caffe::Phase phase) {
  std::vector<std::string> layers;
  for (const LayerGradientCheck& layer : check.layers) layers.push_back("\n  " + LayerJson(layer));
  return JsonObject({{"phase", JsonText(caffe::Phase_Name(phase))},
                     {"step", JsonNumber(double{options.step})},
                     {"threshold", JsonNumber(double{options.threshold})},
                     {"samples", Cat(options.samples)},
                     {"passed", check.wrong == 0 ? "true" : "false"},
                     {"layers", JsonArray(layers)},
                     {"net", NetJson(check)}}) +
         "\n";
}

}  // namespace demitasse
