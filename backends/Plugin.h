//===- Plugin.h - targets from shared libraries -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A backend is a shared library that brings targets. It links nirc::backend, so that a process has
// one nirc, and holds once
//
//     static void bring(nirc::Backend &backend) { backend.targets.push_back(...); }
//     NIRC_BACKEND(bring)
//
// `nirc --load-backend=libmychip.so` loads it (api/Backends.h); docs/add-your-chip.md is the
// tutorial. Since 0.1.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Build.inc"
#include "backends/Target.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"

#include "llvm/Config/llvm-config.h"

#include <functional>
#include <memory>
#include <vector>

namespace mlir {
class DialectRegistry;
}

/// Of what this header says: the section, its text, the entry and `Backend`.
#define NIRC_BACKEND_API "1"

namespace nirc {

/// What a backend brings.
struct Backend {
  /// Their names, those of their options and of their artifacts live as long as the library, which
  /// is never unloaded.
  std::vector<std::shared_ptr<const Target>> targets;
  std::vector<nir::Preset> semantics;     ///< for --semantics; texts are copied
  std::vector<nir::FormatPreset> formats; ///< for --format; texts are copied
  /// Insert dialects for nir-opt and nir-lsp-server. A target loads those that it needs into the
  /// context of its network (`NetworkCopy::context`).
  std::vector<std::function<void(mlir::DialectRegistry &)>> dialects;
  /// Register passes, for nir-opt. Called once at most, after all that the process loads at its
  /// start; MLIR ends the process where two passes have one name, so begin them with the target's.
  std::vector<std::function<void()>> passes;
};

/// Adds all of it, or gives an error and adds nothing: where a name is taken or is none, where a
/// preset cannot be read, or where it brings nothing. Any thread may call it at any time; who holds
/// a table of targets or presets goes on with the one that it has.
nir::Status addBackend(Backend backend);

/// What the backends bring for MLIR's tools.
void registerBackendDialects(mlir::DialectRegistry &registry);
void registerBackendPasses();

} // namespace nirc

/// What a library says of its making, in lines. It is read before any code of the library is
/// loaded, and all lines must be those of the nirc that loads it.
#define NIRC_BACKEND_SECTION ".nirc_backend"
#define NIRC_BACKEND_TEXT                                                                          \
  "api " NIRC_BACKEND_API "\nllvm " LLVM_VERSION_STRING "\nnirc " NIRC_BUILD_VERSION               \
  "\nheaders " NIRC_BUILD_HEADERS "\n"

/// The entry of a backend: `bring` fills a `nirc::Backend &`. What it throws is an error of
/// loading.
#define NIRC_BACKEND(bring)                                                                        \
  extern "C" {                                                                                     \
  extern const char nirc_backend_text[];                                                           \
  __attribute__((visibility("default"), used, section(NIRC_BACKEND_SECTION)))                      \
  const char nirc_backend_text[] = NIRC_BACKEND_TEXT;                                              \
  __attribute__((visibility("default"))) void nirc_backend(nirc::Backend *backend) {               \
    bring(*backend);                                                                               \
  }                                                                                                \
  }
