//===- Build.h - C as a program of a Cortex-M --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::cortexm {

/// A processor by the name that compilers give it.
struct Processor {
  std::string_view name;   ///< "cortex-m4"
  std::string_view triple; ///< "thumbv7em-none-eabihf"
  std::string_view fpu;    ///< "fpv4-sp-d16"; empty: floats are computed in software
};

/// All that are known.
std::span<const Processor> processors();
/// Null where there is none of that name.
const Processor *findProcessor(std::string_view name);

struct BuildOptions {
  std::string processor = "cortex-m4";
  std::vector<std::string> sources;         ///< of the files
  std::string script;                       ///< of the linker, one of the files
  std::vector<std::string> flags = {"-O3"}; ///< of the compiler, beside those of the processor
  /// The sources use C's library: memcpy, double on a processor without it. Else they have to do
  /// without any.
  bool usesLibrary = false;
};

/// The compiler's words, without files: clang with lld, or gcc, as they are on the PATH. For
/// Makefiles. An error where there is none, which says what to install.
nir::Result<std::vector<std::string>> compilerWords(const BuildOptions &options);

/// Compiles and links the files, and gives the ELF. What the compiler says of an error stands in
/// the error. The same files and compiler give the same bytes.
nir::Result<std::string> build(const std::vector<Artifact::File> &files,
                               const BuildOptions &options);

/// boot.c, host.h: what a program begins with that QEMU runs.
std::vector<Artifact::File> bootFiles();

} // namespace nirc::cortexm
