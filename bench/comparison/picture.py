"""The results as a picture: how many times our time each peer takes, on a logarithmic scale."""
import math
from html import escape

from .frameworks import OURS
from .targets import title

_COLORS = {"PyTorch": "#d9622b", "OpenCV": "#4f8a3c", "ONNX Runtime": "#3c6ea8"}
_WIDTH, _LEFT, _RIGHT = 760, 130, 50
_BAR, _GAP, _PANEL_HEAD, _PANEL_FOOT, _LEGEND = 9, 9, 34, 26, 40


class _Scale:
    """Times to x; from a power of two to one, with 1 among them."""

    def __init__(self, ratios):
        self._low = min(-1, math.floor(math.log2(min(ratios))))
        self._high = max(1, math.ceil(math.log2(max(ratios))))

    def x(self, ratio):
        share = (math.log2(ratio) - self._low) / (self._high - self._low)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def ticks(self):
        return [2.0**power for power in range(self._low, self._high + 1)]


def _text(x, y, words, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>\n'


def _bar(scale, y, ratio, color):
    left, right = sorted((scale.x(1), scale.x(ratio)))
    end = scale.x(ratio)
    label = f'text-anchor="{"start" if ratio >= 1 else "end"}" font-size="9"'
    return (f'<rect x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" height="{_BAR}" '
            f'fill="{color}"/>\n' +
            _text(end + (3 if ratio >= 1 else -3), y + _BAR - 1, f"{ratio:.2f}", label))


def _axis(scale, top, bottom):
    svg = ""
    for tick in scale.ticks():
        x, color = scale.x(tick), "#444" if tick == 1 else "#ddd"
        svg += (f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" '
                f'stroke="{color}"/>\n')
        svg += _text(x, bottom + 13, f"{tick:g}", 'text-anchor="middle" fill="#666"')
    return svg


def _panel(key, results, scale, top):
    """(svg, y below it)"""
    y = top + _PANEL_HEAD
    bars = ""
    for result in results:
        peers = [name for name in _COLORS if name in result.times]
        height = _BAR * len(peers)
        bars += _text(_LEFT - 8, y + height / 2 + 4, result.net, 'text-anchor="end"')
        for name in peers:
            ratio = result.times[name].median / result.times[OURS].median
            bars += _bar(scale, y, ratio, _COLORS[name])
            y += _BAR
        y += _GAP
    head = _text(_LEFT, top + 20, title(*key), 'font-weight="bold"')
    return head + _axis(scale, top + _PANEL_HEAD - 6, y - 3) + bars, y + _PANEL_FOOT


def _legend(names):
    svg = _text(12, 18, f"Time of others, as multiples of {OURS}'s (right of 1: {OURS} is faster)")
    for index, name in enumerate(names):
        x = 12 + 120 * index
        svg += f'<rect x="{x}" y="27" width="10" height="10" fill="{_COLORS[name]}"/>\n'
        svg += _text(x + 15, 36, name)
    return svg


def picture(groups):
    """SVG; empty where nothing was compared."""
    groups = {key: [result for result in results if result.ratio()]
              for key, results in groups.items()}
    everything = [result for results in groups.values() for result in results]
    if not everything:
        return ""
    scale = _Scale([timing.median / result.times[OURS].median
                    for result in everything for timing in result.times.values()])
    names = [name for name in _COLORS if any(name in result.times for result in everything)]
    body, y = _legend(names), _LEGEND
    for key, results in groups.items():
        if results:
            svg, y = _panel(key, results, scale, y)
            body += svg
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y:.0f}" '
            f'font-family="sans-serif" font-size="12" fill="#222">\n'
            f'<rect width="{_WIDTH}" height="{y:.0f}" fill="#fff"/>\n{body}</svg>\n')
