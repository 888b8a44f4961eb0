//===- Session.h - a session as a handle ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Session.h"
#include "plugins/c/nirc.h"

#include <string>
#include <vector>

namespace nirc::c {

/// A buffer of the caller's that belongs to a port: [batch, shape...].
struct Binding {
  size_t port;
  nirc_dtype dtype;
  void *data;
  size_t elements; ///< of one sample
};

} // namespace nirc::c

struct nirc_session {
  explicit nirc_session(nirc::Session content) : session(std::move(content)) {}

  /// Reads what is bound to inputs, and writes what is bound to outputs and states.
  nir::Status step();

  nirc::Session session;
  std::vector<nirc::c::Binding> inputs, outputs, states;
};

struct nirc_snapshot {
  std::string bytes;
};

namespace nirc::c {

/// Numbers in float64 of the calling thread, as many as are asked for: none are made in a step.
double *scratch(size_t count);

/// Numbers of one type as float64 and back.
template <typename Number>
void widen(const Number *from, double *to, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    to[i] = static_cast<double>(from[i]);
  }
}
inline float narrowed(double value, float) { return static_cast<float>(value); }
inline double narrowed(double value, double) { return value; }
inline uint8_t narrowed(double value, uint8_t) {
  constexpr double most = 255.0;
  return value > 0.0 ? static_cast<uint8_t>(value < most ? value : most) : 0; // 0 for a NaN
}
template <typename Number>
void narrow(const double *from, Number *to, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    to[i] = narrowed(from[i], Number());
  }
}

} // namespace nirc::c
