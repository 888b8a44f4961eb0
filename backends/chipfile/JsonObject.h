//===- JsonObject.h - objects of a JSON file, key by key --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::chipfile {

using Json = nlohmann::ordered_json;

/// The file as JSON. An error says the line and the column where it is not, or which key an object
/// has twice.
nir::Result<Json> parseJson(std::string_view bytes);

/// "found \"many\"", cut where it is long, with what cannot be printed as '?'.
std::string foundText(const Json &value);

/// An object whose keys are asked for one by one. The first fault is kept, in `fault`, and what is
/// asked for after it is some value that its range has. Paths in messages are those of the file:
/// "cores.memory.bytes".
class JsonObject {
public:
  /// `json` and `fault` outlive it. What is not an object is the first fault.
  JsonObject(const Json &json, std::string path, nir::Status &fault);

  bool has(std::string_view key) const;
  /// Null, and a fault, where it is not there.
  const Json *need(std::string_view key);
  const Json *find(std::string_view key);

  int64_t whole(std::string_view key, int64_t least, int64_t most);
  std::optional<int64_t> wholeIf(std::string_view key, int64_t least, int64_t most);
  std::string text(std::string_view key);
  std::string textIf(std::string_view key);
  std::vector<std::string> texts(std::string_view key);

  /// The object under the key; of a key that is not there an empty one.
  JsonObject object(std::string_view key);
  /// A fault where the object has a key that nobody asked for.
  void finish();

  /// All keys and what they have, also those that nobody asks for.
  const Json &all() const { return *json; }
  std::string pathOf(std::string_view key) const;
  void fail(std::string_view key, nir::Cause cause, std::string message, std::string note = {});

  /// Every key that was asked for, here and in the objects below, for tests: "cores.columns".
  const std::vector<std::string> &asked() const { return keys; }
  void note(const JsonObject &below);

private:
  std::optional<int64_t> number(std::string_view key, const Json &value, int64_t least,
                                int64_t most);
  void wrongType(std::string_view key, const Json &value, std::string_view expected);

  const Json *json;
  std::string path;
  nir::Status &fault;
  std::vector<std::string> keys;
};

} // namespace nirc::chipfile
