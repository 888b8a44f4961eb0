//===- Aedat4Streams.h - what AEDAT 4 declares ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nir {

/// What the XML in the header of AEDAT 4 says of a stream.
struct Aedat4Stream {
  std::string type; ///< "EVTS", "FRME", "IMUS", "TRIG"
  int32_t width = 0, height = 0;
};

/// The streams by their numbers, from `<node name="outInfo"><node name="0"><attr
/// key="typeIdentifier">EVTS</attr><node name="info"><attr key="sizeX">346</attr>`. Reads as much
/// as it understands: what is missing in damaged text is missing in the result.
std::map<int32_t, Aedat4Stream> aedat4Streams(std::string_view xml);

} // namespace nir
