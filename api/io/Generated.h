//===- Generated.h - signals that no file holds --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Inputs.h"

#include <cstdint>
#include <string>

namespace nirc {

/// What follows the colon of a generated source (`isGenerated`): its value, or the chance of a
/// spike in a step.
nir::Result<double> generatorValue(const std::string &source, const InputOptions &options);

/// A seed for each port, so that two ports differ and another port changes neither.
uint64_t seedOfPort(uint64_t seed, const std::string &port);

/// The signal of a generated source, whose `generatorValue` is `value`. Every element and step of a
/// Poisson train draws one number, in the order of the tensor.
nir::Tensor generate(const InputSource &source, const nir::Shape &shape, double value,
                     const InputOptions &options);

} // namespace nirc
