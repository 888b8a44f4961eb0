//===- Web.h - a network as a WebAssembly module ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/emit/Interface.h"

#include "llvm/Target/TargetMachine.h"

namespace nirc::cpu {

/// NAME.wasm, NAME.mjs and NAME.d.mts. `network` is what `lower` left. `name`: of the files, as it
/// was asked for.
nir::Result<Artifact> asWeb(const std::string &name, const Interface &interface,
                            const Built &network, llvm::TargetMachine &machine);

} // namespace nirc::cpu
