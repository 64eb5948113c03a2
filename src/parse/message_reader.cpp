#include "src/parse/message_reader.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "src/core/text.hpp"
#include "src/parse/scalar.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

int ElementCount(const FieldDescriptor& field, const Message& message) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) : 0;
}

}  // namespace

void MessageReader::Read(Message* message) {
  open_.push_back({message, nullptr, Place{}});
  ReadFields('\0', Place{0, 0});
  problems_->Complete(0, *message);
}

void MessageReader::ReadFields(char closer, Place place) {
  Given given;
  while (open_.size() <= most_open_) {
    most_open_ = kAll;
    if (scanner_.AtEnd()) {
      scanner_.ReportUnclosed();
      scanner_.Advance();  // reports what the tokenizer found before the end
      if (at_root()) CheckRequired(given, place);
      return;
    }
    if (scanner_.AtMessageEnd()) {
      if (!ReadEnd(closer)) continue;
      CheckRequired(given, place);
      return;
    }
    const bool at_name = scanner_.current().Is(Token::Kind::kIdentifier);
    if (at_name) {
      ReadField(&given);
    } else if (scanner_.current().Is('[') && scanner_.next().Is(Token::Kind::kIdentifier)) {
      ReadExtension();
    } else {
      const bool is_comment = scanner_.current().Is('/');  // in C's style
      scanner_.ErrorHere(
          Cat("expected the name of a field", is_comment ? " (a comment begins with '#')" : ""));
      scanner_.SkipToNextField();
    }
  }
}

// Consumes a '}' or '>'; false if it does not end a message.
bool MessageReader::ReadEnd(char closer) {
  if (!at_root()) {
    if (!scanner_.current().Is(closer)) {
      const Place begin = inner().bracket;
      scanner_.ErrorHere(
          Cat("expected '", closer, "' for the bracket at ", begin.line, ":", begin.column));
    }
    scanner_.Advance();
    is_astray_ = false;
    return true;
  }
  if (is_astray_) {
    is_astray_ = false;
  } else if (assumed_ends_ > 0) {
    --assumed_ends_;
  } else {
    scanner_.Error(scanner_.current().place,
                   Cat("this '", scanner_.current().text, "' closes nothing"));
  }
  scanner_.Advance();
  return false;
}

void MessageReader::ReadField(Given* given) {
  const Token name = scanner_.current();
  const FieldDescriptor* field = inner().message->GetDescriptor()->FindFieldByName(name.text);
  if (field == nullptr || scanner_.IsNameGlued()) {
    if (!IsBraceMissingBefore(name)) ReadUnknownField(scanner_.TakeName());
    return;
  }
  is_astray_ = false;
  if (!field->is_repeated()) CheckGivenOnce(*field, name, given);
  scanner_.Advance();
  const bool has_colon = scanner_.TryConsume(':');
  if (IsMessage(*field)) {
    ReadMessages(*field, name);
  } else {
    ReadScalars(*field, name, has_colon);
  }
  if (!scanner_.TryConsume(';')) scanner_.TryConsume(',');
}

void MessageReader::CheckGivenOnce(const FieldDescriptor& field, const Token& name, Given* given) {
  for (const auto& [other, line] : *given) {
    if (other != &field) continue;
    scanner_.Error(name.place, Cat("'", name.text, "' is given twice; first at line ", line));
    return;
  }
  given->emplace_back(&field, name.place.line);
}

void MessageReader::CheckRequired(const Given& given, Place place) {
  const Message& message = *inner().message;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!field.is_required() || message.GetReflection()->HasField(message, &field)) continue;
    const bool is_wrong = std::any_of(given.begin(), given.end(),
                                      [&](const auto& entry) { return entry.first == &field; });
    if (is_wrong) continue;  // and reported as such
    scanner_.Error(place, Cat("'", field.name(), "' is missing",
                              at_root() ? "" : " in " + inner().field->name()));
  }
}

void MessageReader::ReadMessages(const FieldDescriptor& field, const Token& name) {
  if (scanner_.AtMessage()) {
    ReadMessage(field, name.place);
  } else if (scanner_.current().Is('[')) {
    ReadList(field, name);
  } else {
    scanner_.Error(name.place, Cat("expected '{' after '", name.text, "'"));
    const bool goes_on = scanner_.AtFieldName() &&
                         field.message_type()->FindFieldByName(scanner_.current().text) != nullptr;
    if (goes_on) {
      ReadMessage(field, name.place);
    } else {
      scanner_.SkipToNextField();
    }
  }
}

void MessageReader::ReadMessage(const FieldDescriptor& field, Place place) {
  if (scanner_.depth() >= kDeepestNesting) {
    scanner_.Error(
        place, Cat("'", field.name(), "' is nested deeper than ", kDeepestNesting, " messages"));
    scanner_.SkipValue();
    return;
  }
  const size_t path_length = ExtendPath(field);
  if (source_ != nullptr) source_->Set(path_, place.line, place.column);
  const google::protobuf::Reflection& reflection = *inner().message->GetReflection();
  Message* child = field.is_repeated() ? reflection.AddMessage(inner().message, &field)
                                       : reflection.MutableMessage(inner().message, &field);

  const size_t first_problem = problems_->size();
  const char closer = scanner_.current().Is('<') ? '>' : '}';
  open_.push_back({child, &field, scanner_.current().place});
  if (scanner_.AtMessage()) {
    scanner_.Open();
  } else {
    scanner_.Assume('{');
  }
  ReadFields(closer, place);
  scanner_.Close();
  open_.pop_back();
  problems_->Complete(first_problem, *child);
  path_.resize(path_length);
}

void MessageReader::ReadScalars(const FieldDescriptor& field, const Token& name, bool has_colon) {
  if (scanner_.AtMessage()) {
    RefuseGroup(name, "a value, not a message");
    return;
  }
  if (!has_colon) {
    scanner_.Error(name.place, Cat("expected ':' after '", name.text, "'"));
    if (!scanner_.AtScalar() && !scanner_.AtGroup()) {
      scanner_.SkipToNextField();
      return;
    }
  }
  if (scanner_.current().Is('[')) {
    ReadList(field, name);
  } else if (!ReadScalar(field, name)) {
    scanner_.SkipToNextField();
  }
}

// False if there is none, or none to make sense of, and it is not clear where the next field
// begins.
bool MessageReader::ReadScalar(const FieldDescriptor& field, const Token& name) {
  const bool is_text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  if (!scanner_.AtScalar() && !(is_text && scanner_.AtBareWord())) {
    const bool is_absent = scanner_.AtEnd() || scanner_.AtMessageEnd() || scanner_.AtFieldName();
    if (is_absent) {
      scanner_.Error(name.place, Cat("'", name.text, "' has no value"));
    } else {
      scanner_.ErrorHere(Cat("expected a value for '", name.text, "'"));
    }
    return false;
  }
  const Place place = scanner_.current().place;
  constexpr int kMostPlaces = 1000;  // of a list: the weights in a text file are not worth memory
  if (source_ != nullptr && ElementCount(field, *inner().message) < kMostPlaces) {
    const size_t path_length = ExtendPath(field);
    source_->Set(path_, place.line, place.column);
    path_.resize(path_length);
  }
  WrittenValue value;
  if (!scanner_.TakeScalar(is_text, &value)) return false;
  const std::string complaint = StoreScalar(value, field, inner().message);
  if (!complaint.empty()) scanner_.Error(place, complaint);
  return true;
}

void MessageReader::ReadList(const FieldDescriptor& field, const Token& name) {
  if (!field.is_repeated()) {
    RefuseGroup(name, IsMessage(field) ? "one message, not a list" : "one value, not a list");
    return;
  }
  scanner_.Open();
  bool goes_on = !scanner_.current().Is(']');
  while (goes_on) {
    if (!ReadElement(field, name)) scanner_.SkipToNextField(true);
    if (open_.size() > most_open_) break;
    goes_on = scanner_.TryConsume(',');
    if (goes_on || scanner_.current().Is(']')) continue;
    if (scanner_.AtEnd()) {
      scanner_.ReportUnclosed();
    } else {
      scanner_.ErrorHere(Cat("expected ',' or ']' in the list of '", name.text, "'"));
      goes_on = scanner_.AtScalar() || scanner_.AtMessage();
    }
  }
  scanner_.TryConsume(']');
  scanner_.Close();
}

bool MessageReader::ReadElement(const FieldDescriptor& field, const Token& name) {
  if (!IsMessage(field)) return ReadScalar(field, name);
  if (scanner_.AtMessage()) {
    ReadMessage(field, scanner_.current().place);
    return true;
  }
  scanner_.ErrorHere(Cat("expected '{' in the list of '", name.text, "'"));
  return false;
}

void MessageReader::RefuseGroup(const Token& name, const std::string& expected) {
  scanner_.Error(name.place, Cat("'", name.text, "' takes ", expected));
  scanner_.SkipGroup();
}

// [package.name]: { ... }, which no schema of ours has.
void MessageReader::ReadExtension() {
  Token name = scanner_.current();
  scanner_.Advance();
  while (scanner_.current().Is(Token::Kind::kIdentifier) || scanner_.AtStraySymbol()) {
    name.text += scanner_.current().text;
    scanner_.Advance();
  }
  if (scanner_.TryConsume(']')) name.text += ']';
  ReadUnknownField(name);
}

// Reports and skips a field whose name has been consumed.
void MessageReader::ReadUnknownField(const Token& name) {
  ReportUnknownField(name);
  const bool has_colon = scanner_.TryConsume(':');
  if (has_colon || scanner_.AtMessage()) {
    scanner_.SkipValue();
    if (!scanner_.TryConsume(';')) scanner_.TryConsume(',');
    return;
  }
  if (options_.lenient) scanner_.Error(name.place, Cat("expected ':' after '", name.text, "'"));
  scanner_.SkipToNextField();
}

void MessageReader::ReportUnknownField(const Token& name) {
  const Severity severity = options_.lenient ? Severity::kWarning : Severity::kError;
  if (problems_->IsFull(severity)) return;
  UnknownField unknown = ExplainUnknownField(name.text, open_);
  const bool is_known_mistake = unknown.is_misplaced && is_astray_;
  is_astray_ = unknown.is_misplaced;
  if (!is_known_mistake) problems_->Add(severity, name.place, std::move(unknown));
}

// Whether a message starts that is unknown here, but may follow one of those that are open: a layer
// within a layer. Then these messages are taken as ended.
bool MessageReader::IsBraceMissingBefore(const Token& name) {
  if (!scanner_.next().Is('{') && !scanner_.next().Is('<')) return false;
  for (size_t i = open_.size(); i-- > 1;) {
    const FieldDescriptor& field = *open_[i].field;
    if (!field.is_repeated() || field.name() != name.text) continue;
    const Place bracket = open_[i].bracket;
    scanner_.Error(name.place, Cat("a '}' is missing before '", name.text, "': the '{' at ",
                                   bracket.line, ":", bracket.column, " is not closed"));
    assumed_ends_ += open_.size() - i;
    most_open_ = i;
    return true;
  }
  return false;
}

size_t MessageReader::ExtendPath(const FieldDescriptor& field) {
  const size_t length = path_.size();
  if (length > 0) path_ += '.';
  path_ += field.name();
  if (field.is_repeated()) {
    path_ += '[' + std::to_string(ElementCount(field, *inner().message)) + ']';
  }
  return length;
}

}  // namespace demitasse
