//===- Semantics.h - how continuous time becomes steps ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NIR says what a network computes in continuous time; these are the choices of how it is computed
// in steps. The rules behind each value are in docs/semantics.md. `passes/` carries the same
// choices into the IR as #snn.semantics.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <string>
#include <string_view>

namespace nir {

enum class Integrator { Euler, ExpEuler, Exact };
enum class Reset { ToValue, Subtract };

/// "euler", "exp-euler", "exact".
std::string_view name(Integrator integrator);
/// "to-value", "subtract".
std::string_view name(Reset reset);
/// The value of that name; the error lists the names that exist.
Result<Integrator> integratorOf(std::string_view name);
Result<Reset> resetOf(std::string_view name);

struct Semantics {
  double dtSeconds = 0.0; ///< one step; positive and finite
  Integrator integrator = Integrator::Euler;
  Reset reset = Reset::ToValue;

  /// "dt=0.0001 integrator=euler reset=to-value".
  std::string str() const;
};

} // namespace nir
