//===- Confined.h - reading in a process of its own -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parent makes a piece of shared memory (a memfd), starts `nirc-read` on it and waits. The
// child takes limits upon itself, reads the file straight into the shared memory, and leaves its
// message (Wire.h) behind the tensors. When it is gone the parent seals the memory, so that nothing
// can change under its eyes any more, maps it, and takes the message apart.
//
// A program of its own rather than a fork: the child of a fork would inherit the locks of threads
// that are not there, the address space that the limit is about, and page tables to copy.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/ReadLimits.h"
#include "ir/file/Wire.h"

#include <cstdint>
#include <string>

namespace nir::confined {

/// What is to be read out of the file. The values are part of the child's command line.
enum class Content { Graph, Data, Shd };

/// The start of the shared memory. The child fills it in last.
struct Header {
  static constexpr uint64_t magicNumber = 0x6472726369'6eULL; // "nircrd"
  uint64_t magic;
  uint64_t tensorEnd;    ///< tensors lie in [tensorBegin, tensorEnd)
  uint64_t messageBegin; ///< the message lies in [messageBegin, messageBegin + messageBytes)
  uint64_t messageBytes;
};
inline constexpr uint64_t tensorBegin = 4096;

/// The descriptors that the child finds open.
inline constexpr int sharedFd = 3;
inline constexpr int aliveFd =
    4; ///< never written: its closing tells the parent of the child's end

/// Exit codes of the child, beside 0.
inline constexpr int exitNoMemory = 65;
inline constexpr int exitBadCommand = 64;  ///< started by hand, or by another version
inline constexpr int exitNoAddresses = 66; ///< the shared memory does not fit under `ulimit -v`

/// Size of the shared memory under some limits: the header, tensors and the message.
uint64_t sharedBytes(const ReadLimits &limits);

/// The child's side: `nirc-read VERSION CONTENT LIMITS PATH`.
int childMain(int argc, char **argv);
/// A command line for it. The numbers are those of ReadLimits.
std::vector<std::string> childArguments(Content content, const std::string &path,
                                        const ReadLimits &limits);

/// The child's message, and the memory it came in.
struct Reply {
  std::shared_ptr<const std::byte> memory;
  uint64_t tensorEnd = 0;
  std::span<const std::byte> message;
};

/// Reads `path` in a child and returns what it says, checked as far as its place in memory.
Result<Reply> run(Content content, const std::string &path, const ReadLimits &limits);

/// The value that the child sends: a 0 and an error, or a 1 and a T. `take(WireReader &, T &)` is
/// found by its argument.
template <typename T>
Result<T> read(Content content, const std::string &path, const ReadLimits &limits) {
  Result<Reply> reply = run(content, path, limits);
  if (!reply) {
    return std::move(reply.takeError()).in(path);
  }
  WireReader wire(reply->message, reply->memory, reply->tensorEnd);
  if (wire.choice(2) == 0) {
    Error error = wire.error();
    if (wire.atEnd()) {
      return std::move(error).in(path);
    }
  } else {
    T value;
    take(wire, value);
    if (wire.atEnd()) {
      return value;
    }
  }
  return Error(Cause::DamagedFile,
               "made the reading process answer what cannot be: the file is damaged")
      .in(path);
}

} // namespace nir::confined
