//===- Views.h - nirc's data as the structs of the C API --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each view owns what its struct points to. They are kept in deques: their places are handed out.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/Error.h"
#include "plugins/c/nirc.h"

#include <deque>
#include <string>
#include <vector>

namespace nirc::c {

class DiagnosticView {
public:
  explicit DiagnosticView(nir::Diagnostic diagnostic);
  DiagnosticView(const DiagnosticView &) = delete;
  DiagnosticView &operator=(const DiagnosticView &) = delete;

  const nirc_diagnostic &get() const { return view; }

private:
  nir::Diagnostic diagnostic;
  std::string text, found, expected;
  std::vector<nirc_note> notes;
  nirc_diagnostic view;
};

using DiagnosticViews = std::deque<DiagnosticView>;
void add(DiagnosticViews &views, const std::vector<nir::Diagnostic> &diagnostics);
/// Null where there is none of that number.
const nirc_diagnostic *at(const DiagnosticViews &views, size_t number);

class PortView {
public:
  /// `isTyped`: whether its dtype is settled.
  explicit PortView(PortInfo port, bool isTyped = true);
  PortView(const PortView &) = delete;
  PortView &operator=(const PortView &) = delete;

  const nirc_port &get() const { return view; }

private:
  PortInfo port;
  nirc_port view;
};

using PortViews = std::deque<PortView>;
const nirc_port *at(const PortViews &views, size_t number);

} // namespace nirc::c
