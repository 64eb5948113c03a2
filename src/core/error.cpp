#include "demitasse/error.hpp"

#include <algorithm>
#include <cctype>

namespace demitasse {
namespace {

// One line, whatever names from files the message quotes.
std::string Line(const Location& where, const char* severity, const std::string& message) {
  const std::string place = ToString(where);
  std::string line = (place.empty() ? "" : place + ": ") + severity + ": " + message;
  for (char& c : line) {
    if (std::iscntrl(static_cast<unsigned char>(c))) c = '?';
  }
  return line;
}

bool StandsBefore(const Diagnostic& a, const Diagnostic& b) {
  if (a.where.line != b.where.line) return a.where.line < b.where.line;
  return a.where.column < b.where.column;
}

}  // namespace

std::string ToString(const Location& where) {
  std::string text = where.file;
  if (where.line > 0) {
    if (text.empty()) text = "line";
    text += ":" + std::to_string(where.line);
    if (where.column > 0) text += ":" + std::to_string(where.column);
  }
  return text;
}

Error::Error(const Location& where, const std::string& message, ErrorKind kind)
    : std::runtime_error(Line(where, "error", message)),
      where_(where),
      message_(message),
      kind_(kind) {}

std::string Diagnostic::ToString() const {
  return Line(where, severity == Severity::kError ? "error" : "warning", message);
}

void Diagnostics::AddError(const Location& where, const std::string& message) {
  list_.push_back({Severity::kError, where, message});
}

void Diagnostics::AddWarning(const Location& where, const std::string& message) {
  list_.push_back({Severity::kWarning, where, message});
}

void Diagnostics::Add(const Diagnostics& more) {
  list_.insert(list_.end(), more.list_.begin(), more.list_.end());
}

bool Diagnostics::has_errors() const {
  return std::any_of(list_.begin(), list_.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

void Diagnostics::ThrowIfErrors() const {
  const Diagnostic* first = nullptr;
  for (const Diagnostic& d : list_) {
    if (d.severity != Severity::kError) continue;
    if (first == nullptr || StandsBefore(d, *first)) first = &d;
  }
  if (first != nullptr) throw Error(first->where, first->message);
}

}  // namespace demitasse
