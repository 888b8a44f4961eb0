//===- Wire.h - results as bytes between two processes ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the confined reader sends back. The sender may have been taken over by the file it read, so
// the receiver trusts no number: every count, offset and kind is checked, and a message that is not
// well formed gives no value. Both ends are the same build; nothing else reads the format.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// Appends to a message. Tensors are sent as their place in the shared memory.
class WireWriter {
public:
  explicit WireWriter(const std::byte *shared) : shared(shared) {}

  void number(uint64_t value);
  void real(double value);
  void text(std::string_view value);
  void tensor(const Tensor &tensor);
  void error(const Error &error);

  const std::vector<std::byte> &message() const { return bytes; }

private:
  const std::byte *shared;
  std::vector<std::byte> bytes;
};

/// Takes a message apart. After the first thing that does not fit, `ok()` is false and every value
/// is empty; so a caller may look at `ok()` once, at the end.
class WireReader {
public:
  /// No reader makes anything deeper (ReadLimits::maxNesting); it keeps the receiver's stack.
  static constexpr int maxDepth = 1000;

  /// Tensors lie in `shared`, and share it.
  WireReader(std::span<const std::byte> message, std::shared_ptr<const std::byte> shared,
             size_t sharedBytes)
      : rest(message), shared(std::move(shared)), sharedBytes(sharedBytes) {}

  uint64_t number();
  double real();
  std::string text();
  Tensor tensor();
  Error error();
  /// The number of things that follow, each of at least one byte.
  size_t count();
  /// A number below `bound`.
  size_t choice(size_t bound);
  /// Whether the message was well formed so far.
  bool ok() const { return !failed; }
  bool atEnd() const { return !failed && rest.empty(); }
  void fail() { failed = true; }

private:
  std::span<const std::byte> rest;
  std::shared_ptr<const std::byte> shared;
  size_t sharedBytes;
  bool failed = false;
};

void put(WireWriter &wire, const Model &model);
void take(WireReader &wire, Model &model);

} // namespace nir
