//===- StyleTest.cpp - whether figures can be read ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Style.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>

using namespace nirc;

namespace {

TEST(Style, ContrastIsThatOfWcag) {
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21.0, 1e-9);
  // WebAIM's checker gives 4.54 for #767676 on white.
  EXPECT_NEAR(contrast({0x76, 0x76, 0x76}, {255, 255, 255}), 4.54, 0.005);
}

/// WCAG 2.2: 4.5 for text (1.4.3), 3 for graphics (1.4.11).
TEST(Style, TextAndLinesAreLegible) {
  for (const Theme *theme : {&lightTheme(), &darkTheme()}) {
    for (Color paper : {theme->paper, theme->panel}) {
      EXPECT_GE(contrast(theme->ink, paper), 7.0);
      EXPECT_GE(contrast(theme->muted, paper), 4.5);
    }
    for (Color line : theme->lines) {
      EXPECT_GE(contrast(line, theme->paper), 3.0) << hex(line);
    }
  }
}

TEST(Style, ColoursStayThoseOfOkabeAndItoWhereTheyAreLegible) {
  EXPECT_EQ(hex(lightTheme().lines[0]), "#0072B2");
  EXPECT_EQ(hex(lightTheme().lines[1]), "#D55E00");
  EXPECT_EQ(hex(lightTheme().lines[2]), "#009E73");
  EXPECT_EQ(hex(darkTheme().lines[4]), "#E69F00");
  EXPECT_EQ(darkTheme().fills, okabeIto);
}

using Vector = std::array<double, 3>;

double linear(uint8_t value) {
  double share = value / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

/// CIE L*a*b* under D65 (CIE 15:2004), from linear sRGB.
Vector labOf(const Vector &rgb) {
  double x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505;
  double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  double z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089;
  auto f = [](double t) {
    return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
  };
  return {116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))};
}

/// What people without one kind of cones see: Machado, Oliveira and Fernandes 2009
/// (doi:10.1109/TVCG.2009.113), severity 1.0.
constexpr std::array<std::array<double, 9>, 2> dichromats = {
    {{0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
     {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881}}};

Vector seen(Color color, const std::array<double, 9> &by) {
  Vector rgb = {linear(color.red), linear(color.green), linear(color.blue)}, out{};
  for (size_t i = 0; i < 3; ++i) {
    double sum = by[3 * i] * rgb[0] + by[3 * i + 1] * rgb[1] + by[3 * i + 2] * rgb[2];
    out[i] = std::clamp(sum, 0.0, 1.0);
  }
  return out;
}

/// Figures mostly have few lines: the first four differ by ten times a just noticeable difference
/// (2.3 in L*a*b*) or so, and all that a figure has by more than one.
TEST(Style, ColoursAreToldApartWithoutRedOrGreenCones) {
  for (const Theme *theme : {&lightTheme(), &darkTheme()}) {
    for (const std::array<double, 9> &eye : dichromats) {
      for (size_t a = 0; a < theme->lines.size(); ++a) {
        for (size_t b = 0; b < a; ++b) {
          Vector one = labOf(seen(theme->lines[a], eye)), two = labOf(seen(theme->lines[b], eye));
          double distance = std::hypot(one[0] - two[0], one[1] - two[1], one[2] - two[2]);
          EXPECT_GE(distance, a < 4 ? 15.0 : 5.0)
              << hex(theme->lines[a]) << " and " << hex(theme->lines[b]);
        }
      }
    }
  }
}

TEST(Style, LegibleKeepsWhatIsLegible) {
  EXPECT_EQ(legible({0x00, 0x72, 0xB2}, {255, 255, 255}, 3.0), (Color{0x00, 0x72, 0xB2}));
  EXPECT_GE(contrast(legible({0xF0, 0xE4, 0x42}, {255, 255, 255}, 3.0), {255, 255, 255}), 3.0);
  EXPECT_EQ(mixed({0, 0, 0}, {200, 100, 50}, 0.5), (Color{100, 50, 25}));
}

} // namespace
