#include "tools/table.hpp"

#include <algorithm>

#include "tools/columns.hpp"

namespace demitasse {
namespace {

constexpr size_t kGap = 2;           // between columns
constexpr size_t kShortText = 14;    // to which texts may be cut before columns are left out
constexpr size_t kShortestText = 5;  // to which they may be cut at all
constexpr size_t kLeftOut = 0;       // the width of such a column

size_t TotalWidth(const std::vector<size_t>& widths) {
  size_t total = 0;
  for (const size_t width : widths) {
    if (width != kLeftOut) total += width + (total > 0 ? kGap : 0);
  }
  return total;
}

std::string Cut(const std::string& text, size_t width) {
  if (ColumnsOf(text) <= width) return text;
  const size_t kept = width - 2;
  const size_t tail = kept / 2;
  return text.substr(0, kept - tail) + ".." + text.substr(text.size() - tail);
}

std::string Line(const std::vector<TableColumn>& columns, const std::vector<size_t>& widths,
                 const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (widths[i] == kLeftOut) continue;
    if (!line.empty()) line += std::string(kGap, ' ');
    const std::string text = columns[i].is_number ? cells[i] : Cut(cells[i], widths[i]);
    const std::string space(widths[i] - std::min(widths[i], ColumnsOf(text)), ' ');
    line += columns[i].is_number ? space + text : text + space;
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

// Leaves out columns until the others fit, with their texts cut short.
void LeaveOutColumns(const std::vector<TableColumn>& columns, size_t width,
                     std::vector<size_t>* widths) {
  const auto least = [&] {
    std::vector<size_t> cut = *widths;
    for (size_t i = 0; i < cut.size(); ++i) {
      if (!columns[i].is_number) cut[i] = std::min(cut[i], kShortText);
    }
    return TotalWidth(cut);
  };
  while (least() > width) {
    size_t last = 0;
    int rank = 0;
    for (size_t i = 0; i < columns.size(); ++i) {
      if ((*widths)[i] == kLeftOut || columns[i].rank <= rank) continue;
      last = i;
      rank = columns[i].rank;
    }
    if (rank == 0) return;
    (*widths)[last] = kLeftOut;
  }
}

// Cuts the longest texts until all fits.
void CutTexts(const std::vector<TableColumn>& columns, size_t width, std::vector<size_t>* widths) {
  while (TotalWidth(*widths) > width) {
    size_t* widest = nullptr;
    for (size_t i = 0; i < columns.size(); ++i) {
      size_t& candidate = (*widths)[i];
      if (columns[i].is_number || candidate <= kShortestText) continue;
      if (widest == nullptr || candidate > *widest) widest = &candidate;
    }
    if (widest == nullptr) return;
    --*widest;
  }
}

}  // namespace

std::string Table::ToString(size_t width) const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(columns_[i].title.size());
    for (const auto& row : rows_) widths[i] = std::max(widths[i], ColumnsOf(row[i]));
  }
  LeaveOutColumns(columns_, width, &widths);
  CutTexts(columns_, width, &widths);
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  std::string text = Line(columns_, widths, titles);
  for (const auto& row : rows_) text += Line(columns_, widths, row);
  return text;
}

}  // namespace demitasse
