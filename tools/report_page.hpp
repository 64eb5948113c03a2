// The page that `demitasse report` writes: one HTML file that needs nothing else.
#ifndef DEMITASSE_TOOLS_REPORT_PAGE_HPP_
#define DEMITASSE_TOOLS_REPORT_PAGE_HPP_

#include <string>
#include <vector>

#include "tools/inspect_table.hpp"
#include "tools/time_report.hpp"
#include "tools/training_history.hpp"

namespace demitasse {

struct ReportSection {
  std::string title;
  std::string html;
};

std::string ReportPage(const std::string& title, const std::vector<ReportSection>& sections);

// What came out: tiles with the last loss, the best results of tests, the iterations.
ReportSection ResultSection(const TrainingHistory& history);
// Curves of losses, of other outputs and of the learning rate.
ReportSection CurveSection(const TrainingHistory& history);
// The picture of the net, an SVG file by Graphviz.
ReportSection GraphSection(const std::string& svg);
// The units of ReLU layers that never fire, with `inputs` saying on what the net ran, and the
// slopes of PReLU layers. Without a title where there are no such layers.
ReportSection DeadUnitSection(const InspectReport& report, const std::string& inputs);
ReportSection SlopeSection(const InspectReport& report);
// The layers that take longest.
ReportSection TimeSection(const TimeReport& report);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_REPORT_PAGE_HPP_
