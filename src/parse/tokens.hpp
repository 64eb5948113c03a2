// Prototxt text cut into tokens: protobuf's tokenizer with one token of lookahead, places as
// editors count them, and lexical problems tied to the token they belong to.
#ifndef DEMITASSE_SRC_PARSE_TOKENS_HPP_
#define DEMITASSE_SRC_PARSE_TOKENS_HPP_

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <string>

namespace demitasse {

// Counted from 1. A column is a character: one for a tab, one for a UTF-8 sequence.
struct Place {
  int line = 1;
  int column = 1;
};

struct Token {
  enum class Kind { kEnd, kIdentifier, kInteger, kFloat, kString, kSymbol };

  Kind kind = Kind::kEnd;
  std::string text;  // as written; a string with its quotes
  Place place;
  size_t offset = 0;  // of the first byte in the text

  // What the tokenizer finds wrong in this token or in the gap before it; "" if nothing.
  std::string problem;
  Place problem_place;
  bool broken = false;  // the problem is in the token itself, which therefore has no value

  bool Is(char symbol) const { return kind == Kind::kSymbol && text[0] == symbol; }
  bool Is(Kind wanted) const { return kind == wanted; }
};

class Tokens : private google::protobuf::io::ErrorCollector {
 public:
  // `text` must outlive this object and be smaller than 2 GB.
  explicit Tokens(const std::string& text);

  const Token& current() const { return current_; }
  const Token& next() const { return next_; }
  void Advance();

  // The run of bytes from the current token up to white space, a quote or one of {}[];,# which is
  // what somebody meant who forgot the quotes: conv1/relu, 3x3, data/train.txt.
  std::string BareWord() const;

  // The character the current token starts with, whole if it takes several bytes.
  std::string Character() const;

 private:
  // Walks through a line of text, as the tokenizer's columns (a tab fills up to 8, a byte is one)
  // are not those of a Place.
  struct Cursor {
    int line = 0;
    int tokenizer_column = 0;
    int column = 0;
    size_t offset = 0;
  };
  void MoveTo(int line, int tokenizer_column, Cursor* cursor) const;

  void AddError(int line, int column, const std::string& message) override;
  Token Read();
  void DescribeProblem(const Cursor& before, Token* token);

  const std::string& text_;
  google::protobuf::io::ArrayInputStream stream_;
  google::protobuf::io::Tokenizer tokenizer_;
  Cursor cursor_;

  // The tokenizer's first complaint since the last token; line and column are the tokenizer's.
  std::string complaint_;
  int complaint_line_ = 0;
  int complaint_column_ = 0;

  Token current_;
  Token next_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_TOKENS_HPP_
