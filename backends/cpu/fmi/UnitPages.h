//===- UnitPages.h - what a unit says to people -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/fmi/Unit.h"

namespace nirc::cpu {

std::string indexPage(const Unit &unit);        ///< documentation/index.html
std::string dependenciesText(const Unit &unit); ///< documentation/externalDependencies.txt
std::string licenceText();                      ///< documentation/licenses/license.txt

} // namespace nirc::cpu
