//===- Faults.h - faults of nirc itself, as an exit code --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <functional>

namespace nirc {

/// Opens those of standard input, output and error that are closed: a file that is opened later
/// must not take their place.
void openStandardFiles();

/// Calls `body` and returns what it returns. An exception that it lets out, an LLVM fatal error, a
/// want of memory inside LLVM and a call of std::terminate end in Exit::Internal instead, with one
/// line on stderr. What could not be printed
/// is Exit::Input. The handlers stay installed: call it once, around all of main. A signal (a
/// crash, a failed assertion) still ends the process, with a core where the system keeps them.
int endingFaults(const std::function<int()> &body);

} // namespace nirc
