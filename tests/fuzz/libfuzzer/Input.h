//===- Input.h - what a fuzzer is given -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

namespace nir::fuzz {

/// The bytes of a case, from the front to the back.
class Input {
public:
  Input(const uint8_t *data, size_t size) : rest(reinterpret_cast<const std::byte *>(data), size) {}

  /// 0 past the end.
  uint8_t byte() {
    if (rest.empty()) {
      return 0;
    }
    auto value = std::to_integer<uint8_t>(rest[0]);
    rest = rest.subspan(1);
    return value;
  }
  /// Up to and without the next line feed.
  std::string_view line() {
    std::string_view all = text();
    size_t end = std::min(all.find('\n'), all.size());
    rest = rest.subspan(std::min(end + 1, all.size()));
    return all.substr(0, end);
  }
  std::span<const std::byte> bytes() const { return rest; }
  std::string_view text() const {
    return {reinterpret_cast<const char *>(rest.data()), rest.size()};
  }

private:
  std::span<const std::byte> rest;
};

/// Ends the process as a fault does, so that libFuzzer keeps the case.
inline void require(bool holds, std::string_view promise) {
  if (!holds) {
    std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(promise.size()), promise.data());
    std::abort();
  }
}

/// A value, or an error that says something.
template <typename T>
bool isValue(const Result<T> &result) {
  if (!result) {
    require(!result.error().message.empty(), "an error has a message");
    require(!result.error().str().empty(), "an error can be printed");
    require(result.error().kind != ErrorKind::Internal, "no input is a fault of nirc");
  }
  return static_cast<bool>(result);
}

} // namespace nir::fuzz

/// What libFuzzer calls; the Input is a case.
#define NIRC_FUZZER(input)                                                                         \
  static void tryInput(nir::fuzz::Input input);                                                    \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {                        \
    tryInput({data, size});                                                                        \
    return 0;                                                                                      \
  }                                                                                                \
  static void tryInput([[maybe_unused]] nir::fuzz::Input input)
