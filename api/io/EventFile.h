//===- EventFile.h - event camera recordings --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace nirc {

/// One event of a camera: pixel (x, y), brighter (polarity 1) or darker (0), at a time.
struct CameraEvent {
  uint8_t x, y, polarity;
  uint32_t microseconds;
};

/// The events of an N-MNIST file, in its order. Five bytes each: x, y, then polarity in the highest
/// bit of byte 2 and the time in the 23 bits below it and after; y = 240 marks that the clock
/// wrapped, which adds 2^13 µs to the times that follow. Source: Orchard et al. 2015,
/// doi:10.3389/fnins.2015.00437, and its reader Read_Ndataset.
nir::Result<std::vector<CameraEvent>> parseEvents(std::span<const std::byte> bytes,
                                                  const std::string &file);

/// Counts the events in bins of `binSeconds`: int32 [T, C, H, W] for a signal [C, H, W] with one
/// channel a polarity (channel = polarity), or with one channel for both. Several events of one
/// pixel in one bin count as their number. The last bin is that of the last event.
nir::Result<nir::Tensor> binEvents(const std::vector<CameraEvent> &events, double binSeconds,
                                   const nir::Shape &signal, const std::string &file);

/// Counts of events as uint8 0 and 1: whether there is any.
nir::Tensor atMostOne(const nir::Tensor &counts);

} // namespace nirc
