//===- Load.h - an object's functions in memory -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/run/Code.h"

#include <memory>
#include <string>

namespace nirc::cpu {

/// The functions of an object for this machine, bound to the parameters of `lowered`. All of the
/// result but `lowered` and `outputs` is set.
nir::Result<std::shared_ptr<Code>> load(const std::string &object, const Lowered &lowered);

} // namespace nirc::cpu
