#include "tools/training_history.hpp"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <sstream>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "tools/json.hpp"

namespace demitasse {
namespace {

void AddPoint(int64_t iteration, double value, HistorySeries* series) {
  std::vector<HistoryPoint>& points = series->points;
  while (!points.empty() && points.back().iteration >= iteration) points.pop_back();
  points.push_back({iteration, value});
}

// The text behind the first `start` in `line`, or null.
const char* Behind(const std::string& line, const char* start) {
  const size_t at = line.find(start);
  return at == std::string::npos ? nullptr : line.c_str() + at + std::string(start).size();
}

class LogReader {
 public:
  void Read(const std::string& path) {
    std::istringstream lines(ReadFile(path, std::numeric_limits<int>::max()));
    const size_t before = known_;
    for (std::string line; std::getline(lines, line);) {
      line.compare(0, 1, "{") == 0 ? ReadObject(line) : ReadLine(line);
    }
    if (known_ == before) {
      throw Error(Location{path},
                  "tells of no iteration; a log of `demitasse train` or of Caffe "
                  "has lines such as 'Iteration 100, lr = 0.01'");
    }
  }

  TrainingHistory Finish() {
    for (auto* outputs : {&history_.train, &history_.test}) {
      const auto has_many = [&](const HistorySeries& s) { return many_.count(s.name) != 0; };
      outputs->erase(std::remove_if(outputs->begin(), outputs->end(), has_many), outputs->end());
    }
    return std::move(history_);
  }

 private:
  // "Iteration 100 (12 iter/s, 8s/100 iters), loss = 0.2", "Iteration 100, lr = 0.01",
  // "Iteration 100, Testing net (#0)", "    Test net output #1: accuracy = 0.98"
  void ReadLine(const std::string& line) {
    if (const char* const text = Behind(line, "Iteration ")) {
      char* end = nullptr;
      const int64_t iteration = std::strtoll(text, &end, 10);
      if (end == text) return;
      iteration_ = iteration;
      if (const char* const loss = Behind(line, ", loss = ")) {
        Add(std::strtod(loss, nullptr), &history_.loss);
      } else if (const char* const rate = Behind(line, ", lr = ")) {
        Add(std::strtod(rate, nullptr), &history_.learning_rate);
      } else if (const char* const net = Behind(line, "Testing net (#")) {
        test_net_ = std::atoi(net);
      }
    } else if (const char* const test = Behind(line, "Test net output #")) {
      ReadOutput(test, true);
    } else if (const char* const train = Behind(line, "Train net output #")) {
      ReadOutput(train, false);
    }
  }

  // "1: accuracy = 0.98", "0: loss = 0.5 (* 1 = 0.5 loss)"
  void ReadOutput(const std::string& text, bool is_test) {
    const size_t colon = text.find(": ");
    const size_t equals = text.find(" = ");
    if (colon == std::string::npos || equals == std::string::npos || equals < colon) return;
    const std::string name = text.substr(colon + 2, equals - colon - 2);
    AddOutput(name, std::strtod(text.c_str() + equals + 3, nullptr),
              text.find(" loss)", equals) != std::string::npos, is_test);
  }

  // A line of JsonLog (training_log.hpp).
  void ReadObject(const std::string& line) {
    google::protobuf::Struct object;
    if (!google::protobuf::util::JsonStringToMessage(line, &object).ok()) return;
    const auto& fields = object.fields();
    const auto number = [](const google::protobuf::Value& value) {
      return value.has_number_value() ? value.number_value() : std::nan("");
    };
    if (fields.count("iteration") == 0 || fields.count("outputs") == 0) return;
    iteration_ = static_cast<int64_t>(fields.at("iteration").number_value());
    const bool is_test = fields.count("net") != 0;
    if (is_test) test_net_ = static_cast<int>(fields.at("net").number_value());
    if (fields.count("loss") != 0) Add(number(fields.at("loss")), &history_.loss);
    if (fields.count("lr") != 0) Add(number(fields.at("lr")), &history_.learning_rate);
    for (const auto& output : fields.at("outputs").list_value().values()) {
      const auto& parts = output.struct_value().fields();
      if (parts.count("name") == 0 || parts.count("value") == 0) continue;
      const bool is_loss =
          parts.count("loss_weight") != 0 && parts.at("loss_weight").number_value() != 0;
      AddOutput(parts.at("name").string_value(), number(parts.at("value")), is_loss, is_test);
    }
  }

  void AddOutput(std::string name, double value, bool is_loss, bool is_test) {
    if (is_test && test_net_ > 0) name += Cat(" (#", test_net_, ")");
    std::vector<HistorySeries>& outputs = is_test ? history_.test : history_.train;
    auto series = std::find_if(outputs.begin(), outputs.end(),
                               [&name](const HistorySeries& s) { return s.name == name; });
    if (series == outputs.end()) {
      outputs.push_back({name, is_loss, {}});
      series = outputs.end() - 1;
    } else if (series->points.back().iteration == iteration_ && last_ == name) {
      many_.insert(name);  // another number of the same output
    }
    last_ = name;
    Add(value, &*series);
  }

  void Add(double value, HistorySeries* series) {
    ++known_;
    AddPoint(iteration_, value, series);
  }

  TrainingHistory history_;
  int64_t iteration_ = 0;
  int test_net_ = 0;
  std::string last_;            // the output that was read last
  std::set<std::string> many_;  // outputs of several numbers
  size_t known_ = 0;
};

std::string PointsJson(const HistorySeries& series) {
  std::vector<std::string> points;
  for (const HistoryPoint& point : series.points) {
    points.push_back(
        JsonArray({JsonNumber(static_cast<double>(point.iteration)), JsonNumber(point.value)}));
  }
  return JsonArray(points);
}

std::string OutputsJson(const std::vector<HistorySeries>& outputs) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const HistorySeries& output : outputs) fields.emplace_back(output.name, PointsJson(output));
  return JsonObject(fields);
}

}  // namespace

TrainingHistory ReadTrainingLogs(const std::vector<std::string>& paths) {
  LogReader reader;
  for (const std::string& path : paths) reader.Read(path);
  return reader.Finish();
}

std::string HistoryJson(const TrainingHistory& history) {
  return JsonObject({{"loss", PointsJson(history.loss)},
                     {"learning_rate", PointsJson(history.learning_rate)},
                     {"train", OutputsJson(history.train)},
                     {"test", OutputsJson(history.test)}});
}

}  // namespace demitasse
