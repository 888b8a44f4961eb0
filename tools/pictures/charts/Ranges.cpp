//===- Ranges.cpp - what integers use of their bits, as a figure ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Ranges.h"

#include "tools/pictures/draw/Font.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

constexpr size_t mostRows = 60;
constexpr double rowHeight = 9.5;

/// Where a number is on the axis: 0 at 0, 1 at 1, and a bit further for each doubling.
static double bitsOf(int64_t value) {
  double size = std::log2(1.0 + std::abs(static_cast<double>(value)));
  return value < 0 ? -size : size;
}

/// "2²⁴".
static std::string powerText(int bits) {
  constexpr const char *digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = "2";
  for (char digit : fmt::format("{}", bits)) {
    text += digits[digit - '0'];
  }
  return text;
}

/// "−256", "0", "2²⁴".
static std::vector<Tick> ticksOf(double extent) {
  std::vector<Tick> marked;
  int each = extent > 20.0 ? 8 : extent > 9.0 ? 4 : 2;
  for (int bits = -64; bits <= 64; bits += each) {
    if (std::abs(bits) <= extent) {
      std::string power = std::abs(bits) <= 12 ? fmt::format("{}", int64_t(1) << std::abs(bits))
                                               : powerText(std::abs(bits));
      marked.push_back(
          {static_cast<double>(bits), bits == 0 ? "0" : (bits < 0 ? "−" : "") + power});
    }
  }
  return marked;
}

namespace {
struct RangesSheet {
  Sheet sheet;
  Axis axis;
  double labels; ///< where the names end

  Color colorOf(RangesPicture::Row::Kind kind) const {
    return sheet.theme.line(static_cast<size_t>(kind));
  }
  void bar(double from, double to, double y, double height, const Paint &paint) {
    double x = axis.at(from);
    sheet.drawing.add(
        std::move(Path().rectangle({x, y, std::max(axis.at(to) - x, 0.6), height}, 1.0)), paint);
  }
  void row(const RangesPicture::Row &row, double y, bool isNewNode);
};
} // namespace

void RangesSheet::row(const RangesPicture::Row &row, double y, bool isNewNode) {
  double middle = y + rowHeight / 2, baseline = middle + 0.36 * sizes.tick;
  double ofWhat = textWidth(row.what, sizes.tick);
  if (isNewNode) {
    sheet.drawing.add({sheet.left(), baseline},
                      fitted(row.node, labels - sheet.left() - ofWhat - 6.0, sizes.tick, true),
                      {.color = sheet.theme.ink, .size = sizes.tick, .isBold = true});
  }
  sheet.drawing.add({labels, baseline}, row.what,
                    {.color = sheet.theme.muted, .size = sizes.tick, .anchor = Anchor::End});
  sheet.drawing.begin({"range",
                       {{"node", row.node},
                        {"what", row.what},
                        {"least", fmt::format("{}", row.least)},
                        {"most", fmt::format("{}", row.most)}}});
  Color color = colorOf(row.kind);
  bar(bitsOf(row.lowest), bitsOf(row.highest), y + 1.5, rowHeight - 3.0,
      {.fill = mixed(sheet.theme.paper, color, 0.2)});
  bar(bitsOf(row.least), bitsOf(row.most), y + 2.5, rowHeight - 5.0, {.fill = color});
  sheet.drawing.end();
  sheet.drawing.add({axis.end + 5.0, baseline}, fmt::format("{} bit", row.bits),
                    {.color = sheet.theme.ink, .size = sizes.tick});
  sheet.drawing.add({sheet.right(), baseline}, row.note,
                    {.color = sheet.theme.muted, .size = sizes.tick, .anchor = Anchor::End});
}

Drawing rangesFigure(const RangesPicture &picture, const FigureStyle &style) {
  RangesSheet ranges{Sheet(style), {}, 0.0};
  Sheet &sheet = ranges.sheet;
  sheet.drawing.title = "Integers of the network, and what their bits can hold";
  size_t shown = std::min(picture.rows.size(), mostRows);
  double ofNames = 0.0, ofNotes = 0.0, extent = 1.0;
  for (size_t i = 0; i < shown; ++i) {
    const RangesPicture::Row &row = picture.rows[i];
    ofNames = std::max(ofNames, textWidth(row.node, sizes.tick, true) + 6.0 +
                                    textWidth(row.what, sizes.tick));
    ofNotes = std::max(ofNotes, textWidth(row.note, sizes.tick));
    for (int64_t value : {row.least, row.most, row.lowest, row.highest}) {
      extent = std::max(extent, std::abs(bitsOf(value)));
    }
  }
  double width = sheet.right() - sheet.left();
  ranges.labels = sheet.left() + std::min(ofNames, 0.4 * width);
  double ofBits = textWidth("32 bit", sizes.tick) + 5.0 + (ofNotes > 0.0 ? ofNotes + 4.0 : 0.0);
  ranges.axis = {-extent, extent, ranges.labels + 5.0, sheet.right() - ofBits};
  using Kind = RangesPicture::Row::Kind;
  std::vector<LegendEntry> entries;
  for (auto [kind, name] : {std::pair(Kind::Weights, "weights"),
                            {Kind::State, "states"},
                            {Kind::Signal, "signals and sums"}}) {
    bool isThere = std::any_of(picture.rows.begin(), picture.rows.end(),
                               [kind = kind](const auto &row) { return row.kind == kind; });
    if (isThere) {
      entries.push_back({name, ranges.colorOf(kind), LegendEntry::Mark::Box});
    }
  }
  double top = sheet.legend(sheet.left(), sheet.right(), Sheet::margin, entries) + 4.0;
  double bottom = top + rowHeight * static_cast<double>(shown);
  std::vector<Tick> marked = ticksOf(extent);
  sheet.grid(ranges.axis, marked, top, bottom, true);
  for (size_t i = 0; i < shown; ++i) {
    bool isNewNode = i == 0 || picture.rows[i].node != picture.rows[i - 1].node;
    ranges.row(picture.rows[i], top + rowHeight * static_cast<double>(i), isNewNode);
  }
  sheet.bottomAxis(ranges.axis, bottom, marked, "integer");
  std::string said = picture.caption + " Pale: what the bits can hold.";
  bool isFull = std::any_of(picture.rows.begin(), picture.rows.end(),
                            [](const auto &row) { return row.note == "full"; });
  said += isFull ? " Full: can reach its limits." : "";
  said += shown < picture.rows.size()
              ? fmt::format(" The first {} of {} rows.", shown, picture.rows.size())
              : "";
  sheet.caption(bottom + Sheet::bottomHeight(true) + 3.0, said);
  return std::move(sheet.drawing);
}

} // namespace nirc
