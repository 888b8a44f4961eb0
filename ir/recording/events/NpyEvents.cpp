//===- NpyEvents.cpp - arrays of events in NumPy's files ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `descr` is here a list of fields, ('t', '<i8'), in any order; a field without a name, ('',
// '|V3'), is padding. The unit of the time stands in its name, as in t_ns. Without y it is 0, as
// for a cochlea; without p all events are brighter ones; p is 0 and 1, or -1 and 1. Source:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/EventArrays.h"
#include "ir/recording/events/EventFormats.h"

#include <fmt/format.h>

namespace nir {

static Error notFields() {
  return Error(Cause::InputFormat,
               "found an array without named fields, expected the fields t, x, y and p")
      .note("numpy: numpy.rec.fromarrays([t, x, y, p], names='t,x,y,p')");
}

/// "[('t', '<i8'), ('x', '<i2')]": the columns, and the size of an element.
static Result<uint64_t> readFields(Bytes bytes, const NpyHeader &header, EventArrays &arrays) {
  NpyText text = header.descr;
  if (!text.take("[")) {
    return notFields();
  }
  constexpr int most = 100;
  constexpr uint64_t widest = 1 << 16;
  uint64_t size = 0;
  for (int i = 0; i < most && !text.take("]"); ++i) {
    auto name = text.take("(") ? text.takeQuoted() : std::nullopt;
    auto dtype = name && text.take(",") ? text.takeQuoted() : std::nullopt;
    if (!dtype || !text.take(")")) {
      return Error(Cause::InputFormat,
                   fmt::format("found '{}' in descr, expected a field as ('t', '<i8')",
                               text.rest.substr(0, 30)))
          .note("fields of fields and fields of several numbers are not read");
    }
    text.take(",");
    auto width = dtype->size() < 3 ? std::nullopt : integerIn<uint64_t>(dtype->substr(2));
    if (!width || *width > widest) {
      return Error(Cause::InputFormat,
                   fmt::format("found the dtype '{}' for field '{}', expected one as '<i8'",
                               dtype->substr(0, 50), name->substr(0, 50)));
    }
    if (Status failed =
            addEventColumn(*name, *dtype, {bytes, header.start + size, 0, {}}, arrays)) {
      return std::move(*failed);
    }
    size += *width;
  }
  return size;
}

Result<EventList> readNpyEvents(std::span<const std::byte> data, const EventOptions &) {
  Bytes bytes(data);
  Result<NpyHeader> header = readNpyHeader(bytes);
  if (!header) {
    return header.takeError();
  }
  EventArrays arrays;
  Result<uint64_t> size = readFields(bytes, *header, arrays);
  if (!size) {
    return size.takeError();
  }
  bool hasBoth =
      arrays[EventColumn::Time].number.size > 0 && arrays[EventColumn::X].number.size > 0;
  if (hasBoth) {
    if (Status failed = checkNpySize(bytes, *header, *size)) {
      return std::move(*failed);
    }
    arrays.count = header->count;
  }
  for (NumberColumn &column : arrays.columns) {
    column.stride = *size;
  }
  return eventsOf(arrays);
}

} // namespace nir
