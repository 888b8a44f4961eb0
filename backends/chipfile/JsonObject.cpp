//===- JsonObject.cpp - objects of a JSON file, key by key ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/JsonObject.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

using namespace nirc;
using namespace nirc::chipfile;

static std::string printed(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// "line 3, column 5: expected ...", of what the parser says.
static std::string positionIn(const std::string &what) {
  constexpr std::string_view before = "parse error at ", after = ": ";
  size_t at = what.find(before);
  std::string text = at == std::string::npos ? what : what.substr(at + before.size());
  size_t colon = text.find(after);
  return colon == std::string::npos
             ? text
             : text.substr(0, colon) + ": " + text.substr(colon + after.size());
}

nir::Result<Json> nirc::chipfile::parseJson(std::string_view bytes) {
  std::vector<std::set<std::string>> open;
  std::string twice;
  auto watch = [&](int, Json::parse_event_t event, Json &value) {
    if (event == Json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == Json::parse_event_t::key) {
      auto key = value.get<std::string>();
      twice = twice.empty() && !open.back().insert(key).second ? key : twice;
    }
    return true;
  };
  try {
    Json json = Json::parse(bytes.begin(), bytes.end(), watch);
    if (!twice.empty()) {
      return nir::Error(nir::Cause::UnknownParameter,
                        fmt::format("an object has the key '{}' twice", printed(twice)));
    }
    return json;
  } catch (const Json::exception &error) {
    return nir::Error(nir::Cause::DamagedFile, "is not JSON: " + printed(positionIn(error.what())));
  }
}

std::string nirc::chipfile::foundText(const Json &value) {
  constexpr size_t most = 40;
  std::string text = value.is_object()  ? "an object"
                     : value.is_array() ? "a list"
                                        : value.dump(-1, ' ', /*ensure_ascii=*/true,
                                                     Json::error_handler_t::replace);
  return "found " + (text.size() > most ? text.substr(0, most) + "..." : text);
}

JsonObject::JsonObject(const Json &json, std::string path, nir::Status &fault)
    : json(&json), path(std::move(path)), fault(fault) {
  if (!json.is_object() && !fault) {
    std::string where = this->path.empty() ? "" : this->path + ": ";
    fault = nir::Error(nir::Cause::WrongType,
                       fmt::format("{}{}, expected an object", where, foundText(json)));
  }
}

std::string JsonObject::pathOf(std::string_view key) const {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

void JsonObject::fail(std::string_view key, nir::Cause cause, std::string message,
                      std::string note) {
  if (fault) {
    return;
  }
  fault = nir::Error(cause, fmt::format("{}: {}", printed(pathOf(key)), message));
  if (!note.empty()) {
    fault->notes.push_back({"", std::move(note)});
  }
}

bool JsonObject::has(std::string_view key) const {
  return json->is_object() && json->contains(std::string(key));
}

const Json *JsonObject::find(std::string_view key) {
  keys.push_back(pathOf(key));
  return has(key) ? &(*json)[std::string(key)] : nullptr;
}

const Json *JsonObject::need(std::string_view key) {
  const Json *value = find(key);
  if (!value) {
    fail(key, nir::Cause::MissingParameter, "found none, expected a value");
  }
  return value;
}

void JsonObject::wrongType(std::string_view key, const Json &value, std::string_view expected) {
  fail(key, nir::Cause::WrongType, fmt::format("{}, expected {}", foundText(value), expected));
}

std::optional<int64_t> JsonObject::number(std::string_view key, const Json &value, int64_t least,
                                          int64_t most) {
  std::string expected = fmt::format("a whole number from {} to {}", least, most);
  if (!value.is_number_integer()) {
    wrongType(key, value, expected);
    return std::nullopt;
  }
  bool isHuge = value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX};
  int64_t number = isHuge ? 0 : value.get<int64_t>();
  if (isHuge || number < least || number > most) {
    fail(key, nir::Cause::WrongValue, fmt::format("{}, expected {}", foundText(value), expected));
    return std::nullopt;
  }
  return number;
}

int64_t JsonObject::whole(std::string_view key, int64_t least, int64_t most) {
  const Json *value = need(key);
  return value ? number(key, *value, least, most).value_or(least) : least;
}

std::optional<int64_t> JsonObject::wholeIf(std::string_view key, int64_t least, int64_t most) {
  const Json *value = find(key);
  return value ? number(key, *value, least, most) : std::nullopt;
}

std::string JsonObject::text(std::string_view key) {
  const Json *value = need(key);
  if (value && !value->is_string()) {
    wrongType(key, *value, "a text");
  }
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::string JsonObject::textIf(std::string_view key) {
  return has(key) ? text(key) : (keys.push_back(pathOf(key)), std::string());
}

std::vector<std::string> JsonObject::texts(std::string_view key) {
  std::vector<std::string> all;
  const Json *value = find(key);
  if (value && !value->is_array()) {
    wrongType(key, *value, "a list of texts");
    return all;
  }
  for (size_t i = 0; value && i < value->size(); ++i) {
    if (!(*value)[i].is_string()) {
      wrongType(fmt::format("{}[{}]", key, i), (*value)[i], "a text");
      return all;
    }
    all.push_back((*value)[i].get<std::string>());
  }
  return all;
}

JsonObject JsonObject::object(std::string_view key) {
  static const Json none = Json::object();
  const Json *value = find(key);
  return JsonObject(value ? *value : none, pathOf(key), fault);
}

void JsonObject::note(const JsonObject &below) {
  keys.insert(keys.end(), below.keys.begin(), below.keys.end());
}

void JsonObject::finish() {
  if (fault || !json->is_object()) {
    return;
  }
  std::vector<std::string> known;
  size_t from = path.empty() ? 0 : path.size() + 1;
  for (const std::string &key : keys) {
    std::string name = key.substr(from);
    if (name.find('.') == std::string::npos) {
      known.push_back(name);
    }
  }
  for (const auto &[key, value] : json->items()) {
    if (std::ranges::find(known, key) == known.end()) {
      std::string meant = nir::nearest(key, known);
      fail(key, nir::Cause::UnknownParameter,
           fmt::format("found a key that is not known, expected one of {}", fmt::join(known, ", ")),
           meant.empty() ? "" : fmt::format("did you mean '{}'?", meant));
      return;
    }
  }
}
