//===- JsonText.h - JSON that every reader takes ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace nirc {

/// JSON as text. Names of files and nodes are any bytes, and JSON is UTF-8: bytes that are not
/// become U+FFFD, where `dump` alone would throw.
inline std::string jsonText(const nlohmann::ordered_json &json, int indent = -1) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace nirc
