// Options of demitasse.h: texts that are read here.
#include <charconv>
#include <functional>
#include <initializer_list>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "demitasse/error.hpp"
#include "src/c_api/handles.hpp"
#include "src/c_api/status.hpp"
#include "src/core/text.hpp"

namespace demitasse::c_api {
namespace {

// What is wrong with a value: "must be true or false".
class BadValue {
 public:
  explicit BadValue(std::string message) : message_(std::move(message)) {}
  const std::string& message() const { return message_; }

 private:
  std::string message_;
};

template <typename Integer>
Integer Whole(const std::string& text, Integer least, Integer most) {
  Integer value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < least || value > most) {
    throw BadValue(Cat("must be a whole number from ", least, " to ", most));
  }
  return value;
}

int AtLeastZero(const std::string& text, int most = std::numeric_limits<int>::max()) {
  return Whole(text, 0, most);
}

template <typename Choice>
Choice OneOf(const std::string& text,
             std::initializer_list<std::pair<const char*, Choice>> choices) {
  std::vector<std::string> names;
  for (const auto& [name, choice] : choices) {
    if (text == name) return choice;
    names.emplace_back(name);
  }
  throw BadValue("must be " + Join(names, " or "));
}

bool TrueOrFalse(const std::string& text) {
  return OneOf<bool>(text, {{"true", true}, {"false", false}});
}

Engine EngineFrom(const std::string& text) {
#ifndef DEMITASSE_WITH_ONEDNN
  if (text == "onednn") throw BadValue("cannot be onednn: the library was built without it");
#endif
  return OneOf<Engine>(
      text,
      {{"auto", Engine::kAuto}, {"reference", Engine::kReference}, {"onednn", Engine::kOneDnn}});
}

enum class Owner { kNets, kSolvers, kBoth };

struct Setting {
  std::string key;
  Owner owner;
  std::function<void(const std::string& value, NetOptions*, SolverOptions*)> set;
};

using Text = const std::string&;
using Nets = NetOptions*;
using Solvers = SolverOptions*;

const std::vector<Setting>& Settings() {
  constexpr int kLeast = std::numeric_limits<int>::min();
  constexpr int kMost = std::numeric_limits<int>::max();
  constexpr int kMostThreads = 1024;
  static const std::vector<Setting> settings = {
      {"phase", Owner::kNets,
       [](Text text, Nets net, Solvers) {
         net->phase = OneOf<caffe::Phase>(text, {{"TEST", caffe::TEST}, {"TRAIN", caffe::TRAIN}});
       }},
      {"seed", Owner::kNets,
       [](Text text, Nets net, Solvers) {
         net->seed = Whole<uint64_t>(text, 0, std::numeric_limits<uint64_t>::max());
       }},
      {"force_backward", Owner::kNets,
       [](Text text, Nets net, Solvers) { net->force_backward = TrueOrFalse(text); }},
      {"level", Owner::kBoth,
       [](Text text, Nets net, Solvers solver) {
         net->level = solver->level = Whole(text, kLeast, kMost);
       }},
      {"stage", Owner::kBoth,
       [](Text text, Nets net, Solvers solver) {
         net->stages.push_back(text);
         solver->stages.push_back(text);
       }},
      {"engine", Owner::kBoth,
       [](Text text, Nets net, Solvers solver) {
         net->engine = solver->engine = EngineFrom(text);
       }},
      {"threads", Owner::kBoth,
       [](Text text, Nets net, Solvers solver) {
         net->threads = solver->threads = AtLeastZero(text, kMostThreads);
       }},
      {"memory_limit", Owner::kBoth,
       [](Text text, Nets net, Solvers solver) {
         net->memory_limit = solver->memory_limit =
             Whole<int64_t>(text, 0, std::numeric_limits<int64_t>::max());
       }},
      {"lenient", Owner::kBoth,
       [](Text text, Nets net, Solvers solver) {
         net->lenient = solver->lenient = TrueOrFalse(text);
       }},
      {"weights", Owner::kSolvers,
       [](Text text, Nets, Solvers solver) { solver->weights.push_back(text); }},
      {"on_nan", Owner::kSolvers,
       [](Text text, Nets, Solvers solver) {
         solver->on_nan = OneOf<OnNan>(text, {{"stop", OnNan::kStop}, {"warn", OnNan::kWarn}});
       }},
      {"keep_snapshots", Owner::kSolvers,
       [](Text text, Nets, Solvers solver) { solver->keep_snapshots = AtLeastZero(text); }},
  };
  return settings;
}

const Setting& FindSetting(const std::string& key) {
  std::vector<std::string> keys;
  for (const Setting& setting : Settings()) {
    if (setting.key == key) return setting;
    keys.push_back(setting.key);
  }
  const std::string near = DidYouMean(key, keys);
  throw Error(Cat("unknown option '", OneLine(key), "'", near.empty() ? "; known: " : near,
                  near.empty() ? Join(keys) : ""));
}

void Set(const std::string& key, const std::string& value, demitasse_options* options) {
  const Setting& setting = FindSetting(key);
  try {
    setting.set(value, &options->net, &options->solver);
  } catch (const BadValue& bad) {
    throw Error(Cat("option '", key, "' ", bad.message(), ", got '", OneLine(value), "'"));
  }
  options->given.insert(key);
}

void Refuse(const demitasse_options& options, Owner owner, const std::string& whose) {
  for (const std::string& key : options.given) {
    if (FindSetting(key).owner == owner) {
      throw Error(Cat("option '", key, "' is of ", whose));
    }
  }
}

}  // namespace

NetOptions OptionsOfNet(const demitasse_options* options) {
  if (options == nullptr) return {};
  Refuse(*options, Owner::kSolvers, "solvers, not of nets");
  return options->net;
}

SolverOptions OptionsOfSolver(const demitasse_options* options) {
  if (options == nullptr) return {};
  Refuse(*options, Owner::kNets, "nets; a solver's file says it for its nets");
  return options->solver;
}

}  // namespace demitasse::c_api

using demitasse::c_api::Given;
using demitasse::c_api::Try;
using demitasse::c_api::TryGet;

demitasse_options* demitasse_options_create(void) {
  return TryGet<demitasse_options*>(__func__, nullptr, [] { return new demitasse_options; });
}

void demitasse_options_free(demitasse_options* options) { delete options; }

int demitasse_options_set(demitasse_options* options, const char* key, const char* value) {
  return Try(__func__, [&] {
    demitasse_options& target = Given(options, "options");
    demitasse::c_api::Set(&Given(key, "key"), &Given(value, "value"), &target);
  });
}
