//===- Judge.h - what is done with a network from outside -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace nir::test {

/// How far a network came.
struct Verdict {
  bool isVerified = false; ///< it parsed, and the verifiers let it pass
  bool ran = false;        ///< some target ran it to the end
  bool isLarge = false;    ///< its signals are too large to run here
  std::string error;       ///< the first one
};

/// Does with the text or bytecode of a module what `nirc inspect`, `nirc run` on the interpreters
/// and on Loihi 2, and with `onCpu` on the cpu, do, for three steps of input made from `seed`.
/// `stage` is told the name of what comes next.
Verdict judge(const std::string &bytes, uint64_t seed, bool onCpu,
              const std::function<void(const char *)> &stage);

} // namespace nir::test
