//===- Damage.h - bytes that are not what they were -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace nir::test {

struct DamageRandom {
  std::mt19937_64 bits;
  size_t below(size_t bound) { return bits() % bound; }
};

/// Changes bits, indexes and pieces, or cuts the end off.
inline void damage(std::string &bytes, DamageRandom &random) {
  size_t at = random.below(bytes.size());
  switch (random.below(6)) {
  case 0:
    for (size_t i = 1 + random.below(16); i > 0; --i) {
      bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
    }
    return;
  case 1: // one bit: what only its own check finds
    bytes[at] ^= static_cast<char>(1 << random.below(8));
    return;
  case 2:
    bytes.resize(at);
    return;
  case 3: { // an index of 32 bits, far out or a little
    at &= ~size_t{3};
    uint32_t value = random.below(2) ? static_cast<uint32_t>(random.bits())
                                     : static_cast<uint32_t>(random.below(64));
    bytes.replace(at, std::min<size_t>(4, bytes.size() - at),
                  reinterpret_cast<const char *>(&value), std::min<size_t>(4, bytes.size() - at));
    return;
  }
  case 4: {
    size_t length = std::min(bytes.size() - at, 1 + random.below(64));
    std::fill_n(bytes.begin() + std::ptrdiff_t(at), length, random.below(2) ? '\xff' : '\0');
    return;
  }
  default: {
    size_t length = std::min(bytes.size() - at, 1 + random.below(64));
    size_t from = random.below(bytes.size() - length + 1);
    bytes.replace(at, length, bytes.substr(from, length));
    return;
  }
  }
}

} // namespace nir::test
