//===- EventFormats.h - the files of event cameras, by name -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/events/Events.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

enum class EventFormat { Aedat2, Aedat3, Aedat4, Evt2, Evt21, Evt3, Dat, NMnist, Npy, Npz, Csv };

/// "aedat2", "aedat3", "aedat4", "evt2", "evt21", "evt3", "dat", "nmnist", "npy", "npz", "csv".
std::string_view name(EventFormat format);
std::optional<EventFormat> eventFormatCalled(std::string_view name);
std::vector<EventFormat> allEventFormats();

struct EventOptions {
  /// The sensor, where the format needs it and the file does not say.
  int32_t width = 0, height = 0;
  uint64_t mostEvents = uint64_t(1) << 30; ///< a file with more is refused before memory is taken
  /// AEDAT 2.0 and 3.0: the addresses as they are stored, not turned to an image.
  bool storedAxes = false;
};

/// The format of a file, from what its bytes start with; where a format has no such mark, from the
/// file's ending: .bin is N-MNIST, .csv and .txt are tables. Of what is known and not read the
/// error says what it is.
Result<EventFormat> recogniseEvents(std::span<const std::byte> bytes, std::string_view file);

/// The events in the bytes of `file`, which errors name. Trusts nothing in `bytes`; memory is at
/// most a small multiple of them, and 200 bytes for a word of EVT 3.0 that holds 12 events.
Result<EventList> readEvents(std::span<const std::byte> bytes, EventFormat format,
                             const std::string &file, const EventOptions &options = {});

/// The readers of each format; their errors name no file. What each makes of a format's quirks
/// stands in its source.
Result<EventList> readAedat2(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readAedat3(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readAedat4(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readEvt2(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readEvt21(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readEvt3(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readDat(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readNMnist(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readNpyEvents(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readNpzEvents(std::span<const std::byte> bytes, const EventOptions &options = {});
Result<EventList> readCsvEvents(std::span<const std::byte> bytes, const EventOptions &options = {});

} // namespace nir
