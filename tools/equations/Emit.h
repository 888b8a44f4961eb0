//===- Emit.h - a semantics in the languages of others ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The equations of ir/equations as data (semantics.schema.json), as a document, as a program and
// for provers. docs/semantics-data.md says what each holds.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/equations/Neuron.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// The neurons of a family, or of all: IF, I, LIF, LI, CubaLIF, CubaLI.
struct EmittedNeurons {
  std::vector<nir::NeuronEquations> steps; ///< of a clocked semantics
  std::vector<nir::EventEquations> events; ///< of one without steps
};
EmittedNeurons neuronsOf(const nir::Semantics &semantics, std::optional<nir::Family> family);

/// JSON, as semantics.schema.json describes it.
std::string emitJson(const nir::Semantics &semantics, std::optional<nir::Family> family);
/// Equations of amsmath, without a preamble.
std::string emitLatex(const nir::Semantics &semantics, std::optional<nir::Family> family);
/// A module of Python, for numbers and for expressions of sympy.
std::string emitSympy(const nir::Semantics &semantics, std::optional<nir::Family> family);
/// Functions over Real. Refused where there are no steps.
nir::Result<std::string> emitSmtLib(const nir::Semantics &semantics,
                                    std::optional<nir::Family> family);

/// "json", "latex", "sympy", "smtlib".
inline constexpr std::array<std::string_view, 4> emittedForms = {"json", "latex", "sympy",
                                                                 "smtlib"};
/// In one of them.
nir::Result<std::string> emit(std::string_view form, const nir::Semantics &semantics,
                              std::optional<nir::Family> family);

} // namespace nirc
