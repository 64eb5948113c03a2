#include "tools/style.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace demitasse {
namespace {

// ECMA-48, "select graphic rendition".
constexpr char kBold[] = "\033[1m";
constexpr char kRed[] = "\033[1;31m";
constexpr char kYellow[] = "\033[1;33m";
constexpr char kPlain[] = "\033[0m";

bool out_has_colors = false;
bool err_has_colors = false;
bool shows_progress = false;

bool IsTerminal(int file) {
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::strcmp(term, "dumb") != 0 && isatty(file) != 0;
}

bool Replace(const char* word, const char* color, std::string* text) {
  const size_t at = text->find(word);
  if (at == std::string::npos) return false;
  text->insert(at + std::strlen(word), kPlain);
  text->insert(at, color);
  return true;
}

}  // namespace

void DetectTerminal() {
  const char* const no_color = std::getenv("NO_COLOR");
  const bool may_color = no_color == nullptr || *no_color == '\0';
  out_has_colors = may_color && IsTerminal(STDOUT_FILENO);
  err_has_colors = may_color && IsTerminal(STDERR_FILENO);
  shows_progress = IsTerminal(STDERR_FILENO);
}

bool HasColors(int file) { return file == STDOUT_FILENO ? out_has_colors : err_has_colors; }

std::string Title(const std::string& text) { return out_has_colors ? kBold + text + kPlain : text; }

std::string Message(int file, const std::string& text) {
  std::string colored = text;
  if (HasColors(file) && !Replace("error:", kRed, &colored)) {
    Replace("warning:", kYellow, &colored);
  }
  return colored;
}

bool ShowsProgress() { return shows_progress; }

void HideProgress() { shows_progress = false; }

}  // namespace demitasse
