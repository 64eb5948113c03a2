// Command line arguments, matched with the table of flags.
#include <algorithm>

#include "src/core/text.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

bool LooksLikeFlag(const std::string& arg) { return arg.size() > 1 && arg[0] == '-'; }

// "--save-params=x" taken apart: dashes within a name count as underscores.
struct Argument {
  explicit Argument(const std::string& arg) {
    const size_t start = arg.compare(0, 2, "--") == 0 ? 2 : 1;
    const size_t equals = arg.find('=');
    name = arg.substr(start, equals == std::string::npos ? equals : equals - start);
    std::replace(name.begin(), name.end(), '-', '_');
    has_value = equals != std::string::npos;
    if (has_value) value = arg.substr(equals + 1);
  }

  std::string name;
  bool has_value = false;
  std::string value;
};

class Parser {
 public:
  Parser(const std::vector<FlagGroup>& groups, const std::vector<std::string>& args,
         std::vector<std::string>* names)
      : groups_(groups), args_(args), names_(names) {}

  void Run() {
    while (next_ < args_.size()) {
      const std::string& arg = args_[next_++];
      if (!LooksLikeFlag(arg)) {
        if (names_ == nullptr) ThrowUnexpected(arg);
        names_->push_back(arg);
        continue;
      }
      const Argument argument(arg);
      if (const Flag* flag = Find(argument.name)) {
        Set(*flag, argument);
      } else if (const Flag* negated = FindNegated(argument.name)) {
        if (argument.has_value) throw UsageError(Cat("--", argument.name, " takes no value"));
        negated->set("false");
      } else {
        throw UsageError(Cat("unknown flag '--", OneLine(argument.name), "'", Hint(argument.name)));
      }
    }
  }

 private:
  const Flag* Find(const std::string& name) const {
    for (const FlagGroup& group : groups_) {
      for (const Flag& flag : group.flags) {
        if (flag.name == name) return &flag;
      }
    }
    return nullptr;
  }

  const Flag* FindNegated(const std::string& name) const {
    const Flag* const flag = name.compare(0, 2, "no") == 0 ? Find(name.substr(2)) : nullptr;
    return flag != nullptr && flag->is_switch() ? flag : nullptr;
  }

  void Set(const Flag& flag, const Argument& argument) {
    const std::string value = argument.has_value ? argument.value
                              : flag.is_switch() ? "true"
                                                 : NextValue(flag);
    try {
      flag.set(value);
    } catch (const UsageError& error) {
      throw UsageError(Cat("--", flag.name, "=", OneLine(value), ": ", error.message()));
    }
  }

  // The argument behind a flag without '='. Another flag there means that the value was forgotten;
  // a negative number does not.
  std::string NextValue(const Flag& flag) {
    const bool forgotten =
        next_ == args_.size() || args_[next_].compare(0, 2, "--") == 0 ||
        (LooksLikeFlag(args_[next_]) && Find(Argument(args_[next_]).name) != nullptr);
    if (forgotten) {
      throw UsageError(Cat("--", flag.name, " needs a value: --", flag.name, "=", flag.value_name));
    }
    return args_[next_++];
  }

  void ThrowUnexpected(const std::string& arg) const {
    const size_t index = next_ - 1;
    std::string hint = "every argument is a flag, starting with '-'";
    if (index > 0 && LooksLikeFlag(args_[index - 1])) {
      const Flag* const flag = Find(Argument(args_[index - 1]).name);
      if (flag != nullptr && flag->is_switch()) {
        hint = Cat("the value of a switch follows '=': --", flag->name, "=false");
      }
    }
    throw UsageError(Cat("unexpected argument '", OneLine(arg), "'; ", hint));
  }

  std::string Hint(const std::string& name) const {
    std::vector<std::string> known;
    for (const FlagGroup& group : groups_) {
      for (const Flag& flag : group.flags) known.push_back(flag.name);
    }
    const std::string nearest = Nearest(name, known);
    return nearest.empty() ? "" : Cat("; did you mean '--", nearest, "'?");
  }

  const std::vector<FlagGroup>& groups_;
  const std::vector<std::string>& args_;
  std::vector<std::string>* const names_;
  size_t next_ = 0;
};

}  // namespace

bool AsksForHelp(const std::vector<std::string>& args) {
  return std::any_of(args.begin(), args.end(), [](const std::string& arg) {
    return arg == "--help" || arg == "-help" || arg == "-h";
  });
}

void ParseFlags(const std::vector<FlagGroup>& groups, const std::vector<std::string>& args,
                std::vector<std::string>* names) {
  Parser(groups, args, names).Run();
}

}  // namespace demitasse
