#include "tools/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/core/text.hpp"
#include "tools/html.hpp"
#include "tools/json.hpp"

namespace demitasse {
namespace {

constexpr double kSide = 1000;        // of the SVG, which is stretched to its place
constexpr size_t kMostPoints = 1500;  // of a curve
constexpr double kWideRange = 20;     // from which on a logarithmic axis is easier to read
constexpr size_t kColors = 6;         // that the page's style has

struct Axis {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  bool is_logarithmic = false;

  void Cover(double value) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  double Scaled(double value) const { return is_logarithmic ? std::log10(value) : value; }
  // 0 at the start, 1 at the end.
  double Place(double value) const {
    return (Scaled(value) - Scaled(least)) / (Scaled(most) - Scaled(least));
  }
  std::vector<double> Ticks(int count) const;
};

// 1, 2 and 5 times the powers of ten, or the powers alone if those are enough.
std::vector<double> LogarithmicTicks(double least, double most) {
  const std::vector<double> factors =
      most / least > 300 ? std::vector<double>{1} : std::vector<double>{1, 2, 5};
  std::vector<double> ticks;
  for (double power = std::floor(std::log10(least)); power <= std::log10(most); ++power) {
    for (const double factor : factors) {
      const double tick = factor * std::pow(10, power);
      if (tick >= least && tick <= most) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::vector<double> Axis::Ticks(int count) const {
  return is_logarithmic ? LogarithmicTicks(least, most) : RoundTicks(least, most, count);
}

// The axes that hold all points, with some room above and below.
void FindAxes(const Chart& chart, Axis* x, Axis* y) {
  for (const HistorySeries& series : chart.series) {
    for (const HistoryPoint& point : series.points) {
      x->Cover(static_cast<double>(point.iteration));
      if (std::isfinite(point.value)) y->Cover(point.value);
    }
  }
  if (x->least >= x->most) x->most = x->least + 1;
  if (!(y->least <= y->most)) *y = {0, 1, false};
  y->is_logarithmic = chart.can_be_logarithmic && y->least > 0 && y->most / y->least > kWideRange;
  if (y->is_logarithmic) {
    const double room = std::pow(y->most / y->least, 0.04);
    y->least /= room;
    y->most *= room;
  } else {
    const double room =
        y->most > y->least ? (y->most - y->least) * 0.06 : std::max(std::abs(y->most) * 0.1, 1e-12);
    const bool is_positive = y->least >= 0;
    y->least -= room;
    y->most += room;
    if (is_positive) y->least = std::max(y->least, 0.0);
  }
}

// The smallest and the largest of each bucket, where there are too many points to draw.
std::vector<HistoryPoint> Thinned(const std::vector<HistoryPoint>& points) {
  if (points.size() <= kMostPoints) return points;
  const size_t buckets = kMostPoints / 2;
  std::vector<HistoryPoint> thinned;
  for (size_t i = 0; i < buckets; ++i) {
    const auto at = [&](size_t bucket) {
      return points.begin() + static_cast<std::ptrdiff_t>(bucket * points.size() / buckets);
    };
    const auto by_value = [](const HistoryPoint& a, const HistoryPoint& b) {
      return a.value < b.value;
    };
    auto [first, second] = std::minmax_element(at(i), at(i + 1), by_value);
    if (first > second) std::swap(first, second);
    thinned.push_back(*first);
    if (first != second) thinned.push_back(*second);
  }
  return thinned;
}

std::string Coordinates(double x, double y) {
  return Cat(std::round(x * 10 * kSide) / 10, " ", std::round((1 - y) * 10 * kSide) / 10);
}

std::string Curve(const std::vector<HistoryPoint>& points, size_t color, const Axis& x,
                  const Axis& y) {
  std::string path;
  bool continues = false;
  for (const HistoryPoint& point : points) {
    const bool is_drawn = std::isfinite(point.value);
    if (is_drawn) {
      path += continues ? "L" : "M";
      path += Coordinates(x.Place(static_cast<double>(point.iteration)), y.Place(point.value));
      if (!continues) path += "h0";  // a point alone is a dot
    }
    continues = is_drawn;
  }
  return Cat("<path class=\"curve c", color % kColors, "\" d=\"", path, "\"/>\n");
}

std::string Grid(const Axis& y) {
  std::string path;
  for (const double tick : y.Ticks(5)) path += Cat("M", Coordinates(0, y.Place(tick)), "H", kSide);
  return Cat("<path class=\"grid\" d=\"", path, "\"/>\n");
}

std::string Labels(const Axis& x, const Axis& y) {
  std::string html;
  for (const double tick : y.Ticks(5)) {
    html += Cat("<span class=\"y\" style=\"bottom:", Figure(100 * y.Place(tick)), "%\">",
                Figure(tick), "</span>");
  }
  for (const double tick : x.Ticks(5)) {
    if (tick != std::floor(tick)) continue;
    html += Cat("<span class=\"x\" style=\"left:", Figure(100 * x.Place(tick)), "%\">",
                Cat(static_cast<int64_t>(tick)), "</span>");
  }
  return html + "\n";
}

// For the script that shows values under the pointer.
std::string Data(const std::vector<HistorySeries>& series, const Axis& x) {
  std::vector<std::string> items;
  for (const HistorySeries& one : series) {
    std::vector<std::string> points;
    for (const HistoryPoint& point : one.points) {
      points.push_back(Cat("[", point.iteration, ", ", JsonNumber(point.value), "]"));
    }
    items.push_back(JsonObject({{"name", JsonText(one.name)}, {"points", JsonArray(points)}}));
  }
  const std::string json = JsonObject(
      {{"least", JsonNumber(x.least)}, {"most", JsonNumber(x.most)}, {"series", JsonArray(items)}});
  return Cat(" data-chart=\"", HtmlText(json), "\"");
}

std::string Legend(const std::vector<HistorySeries>& series) {
  if (series.size() < 2) return "";  // the title tells
  std::string html = "<p class=\"legend\">";
  for (size_t i = 0; i < series.size(); ++i) {
    html += Cat("<span><i class=\"c", i % kColors, "\"></i>", HtmlText(series[i].name), "</span>");
  }
  return html + "</p>\n";
}

}  // namespace

std::vector<double> RoundTicks(double least, double most, int count) {
  const double rough = (most - least) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= 0.7 * rough) step = factor * power;
  }
  std::vector<double> ticks;
  for (double i = std::ceil(least / step); i * step <= most; ++i) ticks.push_back(i * step);
  return ticks;
}

std::string ChartHtml(const Chart& chart) {
  Axis x;
  Axis y;
  FindAxes(chart, &x, &y);
  std::vector<HistorySeries> series = chart.series;
  std::string curves;
  for (size_t i = 0; i < series.size(); ++i) {
    series[i].points = Thinned(series[i].points);
    curves += Curve(series[i].points, i, x, y);
  }
  return Cat("<figure class=\"card\">\n<figcaption>", HtmlText(chart.title), "</figcaption>\n",
             Legend(series), "<div class=\"plot\"", Data(series, x), ">\n<svg viewBox=\"0 0 ",
             kSide, " ", kSide, "\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
             HtmlText(chart.title), "\">\n", Grid(y), curves, "</svg>\n", Labels(x, y),
             "</div>\n</figure>\n");
}

}  // namespace demitasse
