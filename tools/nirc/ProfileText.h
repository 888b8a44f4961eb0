//===- ProfileText.h - a profile as a person reads it -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "backends/Target.h"

#include <string>

namespace nirc {

/// Where the time went: from the file to the first step, and node by node; or what was counted, and
/// what it would take on the platform that is modelled. `read` is what loading
/// the file took, in seconds; `bandwidth` bytes a second that one thread reads from memory.
std::string profileText(const Profile &profile, double read, double bandwidth);

/// The same numbers for programs.
Json profileJson(const Profile &profile, double read);

} // namespace nirc
