//===- Machine.h - the machine that code is made for ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/Error.h"

#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace nirc::cpu {

/// The machine that this process runs on, with all its instructions.
nir::Result<std::unique_ptr<llvm::TargetMachine>> hostMachine();

/// The machine that `options` name. Without a triple it is this one, with all its instructions;
/// with one it is that platform's oldest. A wrong name is answered with those that exist.
nir::Result<std::unique_ptr<llvm::TargetMachine>> machineFor(const EmitOptions &options);

/// Every browser and every Node.js since 2023: WebAssembly of 32 bits with SIMD.
nir::Result<std::unique_ptr<llvm::TargetMachine>> webMachine();

/// Bits of the machine's widest vector registers; 0 where it has none that code can count on.
int64_t vectorBitsOf(const llvm::TargetMachine &machine);

/// Whether it has an instruction that moves the lanes of a mask to a vector's front, and is not
/// slow at it.
bool compressesVectors(const llvm::TargetMachine &machine);

/// Whether it has one that does the reverse, of bytes.
bool expandsBytes(const llvm::TargetMachine &machine);

/// Whether it can be asked for what will be read soon.
bool prefetches(const llvm::TargetMachine &machine);

/// Says to the code generator that whole registers are to be used: some processors' defaults are
/// half of them.
void preferWholeVectors(llvm::Module &module, int64_t vectorBits);

/// Optimizes code that `lower` wrote. Its loops are vectors and unrolled where that pays already,
/// so LLVM's vectorizers and its unroller, half of the time that it takes, are left out.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

/// The bytes of an object file.
nir::Result<std::string> objectOf(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace nirc::cpu
