//===- ModelDescription.h - a unit described in XML -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/fmi/Unit.h"

namespace nirc::cpu {

/// modelDescription.xml, as third_party/fmi/schema has it.
std::string modelDescription(const Unit &unit, const std::string &token);

/// "Float64", "Int32" or "UInt8".
std::string_view typeOf(const UnitVariable &variable);
std::string_view nameOf(Causality causality);

} // namespace nirc::cpu
