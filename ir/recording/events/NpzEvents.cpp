//===- NpzEvents.cpp - several arrays of events in one file ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A zip of .npy files, as numpy.savez and savez_compressed write it. Either arrays t, x, y and p of
// one dimension and one length, as SpikingJelly has them, the unit of the time in its name; other
// arrays are left alone. Or one array alone, whose elements have these fields.
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/recording/events/EventArrays.h"
#include "ir/recording/events/EventFormats.h"
#include "ir/recording/events/Zip.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

static std::string_view withoutEnding(std::string_view name) {
  return name.ends_with(".npy") ? name.substr(0, name.size() - 4) : name;
}

/// One array of the file as a column.
static Status addMember(const ZipMember &member, EventArrays &arrays, bool &isFirst) {
  std::string_view name = withoutEnding(member.name);
  if (!eventColumnCalled(name)) {
    return std::nullopt;
  }
  Bytes bytes(member.bytes);
  Result<NpyHeader> header = readNpyHeader(bytes);
  if (!header) {
    return header.takeError();
  }
  std::optional<std::string_view> dtype = header->descr.takeQuoted();
  std::optional<NpyNumber> number = NpyNumber::of(dtype.value_or(""));
  if (number) {
    if (Status failed = checkNpySize(bytes, *header, number->size)) {
      return failed;
    }
  }
  if (!isFirst && header->count != arrays.count) {
    return Error(Cause::DamagedInput,
                 fmt::format("found {} in '{}', expected {} as in the others",
                             counted(header->count, "element"), name.substr(0, 50), arrays.count));
  }
  isFirst = false;
  arrays.count = header->count;
  return addEventColumn(name, dtype.value_or("a record"),
                        {bytes, header->start, number ? number->size : 0, {}}, arrays);
}

Result<EventList> readNpzEvents(std::span<const std::byte> data, const EventOptions &options) {
  constexpr uint64_t bytesOfEvent = 32; // four numbers of 8 bytes
  uint64_t most = std::min<uint64_t>(options.mostEvents, uint64_t(1) << 40) * bytesOfEvent;
  Result<std::vector<ZipMember>> members = unzip(data, most);
  if (!members) {
    return members.takeError();
  }
  if (members->size() == 1) {
    Result<EventList> list = readNpyEvents(members->front().bytes, options);
    return list ? std::move(list) : list.takeError();
  }
  EventArrays arrays;
  bool isFirst = true;
  std::vector<std::string_view> names;
  for (const ZipMember &member : *members) {
    names.push_back(withoutEnding(member.name));
    if (Status failed = addMember(member, arrays, isFirst)) {
      return std::move(*failed);
    }
  }
  if (arrays[EventColumn::Time].number.size == 0 || arrays[EventColumn::X].number.size == 0) {
    return Error(Cause::InputFormat,
                 fmt::format("found the arrays {}, expected t, x, y and p",
                             names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))))
        .note("numpy: numpy.savez(path, t_us=t, x=x, y=y, p=p)");
  }
  return eventsOf(arrays);
}

} // namespace nir
