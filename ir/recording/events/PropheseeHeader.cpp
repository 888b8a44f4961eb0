//===- PropheseeHeader.cpp - the text before Prophesee's data -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sources: Prophesee's page "RAW file format", and openeb's psee_raw_file_header.cpp,
// generic_header.cpp and device_system_id.h.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/PropheseeHeader.h"

#include <fmt/format.h>

namespace nir {

PropheseeHeader readPropheseeHeader(Bytes bytes) {
  std::string_view text = bytes.text();
  size_t at = 0;
  while (text.substr(at, 2) == "% ") {
    std::string_view line = lineAt(text, at);
    at += line.size();
    if (trimmed(line) == "% end") {
      break;
    }
  }
  return {text.substr(0, at), at};
}

std::string_view PropheseeHeader::value(std::string_view key) const {
  for (size_t at = 0; at < text.size();) {
    std::string_view line = lineAt(text, at);
    at += line.size();
    std::string_view entry = trimmed(line.substr(2));
    if (entry.starts_with(key) && entry.size() > key.size() && entry[key.size()] == ' ') {
      return trimmed(entry.substr(key.size()));
    }
  }
  return {};
}

/// The value of "key=" in "EVT3;height=720;width=1280".
static std::string_view inFormat(std::string_view format, std::string_view key) {
  for (size_t at = format.find(';'); at != std::string_view::npos;) {
    size_t end = format.find(';', at + 1);
    std::string_view entry = format.substr(at + 1, end == format.npos ? end : end - at - 1);
    if (entry.starts_with(key)) {
      return entry.substr(key.size());
    }
    at = end;
  }
  return {};
}

/// A width or height, at most what the words of EVT can hold.
static Result<int32_t> extent(std::string_view text) {
  auto value = integerIn<int32_t>(text);
  if (!value || *value < 1 || *value > 2048) {
    return Error(
        Cause::DamagedInput,
        fmt::format("found the extent '{}' in the header, expected 1 to 2048", text.substr(0, 50)));
  }
  return *value;
}

static Status setSize(std::string_view width, std::string_view height, RawHeader &raw) {
  Result<int32_t> w = extent(width), h = extent(height);
  if (!w || !h) {
    return w ? h.takeError() : w.takeError();
  }
  if (raw.width && (raw.width != *w || raw.height != *h)) {
    return Error(Cause::DamagedInput,
                 fmt::format("found a geometry of {}x{} and a format of {}x{} in the header, "
                             "expected one size",
                             raw.width, raw.height, *w, *h));
  }
  raw.width = *w;
  raw.height = *h;
  return std::nullopt;
}

static Status readSize(const PropheseeHeader &header, RawHeader &raw) {
  if (std::string_view geometry = header.value("geometry"); !geometry.empty()) {
    size_t by = geometry.find('x');
    std::string_view height = by == geometry.npos ? "" : geometry.substr(by + 1);
    if (Status failed = setSize(geometry.substr(0, by), height, raw)) {
      return failed;
    }
  }
  std::string_view format = header.value("format");
  std::string_view width = inFormat(format, "width="), height = inFormat(format, "height=");
  return width.empty() && height.empty() ? std::nullopt : setSize(width, height, raw);
}

namespace {
struct Camera {
  std::optional<EventFormat> format;
  int32_t width = 0, height = 0;
};
} // namespace

/// What openeb knows of the cameras of old files.
static Camera cameraOf(int64_t systemId) {
  switch (systemId) {
  case 21:
  case 23:
  case 25:
  case 28:
  case 29:
  case 33:
  case 34:
  case 35:
  case 41:
    return {EventFormat::Evt2, 640, 480};
  case 26:
  case 31:
  case 39:
    return {EventFormat::Evt2, 1280, 720};
  case 30:
  case 46:
  case 48:
  case 49:
  case 50:
    return {EventFormat::Evt3, 1280, 720};
  case 40:
    return {EventFormat::Evt3, 640, 480};
  default:
    return {};
  }
}

static std::optional<EventFormat> formatIn(const PropheseeHeader &header) {
  std::string_view format = header.value("format");
  std::string_view word = format.substr(0, format.find(';'));
  std::string_view evt = header.value("evt");
  if (word == "EVT2" || (word.empty() && evt == "2.0")) {
    return EventFormat::Evt2;
  }
  if (word == "EVT21" || (word.empty() && evt == "2.1")) {
    return EventFormat::Evt21;
  }
  if (word == "EVT3" || (word.empty() && evt == "3.0")) {
    return EventFormat::Evt3;
  }
  return std::nullopt;
}

Result<RawHeader> readRawHeader(Bytes bytes) {
  PropheseeHeader header = readPropheseeHeader(bytes);
  if (header.end == 0) {
    return Error(Cause::InputFormat,
                 "expected lines '% key value' at the start of a Prophesee file");
  }
  std::string_view integrator = header.value("integrator_name");
  bool isProphesee = integrator.empty() || integrator == "Prophesee";
  int64_t id = integerIn<int64_t>(header.value("system_ID")).value_or(0);
  Camera camera = isProphesee ? cameraOf(id) : Camera{};
  std::string_view said =
      header.value("format").empty() ? header.value("evt") : header.value("format");
  std::optional<EventFormat> format = formatIn(header);
  if (!format && (!said.empty() || !camera.format)) {
    return Error(Cause::InputFormat,
                 fmt::format("found the encoding '{}' in the header, expected EVT 2.0, 2.1 or 3.0",
                             said.substr(0, 100)))
        .note("Prophesee's metavision_file_to_csv writes a table, which nirc reads");
  }
  RawHeader raw{header.end, format ? *format : *camera.format};
  if (Status failed = readSize(header, raw)) {
    return std::move(*failed);
  }
  if (raw.width == 0) {
    raw.width = camera.width;
    raw.height = camera.height;
  }
  std::string_view order = inFormat(header.value("format"), "endianness=");
  order = order.empty() ? header.value("endianness") : order;
  raw.upperHalfFirst = order.empty() ? isProphesee && id > 0 && id < 0x37 : order == "legacy";
  if (order == "big") {
    return Error(Cause::InputFormat, "found words in big-endian order, expected little-endian ones")
        .note("Prophesee's metavision_file_to_csv writes a table, which nirc reads");
  }
  return raw;
}

Result<RawHeader> readRawHeader(Bytes bytes, EventFormat wanted) {
  Result<RawHeader> raw = readRawHeader(bytes);
  if (raw && raw->format != wanted) {
    return Error(Cause::InputFormat, fmt::format("found {} in the header, expected {}",
                                                 name(raw->format), name(wanted)))
        .note(fmt::format("read it as {}", name(raw->format)));
  }
  return raw;
}

} // namespace nir
