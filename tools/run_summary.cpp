#include "tools/run_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "tools/run_outputs.hpp"

namespace demitasse {
namespace {

constexpr int64_t kMostItems = 10;  // of a batch whose classes are shown

std::string Number(double value) {
  return std::isnan(value) ? "nan" : Cat(static_cast<float>(value));  // never "-nan"
}

std::string Dimensions(const std::vector<int>& shape) {
  std::vector<std::string> parts;
  for (const int dimension : shape) parts.push_back(std::to_string(dimension));
  return parts.empty() ? "scalar" : Join(parts, " x ");
}

std::string Padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

// Minimum, mean and maximum of the values that are numbers.
struct Statistics {
  explicit Statistics(const Blob& blob) {
    const float* const values = blob.cpu_data();
    double sum = 0;
    for (int64_t i = 0; i < blob.size(); ++i) {
      if (std::isnan(values[i])) continue;
      ++numbers;
      min = std::min(min, values[i]);
      max = std::max(max, values[i]);
      sum += values[i];
    }
    nans = blob.size() - numbers;
    mean = sum / static_cast<double>(numbers);
  }

  int64_t numbers = 0;
  int64_t nans = 0;
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  double mean = 0;
};

// The columns of an output's line.
std::vector<std::string> Columns(const std::string& name, const Blob& blob) {
  std::vector<std::string> columns = {name, Dimensions(blob.shape())};
  const Statistics statistics(blob);
  if (statistics.numbers > 0) {
    columns.push_back("min " + Number(statistics.min));
    columns.push_back("mean " + Number(statistics.mean));
    columns.push_back("max " + Number(statistics.max));
  }
  if (statistics.nans > 0) columns.push_back(Cat(statistics.nans, " NaN"));
  if (blob.size() == 0) columns.push_back("empty");
  return columns;
}

// The probabilities of classes in a blob: `items` rows of `classes`, or none at all.
struct ClassScores {
  int64_t items = 0;
  int classes = 0;
};

bool IsSoftmax(const Layer& layer, size_t top) {
  const std::string type = layer.type();
  return type == "Softmax" || (type == "SoftmaxWithLoss" && top == 1);
}

// The class scores that an output holds if a softmax wrote it, one class for each item of a batch
// (a map of classes has too many to list).
ClassScores FindClasses(const Net& net, const Blob& output) {
  for (size_t i = net.layers().size(); i-- > 0;) {
    const std::vector<Blob*>& tops = net.top_vecs()[i];
    const auto top = std::find(tops.begin(), tops.end(), &output);
    if (top == tops.end()) continue;
    const Layer& layer = *net.layers()[i];
    if (!IsSoftmax(layer, static_cast<size_t>(top - tops.begin()))) return {};
    const int axis = output.CanonicalAxisIndex(layer.layer_param().softmax_param().axis());
    if (output.size() == 0 || output.size(axis + 1, output.num_axes()) != 1) return {};
    return {output.size(0, axis), output.shape(axis)};
  }
  return {};
}

// The `count` likeliest classes, the first first; NaN is the least likely.
std::vector<int> LikeliestClasses(const float* scores, int classes, int count) {
  const auto score = [scores](int i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<float>::infinity() : scores[i];
  };
  std::vector<int> order(static_cast<size_t>(classes));
  std::iota(order.begin(), order.end(), 0);
  const int kept = std::min(count, classes);
  std::partial_sort(order.begin(), order.begin() + kept, order.end(), [&](int a, int b) {
    return score(a) != score(b) ? score(a) > score(b) : a < b;
  });
  order.resize(static_cast<size_t>(kept));
  return order;
}

void PrintTopClasses(const float* scores, int classes, const SummaryOptions& options,
                     std::ostream& out) {
  const std::vector<int> likeliest = LikeliestClasses(scores, classes, options.top);
  size_t class_width = 0;
  size_t score_width = 0;
  for (const int i : likeliest) {
    class_width = std::max(class_width, std::to_string(i).size());
    score_width = std::max(score_width, Number(scores[i]).size());
  }
  for (const int i : likeliest) {
    out << "  class " << Padded(std::to_string(i), class_width) << "  ";
    if (options.labels.empty()) {
      out << Number(scores[i]) << "\n";
    } else {
      out << Padded(Number(scores[i]), score_width) << "  "
          << options.labels[static_cast<size_t>(i)] << "\n";
    }
  }
}

void PrintClasses(const Blob& blob, const ClassScores& scores, const SummaryOptions& options,
                  std::ostream& out) {
  if (options.top == 0) return;
  const int64_t shown = std::min(scores.items, kMostItems);
  for (int64_t item = 0; item < shown; ++item) {
    if (scores.items > 1) out << "  item " << item << "\n";
    PrintTopClasses(blob.cpu_data() + item * scores.classes, scores.classes, options, out);
  }
  if (scores.items > shown) out << "  ... and " << scores.items - shown << " more items\n";
}

bool HasLoss(const Net& net) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    for (size_t top = 0; top < net.top_vecs()[i].size(); ++top) {
      if (net.layers()[i]->loss(static_cast<int>(top)) != 0) return true;
    }
  }
  return false;
}

std::vector<std::string> UserOutputs(const Net& net) {
  std::vector<std::string> names = net.output_names();
  const auto is_hidden = [&net](const std::string& name) { return !IsUserBlob(net, name); };
  names.erase(std::remove_if(names.begin(), names.end(), is_hidden), names.end());
  return names;
}

}  // namespace

void CheckLabels(const SummaryOptions& options, const Net& net) {
  if (options.labels.empty()) return;
  bool used = false;
  for (const std::string& name : UserOutputs(net)) {
    const ClassScores scores = FindClasses(net, *net.blob_by_name(name));
    if (scores.items == 0) continue;
    used = true;
    if (static_cast<size_t>(scores.classes) == options.labels.size()) continue;
    throw Error(Location{options.labels_file},
                Cat("there are ", options.labels.size(), " labels in the file, but the output '",
                    name, "' has ", scores.classes, " classes"));
  }
  if (!used) {
    throw Error(Location{options.labels_file},
                "the labels have no use: no output of the net is a softmax over classes");
  }
}

void PrintSummary(const SummaryOptions& options, const Net& net, float loss, std::ostream& out) {
  const std::vector<std::string> names = UserOutputs(net);
  std::vector<std::vector<std::string>> lines;
  std::vector<size_t> widths;
  for (const std::string& name : names) {
    lines.push_back(Columns(name, *net.blob_by_name(name)));
    widths.resize(std::max(widths.size(), lines.back().size()));
    for (size_t i = 0; i < lines.back().size(); ++i) {
      widths[i] = std::max(widths[i], lines.back()[i].size());
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const std::vector<std::string>& columns = lines[i];
    for (size_t j = 0; j + 1 < columns.size(); ++j) out << Padded(columns[j], widths[j]) << "  ";
    out << columns.back() << "\n";
    const Blob& blob = *net.blob_by_name(names[i]);
    PrintClasses(blob, FindClasses(net, blob), options, out);
  }
  if (HasLoss(net)) out << "loss = " << Number(loss) << "\n";
}

}  // namespace demitasse
