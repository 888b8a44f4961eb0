//===- EventFile.h - event camera recordings --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"
#include "ir/recording/events/EventFormats.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What a source of input says of events: "x.aedat4"; "events-csv:x.csv" with the format's name; or
/// "events:x" where the content says it.
struct EventSource {
  std::string path;   ///< without what stands before it
  bool named = false; ///< whether "events:" or "events-NAME:" does
  std::string format; ///< the NAME; empty where the content says it
};
EventSource eventSourceOf(const std::string &source);

/// Whether a format has the source's name for it. The error is a fault of the command line.
nir::Status checkFormat(const EventSource &source);

/// Whether a file is of events without a name before it, by its ending: .bin, .aedat, .aedat2,
/// .aedat4 or .raw; or .dat where it starts as Prophesee's files do, since tables end so too.
bool isEventPath(std::string_view file);

/// Whether the bytes are an array of NumPy whose elements have fields.
bool isArrayOfFields(std::span<const std::byte> bytes);

/// The events in a file for an input `signal`, [C, H, W], whose sensor is of that size where the
/// file says one. `format`: of an EventSource. Formats whose clock runs since the camera was
/// switched on, or since 1970, are counted from their earliest event: AEDAT and EVT.
nir::Result<std::vector<nir::Event>> readEventFile(std::span<const std::byte> bytes,
                                                   const std::string &format,
                                                   const std::string &file,
                                                   const nir::Shape &signal, uint64_t maxBytes);

/// Counts the events in bins of `binSeconds`: int32 [T, C, H, W] for a signal [C, H, W] with one
/// channel a polarity (channel = polarity), or with one channel for both. Several events of one
/// pixel in one bin count as their number. The last bin is that of the last event.
nir::Result<nir::Tensor> binEvents(const std::vector<nir::Event> &events, double binSeconds,
                                   const nir::Shape &signal, const std::string &file,
                                   uint64_t maxBytes = uint64_t(1) << 36);

/// Counts of events as uint8 0 and 1: whether there is any.
nir::Tensor atMostOne(const nir::Tensor &counts);

} // namespace nirc
