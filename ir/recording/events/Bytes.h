//===- Bytes.h - bounded reads from the bytes of a file ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nir {

/// The bytes of a file. No read leaves them: past the end there are zeros. Readers ask `has` first,
/// to say where the file ends.
class Bytes {
public:
  explicit Bytes(std::span<const std::byte> bytes) : data(bytes) {}

  uint64_t size() const { return data.size(); }
  bool has(uint64_t at, uint64_t count) const {
    return at <= data.size() && count <= data.size() - at;
  }
  uint8_t operator[](uint64_t at) const {
    return at < data.size() ? std::to_integer<uint8_t>(data[at]) : uint8_t(0);
  }

  template <std::integral T>
  T little(uint64_t at) const {
    uint64_t value = 0;
    for (size_t i = sizeof(T); i-- > 0;) {
      value = value << 8 | (*this)[at + i];
    }
    return static_cast<T>(value);
  }
  template <std::integral T>
  T big(uint64_t at) const {
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) {
      value = value << 8 | (*this)[at + i];
    }
    return static_cast<T>(value);
  }

  Bytes part(uint64_t at, uint64_t count) const {
    at = std::min<uint64_t>(at, data.size());
    return Bytes(data.subspan(at, std::min<uint64_t>(count, data.size() - at)));
  }
  std::string_view text(uint64_t at = 0, uint64_t count = UINT64_MAX) const {
    std::span<const std::byte> bytes = part(at, count).data;
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
  }
  bool startsWith(std::string_view magic) const { return text(0, magic.size()) == magic; }

private:
  std::span<const std::byte> data;
};

/// The line that starts at `at`, with its LF where it has one.
inline std::string_view lineAt(std::string_view text, size_t at) {
  size_t end = text.find('\n', at);
  return text.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

/// Without blanks, CR and LF at both ends.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  size_t from = text.find_first_not_of(blanks);
  return from == std::string_view::npos
             ? std::string_view()
             : text.substr(from, text.find_last_not_of(blanks) + 1 - from);
}

/// The whole text as an integer.
template <std::integral T>
std::optional<T> integerIn(std::string_view text) {
  T value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                   : std::nullopt;
}

} // namespace nir
