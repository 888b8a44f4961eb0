//===- Equations.h - a neuron's update, written out -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/equations/Neuron.h"

#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// The update of a family's spiking neuron under a rule, a line an operation, in the order in which
/// they happen. s is what the neuron sends. `symbols` explains the letters.
std::vector<std::string> equations(const NeuronRule &rule, Family family);
/// The same of a whole semantics: without steps, the solution between events and the crossing.
std::vector<std::string> equations(const Semantics &semantics, Family family);
/// "k = dt/tau, u the sum of the inputs".
std::string_view symbols(Family family);

/// "(1 - k) v + k r u".
std::string text(const Expression &expression);

} // namespace nir
