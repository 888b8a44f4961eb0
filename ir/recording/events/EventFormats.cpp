//===- EventFormats.cpp - the files of event cameras, by name -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/EventFormats.h"

#include "ir/recording/events/EventColumns.h"
#include "ir/recording/events/PropheseeHeader.h"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

namespace {
struct Entry {
  EventFormat format;
  std::string_view name;
  Result<EventList> (*read)(std::span<const std::byte>, const EventOptions &);
};
} // namespace

constexpr std::array<Entry, 11> entries = {{
    {EventFormat::Aedat2, "aedat2", readAedat2},
    {EventFormat::Aedat3, "aedat3", readAedat3},
    {EventFormat::Aedat4, "aedat4", readAedat4},
    {EventFormat::Evt2, "evt2", readEvt2},
    {EventFormat::Evt21, "evt21", readEvt21},
    {EventFormat::Evt3, "evt3", readEvt3},
    {EventFormat::Dat, "dat", readDat},
    {EventFormat::NMnist, "nmnist", readNMnist},
    {EventFormat::Npy, "npy", readNpyEvents},
    {EventFormat::Npz, "npz", readNpzEvents},
    {EventFormat::Csv, "csv", readCsvEvents},
}};

std::string_view name(EventFormat format) { return entries[static_cast<size_t>(format)].name; }

std::optional<EventFormat> eventFormatCalled(std::string_view name) {
  for (const Entry &entry : entries) {
    if (entry.name == name) {
      return entry.format;
    }
  }
  return std::nullopt;
}

std::vector<EventFormat> allEventFormats() {
  std::vector<EventFormat> formats;
  for (const Entry &entry : entries) {
    formats.push_back(entry.format);
  }
  return formats;
}

Result<EventList> readEvents(std::span<const std::byte> bytes, EventFormat format,
                             const std::string &file, const EventOptions &options) {
  Result<EventList> list = entries[static_cast<size_t>(format)].read(bytes, options);
  return list ? std::move(list) : list.takeError().in(file);
}

/// What is known and not read, with a way to what is.
static Status refused(Bytes bytes) {
  constexpr std::array<std::array<std::string_view, 3>, 6> known = {{
      {"version https://git-lfs", "a pointer of Git LFS, not the data",
       "'git lfs pull' in its repository gets the data"},
      {"#ROSBAG V", "a bag of ROS 1",
       "rosbag's Python library writes its events as a table t,x,y,p"},
      {"SQLite format 3", "a bag of ROS 2 (SQLite)",
       "rosbag2's Python library writes its events as a table t,x,y,p"},
      {"\x89HDF", "HDF5", "events-shd:FILE reads recordings as SHD and SSC have them"},
      {"\x89MCAP", "a recording of MCAP",
       "its Python library writes its events as a table t,x,y,p"},
      {"Event Stream", "an Event Stream (.es)", "faery converts it to .csv"},
  }};
  for (const auto &[magic, what, fix] : known) {
    if (bytes.startsWith(magic)) {
      return Error(Cause::InputFormat, fmt::format("found {}, expected a file of events", what))
          .note(std::string(fix));
    }
  }
  return std::nullopt;
}

static Result<EventFormat> recognise(Bytes bytes, std::string_view file) {
  if (bytes.startsWith("#!AER-DAT2")) {
    return EventFormat::Aedat2;
  }
  if (bytes.startsWith("#!AER-DAT3")) {
    return EventFormat::Aedat3;
  }
  if (bytes.startsWith("#!AER-DAT4")) {
    return EventFormat::Aedat4;
  }
  if (bytes.startsWith("\x93NUMPY")) {
    return EventFormat::Npy;
  }
  if (bytes.startsWith("PK\x03\x04")) {
    return EventFormat::Npz;
  }
  if (bytes.startsWith("% ")) {
    PropheseeHeader header = readPropheseeHeader(bytes);
    bool isRaw = !header.value("evt").empty() || !header.value("format").empty() ||
                 header.value("Version").empty();
    if (!isRaw) {
      return EventFormat::Dat;
    }
    Result<RawHeader> raw = readRawHeader(bytes);
    return raw ? Result<EventFormat>(raw->format) : raw.takeError();
  }
  if (Status failed = refused(bytes)) {
    return std::move(*failed);
  }
  if (file.ends_with(".bin")) {
    return EventFormat::NMnist;
  }
  if (file.ends_with(".csv") || file.ends_with(".txt") || bytes.startsWith("%geometry:")) {
    return EventFormat::Csv;
  }
  std::vector<std::string_view> names;
  for (const Entry &entry : entries) {
    names.push_back(entry.name);
  }
  return Error(Cause::InputFormat,
               fmt::format("neither its start nor its ending says the format of its events, "
                           "expected one of {}, shd",
                           fmt::join(names, ", ")))
      .note("name the format, as in events-nmnist:FILE");
}

Result<EventFormat> recogniseEvents(std::span<const std::byte> bytes, std::string_view file) {
  Result<EventFormat> format = recognise(Bytes(bytes), file);
  return format ? format : Result<EventFormat>(format.takeError().in(std::string(file)));
}

} // namespace nir
