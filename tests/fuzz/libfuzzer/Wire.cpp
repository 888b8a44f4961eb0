//===- Wire.cpp - what a child may have sent ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The message of a reading process that a damaged file has taken over: two bytes of its length,
// then the message, then the memory that tensors lie in. What is well formed is in the memory, can
// be checked, and says the same when it is sent again.

#include "tests/fuzz/libfuzzer/Input.h"

#include "ir/file/ReadData.h"
#include "ir/file/Wire.h"
#include "ir/graph/Check.h"

#include <algorithm>

using namespace nir;
using fuzz::Input, fuzz::require;

namespace {

/// A copy with nothing behind it, aligned as a page is.
std::shared_ptr<const std::byte> alone(std::span<const std::byte> bytes) {
  constexpr size_t alignment = 64;
  void *memory = nullptr;
  require(posix_memalign(&memory, alignment, std::max<size_t>(bytes.size(), 1)) == 0, "memory");
  std::copy(bytes.begin(), bytes.end(), static_cast<std::byte *>(memory));
  return {static_cast<const std::byte *>(memory),
          [](const std::byte *m) { std::free(const_cast<std::byte *>(m)); }};
}

template <typename T>
void read(WireReader wire, const std::shared_ptr<const std::byte> &shared, size_t sharedBytes,
          const auto &use) {
  if (wire.choice(2) == 0) {
    Error error = wire.error();
    (void)error.str();
    return;
  }
  T value;
  take(wire, value);
  if (!wire.atEnd()) {
    return;
  }
  use(value);
  // A number may be sent in more bytes than it needs, so the messages need not be equal.
  WireWriter first(shared.get()), second(shared.get());
  put(first, value);
  WireReader other(first.message(), shared, sharedBytes);
  T again;
  take(other, again);
  require(other.atEnd(), "what is taken can be sent");
  put(second, again);
  require(std::ranges::equal(first.message(), second.message()), "what is sent is taken as it was");
}

} // namespace

NIRC_FUZZER(input) {
  bool isData = input.byte() % 2;
  size_t low = input.byte(), length = low + 256 * size_t{input.byte()};
  std::span<const std::byte> bytes = input.bytes();
  std::span<const std::byte> message = bytes.first(std::min(length, bytes.size()));
  std::shared_ptr<const std::byte> shared = alone(bytes.subspan(message.size()));
  size_t sharedBytes = bytes.size() - message.size();
  WireReader wire(message, shared, sharedBytes);
  if (isData) {
    read<NIRGraphData>(wire, shared, sharedBytes,
                       [](const NIRGraphData &data) { (void)toRecording(data); });
  } else {
    read<Model>(wire, shared, sharedBytes, [](const Model &model) {
      for (const Diagnostic &diagnostic : check(model.graph).diagnostics) {
        (void)diagnostic.str();
      }
    });
  }
}
