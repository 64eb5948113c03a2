#include "tools/digits.hpp"

#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>
#include <string>
#include <utility>

#include "demitasse/random.hpp"

// Of the mathematical library only the square root is used here, which is exact to the last bit
// everywhere; sines and logarithms are not.
namespace demitasse {
namespace {

constexpr int kDigits = 10;

struct Point {
  double x;
  double y;
};
using Stroke = std::vector<Point>;
using Glyph = std::vector<Stroke>;

// The ways to write the digits; x to the right and y down, both from 0 to 100. A stroke goes
// smoothly through its points, a semicolon lifts the pen; where the next stroke begins at the end
// of the last there is a corner.
struct Way {
  int digit;
  const char* strokes;
};
constexpr Way kWaysToWrite[] = {
    {0, "55 2, 22 18, 12 55, 28 92, 58 98, 85 72, 88 35, 70 8, 52 2"},
    {0, "60 2, 35 20, 28 60, 40 95, 62 88, 74 50, 68 12, 56 3"},
    {0, "70 12, 45 2, 18 28, 15 70, 42 98, 78 80, 86 38, 66 6, 40 6"},
    {1, "50 0, 50 50, 50 100"},
    {1, "64 0, 50 50, 38 100"},
    {1, "28 25, 52 0; 52 0, 52 100"},
    {1, "30 34, 45 22, 56 0; 56 0, 52 50, 50 100"},
    {1, "24 50, 44 28, 58 0; 58 0, 54 100"},
    {1, "28 22, 50 0; 50 0, 50 100; 25 100, 76 100"},
    {2, "15 25, 30 5, 60 2, 80 22, 68 50, 38 78, 12 98; 12 98, 50 96, 88 98"},
    {2, "18 22, 40 2, 70 8, 76 35, 52 70, 25 95, 12 88, 22 76, 45 88, 70 98, 90 88"},
    {2, "15 15, 45 2, 80 15, 72 45, 10 96; 10 96, 90 92"},
    {2, "24 18, 46 2, 70 14, 66 42, 28 97; 28 97, 56 94, 80 98"},
    {3, "16 14, 45 0, 76 14, 70 38, 40 47; 40 47, 78 58, 82 82, 50 100, 12 88"},
    {3, "15 4, 80 4; 80 4, 42 40; 42 40, 78 52, 84 78, 55 100, 14 88"},
    {3, "18 12, 50 0, 76 18, 62 42, 42 50, 36 46, 48 44, 76 58, 80 82, 48 100, 14 90"},
    {3, "26 8, 54 2, 70 20, 46 45; 46 45, 70 60, 68 86, 44 100, 22 96"},
    {4, "25 2, 18 35, 16 58; 16 58, 50 60, 88 56; 70 5, 68 50, 64 100"},
    {4, "66 0, 40 28, 10 66; 10 66, 92 66; 66 0, 66 100"},
    {4, "20 5, 15 55; 15 55, 80 52; 78 0, 74 100"},
    {4, "58 2, 36 30, 12 62; 12 62, 50 64, 90 60; 64 34, 60 100"},
    {4, "40 0, 26 32, 18 64; 18 64, 84 62; 62 40, 54 100"},
    {5, "28 4, 22 44; 22 44, 55 36, 84 58, 78 88, 45 100, 12 88; 28 4, 82 4"},
    {5, "82 4, 40 6, 24 22, 34 40, 66 50, 82 72, 64 96, 32 98, 12 88"},
    {5, "30 5, 24 42; 24 42, 60 40, 82 66, 62 94, 15 96; 30 5, 85 0"},
    {5, "72 3, 34 4; 34 4, 28 42; 28 42, 56 40, 72 62, 62 90, 26 98"},
    {6, "74 4, 38 24, 16 62, 28 94, 60 98, 80 76, 64 54, 36 58, 18 76"},
    {6, "55 0, 30 35, 20 75, 40 100, 70 92, 74 68, 50 60, 26 74"},
    {6, "80 10, 50 4, 22 35, 14 72, 36 98, 70 94, 82 72, 60 52, 28 62, 16 76"},
    {6, "42 0, 28 40, 24 78, 42 100, 66 90, 68 70, 48 62, 26 80"},
    {7, "12 6, 86 4; 86 4, 60 45, 42 100"},
    {7, "12 6, 86 4; 86 4, 60 45, 42 100; 28 50, 76 46"},
    {7, "14 24, 16 6; 16 6, 84 6; 84 6, 56 52, 48 100"},
    {7, "12 14, 40 4, 84 8; 84 8, 72 40, 36 100"},
    {7, "20 8, 46 4, 78 6, 70 32, 58 60, 50 100; 34 52, 82 48"},
    {8, "74 16, 46 0, 22 20, 44 44, 76 66, 72 92, 46 100, 20 88, 24 64, 54 46, 78 22, 70 8"},
    {8, "50 46, 22 30, 28 6, 56 0, 78 18, 50 46; 50 46, 18 66, 24 94, 54 100, 82 84, 76 60, 50 46"},
    {8, "76 10, 50 2, 34 20, 46 42, 64 66, 58 94, 34 98, 26 80, 44 56, 68 34, 78 14"},
    {8, "48 50, 32 32, 36 6, 58 2, 68 24, 48 50; 48 50, 30 74, 40 98, 60 96, 66 72, 48 50"},
    {9, "80 22, 56 2, 24 14, 20 40, 46 52, 74 36, 80 20; 80 20, 78 60, 70 100"},
    {9, "78 24, 52 0, 22 18, 26 44, 54 50, 78 28; 78 26, 82 62, 64 94, 28 96"},
    {9, "72 10, 40 4, 20 28, 36 48, 62 40, 74 12; 74 12, 62 55, 44 100"},
    {9, "70 18, 50 2, 28 20, 38 44, 62 38, 70 16; 70 16, 68 56, 64 100"},
    {9, "70 14, 44 2, 26 22, 40 42, 66 34, 72 12; 72 12, 74 60, 60 92, 34 98, 24 84"},
};

double Uniform(Rng* rng, double low, double high) { return low + (high - low) * rng->Uniform(); }

Glyph ParseGlyph(const std::string& text) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  Glyph glyph(1);
  Point point{};
  for (char separator = ','; in >> point.x >> point.y; in >> separator) {
    if (separator == ';') glyph.emplace_back();
    glyph.back().push_back(point);
  }
  return glyph;
}

// Between two points a piece of the cubic curve that goes through them in the direction of the line
// between their neighbours: Catmull, Rom (1974), "A class of local interpolating splines".
Stroke Smoothed(const Stroke& points) {
  constexpr int kSteps = 6;
  const auto at = [&points](size_t i) { return points[std::min(i, points.size() - 1)]; };
  Stroke smooth = {points[0]};
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const Point a = at(i == 0 ? 0 : i - 1);
    const Point b = at(i);
    const Point c = at(i + 1);
    const Point d = at(i + 2);
    for (int step = 1; step <= kSteps; ++step) {
      const double t = static_cast<double>(step) / kSteps;
      const auto curve = [t](double p, double q, double r, double s) {
        return q + t / 2 * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
      };
      smooth.push_back({curve(a.x, b.x, c.x, d.x), curve(a.y, b.y, c.y, d.y)});
    }
  }
  return smooth;
}

// The ways to write each of the digits, as smooth curves.
std::vector<std::vector<Glyph>> AllGlyphs() {
  std::vector<std::vector<Glyph>> glyphs(kDigits);
  for (const Way& way : kWaysToWrite) {
    Glyph glyph = ParseGlyph(way.strokes);
    for (Stroke& stroke : glyph) stroke = Smoothed(stroke);
    glyphs[static_cast<size_t>(way.digit)].push_back(std::move(glyph));
  }
  return glyphs;
}

const Glyph& ChooseGlyph(int digit, Rng* rng) {
  static const std::vector<std::vector<Glyph>> glyphs = AllGlyphs();
  const std::vector<Glyph>& ways = glyphs[static_cast<size_t>(digit)];
  return ways[rng->Below(ways.size())];
}

template <typename Change>
void ForEachPoint(Glyph* glyph, const Change& change) {
  for (Stroke& stroke : *glyph) {
    for (Point& point : stroke) change(&point);
  }
}

// Moves each point by a random vector of up to `amount`, which changes smoothly from place to
// place: there is one at each corner of cells x cells squares, with a soft change between them.
void Bend(Glyph* glyph, int cells, double amount, Rng* rng) {
  const int corners = cells + 1;
  std::vector<Point> shifts(static_cast<size_t>(corners) * corners);
  for (Point& shift : shifts) {
    shift.x = Uniform(rng, -amount, amount);
    shift.y = Uniform(rng, -amount, amount);
  }
  const auto soft = [](double t) { return t * t * (3 - 2 * t); };
  ForEachPoint(glyph, [&](Point* point) {
    const double x = std::clamp(point->x / 100, 0.0, 1.0) * cells;
    const double y = std::clamp(point->y / 100, 0.0, 1.0) * cells;
    const int column = std::min(static_cast<int>(x), cells - 1);
    const int row = std::min(static_cast<int>(y), cells - 1);
    const double u = soft(x - column);
    const double v = soft(y - row);
    const Point* const top = &shifts[static_cast<size_t>(row) * corners + column];
    const Point* const bottom = top + corners;
    point->x += (1 - v) * ((1 - u) * top[0].x + u * top[1].x) +
                v * ((1 - u) * bottom[0].x + u * bottom[1].x);
    point->y += (1 - v) * ((1 - u) * top[0].y + u * top[1].y) +
                v * ((1 - u) * bottom[0].y + u * bottom[1].y);
  });
}

// Makes the glyph wider or narrower, slants and turns it.
void Slant(Glyph* glyph, Rng* rng) {
  const double width = Uniform(rng, 0.6, 1.1);
  const double shear = Uniform(rng, -0.15, 0.4);   // most hands lean to the right
  const double tangent = Uniform(rng, -0.1, 0.1);  // of half the angle
  const double cosine = (1 - tangent * tangent) / (1 + tangent * tangent);
  const double sine = 2 * tangent / (1 + tangent * tangent);
  ForEachPoint(glyph, [&](Point* point) {
    const double x = width * point->x - shear * point->y;
    *point = {cosine * x - sine * point->y, sine * x + cosine * point->y};
  });
}

// Scales the glyph to a height in pixels, or a width if that is too much, and puts it near the
// middle of the picture.
void Place(Glyph* glyph, Rng* rng) {
  Point least = (*glyph)[0][0];
  Point most = least;
  ForEachPoint(glyph, [&](const Point* point) {
    least = {std::min(least.x, point->x), std::min(least.y, point->y)};
    most = {std::max(most.x, point->x), std::max(most.y, point->y)};
  });
  constexpr double kMostWidth = 18;
  const double height = Uniform(rng, 14, 19);
  const double scale = std::min(height / (most.y - least.y), kMostWidth / (most.x - least.x));
  const double x = kDigitSide / 2.0 + Uniform(rng, -1.25, 1.25);
  const double y = kDigitSide / 2.0 + Uniform(rng, -1.25, 1.25);
  ForEachPoint(glyph, [&](Point* point) {
    *point = {x + scale * (point->x - (least.x + most.x) / 2),
              y + scale * (point->y - (least.y + most.y) / 2)};
  });
}

struct Pen {
  double radius;    // pixels, of the full ink
  double softness;  // the width of the edge around it
  double pressure;  // by how much the radius grows from the start of a stroke to its end
};

using Ink = std::vector<double>;  // 0 to 1 for each pixel

// Lays the ink of a line from `a` to `b` on the picture.
void DrawLine(const Point& a, const Point& b, double radius, double softness, Ink* ink) {
  const double reach = radius + softness;
  const auto pixel = [](double position) {
    return std::clamp(static_cast<int>(position), 0, kDigitSide - 1);
  };
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double square = std::max(dx * dx + dy * dy, 1e-9);
  for (int row = pixel(std::min(a.y, b.y) - reach); row <= pixel(std::max(a.y, b.y) + reach);
       ++row) {
    for (int column = pixel(std::min(a.x, b.x) - reach);
         column <= pixel(std::max(a.x, b.x) + reach); ++column) {
      const double x = column + 0.5 - a.x;
      const double y = row + 0.5 - a.y;
      const double along = std::clamp((x * dx + y * dy) / square, 0.0, 1.0);
      const double off_x = x - along * dx;
      const double off_y = y - along * dy;
      const double distance = std::sqrt(off_x * off_x + off_y * off_y);
      double& value = (*ink)[static_cast<size_t>(row) * kDigitSide + column];
      value = std::max(value, std::min((reach - distance) / softness, 1.0));
    }
  }
}

Ink Draw(const Glyph& glyph, Rng* rng) {
  const Pen pen{Uniform(rng, 0.3, 1.7), Uniform(rng, 0.8, 2.4), Uniform(rng, -0.3, 0.3)};
  Ink ink(static_cast<size_t>(kDigitSide) * kDigitSide);
  for (const Stroke& stroke : glyph) {
    const auto lines = static_cast<double>(stroke.size() - 1);
    for (size_t i = 0; i + 1 < stroke.size(); ++i) {
      const double radius =
          pen.radius * (1 + pen.pressure * (static_cast<double>(i) / lines - 0.5));
      DrawLine(stroke[i], stroke[i + 1], radius, pen.softness, &ink);
    }
  }
  return ink;
}

// Bytes of the ink, of some whiteness, under noise.
std::vector<uint8_t> Expose(const Ink& ink, Rng* rng) {
  const double white = Uniform(rng, 0.75, 1);
  const double noise = std::max(0.0, Uniform(rng, -0.1, 0.1));  // none in every other picture
  std::vector<uint8_t> pixels;
  for (const double value : ink) {
    const double grain = noise * (Uniform(rng, -1, 1) + Uniform(rng, -1, 1));
    const double light = std::clamp(white * value + grain, 0.0, 1.0);
    pixels.push_back(static_cast<uint8_t>(std::lround(255 * light)));
  }
  return pixels;
}

}  // namespace

DrawnDigit DrawDigit(uint64_t seed, uint64_t index) {
  Rng rng(Rng(seed).Next() + index);  // far from the sequences of the seeds nearby
  const int digit = static_cast<int>(index % kDigits);
  Glyph glyph = ChooseGlyph(digit, &rng);
  Bend(&glyph, 2, 9, &rng);
  Bend(&glyph, 5, 4, &rng);
  Slant(&glyph, &rng);
  Place(&glyph, &rng);
  return {digit, Expose(Draw(glyph, &rng), &rng)};
}

}  // namespace demitasse
