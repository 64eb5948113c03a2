// The flags of a command. One table says what there is; parsing, --help and the hints for
// misspelled flags all come from it.
//
// A flag has one dash or two, its value follows behind '=' or as the next argument:
// --model=net.prototxt, -model net.prototxt. A switch is --backward, --backward=false or
// --nobackward. Of a flag given twice the last one counts; lists grow. An empty text or list is as
// good as none, so that scripts may pass on empty variables.
#ifndef DEMITASSE_TOOLS_FLAGS_HPP_
#define DEMITASSE_TOOLS_FLAGS_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "demitasse/error.hpp"

namespace demitasse {

// The command line is wrong, rather than a file it names.
class UsageError : public Error {
 public:
  using Error::Error;
};

struct Flag {
  std::string name;           // without dashes
  std::string value_name;     // "FILE"; empty for a switch
  std::string default_value;  // as --help shows it; empty if there is none
  std::string help;
  // Takes the value; a switch gets "true" or "false". Throws UsageError that says what is needed.
  std::function<void(const std::string& value)> set;
  std::vector<std::string> choices = {};  // if the value is one of a few

  bool is_switch() const { return value_name.empty(); }
};

struct FlagGroup {
  std::string title;
  std::vector<Flag> flags;
};

// Flags that write to `target`, whose value at this time is the default.
Flag SwitchFlag(const std::string& name, bool* target, const std::string& help);
Flag TextFlag(const std::string& name, const std::string& value_name, std::string* target,
              const std::string& help);
// Values separated by commas.
Flag ListFlag(const std::string& name, const std::string& value_name,
              std::vector<std::string>* target, const std::string& help);
Flag WholeFlag(const std::string& name, int* target, int least, int most, const std::string& help);
Flag WholeFlag(const std::string& name, uint64_t* target, const std::string& help);
Flag RealFlag(const std::string& name, float* target, const std::string& help);
// Bytes, with K, M or G for the binary multiples: "512M".
Flag BytesFlag(const std::string& name, int64_t* target, const std::string& help);

// The error for a value that is none of the names.
[[noreturn]] void ThrowNotOneOf(const std::string& value, const std::vector<std::string>& names);

template <typename T>
Flag ChoiceFlag(const std::string& name, T* target,
                const std::vector<std::pair<std::string, T>>& choices, const std::string& help) {
  Flag flag{name, "", "", help, nullptr};
  for (const auto& [choice, meaning] : choices) {
    flag.choices.push_back(choice);
    flag.value_name += (flag.value_name.empty() ? "" : "|") + choice;
    if (meaning == *target) flag.default_value = choice;
  }
  flag.set = [target, choices, names = flag.choices](const std::string& value) {
    for (const auto& [choice, meaning] : choices) {
      if (choice != value) continue;
      *target = meaning;
      return;
    }
    ThrowNotOneOf(value, names);
  };
  return flag;
}

// A number that is all of `text`; throws UsageError for anything else, and for infinity and NaN.
float ParseReal(const std::string& text);

// Whether --help or -h is among the arguments.
bool AsksForHelp(const std::vector<std::string>& args);

// Whether the value is a file or a folder, or names some behind other text: "BLOB=FILE".
bool TakesFile(const Flag& flag);

// Hands each argument to its flag. Arguments that are no flags are added to `names`, if a command
// takes some. Throws UsageError for an unknown flag, a missing or wrong value, and for an argument
// that is neither flag nor name.
void ParseFlags(const std::vector<FlagGroup>& groups, const std::vector<std::string>& args,
                std::vector<std::string>* names = nullptr);

// The table as --help prints it, at most 80 columns wide.
std::string DescribeFlags(const std::vector<FlagGroup>& groups);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_FLAGS_HPP_
