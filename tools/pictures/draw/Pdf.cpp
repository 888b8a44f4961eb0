//===- Pdf.cpp - a drawing as PDF -----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Words.h"
#include "tools/pictures/draw/Writers.h"

#include <cairo-pdf.h>
#include <memory>

namespace nirc {

namespace {
struct Free {
  void operator()(cairo_surface_t *surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t *context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, Free>;
using Context = std::unique_ptr<cairo_t, Free>;

struct PdfWriter {
  cairo_t *to;

  void setColor(Color color, double opacity) const {
    cairo_set_source_rgba(to, color.red / 255.0, color.green / 255.0, color.blue / 255.0, opacity);
  }

  void trace(const Path &path) const {
    for (const Path::Step &step : path.steps()) {
      switch (step.kind) {
      case Path::Kind::Move:
        cairo_move_to(to, step.end.x, step.end.y);
        break;
      case Path::Kind::Line:
        cairo_line_to(to, step.end.x, step.end.y);
        break;
      case Path::Kind::Curve:
        cairo_curve_to(to, step.first.x, step.first.y, step.second.x, step.second.y, step.end.x,
                       step.end.y);
        break;
      case Path::Kind::Close:
        cairo_close_path(to);
        break;
      }
    }
  }

  void operator()(const Drawing::Shape &shape) const {
    const Paint &paint = shape.paint;
    trace(shape.path);
    if (paint.fill) {
      setColor(*paint.fill, paint.opacity);
      cairo_fill_preserve(to);
    }
    if (paint.stroke) {
      setColor(*paint.stroke, paint.opacity);
      cairo_set_line_width(to, paint.width);
      cairo_set_dash(to, &paint.dash, paint.dash > 0.0 ? 1 : 0, 0.0);
      cairo_stroke_preserve(to);
    }
    cairo_new_path(to);
  }

  void operator()(const Drawing::Text &text) const {
    const TextLook &look = text.look;
    std::string words = plainText(text.text);
    cairo_select_font_face(to, std::string(fontName).c_str(), CAIRO_FONT_SLANT_NORMAL,
                           look.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(to, look.size);
    cairo_text_extents_t extents;
    cairo_text_extents(to, words.c_str(), &extents);
    double share = look.anchor == Anchor::Start ? 0.0 : look.anchor == Anchor::Middle ? 0.5 : 1.0;
    cairo_save(to);
    cairo_translate(to, text.at.x, text.at.y);
    if (look.isUpwards) {
      constexpr double quarterTurn = 1.5707963267948966;
      cairo_rotate(to, -quarterTurn);
    }
    if (look.halo) {
      cairo_move_to(to, -share * extents.x_advance, 0.0);
      cairo_text_path(to, words.c_str());
      setColor(*look.halo, 1.0);
      cairo_set_line_width(to, look.size / 4);
      cairo_set_line_join(to, CAIRO_LINE_JOIN_ROUND);
      cairo_stroke(to);
    }
    setColor(look.color, 1.0);
    cairo_move_to(to, -share * extents.x_advance, 0.0);
    cairo_show_text(to, words.c_str());
    cairo_restore(to);
  }

  void operator()(const Drawing::Image &image) const {
    const Pixels &pixels = image.pixels;
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels.width, pixels.height));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
      return;
    }
    unsigned char *bytes = cairo_image_surface_get_data(surface.get());
    int stride = cairo_image_surface_get_stride(surface.get());
    for (int32_t y = 0; y < pixels.height; ++y) {
      auto *row = reinterpret_cast<uint32_t *>(bytes + static_cast<ptrdiff_t>(y) * stride);
      for (int32_t x = 0; x < pixels.width; ++x) {
        Color color = pixels.colors[static_cast<size_t>(y) * static_cast<size_t>(pixels.width) +
                                    static_cast<size_t>(x)];
        row[x] = uint32_t(color.red) << 16 | uint32_t(color.green) << 8 | color.blue;
      }
    }
    cairo_surface_mark_dirty(surface.get());
    cairo_save(to);
    cairo_translate(to, image.at.x, image.at.y);
    cairo_scale(to, image.at.width / pixels.width, image.at.height / pixels.height);
    cairo_set_source_surface(to, surface.get(), 0.0, 0.0);
    cairo_pattern_set_filter(cairo_get_source(to), CAIRO_FILTER_NEAREST);
    cairo_paint(to);
    cairo_restore(to);
  }

  void operator()(const Drawing::Group & /*group*/) const {}
  void operator()(const Drawing::GroupEnd & /*end*/) const {}
};

/// Whether an element is drawn: all but those within a group that is shown on demand.
class Shown {
public:
  bool isShown(const Drawing::Element &element) {
    if (const auto *group = std::get_if<Drawing::Group>(&element)) {
      hidden += hidden > 0 || group->isOnDemand;
    } else if (std::holds_alternative<Drawing::GroupEnd>(element)) {
      hidden -= hidden > 0;
    }
    return hidden == 0;
  }

private:
  size_t hidden = 0; ///< depth of groups since the one on demand
};
} // namespace

static cairo_status_t append(void *out, const unsigned char *bytes, unsigned length) {
  static_cast<std::string *>(out)->append(reinterpret_cast<const char *>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

nir::Result<std::string> pdfOf(const Drawing &drawing) {
  std::string bytes;
  Surface surface(
      cairo_pdf_surface_create_for_stream(append, &bytes, drawing.width(), drawing.height));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                 plainText(drawing.title).c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, nullptr);
  Context context(cairo_create(surface.get()));
  PdfWriter writer{context.get()};
  writer(Drawing::Shape{Path().rectangle({0, 0, drawing.width(), drawing.height}),
                        Paint{.fill = drawing.theme().paper}});
  Shown shown;
  for (const Drawing::Element &element : drawing.elements()) {
    if (shown.isShown(element)) {
      std::visit(writer, element);
    }
  }
  cairo_show_page(context.get());
  cairo_surface_finish(surface.get());
  for (cairo_status_t status : {cairo_status(context.get()), cairo_surface_status(surface.get())}) {
    if (status != CAIRO_STATUS_SUCCESS) {
      return nir::Error(nir::Cause::CannotWrite, std::string("cairo cannot draw the figure: ") +
                                                     cairo_status_to_string(status))
          .note("a name that ends in .svg needs no cairo");
    }
  }
  return bytes;
}

} // namespace nirc
