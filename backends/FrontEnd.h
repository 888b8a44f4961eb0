//===- FrontEnd.h - from a job to its clocked network -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "dialects/snn/Snn.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "passes/Notice.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nirc {

struct NetworkCopy;

/// Where a job's clocked network is made, once for all that is made of the job. A context is not
/// for several threads at a time: who has a network of it holds its lock.
class FrontEnd {
public:
  FrontEnd();
  ~FrontEnd();
  /// A network that is clocked already, as MLIR's text or bytecode.
  static nir::Result<std::shared_ptr<FrontEnd>> parse(std::string_view bytes,
                                                      const std::string &file);

  /// A module of this context's that holds one clocked network, however it was made.
  void adopt(mlir::OwningOpRef<mlir::ModuleOp> module) { parsed = std::move(module); }
  mlir::ModuleOp module() const;

  /// Whether it was parsed, and is not made of a graph.
  bool isClocked() const { return static_cast<bool>(parsed); }
  /// What was parsed, to be read under the lock.
  snn::NetworkOp clocked() const;
  mlir::MLIRContext &context() { return *owned; }
  std::unique_lock<std::recursive_mutex> lock() { return std::unique_lock(mutex); }

private:
  friend nir::Result<NetworkCopy> networkOf(const Job &job,
                                            const std::function<void()> &onImported);

  /// What was made for some probes.
  struct Made {
    std::vector<nir::Probe> probes;
    mlir::OwningOpRef<mlir::ModuleOp> module;
    std::vector<Notice> notices;
    QuantizationReport report;
  };
  nir::Result<Made *> make(const Job &job, const std::function<void()> &onImported);

  std::recursive_mutex mutex;
  std::unique_ptr<mlir::MLIRContext> owned; // before its modules
  mlir::OwningOpRef<mlir::ModuleOp> parsed;
  std::vector<std::unique_ptr<Made>> made;
};

/// A network that is its owner's to change, in a context that is locked as long as it lives.
struct NetworkCopy {
  std::shared_ptr<FrontEnd> frontEnd;
  std::unique_lock<std::recursive_mutex> lock;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  size_t records = 0; ///< its first snn.records are what runs record, those after them are states

  mlir::MLIRContext &context() const { return frontEnd->context(); }
  snn::NetworkOp network() const;
};

/// The clocked network of a file, recording the job's probes too, or else what the compiler makes
/// of the graph. With `states` it records, after those, every state that is not recorded yet.
/// `onImported` is called when the file or the graph has become IR, and may be empty.
nir::Result<NetworkCopy> networkOf(const Job &job, const std::function<void()> &onImported = {});

/// What is to be said of the network, for any target: its names, shapes, semantics and numbers.
ProgramInfo infoOf(std::string_view target, const Job &job, const NetworkCopy &copy);

} // namespace nirc
