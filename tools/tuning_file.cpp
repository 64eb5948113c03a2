#include "tools/tuning_file.hpp"

#include <filesystem>
#include <sstream>
#include <utility>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/file.hpp"
#include "src/ops/winograd_kernels.hpp"

namespace demitasse {
namespace {

constexpr char kColumns[] =
    "# images channels height width results pad_h pad_w groups threads: winograd or direct\n";

// The first line: what it was measured with.
std::string Header() { return Cat("demitasse tuning 1, vectors ", WinogradTargetName()); }

std::string Line(const TunedShape& shape, bool winograd) {
  std::ostringstream line;
  for (const int64_t number : shape) line << number << ' ';
  line << (winograd ? "winograd" : "direct");
  return line.str();
}

void ReadLine(const std::string& line, const Location& where, Tuning::Choices* choices) {
  TunedShape shape = {};
  std::istringstream words(line);
  for (int64_t& number : shape) words >> number;
  std::string choice;
  words >> choice;
  if (!words || line != Line(shape, choice == "winograd")) {
    throw Error(where,
                "not nine numbers and 'winograd' or 'direct', one space apart; remove the "
                "line, or the file to measure again");
  }
  if (!choices->emplace(shape, choice == "winograd").second) {
    throw Error(where, "this convolution stands in a line above; remove one of the two");
  }
}

Tuning::Choices ReadChoices(const std::string& path) {
  constexpr int64_t kLargest = int64_t{1} << 24;  // bytes
  Tuning::Choices choices;
  if (path.empty() || !std::filesystem::exists(path)) return choices;
  std::istringstream text(ReadFile(path, kLargest));
  Location where = {path, 1, 0};
  std::string line;
  std::getline(text, line);
  if (line != Header()) {
    throw Error(where, Cat("measured by another version or for another processor: expected '",
                           Header(), "'; remove the file to measure again"));
  }
  while (std::getline(text, line)) {
    ++where.line;
    if (!line.empty() && line[0] != '#') ReadLine(line, where, &choices);
  }
  return choices;
}

}  // namespace

Flag TuneFlag(std::string* path) {
  return TextFlag("tune", "FILE", path,
                  "time 3x3 convolutions by Winograd's algorithm and without, take the faster and "
                  "write down which; what FILE knows already is taken from there, so that the same "
                  "file gives the same bits. Without it a rule decides");
}

TuningFile::TuningFile(const std::string& path)
    : path_(path),
      tuning_(ReadChoices(path)),
      known_(tuning_.choices().size()),
      scope_(path.empty() ? nullptr : &tuning_) {}

void TuningFile::Write() const {
  if (tuning_.choices().size() == known_) return;
  std::string text = Header() + "\n" + kColumns;
  for (const auto& [shape, winograd] : tuning_.choices()) text += Line(shape, winograd) + "\n";
  AtomicFile file(path_);
  file.Write(text.data(), text.size());
  file.Commit();
}

}  // namespace demitasse
