//===- Aedat4Streams.cpp - the streams that an AEDAT 4 file declares ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Aedat4Streams.h"

#include "ir/recording/events/Bytes.h"

#include <vector>

namespace nir {

/// The value of `key="..."` in a tag.
static std::string_view attribute(std::string_view tag, std::string_view key) {
  for (size_t at = tag.find(key); at != std::string_view::npos; at = tag.find(key, at + 1)) {
    size_t from = at + key.size();
    bool isWhole = at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\n' || tag[at - 1] == '\t');
    if (isWhole && tag.substr(from, 2) == "=\"") {
      size_t end = tag.find('"', from + 2);
      return end == tag.npos ? std::string_view() : tag.substr(from + 2, end - from - 2);
    }
  }
  return {};
}

static void take(const std::vector<std::string_view> &path, std::string_view key,
                 std::string_view value, std::map<int32_t, Aedat4Stream> &streams) {
  if (path.size() < 2 || path[0] != "outInfo") {
    return;
  }
  auto id = integerIn<int32_t>(path[1]);
  if (!id) {
    return;
  }
  if (path.size() == 2 && key == "typeIdentifier") {
    streams[*id].type = value.substr(0, 16);
  }
  bool isInfo = path.size() == 3 && path[2] == "info";
  if (isInfo && (key == "sizeX" || key == "sizeY")) {
    int32_t extent = integerIn<int32_t>(value).value_or(0);
    (key == "sizeX" ? streams[*id].width : streams[*id].height) = extent > 0 ? extent : 0;
  }
}

std::map<int32_t, Aedat4Stream> aedat4Streams(std::string_view xml) {
  std::map<int32_t, Aedat4Stream> streams;
  std::vector<std::string_view> path; // the names of the nodes around, from outInfo on
  constexpr size_t deepest = 64;
  for (size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    size_t end = xml.find('>', at);
    if (end == std::string_view::npos || path.size() > deepest) {
      break;
    }
    std::string_view tag = xml.substr(at + 1, end - at - 1);
    bool isWhole = tag.ends_with('/');
    if (tag.starts_with("node ") && !isWhole) {
      std::string_view name = attribute(tag, "name");
      if (!path.empty() || name == "outInfo") {
        path.push_back(name);
      }
    } else if (tag == "/node" && !path.empty()) {
      path.pop_back();
    } else if (tag.starts_with("attr ") && !isWhole) {
      size_t close = xml.find('<', end);
      take(path, attribute(tag, "key"), trimmed(xml.substr(end + 1, close - end - 1)), streams);
    }
    at = end;
  }
  return streams;
}

} // namespace nir
