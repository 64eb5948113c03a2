#include "tools/training_log.hpp"

#include <cmath>
#include <cstdio>
#include <iostream>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "tools/json.hpp"

namespace demitasse {
namespace {

using Seconds = std::chrono::duration<double>;

std::string JsonOutputs(const std::vector<OutputValue>& outputs) {
  std::vector<std::string> items;
  for (const OutputValue& output : outputs) {
    items.push_back(JsonObject({{"name", JsonText(output.name)},
                                {"value", JsonNumber(output.value)},
                                {"loss_weight", JsonNumber(output.loss_weight)}}));
  }
  return Cat("\"outputs\": ", JsonArray(items));
}

std::string JsonFields(const SolverEvent& event) {
  if (event.kind == SolverEvent::kSnapshot) return Cat("\"file\": ", JsonText(event.file));
  if (event.kind == SolverEvent::kTest) {
    return Cat("\"net\": ", event.test_net, ", ", JsonOutputs(event.outputs));
  }
  return Cat("\"loss\": ", JsonNumber(event.loss), ", \"lr\": ", JsonNumber(event.learning_rate),
             ", ", JsonOutputs(event.outputs));
}

// "0:42", "1:02:03"
std::string Duration(double seconds) {
  const int64_t whole = std::llround(seconds);
  char text[32];
  if (whole < 3600) {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(whole / 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(whole / 3600),
                  static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  }
  return text;
}

}  // namespace

JsonLog::JsonLog(const std::string& path) : path_(path), file_(path) {
  if (!file_) throw Error(Location{path}, "cannot be written");
}

void JsonLog::Write(const SolverEvent& event) {
  if (event.kind == SolverEvent::kIteration && event.outputs.empty()) return;  // not displayed
  constexpr const char* kNames[] = {"train", "test", "snapshot"};
  const double seconds = Seconds(std::chrono::steady_clock::now() - start_).count();
  file_ << "{\"event\": \"" << kNames[event.kind] << "\", \"iteration\": " << event.iteration
        << ", \"seconds\": " << seconds << ", " << JsonFields(event) << "}" << std::endl;
  if (!file_) throw Error(Location{path_}, "cannot be written any more", ErrorKind::kRun);
}

ProgressLine::~ProgressLine() {
  if (first_iteration_ < 0) return;
  Print();
  std::cerr << "\n";
}

void ProgressLine::Show(const SolverEvent& event) {
  constexpr Seconds kBetween(0.1);
  if (event.kind == SolverEvent::kTest) {
    test_result_.clear();
    for (const OutputValue& output : event.outputs) {
      if (output.loss_weight == 0) test_result_ += Cat("  ", output.name, " ", output.value);
    }
  }
  if (event.kind != SolverEvent::kIteration) return;
  if (first_iteration_ < 0) first_iteration_ = event.iteration;
  last_ = event;
  const Clock::time_point now = Clock::now();
  if (now - shown_at_ < kBetween) return;
  shown_at_ = now;
  Print();
}

void ProgressLine::Print() const {
  const int done = last_.iteration + 1 - first_iteration_;
  const double per_second = done / Seconds(Clock::now() - start_).count();
  const double left = (max_iter_ - last_.iteration - 1) / per_second;
  std::cerr << "\r\033[Kiteration " << last_.iteration + 1 << "/" << max_iter_ << "  loss "
            << last_.loss << test_result_;
  if (batch_ > 0) std::cerr << "  " << std::llround(per_second * batch_) << " images/s";
  std::cerr << "  " << Duration(left) << " left" << std::flush;
}

}  // namespace demitasse
