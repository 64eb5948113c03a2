// Line charts over iterations, as HTML: the curves are inline SVG and need no script, the labels
// are text that keeps its size where the chart shrinks.
#ifndef DEMITASSE_TOOLS_CHART_HPP_
#define DEMITASSE_TOOLS_CHART_HPP_

#include <string>
#include <vector>

#include "tools/training_history.hpp"

namespace demitasse {

struct Chart {
  std::string title;
  std::vector<HistorySeries> series;
  bool can_be_logarithmic = false;  // and is, if the values are positive and span a wide range
};

// Values that are not finite are gaps in the curves.
std::string ChartHtml(const Chart& chart);

// Ticks at round numbers, about `count` of them, within [least, most].
std::vector<double> RoundTicks(double least, double most, int count);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_CHART_HPP_
