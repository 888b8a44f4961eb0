//===- FigureOptions.cpp - figures that a command writes ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/FigureOptions.h"

#include "api/io/Files.h"
#include "api/io/Printable.h"
#include "tools/nirc/Outputs.h"
#include "tools/pictures/draw/Writers.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

namespace fs = std::filesystem;

static bool isFigurePath(const std::string &path) {
  return path.ends_with(".svg") || path.ends_with(".pdf");
}

void addFigureOptions(CLI::App &app, FigureOptions &options, const std::string &what) {
  app.add_option("--figure", options.figures, what)
      ->expected(1)
      ->take_all()
      ->check([](const std::string &text) {
        return isFigurePath(text)
                   ? std::string()
                   : fmt::format("found {}, expected a name that ends in .svg or .pdf", text);
      });
  app.add_option("--figure-width", options.style.millimetres,
                 "How wide a figure is, in millimetres; or column (85), page (180)")
      ->transform(CLI::Transformer(
          std::map<std::string, std::string>{{"column", "85"}, {"page", "180"}}, CLI::ignore_case))
      ->check(CLI::Range(50.0, 1000.0))
      ->capture_default_str();
  app.add_flag("--dark", options.style.isDark, "Draw figures on black");
}

static FigureRequest requestOf(const std::string &text, const std::vector<std::string> &kinds) {
  auto isKind = [&](const std::string &name) {
    return std::find(kinds.begin(), kinds.end(), name) != kinds.end();
  };
  size_t equals = text.find('=');
  if (equals != std::string::npos && isKind(text.substr(0, equals))) {
    return {text.substr(0, equals), text.substr(equals + 1)};
  }
  std::string stem = fs::path(text).stem().string();
  return {isKind(stem) ? stem : kinds.empty() ? "" : kinds.front(), text};
}

nir::Result<std::vector<FigureRequest>> figureRequests(const FigureOptions &options,
                                                       const std::vector<std::string> &kinds,
                                                       const std::vector<std::string> &inputs) {
  std::vector<FigureRequest> requests;
  for (const std::string &text : options.figures) {
    FigureRequest request = requestOf(text, kinds);
    size_t equals = request.path.find('=');
    if (!kinds.empty() && equals != std::string::npos && !fs::exists(request.path) &&
        request.path.find('/') > equals) {
      return nir::Error::usage(nir::Cause::UnknownName,
                               fmt::format("--figure: there is no '{}', there are {}",
                                           printable(request.path.substr(0, equals)),
                                           fmt::join(kinds, ", ")));
    }
    bool isTwice = std::any_of(requests.begin(), requests.end(), [&](const FigureRequest &other) {
      return other.path == request.path;
    });
    if (isTwice) {
      return nir::Error::usage(nir::Cause::OptionConflict,
                               "found two figures of this name, expected a name for each")
          .in(request.path);
    }
    if (nir::Status failed = checkPlace(request.path)) {
      return std::move(*failed);
    }
    if (nir::Status failed = checkOutput(request.path, inputs)) {
      return std::move(*failed);
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

nir::Status writeFigure(const std::string &path, const Drawing &drawing) {
  if (path.ends_with(".svg")) {
    return writeFile(path, svgOf(drawing));
  }
  nir::Result<std::string> pdf = pdfOf(drawing);
  return pdf ? writeFile(path, *pdf) : pdf.takeError().in(path);
}

std::string modelName(const std::string &path) {
  return printable(fs::path(path).filename().string());
}

} // namespace nirc
