#include "src/parse/problems.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "src/parse/layer_prefix.hpp"

namespace demitasse {

bool Problems::IsFull(Severity severity) const {
  constexpr size_t kMost = 1000;
  const size_t warning_count = list_.size() - error_count_;
  return (severity == Severity::kError ? error_count_ : warning_count) >= kMost;
}

void Problems::Add(Severity severity, Place place, const std::string& text) {
  UnknownField what;
  what.text = text;
  Add(severity, place, std::move(what));
}

void Problems::Add(Severity severity, Place place, UnknownField unknown) {
  if (IsFull(severity)) return;
  list_.push_back({severity, place, std::move(unknown)});
  if (severity == Severity::kError) ++error_count_;
}

void Problems::Complete(size_t first, const google::protobuf::Message& message) {
  if (first == list_.size()) return;
  const bool is_layer = IsLayer(*message.GetDescriptor());
  const std::string prefix = is_layer ? LayerPrefix(message) : "";
  for (size_t i = first; i < list_.size(); ++i) {
    Problem& problem = list_[i];
    if (problem.what.owner == &message) problem.what.text += Belonging(problem.what.homes, message);
    if (is_layer && !problem.names_layer) {
      problem.what.text = prefix + problem.what.text;
      problem.names_layer = true;
    }
  }
}

void Problems::MoveTo(const std::string& file, Diagnostics* diagnostics) {
  std::stable_sort(list_.begin(), list_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  for (const Problem& problem : list_) {
    const Location where{file, problem.place.line, problem.place.column};
    if (problem.severity == Severity::kError) {
      diagnostics->AddError(where, problem.what.text);
    } else {
      diagnostics->AddWarning(where, problem.what.text);
    }
  }
  list_.clear();
  error_count_ = 0;
}

}  // namespace demitasse
