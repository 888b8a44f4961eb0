//===- External.h - a simulator of others, run by files ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace nirc::conformance {

/// What a simulator is given and what it is to write: files, by absolute paths.
struct Task {
  std::string name; ///< of the case
  std::string model, input, output;
};

/// How a simulator is called. docs/conformance.md has the protocol.
struct External {
  /// `{model}`, `{input}` and `{output}` stand for the files of a case; or `{list}` for a file that
  /// lists several of them.
  std::vector<std::string> words;
  bool isBatch = false;         ///< it takes `{list}`
  double timeoutSeconds = 60.0; ///< of a case; a list has as much for each of its cases
  int jobs = 0;                 ///< calls at once; 0: as many as there are cores
};

/// From a command as it is written for a shell. An error of usage where the names in braces are
/// not there.
nir::Result<External> externalOf(const std::string &command, bool isBatch);

/// How it went with one case. Only of Answered there may be a file.
struct Response {
  enum class Kind { Answered, Unsupported, Crashed } kind = Kind::Crashed;
  std::string why;      ///< of the others, in words: "killed after 60 s"
  std::string log;      ///< the end of what it printed
  double seconds = 0.0; ///< of the call
};

/// Calls the simulator for each task, in the folder that nirc runs in, and `done` with each task's
/// number, on several threads; `progress` after each call, on one at a time. Nothing of a call is
/// left running, however it or nirc ends. An error where no temporary folder can be made.
nir::Status runExternal(const External &external, const std::vector<Task> &tasks,
                        const std::function<void(size_t task, Response)> &done,
                        const std::function<void()> &progress = {});

} // namespace nirc::conformance
