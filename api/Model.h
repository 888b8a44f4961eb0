//===- Model.h - a network from a file, from bytes or from memory *- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// nirc as a library: Model -> Plan -> Program -> Session. A Model is what was read, a Plan is every
// choice made, a Program is compiled for a target, a Session executes. No header of these four
// needs MLIR, and none touches anything of the process that it is in. Objects are cheap to copy and
// share what they hold; several threads may use copies at once, and a Session is for one thread.

#pragma once

#include "ir/Error.h"
#include "ir/file/ReadLimits.h"
#include "ir/graph/Graph.h"
#include "ir/origin/TimeUnit.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nirc {

struct Network;

struct ModelOptions {
  nir::ReadLimits limits = {};
  /// In what the model counts time; else what it says itself (docs/units.md).
  std::optional<nir::TimeUnit> timeUnit = std::nullopt;
};

/// An input or an output of a model.
struct ModelPort {
  std::string node;
  nir::Shape shape; ///< of one step
};

/// A network that passed every check. Where the file holds a clocked network, as `nirc quantize`
/// writes it, its step, semantics and numbers are settled.
class Model {
public:
  /// From a .nir, .mlir or .mlirbc file, told apart by content. The error says what is wrong with
  /// the file, and where.
  static nir::Result<Model> open(const std::string &path, const ModelOptions &options = {});
  /// The same of a file's bytes. `name` stands for the file in errors and results.
  static nir::Result<Model> fromBytes(std::span<const std::byte> bytes, const std::string &name,
                                      const ModelOptions &options = {});
  /// Of a graph that was built in memory, which shares its parameters.
  static nir::Result<Model> fromGraph(nir::Graph graph, const std::string &name,
                                      const ModelOptions &options = {});
  /// The same with what a file says beside the graph: its version and metadata.
  static nir::Result<Model> fromModel(nir::Model model, const std::string &name,
                                      const ModelOptions &options = {});

  const std::string &name() const; ///< the path, or what stands for it
  bool isClocked() const;
  /// The graph, with an Input and an Output where it had none, and with its times as they were
  /// read. Empty for a clocked network.
  const nir::Graph &graph() const;
  /// Warnings and notes of the checks.
  const std::vector<nir::Diagnostic> &diagnostics() const;
  std::vector<ModelPort> inputs() const, outputs() const;
  /// In a few words: "as Norse writes it, time in seconds", or what a clocked network is.
  std::string text() const;

  /// For the library itself.
  const Network &network() const { return *content; }
  const ModelOptions &options() const { return how; }

private:
  Model(std::shared_ptr<const Network> content, ModelOptions how)
      : content(std::move(content)), how(std::move(how)) {}
  static nir::Result<Model> of(Network network, const ModelOptions &options);

  std::shared_ptr<const Network> content;
  ModelOptions how;
};

} // namespace nirc
