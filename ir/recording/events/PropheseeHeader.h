//===- PropheseeHeader.h - the text before Prophesee's data -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/events/Bytes.h"
#include "ir/recording/events/EventFormats.h"

#include <string_view>

namespace nir {

/// Lines "% key value" at the start of .raw and .dat files. They end after the line "% end", or at
/// the first two bytes other than "% ".
struct PropheseeHeader {
  std::string_view text;
  uint64_t end = 0; ///< where the data starts

  /// The value of the first line with the key; empty where none has it.
  std::string_view value(std::string_view key) const;
};

PropheseeHeader readPropheseeHeader(Bytes bytes);

/// What the header of a .raw file says. Old files name neither the encoding nor the size, only the
/// `system_ID` of the camera, whose sizes are those that openeb knows.
struct RawHeader {
  uint64_t end = 0;
  EventFormat format = EventFormat::Evt2;
  int32_t width = 0, height = 0; ///< 0: not known
  bool upperHalfFirst = false;   ///< EVT 2.1: the order of the halves of a word
};

Result<RawHeader> readRawHeader(Bytes bytes);

/// The same for a file whose format must be `wanted`.
Result<RawHeader> readRawHeader(Bytes bytes, EventFormat wanted);

} // namespace nir
