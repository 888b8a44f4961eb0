//===- ExplorationView.h - what an exploration found ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Exploration.h"
#include "tools/nirc/Report.h"

#include <string>

namespace nirc {

/// For people, for spreadsheets and for programs.
std::string explorationText(const Exploration &exploration);
std::string explorationCsv(const Exploration &exploration);
Json explorationJson(const Exploration &exploration);

} // namespace nirc
