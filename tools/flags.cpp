#include "tools/flags.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

// Reads `text` as a number; returns whether it was one, and nothing else.
template <typename T>
bool ParseAll(const std::string& text, T* number) {
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, *number);
  return code == std::errc() && stop == end;
}

template <typename T>
Flag MakeWholeFlag(const std::string& name, T* target, T least, T most, const std::string& help) {
  const auto set = [target, least, most](const std::string& value) {
    T number{};
    if (!ParseAll(value, &number) || number < least || number > most) {
      throw UsageError(Cat("needs a whole number from ", least, " to ", most));
    }
    *target = number;
  };
  return {name, "N", std::to_string(*target), help, set};
}

// The power of two that a suffix stands for; -1 for none that is known.
int SuffixShift(char suffix) {
  switch (suffix) {
    case 'K':
    case 'k':
      return 10;
    case 'M':
    case 'm':
      return 20;
    case 'G':
    case 'g':
      return 30;
    default:
      return -1;
  }
}

int64_t ParseBytes(std::string text) {
  const int shift = text.empty() ? -1 : SuffixShift(text.back());
  if (shift > 0) text.pop_back();
  const int64_t unit = int64_t{1} << std::max(shift, 0);
  int64_t number = 0;
  if (!ParseAll(text, &number) || number < 0 ||
      number > std::numeric_limits<int64_t>::max() / unit) {
    throw UsageError("needs a number of bytes, such as 500000000, 512M or 2G");
  }
  return number * unit;
}

bool ParseBool(const std::string& value) {
  static const char* const kTrue[] = {"true", "1", "yes", "t", "y"};  // as gflags has them
  static const char* const kFalse[] = {"false", "0", "no", "f", "n"};
  const auto is_value = [&value](const char* name) { return value == name; };
  if (std::any_of(std::begin(kTrue), std::end(kTrue), is_value)) return true;
  if (std::any_of(std::begin(kFalse), std::end(kFalse), is_value)) return false;
  throw UsageError("needs true or false");
}

}  // namespace

Flag SwitchFlag(const std::string& name, bool* target, const std::string& help) {
  const auto set = [target](const std::string& value) { *target = ParseBool(value); };
  return {name, "", *target ? "true" : "", help, set};
}

Flag TextFlag(const std::string& name, const std::string& value_name, std::string* target,
              const std::string& help) {
  const auto set = [target](const std::string& value) { *target = value; };
  return {name, value_name, *target, help, set};
}

Flag ListFlag(const std::string& name, const std::string& value_name,
              std::vector<std::string>* target, const std::string& help) {
  const auto set = [target](const std::string& value) {
    for (const std::string& item : SplitText(value, ',')) {
      if (item.empty()) throw UsageError("has an empty entry between its commas");
      target->push_back(item);
    }
  };
  return {name, value_name + ",...", "", help, set};
}

Flag WholeFlag(const std::string& name, int* target, int least, int most, const std::string& help) {
  return MakeWholeFlag(name, target, least, most, help);
}

Flag WholeFlag(const std::string& name, uint64_t* target, const std::string& help) {
  return MakeWholeFlag<uint64_t>(name, target, 0, std::numeric_limits<uint64_t>::max(), help);
}

Flag RealFlag(const std::string& name, float* target, const std::string& help) {
  const auto set = [target](const std::string& value) { *target = ParseReal(value); };
  return {name, "X", Cat(*target), help, set};
}

Flag BytesFlag(const std::string& name, int64_t* target, const std::string& help) {
  const auto set = [target](const std::string& value) { *target = ParseBytes(value); };
  return {name, "BYTES", std::to_string(*target), help, set};
}

void ThrowNotOneOf(const std::string& value, const std::vector<std::string>& names) {
  throw UsageError(Cat("needs to be one of ", Join(names), DidYouMean(value, names)));
}

bool TakesFile(const Flag& flag) {
  const auto has = [&flag](const char* text) {
    return flag.value_name.find(text) != std::string::npos;
  };
  const bool is_file_name = has(".") && flag.value_name.find('.') != flag.value_name.find("...");
  return is_file_name || has("FILE") || has("DIR") || has("PATH");
}

float ParseReal(const std::string& text) {
  float number = 0;
  if (!ParseAll(text, &number) || !std::isfinite(number)) throw UsageError("needs a number");
  return number;
}

}  // namespace demitasse
