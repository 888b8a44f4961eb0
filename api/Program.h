//===- Program.h - a network that is compiled -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Plan.h"
#include "api/Session.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

struct CompileOptions {
  bool profile = false; ///< measure the parts of every step, where the target can
  /// Every state can be read and written while the program is stepped. It costs steps nothing.
  bool states = true;
  /// Where machine code is kept for the next process; CacheOptions::ofEnvironment() is nirc's own.
  std::optional<CacheOptions> cache = {};
};

/// A network compiled for a target, from a plan or from a file. One thread at a time may `run` a
/// program; sessions are independent of it and of each other.
class Program {
public:
  static nir::Result<Program> compile(const Plan &plan, const CompileOptions &options = {});
  /// From a file, or a folder, that `save` or `nirc compile` wrote, told apart by content. A
  /// library of machine code is code that this process then executes, and so is a design in
  /// Verilog: load what you trust.
  static nir::Result<Program> load(const std::string &path, const LoadOptions &options = {});
  /// Whether a file with that content can be one, by its first 16 bytes.
  static bool recognizes(std::string_view head);

  /// As one file, whole or not at all, which `load` takes on a machine like this one; as a folder
  /// where the target's programs are folders. It gives the bits of this program. An error where the
  /// target writes nothing that runs.
  nir::Status save(const std::string &path) const;

  /// Its names, shapes, semantics, numbers and origin.
  const ProgramInfo &info() const { return executable->info(); }
  /// A whole recording from the silent state: see Executable::run.
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options = {});
  /// `batch` samples before their first step.
  nir::Result<Session> start(int64_t batch = 1) const;

  /// For the library itself.
  Executable &inside() { return *executable; }

private:
  Program(std::shared_ptr<Executable> executable, std::optional<Plan> plan, std::string path);

  std::shared_ptr<Executable> executable; // before the plan, which it may refer to
  std::optional<Plan> plan;               ///< it was compiled from
  std::string path;                       ///< it was loaded from
  uint64_t number;                        ///< of this and its copies alone
};

/// Writes all files of an artifact below a folder, which is made where it is missing. Each appears
/// under its name when it is whole.
nir::Status writeFolder(const std::string &folder, const std::vector<Artifact::File> &files);

} // namespace nirc
