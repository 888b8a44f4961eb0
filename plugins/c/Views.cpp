//===- Views.cpp - nirc's data as the structs of the C API ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/c/Views.h"

#include "plugins/c/Arrays.h"

#include <string_view>

using namespace nirc;
using namespace nirc::c;

static nirc_severity severityOf(nir::Severity severity) {
  return severity == nir::Severity::Error     ? NIRC_ERROR
         : severity == nir::Severity::Warning ? NIRC_WARNING
                                              : NIRC_NOTE;
}

DiagnosticView::DiagnosticView(nir::Diagnostic given)
    : diagnostic(std::move(given)), text(diagnostic.str()), view() {
  // Messages have one form: "found 3 numbers, expected 2", "v has shape [3], expected [2] like
  // tau".
  constexpr std::string_view between = ", expected ", before = "found ";
  if (size_t split = diagnostic.message.find(between); split != std::string::npos) {
    found = diagnostic.message.substr(0, split);
    expected = diagnostic.message.substr(split + between.size());
    if (size_t start = found.rfind(before); start != std::string::npos) {
      found.erase(0, start + before.size());
    }
  }
  for (const nir::Note &note : diagnostic.notes) {
    notes.push_back({note.message.c_str(), note.node.c_str()});
  }
  view.severity = severityOf(diagnostic.severity);
  view.code = diagnostic.code.c_str();
  view.message = diagnostic.message.c_str();
  view.node = diagnostic.node.c_str();
  view.file = diagnostic.file.c_str();
  view.found = found.c_str();
  view.expected = expected.c_str();
  view.text = text.c_str();
  view.note_count = notes.size();
  view.notes = notes.data();
}

void nirc::c::add(DiagnosticViews &views, const std::vector<nir::Diagnostic> &diagnostics) {
  for (const nir::Diagnostic &diagnostic : diagnostics) {
    views.emplace_back(diagnostic);
  }
}

const nirc_diagnostic *nirc::c::at(const DiagnosticViews &views, size_t number) {
  return number < views.size() ? &views[number].get() : nullptr;
}

PortView::PortView(PortInfo given, bool isTyped) : port(std::move(given)), view() {
  view.node = port.node.c_str();
  view.observable = port.observable.c_str();
  view.shape = port.shape.data();
  view.rank = static_cast<int32_t>(port.shape.size());
  view.dtype = isTyped ? dtypeOf(port.dtype) : 0;
  view.elements = nir::numElements(port.shape);
  view.latency = port.latency;
}

const nirc_port *nirc::c::at(const PortViews &views, size_t number) {
  return number < views.size() ? &views[number].get() : nullptr;
}
