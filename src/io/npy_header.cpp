#include "src/io/npy_header.hpp"

#include <algorithm>
#include <limits>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Part of a file, fit to stand in a message.
std::string Excerpt(const std::string& text) {
  constexpr size_t kLongest = 60;
  std::string excerpt = text.substr(0, kLongest);
  for (char& c : excerpt) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > kLongest ? excerpt + "..." : excerpt;
}

// Knows as much of Python as such a header needs: strings without escapes, True and False, tuples
// of integers.
class HeaderParser {
 public:
  HeaderParser(const std::string& text, const std::string& path) : text_(text), path_(path) {}

  NpyHeader Parse() {
    Expect('{');
    while (!Accept('}')) {
      ParseEntry();
      if (!Accept(',') && Peek() != '}') Fail("expected ',' or '}'");
    }
    if (Peek() != kEnd) Fail("expected nothing after '}'");
    for (const char* key : {"descr", "fortran_order", "shape"}) {
      if (std::find(seen_.begin(), seen_.end(), key) == seen_.end()) {
        Fail(Cat("'", key, "' is missing"));
      }
    }
    return header_;
  }

 private:
  static constexpr char kEnd = '\0';

  [[noreturn]] void Fail(const std::string& what) const {
    throw Error(Location{path_}, Cat("the npy header is not understood: ", what,
                                     " at its character ", position_, "; it is ", Excerpt(text_)));
  }

  // The next character that is not a space.
  char Peek() {
    while (position_ < text_.size() && IsSpace(text_[position_])) ++position_;
    return position_ < text_.size() ? text_[position_] : kEnd;
  }

  bool Accept(char c) {
    if (Peek() != c || position_ == text_.size()) return false;
    ++position_;
    return true;
  }

  void Expect(char c) {
    if (!Accept(c)) Fail(Cat("expected '", c, "'"));
  }

  void ParseEntry() {
    const std::string key = ParseString();
    if (std::find(seen_.begin(), seen_.end(), key) != seen_.end()) {
      Fail(Cat("'", key, "' stands there twice"));
    }
    seen_.push_back(key);
    Expect(':');
    if (key == "descr") {
      ParseDescr();
    } else if (key == "fortran_order") {
      header_.fortran_order = ParseBool();
    } else if (key == "shape") {
      ParseShape();
    } else {
      Fail(Cat("the key '", Excerpt(key), "' is none of descr, fortran_order and shape"));
    }
  }

  std::string ParseString() {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') Fail("expected a string");
    const size_t start = position_ + 1;
    const size_t end = text_.find(quote, start);
    if (end == std::string::npos) Fail("expected the end of the string");
    position_ = end + 1;
    return text_.substr(start, end - start);
  }

  // Records, whose elements have fields, have a list of tuples here.
  void ParseDescr() {
    if (Peek() == '[' || Peek() == '(') ThrowUnsupportedDtype(text_.substr(position_), path_);
    header_.descr = ParseString();
  }

  bool ParseBool() {
    Peek();
    for (const bool value : {false, true}) {
      const std::string name = value ? "True" : "False";
      if (text_.compare(position_, name.size(), name) != 0) continue;
      position_ += name.size();
      return value;
    }
    Fail("expected True or False");
  }

  void ParseShape() {
    Expect('(');
    bool comma = true;
    while (!Accept(')')) {
      if (!comma) Fail("expected ',' or ')'");
      header_.shape.push_back(ParseDimension());
      comma = Accept(',');
    }
    // In Python, (3) is no tuple.
    if (header_.shape.size() == 1 && !comma) Fail("expected ',' in a shape of one dimension");
  }

  int ParseDimension() {
    if (Peek() == '-') Fail("a dimension must not be negative");
    if (!IsDigit(Peek())) Fail("expected a dimension");
    constexpr int64_t kLargest = std::numeric_limits<int>::max();
    int64_t value = 0;
    while (position_ < text_.size() && IsDigit(text_[position_])) {
      value = std::min(10 * value + (text_[position_] - '0'), kLargest + 1);
      ++position_;
    }
    if (value > kLargest) Fail(Cat("a dimension must be at most ", kLargest));
    if (position_ < text_.size() && text_[position_] == 'L') ++position_;  // Python 2's long
    return static_cast<int>(value);
  }

  const std::string& text_;
  const std::string& path_;
  size_t position_ = 0;
  std::vector<std::string> seen_;
  NpyHeader header_;
};

// Python's way to write a tuple: "()", "(3,)", "(3, 4)".
std::string Tuple(const std::vector<int>& shape) {
  std::vector<std::string> dimensions;
  for (const int dimension : shape) dimensions.push_back(std::to_string(dimension));
  return "(" + Join(dimensions) + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace

NpyHeader ParseNpyHeader(const std::string& text, const std::string& path) {
  return HeaderParser(text, path).Parse();
}

std::string NpyPrefix(const std::vector<int>& shape) {
  constexpr size_t kAlignment = 64;
  constexpr size_t kLongestDimension = 21;  // numpy leaves room for the first dimension to grow
  const char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';
  std::string dict = std::string("{'descr': '") + order +
                     "f4', 'fortran_order': False, 'shape': " + Tuple(shape) + ", }";
  if (!shape.empty()) dict.append(kLongestDimension - std::to_string(shape[0]).size(), ' ');

  std::string prefix("\x93NUMPY\x01\x00\x00\x00", 10);  // magic, version 1.0, length of the dict
  const size_t used = prefix.size() + dict.size() + 1;
  dict.append(kAlignment - used % kAlignment, ' ').append("\n");
  prefix[8] = static_cast<char>(dict.size() & 0xff);
  prefix[9] = static_cast<char>(dict.size() >> 8);
  return prefix + dict;
}

void ThrowUnsupportedDtype(const std::string& dtype, const std::string& path) {
  throw Error(Location{path}, Cat("the array's dtype ", Excerpt(dtype),
                                  " is not supported; the supported ones are float16, float32, "
                                  "float64, int8, int16, int32, int64, uint8, uint16, uint32, "
                                  "uint64 and bool (convert it with numpy's astype)"));
}

}  // namespace demitasse
