// Pieces of HTML pages.
#ifndef DEMITASSE_TOOLS_HTML_HPP_
#define DEMITASSE_TOOLS_HTML_HPP_

#include <string>
#include <vector>

namespace demitasse {

// Text that a browser shows as it is, in an attribute's quotes too.
std::string HtmlText(const std::string& text);

// A number in at most four digits: "0.01234", "1.5e-06"; "NaN".
std::string Figure(double value);

// Rows of cells that are HTML already, below titles that are text; all columns but the first are
// to the right.
std::string HtmlTable(const std::vector<std::string>& titles,
                      const std::vector<std::vector<std::string>>& rows);

// A cell with a number, beside a bar as long as its share of the column's largest.
std::string BarCell(const std::string& text, double share);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_HTML_HPP_
