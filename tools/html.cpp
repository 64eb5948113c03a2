#include "tools/html.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "src/core/text.hpp"

namespace demitasse {

std::string HtmlText(const std::string& text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string Figure(double value) {
  if (std::isnan(value)) return "NaN";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string HtmlTable(const std::vector<std::string>& titles,
                      const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<div class=\"scroll\"><table>\n<tr>";
  for (const std::string& title : titles) html += Cat("<th>", HtmlText(title), "</th>");
  html += "</tr>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (const std::string& cell : row) html += Cat("<td>", cell, "</td>");
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string BarCell(const std::string& text, double share) {
  const double percent = std::isfinite(share) ? 100 * std::clamp(share, 0.0, 1.0) : 0;
  return Cat(HtmlText(text), "<span class=\"bar\"><i style=\"width:", Figure(percent),
             "%\"></i></span>");
}

}  // namespace demitasse
