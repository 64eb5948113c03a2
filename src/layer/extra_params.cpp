// The extra_params of a layer: text by key, read as what the layer asks for.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "demitasse/layer.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

using ExtraParams = google::protobuf::RepeatedPtrField<caffe::ExtraParameter>;

// The index of the first one under that key; -1 if there is none.
int Find(const ExtraParams& params, const std::string& key) {
  const auto it = std::find_if(params.begin(), params.end(),
                               [&](const auto& param) { return param.key() == key; });
  return it == params.end() ? -1 : static_cast<int>(it - params.begin());
}

std::string Quoted(const std::string& key) { return Cat("extra_param \"", OneLine(key), "\""); }

// Each Read sets `value`, or returns what the text is not: "a number".
template <typename Number>
bool ReadAll(std::string_view text, Number* value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

std::string Read(std::string_view text, double* value) {
  return ReadAll(text, value) && !std::isnan(*value) ? "" : "a number";
}

std::string Read(std::string_view text, float* value) {
  double number = 0;
  if (std::string wrong = Read(text, &number); !wrong.empty()) return wrong;
  constexpr float kMost = std::numeric_limits<float>::max();
  if (!std::isinf(number) && std::abs(number) > kMost) return Cat("a number up to ", kMost);
  *value = static_cast<float>(number);
  return "";
}

template <typename Integer>
std::string ReadWhole(std::string_view text, Integer* value) {
  using Limits = std::numeric_limits<Integer>;
  if (ReadAll(text, value)) return "";
  return Cat("a whole number from ", Limits::min(), " to ", Limits::max());
}
std::string Read(std::string_view text, int* value) { return ReadWhole(text, value); }
std::string Read(std::string_view text, int64_t* value) { return ReadWhole(text, value); }

std::string Read(std::string_view text, bool* value) {
  *value = text == "true";
  return *value || text == "false" ? "" : "true or false";
}

std::string Read(std::string_view text, std::string* value) {
  *value = text;
  return "";
}

std::string WithoutBlanks(const std::string& text) {
  constexpr char kBlanks[] = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

template <typename T>
std::string Read(std::string_view text, std::vector<T>* values) {
  const std::string list = WithoutBlanks(std::string(text));
  for (const std::string& part : SplitText(list, ',')) {
    const std::string wrong = Read(WithoutBlanks(part), &values->emplace_back());
    if (!wrong.empty()) return Cat("a list: \"", OneLine(WithoutBlanks(part)), "\" is not ", wrong);
  }
  return "";
}

}  // namespace

void Layer::CheckExtraParams() const {
  const ExtraParams& params = layer_param_.extra_param();
  for (int i = 0; i < params.size(); ++i) {
    const std::string& key = params[i].key();
    const std::string field = Cat("extra_param[", i, "]");
    if (key.empty()) throw Fail(field, "extra_param needs a key");
    if (!params[i].has_value()) throw Fail(field, Quoted(key) + " needs a value");
    if (Find(params, key) < i) throw Fail(field + ".key", Quoted(key) + " is given twice");
  }
}

void Layer::CheckExtraParamsAreKnown() const {
  const std::vector<std::string> known(known_extra_params_.begin(), known_extra_params_.end());
  for (int i = 0; i < layer_param_.extra_param_size(); ++i) {
    const std::string& key = layer_param_.extra_param(i).key();
    if (known_extra_params_.count(key) > 0) continue;
    std::string hint = DidYouMean(key, known);
    if (hint.empty()) hint = "; this layer reads " + (known.empty() ? "none" : Join(known));
    throw Fail(Cat("extra_param[", i, "].key"), Cat("unknown ", Quoted(key), hint));
  }
}

bool Layer::HasExtraParam(const std::string& key) const {
  known_extra_params_.insert(key);
  return Find(layer_param_.extra_param(), key) >= 0;
}

template <typename T>
T Layer::ExtraParam(const std::string& key) const {
  if (!HasExtraParam(key)) {
    throw Fail("", Cat("needs extra_param { key: \"", OneLine(key), "\" value: \"...\" }"));
  }
  const int index = Find(layer_param_.extra_param(), key);
  const std::string& text = layer_param_.extra_param(index).value();
  T value{};
  const std::string wrong = Read(text, &value);
  if (!wrong.empty()) {
    throw Fail("extra_param." + key, Cat(Quoted(key), ": \"", OneLine(text), "\" is not ", wrong));
  }
  return value;
}

template <typename T>
T Layer::ExtraParam(const std::string& key, const std::common_type_t<T>& fallback) const {
  return HasExtraParam(key) ? ExtraParam<T>(key) : fallback;
}

#define DEMITASSE_EXTRA_PARAM(T)                             \
  template T Layer::ExtraParam<T>(const std::string&) const; \
  template T Layer::ExtraParam<T>(const std::string&, const std::common_type_t<T>&) const
DEMITASSE_EXTRA_PARAM(float);
DEMITASSE_EXTRA_PARAM(double);
DEMITASSE_EXTRA_PARAM(int);
DEMITASSE_EXTRA_PARAM(int64_t);
DEMITASSE_EXTRA_PARAM(bool);
DEMITASSE_EXTRA_PARAM(std::string);
DEMITASSE_EXTRA_PARAM(std::vector<float>);
DEMITASSE_EXTRA_PARAM(std::vector<int>);

}  // namespace demitasse
