//===- Emulator.cpp - a program under QEMU's Cortex-M4 ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cortexm/Emulator.h"

#include "backends/run/Tools.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace nirc;
using namespace nirc::cortexm;

namespace nirc::cortexm {
std::string_view embedded(std::string_view name); // Embedded.cpp, which CMake writes
} // namespace nirc::cortexm

constexpr const char *qemu = "qemu-system-arm";
constexpr const char *plugin = "libnirc_count.so";
/// As count.c has them.
constexpr size_t mostRanges = 64, countBytes = (mostRanges + 1) * sizeof(uint64_t);

/// The numbers that the plugin adds to, as memory of both processes.
static nir::Result<const uint64_t *> shareCounts(Workplace &place, const std::string &name) {
  if (nir::Status failed = place.write(name, std::string(countBytes, '\0'))) {
    return std::move(*failed);
  }
  Descriptor file(open(place.pathOf(name).c_str(), O_RDONLY | O_CLOEXEC));
  void *memory =
      file ? mmap(nullptr, countBytes, PROT_READ, MAP_SHARED, file.get(), 0) : MAP_FAILED;
  if (memory == MAP_FAILED) {
    return nir::Error(nir::Cause::CannotWrite,
                      fmt::format("cannot share memory: {}", std::strerror(errno)))
        .in(place.pathOf(name));
  }
  return static_cast<const uint64_t *>(memory);
}

static std::vector<std::string> wordsFor(const std::string &elf, const std::string &counts,
                                         const EmulatorOptions &options) {
  std::string counting = fmt::format("./{},out={}", plugin, counts);
  for (const AddressRange &range : options.counted) {
    counting += fmt::format(",range={:#x}-{:#x}", range.first, range.end);
  }
  std::vector<std::string> words = {qemu,
                                    "-M",
                                    options.machine,
                                    "-nographic",
                                    "-monitor",
                                    "none",
                                    "-serial",
                                    "none",
                                    "-plugin",
                                    counting,
                                    "-semihosting-config",
                                    "enable=on,target=native",
                                    "-kernel",
                                    elf};
  if (options.isTimed) {
    words.insert(words.end(), {"-icount", "shift=0,sleep=off"});
  }
  return words;
}

nir::Result<std::unique_ptr<Emulator>> Emulator::start(std::shared_ptr<Workplace> place,
                                                       const std::string &elf,
                                                       const EmulatorOptions &options) {
  if (!isOnPath(qemu)) {
    return nir::Error(
               nir::Cause::Toolchain,
               fmt::format("programs of a Cortex-M4 are run by QEMU, and {} is not on the PATH",
                           qemu))
        .note("the package qemu-system-arm has it: apt install qemu-system-arm");
  }
  static std::atomic<uint64_t> number = 0;
  uint64_t mine = ++number;
  std::string counts = fmt::format("counts{}", mine);
  std::unique_ptr<Emulator> made(
      new Emulator(std::move(place), options.counted.size(), options.patience));
  made->log = fmt::format("qemu{}.log", mine);
  Workplace &at = *made->place;
  if (access(at.pathOf(plugin).c_str(), R_OK) != 0) {
    if (nir::Status failed = at.write(plugin, embedded(plugin))) {
      return std::move(*failed);
    }
  }
  nir::Result<const uint64_t *> shared = shareCounts(at, counts);
  if (!shared) {
    return shared.takeError();
  }
  made->shared = *shared;
  int in[2] = {-1, -1}, out[2] = {-1, -1};
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("cannot talk to {}: {}", qemu, std::strerror(errno)));
  }
  Descriptor itsIn(in[0]), itsOut(out[1]);
  made->questions = Descriptor(in[1]);
  made->answers = Descriptor(out[0]);
  Descriptor err(open(at.pathOf(made->log).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                      S_IRUSR | S_IWUSR));
  nir::Result<std::unique_ptr<Child>> child =
      at.start({wordsFor(elf, counts, options), {}, itsIn.get(), itsOut.get(), err.get()});
  if (!child) {
    return child.takeError();
  }
  made->child = *std::move(child);
  return made;
}

Emulator::~Emulator() {
  child.reset();
  if (shared) {
    munmap(const_cast<uint64_t *>(shared), countBytes);
  }
}

nir::Error Emulator::ended() {
  questions.close();
  child->wait();
  constexpr size_t enough = 1 << 10;
  std::string said = place->read(log, enough);
  while (!said.empty() && said.back() == '\n') {
    said.pop_back();
  }
  for (char &each : said) { // a program says anything
    each = each >= ' ' && each <= '~' ? each : '?';
  }
  return nir::Error(nir::Cause::ProgramFailed,
                    said.empty() ? std::string("the program ended before its answer")
                                 : fmt::format("the program ended: {}", said));
}

nir::Status Emulator::send(std::string_view bytes) {
  if (!writeQuietly(questions.get(), bytes)) {
    return ended();
  }
  return {};
}

nir::Status Emulator::receive(std::span<char> bytes) {
  while (!bytes.empty()) {
    pollfd answer{answers.get(), POLLIN, 0};
    int ready = poll(&answer, 1, static_cast<int>(patience.count()));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready == 0) {
      return nir::Error(nir::Cause::ProgramFailed,
                        fmt::format("the program has not answered for {} ms", patience.count()));
    }
    ssize_t count = ::read(answers.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return ended();
    }
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

std::vector<uint64_t> Emulator::counts() const {
  std::vector<uint64_t> all(ranges + 1);
  for (size_t i = 0; i < all.size(); ++i) {
    all[i] = reinterpret_cast<const std::atomic<uint64_t> *>(shared)[i].load();
  }
  return all;
}

nir::Status Emulator::finish() {
  questions.close();
  if (!child->wait()) {
    return ended();
  }
  return {};
}
