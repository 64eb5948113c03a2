#include "src/parse/tokens.hpp"

#include <cctype>
#include <utility>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

using google::protobuf::io::Tokenizer;

Token::Kind KindOf(Tokenizer::TokenType type) {
  switch (type) {
    case Tokenizer::TYPE_IDENTIFIER:
      return Token::Kind::kIdentifier;
    case Tokenizer::TYPE_INTEGER:
      return Token::Kind::kInteger;
    case Tokenizer::TYPE_FLOAT:
      return Token::Kind::kFloat;
    case Tokenizer::TYPE_STRING:
      return Token::Kind::kString;
    case Tokenizer::TYPE_SYMBOL:
      return Token::Kind::kSymbol;
    default:
      return Token::Kind::kEnd;
  }
}

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Whether the quote a string begins with is also its last, and not an escaped one.
bool IsClosed(const std::string& text) {
  size_t i = 1;
  while (i < text.size() && text[i] != text[0]) i += text[i] == '\\' ? 2 : 1;
  return i + 1 == text.size();
}

// "Numbers must be X." -> "numbers must be X"
std::string AsClause(std::string sentence) {
  if (sentence.empty()) return sentence;
  sentence[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(sentence[0])));
  if (sentence.back() == '.') sentence.pop_back();
  return sentence;
}

}  // namespace

Tokens::Tokens(const std::string& text)
    : text_(text), stream_(text.data(), static_cast<int>(text.size())), tokenizer_(&stream_, this) {
  tokenizer_.set_comment_style(Tokenizer::SH_COMMENT_STYLE);
  tokenizer_.set_allow_f_after_float(true);
  current_ = Read();
  next_ = Read();
}

void Tokens::Advance() {
  std::swap(current_, next_);
  next_ = Read();
}

std::string Tokens::BareWord() const {
  const size_t begin = current_.offset;
  size_t end = begin;
  while (end < text_.size() && !std::isspace(static_cast<unsigned char>(text_[end])) &&
         std::string("\"'{}[];,#").find(text_[end]) == std::string::npos) {
    ++end;
  }
  return text_.substr(begin, end - begin);
}

std::string Tokens::Character() const {
  size_t end = current_.offset + 1;
  while (end < text_.size() && ContinuesCharacter(text_[end])) ++end;
  return text_.substr(current_.offset, end - current_.offset);
}

void Tokens::MoveTo(int line, int tokenizer_column, Cursor* cursor) const {
  while (cursor->line < line) {
    cursor->offset = text_.find('\n', cursor->offset) + 1;
    cursor->tokenizer_column = cursor->column = 0;
    ++cursor->line;
  }
  constexpr int kTabWidth = 8;
  while (cursor->tokenizer_column < tokenizer_column && cursor->offset < text_.size()) {
    const char c = text_[cursor->offset++];
    cursor->tokenizer_column += c == '\t' ? kTabWidth - cursor->tokenizer_column % kTabWidth : 1;
    cursor->column += ContinuesCharacter(c) ? 0 : 1;
  }
}

void Tokens::AddError(int line, int column, const std::string& message) {
  if (!complaint_.empty()) return;
  complaint_ = message;
  complaint_line_ = line;
  complaint_column_ = column;
}

Token Tokens::Read() {
  complaint_.clear();
  tokenizer_.Next();
  const Tokenizer::Token& read = tokenizer_.current();
  const Cursor before = cursor_;
  MoveTo(read.line, read.column, &cursor_);

  Token token;
  token.kind = KindOf(read.type);
  token.text = read.text;
  token.place = {cursor_.line + 1, cursor_.column + 1};
  token.offset = cursor_.offset;
  if (!complaint_.empty()) DescribeProblem(before, &token);
  return token;
}

void Tokens::DescribeProblem(const Cursor& before, Token* token) {
  Cursor cursor = before;
  MoveTo(complaint_line_, complaint_column_, &cursor);
  token->broken = token->kind != Token::Kind::kEnd && cursor.offset >= token->offset;
  // A character outside ASCII is no part of the grammar: the reader will say so.
  if (token->broken && token->kind == Token::Kind::kSymbol) return;

  token->problem_place = {cursor.line + 1, cursor.column + 1};
  token->problem = AsClause(complaint_);
  if (!token->broken || token->kind != Token::Kind::kString) return;
  if (IsClosed(token->text)) {
    token->problem += R"( (a backslash itself is written \\))";
  } else {
    token->problem_place = token->place;
    token->problem =
        Cat("this string is not closed: a ", token->text[0], " is missing on its line");
  }
}

}  // namespace demitasse
