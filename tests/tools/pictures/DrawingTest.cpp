//===- DrawingTest.cpp - drawings as SVG and PDF, text and ticks ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Font.h"
#include "tools/pictures/draw/Sheet.h"
#include "tools/pictures/draw/Words.h"
#include "tools/pictures/draw/Writers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

std::vector<std::string> labels(const std::vector<Tick> &ticks) {
  std::vector<std::string> all;
  for (const Tick &tick : ticks) {
    all.push_back(tick.label);
  }
  return all;
}

Drawing someDrawing() {
  Drawing drawing(lightTheme(), 100.0);
  drawing.height = 50.0;
  drawing.title = "A <title> & more";
  drawing.begin({"marks", {{"node", "a\"b"}}});
  drawing.add(std::move(Path().move({1, 2}).line({1, 4}).line({3, 4}).line({5, 6.126})),
              {.stroke = Color{1, 2, 3}, .width = 0.5});
  drawing.end();
  drawing.add({10, 20}, "über & unter", {.color = {0, 0, 0}, .anchor = Anchor::End});
  drawing.add({1, 1, 4, 4}, Pixels{2, 1, {{255, 0, 0}, {0, 0, 255}}});
  drawing.begin({"more", {}, "", true});
  drawing.add({10, 30}, "hidden", {.color = {0, 0, 0}});
  drawing.end();
  return drawing;
}

TEST(Svg, WritesShapesGroupsAndText) {
  std::string svg = svgOf(someDrawing());
  EXPECT_THAT(svg, HasSubstr("width=\"35.28mm\" height=\"17.64mm\" viewBox=\"0 0 100 50\""));
  EXPECT_THAT(svg, HasSubstr("<title>A &lt;title&gt; &amp; more</title>"));
  EXPECT_THAT(svg, HasSubstr("<g class=\"marks\" data-node=\"a&quot;b\">"));
  EXPECT_THAT(svg, HasSubstr("<path d=\"M1,2V4H3L5,6.13\" fill=\"none\" stroke=\"#010203\" "
                             "stroke-width=\"0.5\"/>"));
  EXPECT_THAT(svg, HasSubstr("text-anchor=\"end\">über &amp; unter</text>"));
  EXPECT_THAT(svg, HasSubstr("<g class=\"more on-demand\">"));
  EXPECT_THAT(svg, HasSubstr(".on-demand{visibility:hidden"));
  EXPECT_EQ(svg, svgOf(someDrawing()));
}

TEST(Pdf, HasNoDateAndTheSameBytes) {
  nir::Result<std::string> pdf = pdfOf(someDrawing());
  ASSERT_TRUE(pdf);
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
  EXPECT_THAT(*pdf, Not(HasSubstr("CreationDate")));
  EXPECT_EQ(*pdf, *pdfOf(someDrawing()));
}

TEST(Png, IsWhatOthersWrite) {
  std::string png = pngOf({2, 1, {{255, 0, 0}, {0, 0, 255}}});
  EXPECT_TRUE(png.starts_with("\x89PNG\r\n\x1A\n"));
  // The header's checksum, as Python's zlib.crc32 gives it for b"IHDR" and these 13 bytes.
  EXPECT_EQ(png.substr(12, 4), "IHDR");
  EXPECT_EQ(png.substr(29, 4), std::string("\x7B\x40\xE8\xDD", 4));
}

TEST(Font, MeasuresAsDejaVuSans) {
  // 1343 + 1260 units of 2048 for K and e, at 2048 points.
  EXPECT_DOUBLE_EQ(textWidth("Ke", 2048.0), 1343.0 + 1260.0);
  EXPECT_EQ(fitted("abcdef", 1000.0, 7.0), "abcdef");
  EXPECT_EQ(fitted("übermäßig", textWidth("über", 7.0) + 7.0, 7.0), "über…");
  EXPECT_EQ(fittedAtEnd("some/folder/x.nir", textWidth("/x.nir", 7.0) + 7.0, 7.0), "…/x.nir");
  EXPECT_EQ(fitted("abc", 0.0, 7.0), "…");
}

TEST(Font, BrokenTextHasAWidth) {
  EXPECT_GT(textWidth("\xC3", 7.0), 0.0);
  EXPECT_GT(textWidth("\xF0\x9F", 7.0), 0.0);
}

TEST(Ticks, AreRoundAndFew) {
  EXPECT_THAT(labels(ticks(0.0, 300.0, 7)),
              ElementsAre("0", "50", "100", "150", "200", "250", "300"));
  EXPECT_THAT(labels(ticks(-0.25, 1.0, 4)), ElementsAre("0", "0.5", "1"));
  EXPECT_THAT(labels(ticks(-2.0, 2.0, 4)), ElementsAre("−2", "−1", "0", "1", "2"));
  EXPECT_THAT(labels(ticks(0.0, 0.3, 5)), ElementsAre("0", "0.1", "0.2", "0.3"));
  EXPECT_THAT(labels(ticks(0.0, 3.0, 8, true)), ElementsAre("0", "1", "2", "3"));
  EXPECT_THAT(labels(ticks(5.0, 5.0, 8)), ElementsAre("5"));
  EXPECT_LE(ticks(1e-9, 1e9, 6).size(), 7U);
}

TEST(Ticks, OfLogarithmsArePowersAndWhatIsBetween) {
  std::vector<Tick> all = logTicks(1.0, 100.0);
  EXPECT_EQ(all.size(), 19U);
  EXPECT_THAT(labels(logTicks(1.0, 10.0)),
              ElementsAre("1", "2", "", "", "5", "", "", "", "", "10"));
}

TEST(Ticks, TimesHaveTheUnitThatFits) {
  EXPECT_EQ(timeScaleFor(3.0).unit, "s");
  EXPECT_EQ(timeScaleFor(0.3).unit, "ms");
  EXPECT_EQ(timeScaleFor(3e-4).unit, "µs");
  EXPECT_EQ(timeScaleFor(3e-8).unit, "ns");
  EXPECT_EQ(bytesLabel(16384.0), "16.38 kB");
  EXPECT_EQ(numberLabel(-12345.0), "−12,345");
}

TEST(Sheet, LabelsDoNotTouchEachOther) {
  Sheet sheet({});
  std::vector<Tick> dense;
  for (int i = 0; i <= 100; ++i) {
    dense.push_back({static_cast<double>(i), std::to_string(1000 + i)});
  }
  Axis axis{0.0, 100.0, 20.0, 200.0};
  sheet.bottomAxis(axis, 50.0, dense, "");
  double free = 0.0;
  size_t shown = 0;
  for (const Drawing::Element &element : sheet.drawing.elements()) {
    if (const auto *text = std::get_if<Drawing::Text>(&element)) {
      double half = textWidth(text->text, text->look.size) / 2;
      EXPECT_GE(text->at.x - half, free);
      free = text->at.x + half;
      ++shown;
    }
  }
  EXPECT_GE(shown, 5U);
}

TEST(Words, WhatXmlHasNoFormForIsReplaced) {
  EXPECT_EQ(xmlText("ü🙂"), "ü🙂");
  EXPECT_EQ(xmlText("\xed\xa0\x80"), "\uFFFD"); // a surrogate
  EXPECT_EQ(xmlText("\xef\xbf\xbf"), "\uFFFD"); // U+FFFF
  EXPECT_EQ(xmlText("\xe0\x80\xa0"), "\uFFFD"); // a blank, in three bytes
}

TEST(Words, LinesAreWrappedAtBlanks) {
  EXPECT_THAT(wrapped("one two three", textWidth("one two", 6.0), 6.0),
              ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("", 10.0, 6.0), testing::IsEmpty());
}

} // namespace
