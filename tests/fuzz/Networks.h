//===- Networks.h - networks to damage --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <vector>

namespace nir::test {

/// A module of the nir or the snn dialect, sound, as bytecode.
struct SoundNetwork {
  std::string name; ///< "random graph 3 in int8"
  std::string bytes;
};

/// Small networks of all kinds: the examples and random graphs, as graphs, and clocked in floats,
/// in integers of several formats, and in those of Loihi 2, some with their mapping. The same each
/// time.
std::vector<SoundNetwork> soundNetworks();

} // namespace nir::test
