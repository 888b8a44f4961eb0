//===- AedatHeader.h - the text before the records of AEDAT -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/events/Bytes.h"

#include <cstdint>
#include <string_view>

namespace nir {

struct AedatHeader {
  std::string_view text; ///< the lines that start with '#'
  uint64_t end = 0;      ///< where the records start

  /// What follows `key` in the first line that starts with it; empty where none does.
  std::string_view after(std::string_view key) const;
};

/// The header ends with the line that starts with `endLine`. Old files have none: there it ends at
/// the first line that does not start with '#', or is not text. Without the second rule a record
/// whose address starts with the byte 0x23, which is '#', would be taken as a line.
AedatHeader readAedatHeader(Bytes bytes, std::string_view endLine);

struct Sensor {
  int32_t width = 0, height = 0; ///< 0: not known
};

/// The sensor in a name such as "DAVIS346" or "eu.seebetter.ini.chips.davis.Davis346red".
Sensor sensorCalled(std::string_view name);

} // namespace nir
