// Steps through the tokens of a text, reports what is wrong with them, and finds the place to go on
// after a mistake, so that one mistake makes one message.
#ifndef DEMITASSE_SRC_PARSE_SCANNER_HPP_
#define DEMITASSE_SRC_PARSE_SCANNER_HPP_

#include <string>
#include <vector>

#include "src/parse/problems.hpp"
#include "src/parse/scalar.hpp"
#include "src/parse/tokens.hpp"

namespace demitasse {

// How deep brackets may be nested; protobuf's limit for binary messages, too.
constexpr size_t kDeepestNesting = 100;

class Scanner {
 public:
  // `problems` must outlive this object, as must `text`.
  Scanner(const std::string& text, Problems* problems) : tokens_(text), problems_(problems) {}

  const Token& current() const { return tokens_.current(); }
  const Token& next() const { return tokens_.next(); }

  void Error(Place place, const std::string& text);
  // "TEXT, got 'X'" at the current token, which is X.
  void ErrorHere(const std::string& text);

  // Goes to the next token, reporting what the tokenizer finds wrong in the current one.
  void Advance();
  bool TryConsume(char symbol);

  // At '{' or '<', with which messages begin.
  bool AtMessage() const { return current().Is('{') || current().Is('<'); }
  bool AtGroup() const { return AtMessage() || current().Is('['); }
  // At '}' or '>', with which messages end.
  bool AtMessageEnd() const { return current().Is('}') || current().Is('>'); }
  // At an identifier that is the name of a field, as the token behind it shows.
  bool AtFieldName() const;
  // At a token with which a number, a word or a string begins.
  bool AtScalar() const;
  // At the end of the text.
  bool AtEnd() const { return current().Is(Token::Kind::kEnd); }
  // At a symbol that is not part of the grammar, such as the / of a path without quotes.
  bool AtStraySymbol() const;
  // At such a symbol with which a word begins, as somebody wrote who forgot the quotes.
  bool AtBareWord() const { return AtStraySymbol() && tokens_.BareWord().size() > 1; }

  // Consumes an opening bracket. One that is missing may be assumed: then nothing is consumed.
  void Open();
  void Assume(char bracket) { open_.push_back({bracket, current().place}); }
  // Forgets the innermost open bracket; what closes it is consumed by the caller.
  void Close() { open_.pop_back(); }
  size_t depth() const { return open_.size(); }
  // To be called at the end of the text, where brackets are open. Reports them once.
  void ReportUnclosed();

  // Whether the current identifier goes on with characters no name may have: batch-norm_param.
  bool IsNameGlued() const;
  // Consumes the name of a field and what is glued to it, and returns it as one token.
  Token TakeName();

  // Consumes a scalar; for a text field also a word that lacks its quotes. False when a problem was
  // reported and there is no value.
  bool TakeScalar(bool is_text, WrittenValue* value);

  void SkipGroup();  // what is between brackets, and these
  void SkipValue();  // a group or a scalar, if there is one
  // After a mistake: skips to the next field or to the end of the message, in a list also to the
  // end of the list. Problems of the tokens between are not reported.
  void SkipToNextField(bool in_list = false);

 private:
  struct Bracket {
    char symbol;
    Place place;
  };
  void SkipTo(size_t offset);
  bool TakeString(std::string* text);

  Tokens tokens_;
  Problems* problems_;
  std::vector<Bracket> open_;
  bool has_reported_end_ = false;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_SCANNER_HPP_
