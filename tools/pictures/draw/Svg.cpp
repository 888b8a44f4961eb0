//===- Svg.cpp - a drawing as SVG -----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Words.h"
#include "tools/pictures/draw/Writers.h"

#include <cmath>
#include <fmt/format.h>
#include <llvm/Support/Base64.h>

namespace nirc {

/// In hundredths, without zeros at the end: "12.5".
static std::string number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

static std::string pair(Point point) { return number(point.x) + "," + number(point.y); }

/// Lines along an axis are written short: those of a raster are most of a file.
static std::string dataOf(const Path &path) {
  std::string text;
  Point last;
  for (const Path::Step &step : path.steps()) {
    switch (step.kind) {
    case Path::Kind::Move:
      text += "M" + pair(step.end);
      break;
    case Path::Kind::Line:
      text += step.end.x == last.x   ? "V" + number(step.end.y)
              : step.end.y == last.y ? "H" + number(step.end.x)
                                     : "L" + pair(step.end);
      break;
    case Path::Kind::Curve:
      text += "C" + pair(step.first) + " " + pair(step.second) + " " + pair(step.end);
      break;
    case Path::Kind::Close:
      text += "Z";
      continue;
    }
    last = step.end;
  }
  return text;
}

static std::string attributesOf(const Paint &paint) {
  std::string text = fmt::format(" fill=\"{}\"", paint.fill ? hex(*paint.fill) : "none");
  if (paint.stroke) {
    text +=
        fmt::format(" stroke=\"{}\" stroke-width=\"{}\"", hex(*paint.stroke), number(paint.width));
    if (paint.dash > 0.0) {
      text += fmt::format(" stroke-dasharray=\"{0} {0}\"", number(paint.dash));
    }
  }
  return paint.opacity < 1.0 ? text + fmt::format(" opacity=\"{}\"", number(paint.opacity)) : text;
}

namespace {
struct SvgWriter {
  std::string out = {};
  bool hasOnDemand = false;

  void operator()(const Drawing::Shape &shape) {
    out += fmt::format("<path d=\"{}\"{}/>\n", dataOf(shape.path), attributesOf(shape.paint));
  }

  void operator()(const Drawing::Text &text) {
    const TextLook &look = text.look;
    std::string place =
        look.isUpwards ? fmt::format("transform=\"translate({},{}) rotate(-90)\"",
                                     number(text.at.x), number(text.at.y))
                       : fmt::format("x=\"{}\" y=\"{}\"", number(text.at.x), number(text.at.y));
    const char *anchor = look.anchor == Anchor::Start    ? ""
                         : look.anchor == Anchor::Middle ? " text-anchor=\"middle\""
                                                         : " text-anchor=\"end\"";
    std::string halo =
        look.halo ? fmt::format(" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\" "
                                "paint-order=\"stroke\"",
                                hex(*look.halo), number(look.size / 4))
                  : "";
    out += fmt::format("<text {} font-size=\"{}\" fill=\"{}\"{}{}{}>{}</text>\n", place,
                       number(look.size), hex(look.color), anchor,
                       look.isBold ? " font-weight=\"bold\"" : "", halo, xmlText(text.text));
  }

  void operator()(const Drawing::Image &image) {
    out += fmt::format("<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
                       "preserveAspectRatio=\"none\" image-rendering=\"pixelated\" "
                       "xlink:href=\"data:image/png;base64,{}\"/>\n",
                       number(image.at.x), number(image.at.y), number(image.at.width),
                       number(image.at.height), llvm::encodeBase64(pngOf(image.pixels)));
  }

  void operator()(const Drawing::Group &group) {
    out +=
        fmt::format("<g class=\"{}{}\"", xmlText(group.kind), group.isOnDemand ? " on-demand" : "");
    hasOnDemand = hasOnDemand || group.isOnDemand;
    for (const auto &[name, value] : group.data) {
      out += fmt::format(" data-{}=\"{}\"", name, xmlText(value));
    }
    out += ">\n";
    if (!group.tip.empty()) {
      out += "<title>" + xmlLines(group.tip) + "</title>\n";
    }
  }

  void operator()(const Drawing::GroupEnd & /*end*/) { out += "</g>\n"; }
};
} // namespace

std::string svgOf(const Drawing &drawing) {
  SvgWriter writer;
  std::string head = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
      "version=\"1.1\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {} {}\" role=\"img\" "
      "font-family=\"{}\">\n"
      "<title>{}</title>\n",
      number(drawing.width() / pointsPerMillimetre), number(drawing.height / pointsPerMillimetre),
      number(drawing.width()), number(drawing.height), fontFamily, xmlText(drawing.title));
  writer(Drawing::Shape{Path().rectangle({0, 0, drawing.width(), drawing.height}),
                        Paint{.fill = drawing.theme().paper}});
  for (const Drawing::Element &element : drawing.elements()) {
    std::visit(writer, element);
  }
  if (writer.hasOnDemand) {
    head += "<style>.on-demand{visibility:hidden;pointer-events:none}"
            "g:hover>.on-demand{visibility:visible}</style>\n";
  }
  return head + writer.out + "</svg>\n";
}

} // namespace nirc
