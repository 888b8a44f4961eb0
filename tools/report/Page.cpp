//===- Page.cpp -----------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/report/Page.h"

#include "api/io/JsonText.h"

namespace nirc::web {
/// A file of web/ that was bundled with nirc; empty where there is none (web/CMakeLists.txt).
std::string_view embedded(std::string_view name);
} // namespace nirc::web

namespace nirc {

static void replaceAll(std::string &text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// As text between tags.
static std::string htmlText(std::string_view text) {
  std::string escaped(text);
  replaceAll(escaped, "&", "&amp;");
  replaceAll(escaped, "<", "&lt;");
  replaceAll(escaped, ">", "&gt;");
  return escaped;
}

/// The template up to a mark, the text that stands for the mark, and the rest.
static std::string filled(std::string_view page, std::string_view mark, std::string_view text) {
  size_t at = page.find(mark);
  if (at == std::string_view::npos) {
    return std::string(page);
  }
  std::string whole;
  whole.reserve(page.size() + text.size());
  whole.append(page.substr(0, at)).append(text).append(page.substr(at + mark.size()));
  return whole;
}

nir::Status checkPage() {
  if (web::embedded("report.html").empty()) {
    return nir::Error::usage(
               nir::Cause::Toolchain,
               "found no page for reports in this nirc, expected the one of web/report")
        .note("install node and npm, and build nirc again with a network: "
              "`apt install nodejs npm`, then `cmake build` and `ninja -C build`");
  }
  return std::nullopt;
}

nir::Result<std::string> reportPage(const Json &data, std::string_view title) {
  if (nir::Status missing = checkPage()) {
    return *std::move(missing);
  }
  std::string_view page = web::embedded("report.html");
  std::string text = jsonText(data);
  replaceAll(text, "<", "\\u003c");
  // jsonText makes of any bytes UTF-8; a title goes the same way.
  std::string name = Json::parse(jsonText(Json(title))).get<std::string>();
  return filled(filled(page, "<!-- data -->", text), "<!-- title -->", htmlText(name));
}

} // namespace nirc
