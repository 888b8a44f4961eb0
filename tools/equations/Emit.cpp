//===- Emit.cpp - a semantics in the languages of others ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/equations/Emit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

EmittedNeurons neuronsOf(const nir::Semantics &semantics, std::optional<nir::Family> family) {
  EmittedNeurons all;
  for (nir::Family each : nir::families) {
    for (bool spikes : {true, false}) {
      if (family && *family != each) {
        continue;
      }
      if (semantics.timing == nir::Timing::Events) {
        all.events.push_back(nir::eventEquations(semantics[each], each, spikes));
      } else {
        all.steps.push_back(nir::neuronEquations(semantics[each], each, spikes));
      }
    }
  }
  return all;
}

nir::Result<std::string> emit(std::string_view form, const nir::Semantics &semantics,
                              std::optional<nir::Family> family) {
  if (form == "json") {
    return emitJson(semantics, family);
  }
  if (form == "latex") {
    return emitLatex(semantics, family);
  }
  if (form == "sympy") {
    return emitSympy(semantics, family);
  }
  if (form == "smtlib") {
    return emitSmtLib(semantics, family);
  }
  return nir::Error(nir::Cause::UnknownName, fmt::format("found the form '{}', expected one of {}",
                                                         form, fmt::join(emittedForms, ", ")));
}

} // namespace nirc
