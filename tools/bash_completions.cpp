// What bash completes: commands, names, flags, and the values of flags.
#include "src/core/text.hpp"
#include "tools/completions.hpp"

namespace demitasse {
namespace {

// The script but for its tables. bash cuts words at '=' and ':', and replaces only the last piece.
constexpr char kFunctions[] = R"bash(
# Answers with those of the words $1 that begin with $last, behind $prefix; FILE: with files.
_demitasse_reply() {
  if [[ $1 == FILE ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "$prefix" -f -- "$last")
  else
    mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$1" -- "$last")
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  fi
}

_demitasse() {
  local i=$COMP_CWORD word=${COMP_WORDS[COMP_CWORD]} arg=${COMP_WORDS[COMP_CWORD]}
  while ((i > 1)) && [[ ${COMP_WORDS[i]} == [=:] || ${COMP_WORDS[i - 1]} == [=:] ]]; do
    arg=${COMP_WORDS[--i]}$arg
  done
  [[ $word == [=:] ]] && word=''

  local command=demitasse j
  for ((j = 1; j < i; ++j)); do
    [[ " $(_demitasse_names "$command") " == *" ${COMP_WORDS[j]} "* ]] || break
    command+=" ${COMP_WORDS[j]}"
  done

  local flag='' values last=$arg prefix=''
  if [[ $arg == -*=* ]]; then
    flag=${arg%%=*}
  elif [[ $arg != -* && ${COMP_WORDS[i - 1]} == -* ]]; then
    flag=${COMP_WORDS[i - 1]}
  fi
  values=$(_demitasse_values "$command --${flag##*-}")
  if [[ -n $flag && ($arg == -* || -n $values) ]]; then
    last=${arg#"$flag="}
    last=${last##*[,=:]}
    prefix=${word%"$last"}
    _demitasse_reply "$values"
  elif [[ $arg == -* ]]; then
    _demitasse_reply "$(_demitasse_flags "$command")"
  else
    _demitasse_reply "$(_demitasse_names "$command")"
  fi
}
complete -F _demitasse demitasse
)bash";

struct Tables {
  std::string commands;
  std::string flags;
  std::string values;
};

std::string Case(const std::string& pattern, const std::string& words) {
  return Cat("    '", pattern, "') echo '", words, "' ;;\n");
}

// What follows a command that is no flag: other commands, or names.
std::string NamesBehind(const Command& command) {
  std::vector<std::string> names = command.known_names;
  for (const Command& other : command.commands) names.push_back(ShortName(other));
  if (names.empty() && command.names != nullptr) return "FILE";
  return Join(names, " ");
}

void AddCommand(const Command& command, Tables* tables) {
  tables->commands += Case(command.name, NamesBehind(command));
  std::vector<std::string> flags = {"--help"};
  for (const FlagGroup& group : AllFlags(command)) {
    for (const Flag& flag : group.flags) {
      flags.push_back("--" + flag.name + (flag.is_switch() ? "" : "="));
      const std::string values = TakesFile(flag) ? "FILE" : Join(flag.choices, " ");
      if (!values.empty()) tables->values += Case(command.name + " --" + flag.name, values);
    }
  }
  tables->flags += Case(command.name, Join(flags, " "));
  for (const Command& other : command.commands) AddCommand(other, tables);
}

std::string Function(const std::string& name, const std::string& comment,
                     const std::string& cases) {
  return Cat("\n# ", comment, "\n", name, "() {\n  case $1 in\n", cases, "  esac\n}\n");
}

}  // namespace

std::string BashCompletions(const Command& tool) {
  Tables tables;
  AddCommand(tool, &tables);
  return Cat("# Completion of demitasse's command lines in bash: demitasse completions bash\n",
             Function("_demitasse_names", "The commands or names behind a command; FILE: files.",
                      tables.commands),
             Function("_demitasse_flags", "The flags of a command.", tables.flags),
             Function("_demitasse_values", "The values of a flag; FILE: files.", tables.values),
             kFunctions);
}

}  // namespace demitasse
