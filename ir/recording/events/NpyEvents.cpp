//===- NpyEvents.cpp - arrays of events in NumPy's files ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A magic string, u8 major, u8 minor, the length of the header (u16, from version 2 on u32), the
// text of a Python dict, and the elements. `descr` is here a list of fields, ('t', '<i8'), in any
// order; a field without a name, ('', '|V3'), is padding. The unit of the time stands in its name,
// as in t_ns; else it is µs. Without y it is 0, as for a cochlea; without p all events are brighter
// ones; p is 0 and 1, or -1 and 1. Source:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Bytes.h"
#include "ir/recording/events/EventColumns.h"
#include "ir/recording/events/EventFormats.h"

#include <array>
#include <fmt/format.h>

namespace nir {

namespace {
struct Field {
  uint64_t offset = 0, size = 0; ///< size 0: not there
  bool isSigned = false, isBig = false;
};

struct Layout {
  std::array<Field, 4> fields; ///< by EventColumn
  uint64_t elementSize = 0, count = 0, start = 0;
  std::optional<EventUnit> unit; ///< where the name of the time says it

  Field &operator[](EventColumn column) { return fields[static_cast<size_t>(column)]; }
  const Field &operator[](EventColumn column) const { return fields[static_cast<size_t>(column)]; }
};

/// A walk over the text of the dict.
struct Text {
  std::string_view rest;

  bool take(std::string_view token) {
    size_t from = std::min(rest.find_first_not_of(" \n\r\t"), rest.size());
    if (!rest.substr(from).starts_with(token)) {
      return false;
    }
    rest.remove_prefix(from + token.size());
    return true;
  }
  std::optional<std::string_view> takeQuoted() {
    std::string_view quote = take("'") ? "'" : take("\"") ? "\"" : "";
    size_t end = quote.empty() ? rest.npos : rest.find(quote);
    if (end == rest.npos) {
      return std::nullopt;
    }
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return text;
  }
};
} // namespace

/// The dtype of one field, "<i8". Padding is "|V3".
static Status addField(std::string_view name, std::string_view dtype, Layout &layout) {
  auto width = dtype.size() < 3 ? std::nullopt : integerIn<uint64_t>(dtype.substr(2));
  char kind = dtype.size() < 3 ? ' ' : dtype[1];
  std::optional<EventColumnName> column = eventColumnCalled(name);
  bool isInteger = kind == 'b' || kind == 'i' || kind == 'u';
  bool fits = width && (*width == 1 || *width == 2 || *width == 4 || *width == 8);
  if (!width || *width > 1 << 16 || (column && (!isInteger || !fits))) {
    return Error(fmt::format("found the dtype '{}' for field '{}', expected integers of 1, 2, 4 or "
                             "8 bytes",
                             dtype.substr(0, 50), name.substr(0, 50)))
        .note(
            "numpy: array.astype([('t', 'i8'), ('x', 'u2'), ('y', 'u2'), ('p', 'u1')]), with t in "
            "µs");
  }
  if (column && !column->strangeUnit.empty()) {
    return Error(fmt::format("found the field '{}', expected a time in s, ms, us or ns",
                             name.substr(0, 50)))
        .note("name its unit, as in 't_us'");
  }
  if (column && layout[column->column].size > 0) {
    return Error(fmt::format("found '{}' and another field for the same, expected one of the two",
                             name.substr(0, 50)));
  }
  if (column) {
    layout[column->column] = {layout.elementSize, *width, kind == 'i', dtype[0] == '>'};
    layout.unit = column->column == EventColumn::Time ? column->unit : layout.unit;
  }
  layout.elementSize += *width;
  return std::nullopt;
}

static Error notFields() {
  return Error("found an array without named fields, expected the fields t, x, y and p")
      .note("numpy: numpy.rec.fromarrays([t, x, y, p], names='t,x,y,p')");
}

/// "[('t', '<i8'), ('x', '<i2')]".
static Status readFields(Text &text, Layout &layout) {
  if (!text.take("[")) {
    return notFields();
  }
  constexpr int most = 100;
  for (int i = 0; i < most && !text.take("]"); ++i) {
    auto name = text.take("(") ? text.takeQuoted() : std::nullopt;
    auto dtype = name && text.take(",") ? text.takeQuoted() : std::nullopt;
    if (!dtype || !text.take(")")) {
      return Error(fmt::format("found '{}' in descr, expected a field as ('t', '<i8')",
                               text.rest.substr(0, 30)))
          .note("fields of fields and fields of several numbers are not read");
    }
    text.take(",");
    if (Status failed = addField(*name, *dtype, layout)) {
      return failed;
    }
  }
  if (layout[EventColumn::Time].size == 0 || layout[EventColumn::X].size == 0) {
    return Error("the array lacks the field t or x, expected t, x, y and p");
  }
  return std::nullopt;
}

/// Where the value of a key starts: behind "'descr':".
static std::optional<Text> valueOf(std::string_view dict, std::string_view key) {
  for (std::string_view quote : {"'", "\""}) {
    std::string quoted = fmt::format("{}{}{}", quote, key, quote);
    size_t at = dict.find(quoted);
    if (at != dict.npos) {
      Text text{dict.substr(at + quoted.size())};
      return text.take(":") ? std::optional(text) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// "(3,)".
static std::optional<uint64_t> countIn(Text text) {
  size_t end = text.take("(") ? text.rest.find(')') : text.rest.npos;
  if (end == text.rest.npos) {
    return std::nullopt;
  }
  std::string_view inner = trimmed(text.rest.substr(0, end));
  if (inner.ends_with(',')) {
    inner.remove_suffix(1);
  }
  return integerIn<uint64_t>(trimmed(inner));
}

static Result<Layout> readLayout(Bytes bytes) {
  if (!bytes.startsWith("\x93NUMPY")) {
    return Error("expected '\\x93NUMPY' at the start of a .npy file");
  }
  bool isShort = bytes[6] < 2;
  uint64_t start = isShort ? 10 : 12;
  uint64_t length = isShort ? bytes.little<uint16_t>(8) : bytes.little<uint32_t>(8);
  if (!bytes.has(start, length)) {
    return Error(fmt::format("found {} bytes, expected a header of {}", bytes.size(), length))
        .note("the file was cut: copy it again");
  }
  std::string_view dict = bytes.text(start, length);
  std::optional<Text> descr = valueOf(dict, "descr"), shape = valueOf(dict, "shape");
  if (!descr || !shape) {
    return Error("the header lacks 'descr' or 'shape', expected both");
  }
  Layout layout;
  layout.start = start + length;
  if (Status failed = readFields(*descr, layout)) {
    return std::move(*failed);
  }
  std::optional<uint64_t> count = countIn(*shape);
  if (!count) {
    return Error(fmt::format("found the shape {}, expected one dimension, (N,)",
                             trimmed(shape->rest.substr(0, 30))));
  }
  layout.count = *count;
  uint64_t have = bytes.size() - layout.start;
  if (have / layout.elementSize != *count || have % layout.elementSize != 0) {
    return Error(fmt::format("found {} bytes of data, expected {} elements of {} bytes", have,
                             *count, layout.elementSize))
        .note("the file was cut: copy it again");
  }
  return layout;
}

/// The value at an element; none where it is past int64.
static std::optional<int64_t> valueAt(Bytes bytes, uint64_t element, const Field &field) {
  uint64_t value = 0;
  for (uint64_t i = 0; i < field.size; ++i) {
    uint64_t at = field.isBig ? i : field.size - 1 - i;
    value = value << 8 | bytes[element + field.offset + at];
  }
  if (field.isSigned) {
    uint64_t shift = 64 - 8 * field.size;
    return static_cast<int64_t>(value << shift) >> shift;
  }
  return value > INT64_MAX ? std::nullopt : std::optional(static_cast<int64_t>(value));
}

Result<EventList> readNpyEvents(std::span<const std::byte> data, const EventOptions &) {
  Bytes bytes(data);
  Result<Layout> layout = readLayout(bytes);
  if (!layout) {
    return layout.takeError();
  }
  EventList list;
  list.events.reserve(layout->count);
  list.unit = layout->unit.value_or(EventUnit::Microseconds);
  if (!layout->unit) {
    list.notes.emplace_back("times are read as µs: the field's name has no unit");
  }
  PolarityValues polarities;
  for (uint64_t i = 0; i < layout->count; ++i) {
    uint64_t element = layout->start + i * layout->elementSize;
    auto value = [&](EventColumn column, int64_t absent) {
      const Field &field = (*layout)[column];
      return field.size == 0 ? std::optional(absent) : valueAt(bytes, element, field);
    };
    auto time = value(EventColumn::Time, 0), x = value(EventColumn::X, 0);
    auto y = value(EventColumn::Y, 0), polarity = value(EventColumn::Polarity, 1);
    time = time ? microsecondsOf(*time, list.unit) : time;
    if (!time || !x || !y || !polarity || *x < 0 || *x > UINT16_MAX || *y < 0 || *y > UINT16_MAX) {
      return Error(fmt::format("found a number outside of its range in event {}, expected x and y "
                               "from 0 to 65535 and t below 2^63",
                               i));
    }
    if (!polarities.take(*polarity)) {
      return Error(fmt::format("found the polarity {} in event {}, expected {}", *polarity, i,
                               polarities.expected()));
    }
    list.add({*time, static_cast<uint16_t>(*x), static_cast<uint16_t>(*y),
              static_cast<uint8_t>(*polarity > 0)});
  }
  if (polarities.isSigned()) {
    list.notes.emplace_back(signedPolarityNote);
  }
  return list;
}

} // namespace nir
