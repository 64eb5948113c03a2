// A table of text for a terminal.
#ifndef DEMITASSE_TOOLS_TABLE_HPP_
#define DEMITASSE_TOOLS_TABLE_HPP_

#include <cstddef>
#include <string>
#include <vector>

namespace demitasse {

struct TableColumn {
  std::string title;
  bool is_number = false;  // to the right, and never cut
  // Where the table is too wide, the columns of the highest rank are left out first, those of rank
  // 0 never.
  int rank = 0;
};

class Table {
 public:
  explicit Table(const std::vector<TableColumn>& columns) : columns_(columns) {}

  void AddRow(const std::vector<std::string>& cells) { rows_.push_back(cells); }

  // A line of titles, and one for each row. Columns that do not fit `width` are left out by their
  // rank, then long texts lose their middles.
  std::string ToString(size_t width) const;

 private:
  const std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_TABLE_HPP_
