//===- Semantics.cpp - the choices by name --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Semantics.h"

#include <fmt/format.h>

namespace nir {

static constexpr std::string_view integratorNames[] = {"euler", "exp-euler", "exact"};
static constexpr std::string_view resetNames[] = {"to-value", "subtract"};

std::string_view name(Integrator integrator) {
  return integratorNames[static_cast<int>(integrator)];
}
std::string_view name(Reset reset) { return resetNames[static_cast<int>(reset)]; }

template <typename Enum, size_t N>
static Result<Enum> lookUp(const char *what, const std::string_view (&names)[N],
                           std::string_view name) {
  std::string known;
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) {
      return static_cast<Enum>(i);
    }
    known += (i ? ", " : "") + std::string(names[i]);
  }
  return Error(fmt::format("no {} is called '{}', there are {}", what, name, known));
}

Result<Integrator> integratorOf(std::string_view name) {
  return lookUp<Integrator>("integrator", integratorNames, name);
}
Result<Reset> resetOf(std::string_view name) { return lookUp<Reset>("reset", resetNames, name); }

std::string Semantics::str() const {
  return fmt::format("dt={} integrator={} reset={}", dtSeconds, name(integrator), name(reset));
}

} // namespace nir
