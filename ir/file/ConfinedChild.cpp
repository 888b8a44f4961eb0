//===- ConfinedChild.cpp - the process that reads -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Confined.h"
#include "ir/file/ReadData.h"
#include "ir/file/ReadGraph.h"
#include "ir/file/ReadShd.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace nir::confined {

uint64_t sharedBytes(const ReadLimits &limits) {
  // Each tensor starts at a multiple of 64. The message is part of the work.
  constexpr uint64_t page = 4096;
  uint64_t bytes = tensorBegin + static_cast<uint64_t>(std::max<int64_t>(limits.maxTotalBytes, 0)) +
                   static_cast<uint64_t>(std::max<int64_t>(limits.maxWorkBytes, 0));
  return (bytes + page - 1) / page * page;
}

std::vector<std::string> childArguments(Content content, const std::string &path,
                                        const ReadLimits &limits) {
  return {"nirc-read",
          NIRC_VERSION,
          fmt::format("{}", static_cast<int>(content)),
          fmt::format("{}", limits.maxFileBytes),
          fmt::format("{}", limits.maxTensorBytes),
          fmt::format("{}", limits.maxTotalBytes),
          fmt::format("{}", limits.maxNodes),
          fmt::format("{}", limits.maxEdges),
          fmt::format("{}", limits.maxObjects),
          fmt::format("{}", limits.maxNesting),
          fmt::format("{}", limits.maxWorkBytes),
          fmt::format("{}", limits.maxSeconds),
          fmt::format("{}", limits.firstRecording),
          fmt::format("{}", limits.maxRecordings),
          path};
}

namespace {

/// Hands out the shared memory from its start to its end.
class SharedMemory final : public hdf5::TensorMemory {
public:
  SharedMemory(std::byte *start, uint64_t size) : start(start), size(size) {}

  std::shared_ptr<std::byte> take(size_t bytes) override {
    uint64_t begin = (end + 63) / 64 * 64;
    if (bytes > size - std::min(begin, size)) {
      return nullptr;
    }
    end = begin + bytes;
    return {start + begin, [](std::byte *) {}};
  }

  std::byte *base() const { return start; }
  uint64_t used() const { return end; }
  uint64_t capacity() const { return size; }

private:
  std::byte *start;
  uint64_t size;
  uint64_t end = tensorBegin;
};

} // namespace

static void limit(__rlimit_resource resource, uint64_t value) {
  rlimit bound{value, value};
  setrlimit(resource, &bound);
}

/// Gives up what reading one file does not need. Whatever HDF5 is talked into can neither write a
/// file, nor start a process, nor outlive the parent.
static void confine(const ReadLimits &limits) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 8);
  limit(RLIMIT_NPROC, 0);
  double seconds = std::clamp(std::ceil(limits.maxSeconds), 1.0, 1e9);
  limit(RLIMIT_CPU, static_cast<uint64_t>(seconds));
#ifndef NIRC_SANITIZED // the sanitizers' shadow is terabytes of address space
  constexpr uint64_t program = uint64_t(64) << 20;
  limit(RLIMIT_AS, program + sharedBytes(limits) +
                       static_cast<uint64_t>(std::max<int64_t>(limits.maxWorkBytes, 0)));
#endif
}

/// Leaves the message behind the tensors, then the header that says where.
static int send(const WireWriter &wire, const SharedMemory &memory) {
  uint64_t begin = (memory.used() + 63) / 64 * 64;
  const std::vector<std::byte> &message = wire.message();
  if (begin > memory.capacity() || message.size() > memory.capacity() - begin) {
    return exitNoMemory;
  }
  std::memcpy(memory.base() + begin, message.data(), message.size());
  Header header{Header::magicNumber, begin, begin, message.size()};
  std::memcpy(memory.base(), &header, sizeof(header));
  return 0;
}

template <typename T>
static void answer(WireWriter &wire, const Result<T> &result) {
  wire.number(result ? 1 : 0);
  if (result) {
    put(wire, *result);
  } else {
    wire.error(result.error());
  }
}

/// Ends the process: to close the file in order takes longer than to read a small one.
[[noreturn]] static void readAndSend(Content content, const std::string &path,
                                     const ReadLimits &limits, SharedMemory &memory) {
  WireWriter wire(memory.base());
  hdf5::Session session;
  hdf5::Source source(path, limits, memory);
  if (Status error = source.open()) {
    answer(wire, Result<Model>(std::move(*error)));
  } else if (content == Content::Graph) {
    answer(wire, readGraph(source));
  } else if (content == Content::Shd) {
    answer(wire, readShd(source));
  } else {
    answer(wire, readData(source));
  }
  _exit(send(wire, memory));
}

int childMain(int argc, char **argv) {
  if (argc != 15 || std::strcmp(argv[1], NIRC_VERSION) != 0) {
    return exitBadCommand;
  }
  ReadLimits limits;
  int at = 3;
  for (int64_t *value :
       {&limits.maxFileBytes, &limits.maxTensorBytes, &limits.maxTotalBytes, &limits.maxNodes,
        &limits.maxEdges, &limits.maxObjects, &limits.maxNesting, &limits.maxWorkBytes}) {
    *value = std::strtoll(argv[at++], nullptr, 10);
  }
  limits.maxSeconds = std::strtod(argv[at++], nullptr);
  limits.firstRecording = std::strtoll(argv[at++], nullptr, 10);
  limits.maxRecordings = std::strtoll(argv[at++], nullptr, 10);
  confine(limits);
  uint64_t size = sharedBytes(limits);
  void *start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, sharedFd, 0);
  if (start == MAP_FAILED) {
    return exitNoAddresses;
  }
  SharedMemory memory(static_cast<std::byte *>(start), size);
  auto content = static_cast<Content>(std::strtol(argv[2], nullptr, 10));
  try {
    readAndSend(content, argv[at], limits, memory);
  } catch (const std::bad_alloc &) {
    return exitNoMemory;
  }
}

} // namespace nir::confined
