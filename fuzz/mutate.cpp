#include "fuzz/mutate.hpp"

#include <algorithm>
#include <cctype>

namespace demitasse {
namespace {

size_t Below(size_t limit, Rng* rng) {
  return limit == 0 ? 0 : static_cast<size_t>(rng->Next() % limit);
}

void FlipBit(std::string* bytes, Rng* rng) {
  if (bytes->empty()) return;
  char& byte = (*bytes)[Below(bytes->size(), rng)];
  byte = static_cast<char>(byte ^ (1 << Below(8, rng)));
}

void CutEnd(std::string* bytes, Rng* rng) { bytes->resize(Below(bytes->size() + 1, rng)); }

void RemovePart(std::string* bytes, Rng* rng) {
  const size_t begin = Below(bytes->size(), rng);
  bytes->erase(begin, Below(64, rng));
}

void DoublePart(std::string* bytes, Rng* rng) {
  const size_t begin = Below(bytes->size(), rng);
  const std::string part = bytes->substr(begin, Below(256, rng));
  bytes->insert(begin, part);
}

void OverwriteBytes(std::string* bytes, Rng* rng) {
  static const std::string kValues[] = {std::string(4, '\0'), "\xff\xff\xff\xff",
                                        "\xff\xff\xff\x7f", std::string("\0\0\0\x80", 4)};
  const std::string& value = kValues[Below(4, rng)];
  const size_t begin = Below(bytes->size(), rng);
  bytes->replace(begin, value.size(), value);
}

void ChangeNumber(std::string* bytes, Rng* rng) {
  static const char* const kNumbers[] = {"0", "-1", "3", "2147483647", "4294967295", "1e38", "nan"};
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  const auto from = bytes->begin() + static_cast<std::ptrdiff_t>(Below(bytes->size(), rng));
  const auto begin = std::find_if(from, bytes->end(), is_digit);
  bytes->replace(begin, std::find_if_not(begin, bytes->end(), is_digit), kNumbers[Below(7, rng)]);
}

}  // namespace

std::string Mutated(std::string bytes, Rng* rng) {
  constexpr void (*kChanges[])(std::string*, Rng*) = {FlipBit,    CutEnd,         RemovePart,
                                                      DoublePart, OverwriteBytes, ChangeNumber};
  for (size_t changes = 1 + Below(4, rng); changes > 0; --changes) {
    kChanges[Below(std::size(kChanges), rng)](&bytes, rng);
  }
  return bytes;
}

}  // namespace demitasse
