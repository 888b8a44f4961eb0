//===- AedatHeader.cpp - the text before the records of AEDAT -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/AedatHeader.h"

#include <string>

namespace nir {

static bool isText(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || byte == '\r' || byte == '\n' || (byte >= 0x20 && byte != 0x7F);
  });
}

AedatHeader readAedatHeader(Bytes bytes, std::string_view endLine) {
  std::string_view text = bytes.text();
  size_t at = 0;
  while (at < text.size() && text[at] == '#') {
    std::string_view line = lineAt(text, at);
    bool isLast = line.starts_with(endLine);
    if (!isText(line)) {
      break;
    }
    at += line.size();
    if (isLast) {
      break;
    }
  }
  return {text.substr(0, at), at};
}

std::string_view AedatHeader::after(std::string_view key) const {
  for (size_t at = 0; at < text.size();) {
    std::string_view line = lineAt(text, at);
    if (line.starts_with(key)) {
      return trimmed(line.substr(key.size()));
    }
    at += line.size();
  }
  return {};
}

Sensor sensorCalled(std::string_view name) {
  std::string lower(name.substr(0, 200));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  auto has = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  if (has("dvs128") || has("tmpdiff128")) {
    return {128, 128};
  }
  if (has("davis")) {
    return has("240")   ? Sensor{240, 180}
           : has("346") ? Sensor{346, 260}
           : has("640") ? Sensor{640, 480}
                        : Sensor{};
  }
  return {};
}

} // namespace nir
