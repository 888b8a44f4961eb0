//===- ConformView.h - what conform prints ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/report/Scorecard.h"
#include "conformance/report/TargetTables.h"

#include <string>

namespace nirc {

/// A row for each way, why networks are refused, and the first difference of each case that has
/// one. Without `all` long lists end early.
std::string conformText(const conformance::TargetsReport &report, bool all);

/// The scorecard: a row for each feature that is not all right, what the simulator follows instead,
/// and the cases that nothing explains.
std::string conformText(const conformance::Scorecard &card, bool all);

} // namespace nirc
