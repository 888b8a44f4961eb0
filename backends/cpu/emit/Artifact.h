//===- Artifact.h - a network as files --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/emit/Interface.h"
#include "backends/cpu/lower/Lower.h"

#include "mlir/IR/BuiltinOps.h"

namespace nirc::cpu {

/// The kinds of artifacts, and whether they hold machine code of one cpu.
std::vector<ArtifactKind> artifactKinds();

/// Compiles the job and writes it in the form that `options` asks for.
nir::Result<Artifact> emit(const Job &job, const EmitOptions &options);

/// The struct's members and the file of a network in C. `comments`: what is said of the node of
/// that path at its function. `module` is what `lower` left.
struct CSource {
  std::string members, text;
  std::vector<std::string> states; ///< the members that hold the interface's states
  /// The arrays of the layout, and what the text calls them.
  struct Array {
    std::string name, text; ///< "lif1.v", "net->lif1_v"
    bool bits = false;      ///< as a Slot has it
  };
  std::vector<Array> arrays;
  std::vector<std::string> populations; ///< their functions, in the order of the network
};
llvm::FailureOr<CSource> emitC(const Interface &interface, const Lowered &lowered,
                               mlir::ModuleOp module,
                               llvm::function_ref<std::string(llvm::StringRef node)> comments);

/// The C file of the job, behind its header.
struct CFile {
  std::string network; ///< the struct: "braille_network"
  CSource source;
};
nir::Result<CFile> cFileOf(const Job &job);

/// What the C file of the job needs.
nir::Result<MemoryUse> memoryOfC(const Job &job);

} // namespace nirc::cpu
