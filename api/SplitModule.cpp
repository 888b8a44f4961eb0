//===- SplitModule.cpp - modules, read where it may crash -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/SplitModule.h"

#include <fmt/format.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/IR/AsmState.h>
#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/BuiltinDialect.h>
#include <mlir/IR/DialectResourceBlobManager.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using Manager = mlir::DialectResourceBlobHandle<mlir::BuiltinDialect>::ManagerInterface;

namespace nirc {

namespace {

constexpr uint64_t resourceAlignment = 64;

/// Seconds of a processor that the child may take: a damaged count can keep it busy for ever.
unsigned mostSeconds(llvm::StringRef bytes) {
  return static_cast<unsigned>(std::min<size_t>(5 + (bytes.size() >> 20), 3600));
}

uint64_t aligned(uint64_t at) {
  return (at + resourceAlignment - 1) / resourceAlignment * resourceAlignment;
}

/// What the child writes: numbers of 64 bits, and strings behind their length. First whether it
/// read a module; then the error's message and notes, or the text and the resources.
class Writer {
public:
  explicit Writer(int fd) : fd(fd) {}

  void bytes(llvm::StringRef bytes) {
    while (!bytes.empty()) {
      ssize_t written = write(fd, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) {
        continue;
      }
      if (written <= 0) {
        _exit(1);
      }
      at += static_cast<uint64_t>(written);
      bytes = bytes.drop_front(static_cast<size_t>(written));
    }
  }
  void number(uint64_t value) { bytes({reinterpret_cast<const char *>(&value), sizeof(value)}); }
  void string(llvm::StringRef value) {
    number(value.size());
    bytes(value);
  }
  void align() { bytes(std::string(aligned(at) - at, '\0')); }

private:
  int fd;
  uint64_t at = 0;
};

/// The same, read back: nothing in it is trusted.
class Reader {
public:
  explicit Reader(llvm::StringRef all) : all(all) {}

  uint64_t number() {
    uint64_t value = 0;
    llvm::StringRef found = bytes(sizeof(value));
    std::memcpy(&value, found.data(), found.size());
    return value;
  }
  llvm::StringRef string() { return bytes(number()); }
  void align() { bytes(aligned(at) - at); }
  /// Whether all that was asked for was there.
  bool isGood() const { return good; }

  llvm::StringRef bytes(uint64_t size) {
    good = good && size <= all.size() - at;
    if (!good) {
      return {};
    }
    llvm::StringRef found = all.substr(at, size);
    at += size;
    return found;
  }

private:
  llvm::StringRef all;
  uint64_t at = 0;
  bool good = true;
};

/// A file in memory, closed with the object.
class Memory {
public:
  Memory() : fd(memfd_create("nirc-module", MFD_CLOEXEC)) {}
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;
  ~Memory() {
    if (fd >= 0) {
      close(fd);
    }
  }
  operator int() const { return fd; }

private:
  int fd;
};

} // namespace

static void writeModule(mlir::ModuleOp module, Writer &writer) {
  std::string text;
  llvm::raw_string_ostream out(text);
  mlir::OpPrintingFlags flags;
  flags.enableDebugInfo().elideLargeResourceString(0);
  module->print(out, flags);
  writer.number(1);
  writer.string(text);
  Manager &manager = mlir::DialectResourceBlobHandle<mlir::BuiltinDialect>::getManagerInterface(
      module->getContext());
  manager.getBlobManager().getBlobMap([&](const auto &resources) {
    auto isThere = [](const auto &resource) { return resource.second.getBlob() != nullptr; };
    writer.number(static_cast<uint64_t>(llvm::count_if(resources, isThere)));
    for (const auto &resource : resources) {
      if (const mlir::AsmResourceBlob *blob = resource.second.getBlob()) {
        llvm::ArrayRef<char> bytes = blob->getData();
        writer.string(resource.getKey());
        writer.number(blob->getDataAlignment());
        writer.number(bytes.size());
        writer.align();
        writer.bytes({bytes.data(), bytes.size()});
      }
    }
  });
}

/// The child: reads, writes what it read, and ends.
[[noreturn]] static void readInChild(llvm::StringRef bytes, ModuleReader read, int out) {
  auto limit = [](auto resource, rlim_t most) {
    const rlimit limits{most, most + 1}; // at the second, the system kills without a word
    setrlimit(resource, &limits);
  };
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, mostSeconds(bytes));
  // Attributes are shared in bytecode and repeated in text, so that a small file can be a large
  // one.
  limit(RLIMIT_FSIZE, 64 * static_cast<rlim_t>(bytes.size()) + (rlim_t{1} << 28));
  for (int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU, SIGXFSZ, SIGALRM}) {
    signal(number, SIG_DFL);
  }
  alarm(20 * mostSeconds(bytes)); // where it waits for ever
  if (int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) {
    dup2(nowhere, STDERR_FILENO);
    dup2(nowhere, STDOUT_FILENO);
  }
  try {
    Writer writer(out);
    nir::Result<mlir::OwningOpRef<mlir::ModuleOp>> module = read(bytes);
    if (module) {
      writeModule(**module, writer);
      (*module).release(); // the process ends, and with it all
    } else {
      const nir::Error &error = module.error();
      writer.number(0);
      writer.string(error.message);
      writer.string(error.code);
      writer.number(error.notes.size());
      for (const auto &note : error.notes) {
        writer.string(note.message);
      }
    }
    _exit(0);
  } catch (...) { // without memory
    _exit(1);
  }
}

/// What the child wrote.
static nir::Result<SplitModule> receive(int fd, const nir::Error &damaged) {
  struct stat info;
  if (fstat(fd, &info) != 0 || info.st_size <= 0) {
    return damaged;
  }
  auto size = static_cast<size_t>(info.st_size);
  void *start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  if (start == MAP_FAILED) {
    return nir::Error::internal(fmt::format("cannot be mapped: {}", std::strerror(errno)));
  }
  SplitModule split;
  split.memory = {static_cast<const char *>(start),
                  [size](const char *start) { munmap(const_cast<char *>(start), size); }};
  Reader reader({split.memory.get(), size});
  if (reader.number() == 0) {
    nir::Error error;
    error.message = reader.string().str();
    error.code = reader.string().str();
    for (uint64_t left = reader.number(); left > 0 && reader.isGood(); --left) {
      error.notes.push_back({{}, reader.string().str()});
    }
    return reader.isGood() && !error.message.empty() ? error : damaged;
  }
  split.text = reader.string();
  for (uint64_t left = reader.number(); left > 0 && reader.isGood(); --left) {
    std::string name = reader.string().str();
    uint64_t alignment = reader.number(), bytes = reader.number();
    reader.align();
    llvm::StringRef data = reader.bytes(bytes);
    bool isSound = alignment > 0 && resourceAlignment % alignment == 0;
    split.resources.push_back(
        {std::move(name), {data.data(), data.size()}, isSound ? alignment : resourceAlignment});
  }
  if (!reader.isGood()) {
    return damaged;
  }
  return split;
}

nir::Result<SplitModule> readApart(llvm::StringRef bytes, const std::string &path,
                                   ModuleReader read) {
  auto damaged = [&](const std::string &what) {
    return nir::Error(nir::Cause::DamagedFile, what)
        .in(path)
        .note("write it again, with `nirc convert` or `nirc quantize`");
  };
  Memory memory;
  pid_t child = memory < 0 ? -1 : fork();
  if (child < 0) {
    return nir::Error::internal("no process could be made to read it in").in(path);
  }
  if (child == 0) {
    readInChild(bytes, read, memory);
  }
  int status = 0;
  pid_t ended = -1;
  while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
  }
  // Where the program reaps its children itself, what was written says alone how it went.
  int killer = ended == child && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  switch (killer) {
  case 0:
    break;
  case SIGXCPU:
  case SIGALRM:
    return damaged(fmt::format("is not read in {} s: it is damaged", mostSeconds(bytes)));
  case SIGXFSZ:
    return damaged("unfolds to more than 64 times its size: it is damaged");
  case SIGKILL: // as the system does without memory
  case SIGTERM:
    return nir::Error::internal("could not be read: the reading process was ended").in(path);
  default:
    return damaged("is damaged: MLIR's reader crashes on it");
  }
  if (ended == child && WEXITSTATUS(status) != 0) {
    return nir::Error::internal("could not be read: the memory is too small for it").in(path);
  }
  nir::Result<SplitModule> split =
      receive(memory, damaged("is damaged: MLIR's reader does not come to an end"));
  return split ? std::move(split) : split.takeError().in(path);
}

void takeResources(const SplitModule &split, mlir::ModuleOp module) {
  Manager &manager = mlir::DialectResourceBlobHandle<mlir::BuiltinDialect>::getManagerInterface(
      module->getContext());
  for (const SplitModule::Resource &resource : split.resources) {
    if (auto *entry = manager.getBlobManager().lookup(resource.name)) {
      entry->setBlob(mlir::UnmanagedAsmResourceBlob::allocateWithAlign(
          resource.bytes, resource.alignment,
          [memory = split.memory](void *, size_t, size_t) mutable { memory.reset(); }, false));
    }
  }
}

} // namespace nirc
