#include "src/parse/scanner.hpp"

#include <google/protobuf/io/tokenizer.h>

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

bool IsStray(const Token& token) {
  return token.Is(Token::Kind::kSymbol) &&
         std::string("{}<>[],;:").find(token.text) == std::string::npos;
}

// Without the typographic quotes of a word processor (U+2018 to U+201F) around it.
std::string WithoutFancyQuotes(const std::string& word) {
  const auto is_quote = [&](size_t i) {
    const auto last = static_cast<unsigned char>(word[i + 2]);
    return word.compare(i, 2, "\xE2\x80") == 0 && last >= 0x98 && last <= 0x9F;
  };
  constexpr size_t kLength = 3;
  size_t begin = 0;
  size_t end = word.size();
  if (end >= kLength && is_quote(0)) begin = kLength;
  if (end >= begin + kLength && is_quote(end - kLength)) end -= kLength;
  return word.substr(begin, end - begin);
}

bool IsCloser(const Token& token) { return token.Is('}') || token.Is('>') || token.Is(']'); }

}  // namespace

void Scanner::Error(Place place, const std::string& text) {
  problems_->Add(Severity::kError, place, text);
}

void Scanner::ErrorHere(const std::string& text) {
  if (AtEnd()) {
    Error(current().place, text + ", got the end of the file");
    return;
  }
  std::string got = OneLine(current().text);
  if (current().Is(Token::Kind::kSymbol)) got = tokens_.Character();
  if (!current().Is(Token::Kind::kString)) got = Cat("'", got, "'");
  Error(current().place, Cat(text, ", got ", got));
}

void Scanner::Advance() {
  const Token& token = current();
  if (!token.problem.empty()) Error(token.problem_place, token.problem);
  tokens_.Advance();
}

bool Scanner::TryConsume(char symbol) {
  if (!current().Is(symbol)) return false;
  Advance();
  return true;
}

bool Scanner::AtFieldName() const {
  return current().Is(Token::Kind::kIdentifier) &&
         (next().Is(':') || next().Is('{') || next().Is('<'));
}

bool Scanner::AtScalar() const {
  switch (current().kind) {
    case Token::Kind::kInteger:
    case Token::Kind::kFloat:
    case Token::Kind::kString:
      return true;
    case Token::Kind::kIdentifier:
      return !AtFieldName();
    default:
      return current().Is('-');
  }
}

bool Scanner::AtStraySymbol() const { return IsStray(current()); }

void Scanner::Open() {
  open_.push_back({current().text[0], current().place});
  Advance();
}

void Scanner::ReportUnclosed() {
  if (has_reported_end_ || open_.empty()) return;
  has_reported_end_ = true;
  constexpr size_t kMostNamed = 3;
  std::vector<std::string> named;
  for (const Bracket& bracket : open_) {
    if (named.size() == kMostNamed) {
      named.push_back(Cat(open_.size() - kMostNamed, " more"));
      break;
    }
    named.push_back(
        Cat("'", bracket.symbol, "' at ", bracket.place.line, ":", bracket.place.column));
  }
  Error(current().place,
        Cat("the file ends, but ", Join(named), open_.size() > 1 ? " are" : " is", " not closed"));
}

bool Scanner::IsNameGlued() const {
  return IsStray(next()) && next().offset == current().offset + current().text.size();
}

Token Scanner::TakeName() {
  Token name = current();
  if (IsNameGlued()) {
    name.text = tokens_.BareWord();
    name.text.resize(std::min(name.text.size(), name.text.find_first_of(":<")));
  }
  Advance();
  SkipTo(name.offset + name.text.size());
  return name;
}

bool Scanner::TakeScalar(bool is_text, WrittenValue* value) {
  using Kind = WrittenValue::Kind;
  if (current().Is(Token::Kind::kString)) {
    value->kind = Kind::kString;
    return TakeString(&value->text);
  }
  if (is_text) {
    value->kind = Kind::kIdentifier;
    const std::string word = tokens_.BareWord();
    value->text = WithoutFancyQuotes(word);
    SkipTo(current().offset + word.size());
    return true;
  }
  value->negative = TryConsume('-');
  if (value->negative && (!AtScalar() || current().Is(Token::Kind::kString) || current().Is('-'))) {
    ErrorHere("expected a number after '-'");
    return false;
  }
  const bool is_integer = current().Is(Token::Kind::kInteger);
  const bool is_float = current().Is(Token::Kind::kFloat);
  value->kind = is_integer ? Kind::kInteger : is_float ? Kind::kFloat : Kind::kIdentifier;
  value->text = current().text;
  if (!current().broken) {
    Advance();
    return true;
  }
  const size_t end = current().offset + tokens_.BareWord().size();
  Advance();
  SkipTo(end);
  return false;
}

bool Scanner::TakeString(std::string* text) {
  bool is_whole = true;
  while (current().Is(Token::Kind::kString)) {  // neighbours are one string, as in C
    if (current().broken) {
      is_whole = false;
    } else {
      google::protobuf::io::Tokenizer::ParseStringAppend(current().text, text);
    }
    Advance();
  }
  return is_whole;
}

void Scanner::SkipTo(size_t offset) {
  while (!AtEnd() && current().offset < offset) tokens_.Advance();
}

void Scanner::SkipGroup() {
  const size_t outside = depth();
  Open();
  while (depth() > outside) {
    if (AtEnd()) {
      ReportUnclosed();
      open_.resize(outside);
    } else if (AtGroup()) {
      Open();
    } else {
      if (IsCloser(current())) Close();
      Advance();
    }
  }
}

void Scanner::SkipValue() {
  if (AtGroup()) {
    SkipGroup();
  } else if (AtScalar() || AtStraySymbol()) {
    WrittenValue unused;
    TakeScalar(!current().Is('-'), &unused);
  }
}

void Scanner::SkipToNextField(bool in_list) {
  while (!AtEnd() && !AtMessageEnd() && !AtFieldName() && !(in_list && current().Is(']'))) {
    if (AtGroup()) {
      SkipGroup();
    } else {
      tokens_.Advance();
    }
  }
}

}  // namespace demitasse
