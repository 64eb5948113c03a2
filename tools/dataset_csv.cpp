// demitasse dataset csv: numbers in a text file.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "demitasse/blob.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "tools/dataset_output.hpp"
#include "tools/dataset_sources.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Each line is a sample: numbers separated by commas. Empty lines are left out.
)";

constexpr char kExamples[] =
    R"(  demitasse dataset csv iris.csv --header --label=last --output=iris.h5
  demitasse dataset csv mnist.csv --shape=1,28,28 --output=mnist_lmdb
)";

enum class LabelColumn { kFirst, kLast, kNone };

struct CsvOptions {
  std::vector<std::string> names;
  LabelColumn label = LabelColumn::kFirst;
  std::string shape;  // "3,32,32"
  bool header = false;
  DatasetOptions output;
};

std::vector<FlagGroup> CsvFlags(CsvOptions* options) {
  return {{"The columns",
           {ChoiceFlag<LabelColumn>("label", &options->label,
                                    {{"first", LabelColumn::kFirst},
                                     {"last", LabelColumn::kLast},
                                     {"none", LabelColumn::kNone}},
                                    "where the label is"),
            TextFlag("shape", "C,H,W", &options->shape,
                     "channels, height and width that the other numbers make, each channel row by "
                     "row; otherwise each number is a channel"),
            SwitchFlag("header", &options->header, "leave out the first line")}},
          DatasetFlags(&options->output)};
}

// The three numbers of --shape, or none.
std::vector<int> ParseShape(const std::string& text) {
  std::vector<int> shape;
  for (const std::string& number : SplitText(text, ',')) {
    int size = 0;
    const auto [stop, code] = std::from_chars(number.data(), number.data() + number.size(), size);
    if (code == std::errc() && stop == number.data() + number.size() && size > 0) {
      shape.push_back(size);
    }
  }
  if (!text.empty() && shape.size() != 3) {
    throw UsageError(Cat("--shape=", OneLine(text), ": needs three sizes, channels,height,width"));
  }
  return shape;
}

// The lines of a file, without what ends them.
class LineReader {
 public:
  explicit LineReader(const std::string& path) : file_(path) {}

  bool Next(std::string* line) {
    line->clear();
    while (true) {
      const size_t end = std::min(buffer_.find('\n', next_), buffer_.size());
      line->append(buffer_, next_, end - next_);
      next_ = end + 1;
      if (end < buffer_.size()) break;
      if (Fill()) continue;
      if (line->empty()) return false;
      break;
    }
    if (!line->empty() && line->back() == '\r') line->pop_back();
    return true;
  }

 private:
  bool Fill() {
    buffer_.resize(size_t{1} << 20);
    buffer_.resize(file_.Read(&buffer_[0], buffer_.size()));
    next_ = 0;
    return !buffer_.empty();
  }

  InputFile file_;
  std::string buffer_;
  size_t next_ = 0;
};

std::vector<float> ParseLine(const std::string& line, Location where) {
  std::vector<float> values;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(',', begin), line.size());
    std::string_view text(line.data() + begin, end - begin);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    text = text.substr(0, text.find_last_not_of(" \t") + 1);
    float value = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || stop != text.data() + text.size() || !std::isfinite(value)) {
      where.column = static_cast<int>(begin + 1);
      const std::string hint = where.line == 1 ? "; if this line is a header, give --header" : "";
      throw Error(where, Cat("'", OneLine(std::string(text)), "' is not a number", hint));
    }
    values.push_back(value);
    begin = end + 1;
  }
  return values;
}

Sample ToSample(std::vector<float> values, const std::vector<int>& shape, LabelColumn label,
                const Location& where) {
  Sample sample;
  sample.where = where;
  if (label != LabelColumn::kNone) {
    const auto place = label == LabelColumn::kFirst ? values.begin() : values.end() - 1;
    sample.label = {static_cast<double>(*place)};
    values.erase(place);
  }
  if (values.empty()) throw Error(where, "there is no number beside the label");
  sample.pixels = {static_cast<int>(values.size()), 1, 1, {}, {}};
  if (!shape.empty()) {
    if (ShapeSize(shape) != static_cast<int64_t>(values.size())) {
      throw Error(where, Cat("--shape needs ", ShapeSize(shape), " numbers beside the label, got ",
                             values.size()));
    }
    sample.pixels = {shape[0], shape[1], shape[2], {}, {}};
  }
  sample.pixels.floats = std::move(values);
  return sample;
}

void WriteLines(const CsvOptions& options) {
  if (options.names.size() != 1) {
    throw UsageError(
        Cat("needs the name of one file of numbers, got ", options.names.size(), " names"));
  }
  const std::string& path = options.names[0];
  const std::vector<int> shape = ParseShape(options.shape);
  LineReader reader(path);
  DatasetWriter writer(options.output, 0);
  Location where{path};
  size_t columns = 0;
  for (std::string line; reader.Next(&line);) {
    ++where.line;
    const bool is_header = options.header && where.line == 1;
    if (is_header || line.find_first_not_of(" \t") == std::string::npos) continue;
    std::vector<float> values = ParseLine(line, where);
    if (columns == 0) columns = values.size();
    if (values.size() != columns) {
      throw Error(where,
                  Cat("the line has ", values.size(), " numbers, those above have ", columns));
    }
    writer.Add(ToSample(std::move(values), shape, options.label, where));
  }
  writer.Finish();
}

}  // namespace

Command DatasetCsvCommand() {
  const auto options = std::make_shared<CsvOptions>();
  Command command;
  command.name = "demitasse dataset csv";
  command.summary = "a data set of a text file of numbers";
  command.usage = {"FILE --output=PATH [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = CsvFlags(options.get());
  command.names = &options->names;
  command.run = [options] { WriteLines(*options); };
  return command;
}

}  // namespace demitasse
