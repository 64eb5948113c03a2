#include "src/parse/text_reader.hpp"

#include <algorithm>

#include "src/parse/message_reader.hpp"
#include "src/parse/problems.hpp"
#include "src/parse/text_file.hpp"

namespace demitasse {
namespace {

// Where the `offset`-th byte stands.
Place PlaceOf(const std::string& text, size_t offset) {
  const auto begin = text.begin();
  const auto end = begin + static_cast<std::string::difference_type>(offset);
  const size_t newline = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  const size_t line_start = newline == std::string::npos ? 0 : newline + 1;
  return {static_cast<int>(std::count(begin, end, '\n')) + 1,
          static_cast<int>(offset - line_start) + 1};
}

}  // namespace

void ReadText(const std::string& text, const std::string& file, const TextOptions& options,
              google::protobuf::Message* message, SourceMap* source, Diagnostics* diagnostics) {
  const std::string complaint = WhyNotText(text);
  if (!complaint.empty()) {
    diagnostics->AddError(Location{file}, complaint);
    return;
  }
  Problems problems;
  std::string clean = text;
  const std::string byte_order_mark = "\xEF\xBB\xBF";
  if (clean.compare(0, byte_order_mark.size(), byte_order_mark) == 0) {
    clean.erase(0, byte_order_mark.size());
  }
  const size_t nul = clean.find('\0');
  if (nul != std::string::npos) {  // would end the tokenizer's strings
    problems.Add(Severity::kError, PlaceOf(clean, nul), "a NUL byte has no place in a text file");
    std::replace(clean.begin(), clean.end(), '\0', ' ');
  }
  MessageReader(clean, options, source, &problems).Read(message);
  problems.MoveTo(file, diagnostics);
}

}  // namespace demitasse
