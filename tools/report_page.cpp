// The frame of the page: its style for light and dark screens, wide and narrow ones, and a script
// that shows the values of a chart under the pointer, without which all can be read too.
#include "tools/report_page.hpp"

#include "demitasse/version.hpp"
#include "src/core/text.hpp"
#include "tools/html.hpp"

namespace demitasse {
namespace {

// Colours of curves: Okabe, Ito (2008), "Color universal design", some of them made darker or
// lighter for contrast.
constexpr char kStyle[] = R"css(
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5d6779; --line: #dfe3ea;
  --page: #f4f5f8; --card: #fff; --accent: #2360a8; --bar: #d5e3f5;
  --c0: #2360a8; --c1: #c2570a; --c2: #00805e; --c3: #a83f7d; --c4: #6b5b00; --c5: #56778f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --soft: #98a2b5; --line: #2d3442;
  --page: #12151c; --card: #1b202a; --accent: #7db2f0; --bar: #27415f;
  --c0: #7db2f0; --c1: #f0a05a; --c2: #4cc9a0; --c3: #e38fc1; --c4: #d9c545; --c5: #a9c4d6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main, header, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
h1 { margin: 0; font-size: 30px; line-height: 1.2; letter-spacing: -.02em;
  overflow-wrap: anywhere; }
h2 { margin: 40px 0 14px; font-size: 19px; letter-spacing: -.01em; }
footer { padding-top: 40px; padding-bottom: 32px; color: var(--soft); font-size: 13px; }
.card { margin: 0; padding: 18px 20px; background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; }
.note { margin: 0 0 12px; color: var(--soft); font-size: 14px; }
.tiles { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); }
.tiles .card { font-size: 14px; color: var(--soft); }
.tiles b { display: block; color: var(--ink); font-size: 26px; font-weight: 600; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.charts { display: grid; gap: 14px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.charts .card:first-child { grid-column: 1 / -1; }
.charts .card:first-child .plot { height: 320px; }
figcaption { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 2px 0 12px; font-size: 13px;
  color: var(--soft); }
.legend i { display: inline-block; width: 14px; height: 3px; margin-right: 6px;
  vertical-align: middle; border-radius: 2px; background: currentColor; }
.plot { position: relative; height: 230px; margin: 6px 10px 26px 52px; }
.plot svg { display: block; width: 100%; height: 100%; overflow: visible; }
.plot path { fill: none; vector-effect: non-scaling-stroke; }
.grid { stroke: var(--line); }
.curve { stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); }
.c3 { color: var(--c3); } .c4 { color: var(--c4); } .c5 { color: var(--c5); }
.plot span { position: absolute; color: var(--soft); font-size: 12px; line-height: 1;
  white-space: nowrap; font-variant-numeric: tabular-nums; }
.plot .y { right: 100%; margin-right: 8px; transform: translateY(50%); }
.plot .x { top: 100%; margin-top: 9px; transform: translateX(-50%); }
.plot .at { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--soft); }
.plot .tip { position: absolute; top: 4px; padding: 6px 10px; background: var(--card);
  border: 1px solid var(--line); border-radius: 6px; font-size: 13px; white-space: pre;
  pointer-events: none; font-variant-numeric: tabular-nums; box-shadow: 0 2px 8px #0003; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 500; }
th, td { padding: 6px 10px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
th:last-child, td:last-child { padding-right: 0; }
tr:last-child td { border-bottom: 0; }
small { color: var(--soft); font-size: 12px; }
.bar { display: inline-block; width: 110px; height: 8px; margin-left: 10px; text-align: left; }
.bar i { display: block; height: 100%; min-width: 1px; border-radius: 4px;
  background: var(--accent); }
.slopes { display: inline-flex; align-items: flex-end; gap: 1px; width: 140px; height: 26px; }
.slopes i { flex: 1; min-height: 1px; background: var(--accent); border-radius: 1px 1px 0 0; }
.graph { overflow: auto; max-height: 720px; background: #fff; text-align: center; }
.graph svg { height: auto; }
@media (max-width: 720px) {
  main, header, footer { padding-left: 14px; padding-right: 14px; }
  header { padding-top: 24px; }
  .charts { grid-template-columns: minmax(0, 1fr); }
  .charts .card:first-child .plot { height: 240px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .card { padding: 14px; }
  .bar { width: 48px; }
}
@media print { body { background: #fff; } .graph { max-height: none; } }
)css";

constexpr char kScript[] = R"js(
for (const plot of document.querySelectorAll('.plot')) {
  const chart = JSON.parse(plot.dataset.chart);
  const line = Object.assign(document.createElement('div'), {className: 'at', hidden: true});
  const tip = Object.assign(document.createElement('div'), {className: 'tip', hidden: true});
  plot.append(line, tip);
  const nearest = (points, x) => points.reduce(
      (best, p) => Math.abs(p[0] - x) < Math.abs(best[0] - x) ? p : best);
  plot.addEventListener('pointermove', event => {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const points = chart.series.filter(s => s.points.length).map(
        s => [s.name, nearest(s.points, chart.least + share * (chart.most - chart.least))]);
    if (share < 0 || share > 1 || !points.length) return;
    const x = nearest(points.map(p => p[1]), chart.least + share * (chart.most - chart.least))[0];
    const place = (x - chart.least) / (chart.most - chart.least);
    line.style.left = 100 * place + '%';
    tip.style.left = place < .5 ? `calc(${100 * place}% + 10px)` : 'auto';
    tip.style.right = place < .5 ? 'auto' : `calc(${100 - 100 * place}% + 10px)`;
    tip.textContent = ['iteration ' + x].concat(points.map(
        ([name, p]) => `${name}  ${p[1] === null ? 'NaN' : Number(p[1].toPrecision(4))}` +
            (p[0] === x ? '' : ` (${p[0]})`))).join('\n');
    line.hidden = tip.hidden = false;
  });
  plot.addEventListener('pointerleave', () => { line.hidden = tip.hidden = true; });
}
)js";

}  // namespace

std::string ReportPage(const std::string& title, const std::vector<ReportSection>& sections) {
  std::string html =
      Cat("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
          "<meta name=\"viewport\" content=\"width=device-width, ", "initial-scale=1\">\n<title>",
          HtmlText(title), "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<header><h1>",
          HtmlText(title), "</h1></header>\n<main>\n");
  for (const ReportSection& section : sections) {
    html +=
        Cat("<section>\n<h2>", HtmlText(section.title), "</h2>\n", section.html, "</section>\n");
  }
  return Cat(html, "</main>\n<footer>Made by demitasse " DEMITASSE_VERSION ": ",
             "<code>demitasse report</code></footer>\n<script>", kScript,
             "</script>\n</body>\n</html>\n");
}

}  // namespace demitasse
