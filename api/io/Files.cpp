//===- Files.cpp - files read whole and written whole ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"

#include "ir/Wording.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace nirc {

static nir::Error systemError(nir::Cause cause, const std::string &path, const char *doing) {
  return nir::Error(cause, fmt::format("cannot {}: {}", doing, std::strerror(errno))).in(path);
}

namespace {
/// A file descriptor that closes itself.
struct File {
  explicit File(int descriptor) : descriptor(descriptor) {}
  File(File &&other) noexcept : descriptor(std::exchange(other.descriptor, -1)) {}
  File &operator=(File &&) = delete;
  ~File() {
    if (descriptor >= 0) {
      ::close(descriptor);
    }
  }
  /// Errors of writing may only show here.
  bool close() { return ::close(std::exchange(descriptor, -1)) == 0; }
  int descriptor;
};
} // namespace

/// Whether the path names a file that the process was started with: standard input, and what a
/// shell makes of <(...).
static bool isInherited(std::string_view path) {
  return path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
}

/// Refuses anything but regular files and inherited pipes. Opening a pipe without a writer blocks
/// forever, and a device may have no end.
static nir::Status refuseOthers(const std::string &path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) ||
      (S_ISFIFO(status.st_mode) && isInherited(path))) {
    return std::nullopt;
  }
  return nir::Error(nir::Cause::CannotRead, S_ISDIR(status.st_mode) ? "is a folder, expected a file"
                                            : S_ISFIFO(status.st_mode)
                                                ? "is a pipe, expected a file"
                                                : "is a device, expected a file")
      .in(path);
}

static nir::Result<File> openFile(const std::string &path) {
  if (nir::Status failed = refuseOthers(path)) {
    return std::move(*failed);
  }
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return systemError(nir::Cause::CannotRead, path, "open the file");
  }
  return File(descriptor);
}

nir::Result<std::vector<std::byte>> readHead(const std::string &path, size_t count) {
  nir::Result<File> file = openFile(path);
  if (!file) {
    return file.takeError();
  }
  std::vector<std::byte> bytes(count);
  size_t filled = 0;
  while (filled < count) {
    ssize_t more = ::read(file->descriptor, bytes.data() + filled, count - filled);
    if (more < 0 && errno == EINTR) {
      continue;
    }
    if (more < 0) {
      return systemError(nir::Cause::CannotRead, path, "read the file");
    }
    if (more == 0) {
      break;
    }
    filled += static_cast<size_t>(more);
  }
  bytes.resize(filled);
  return bytes;
}

nir::Result<std::vector<std::byte>> readFile(const std::string &path, uint64_t maxBytes,
                                             const std::string &fix) {
  nir::Result<File> file = openFile(path);
  if (!file) {
    return file.takeError();
  }
  struct stat status{};
  ::fstat(file->descriptor, &status);
  std::vector<std::byte> bytes;
  size_t expected = S_ISREG(status.st_mode) ? static_cast<size_t>(status.st_size) : 0;
  bytes.resize(std::min<uint64_t>(expected, maxBytes) + 1);
  size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) {
      bytes.resize(bytes.size() * 2);
    }
    ssize_t count = ::read(file->descriptor, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return systemError(nir::Cause::CannotRead, path, "read the file");
    }
    filled += static_cast<size_t>(count);
    if (filled > maxBytes) {
      nir::Error error(nir::Cause::Limit, fmt::format("is larger than the limit of {}",
                                                      nir::counted(maxBytes, "byte")));
      if (!fix.empty()) {
        error.notes.push_back({{}, fix});
      }
      return std::move(error).in(path);
    }
    if (count == 0) {
      bytes.resize(filled);
      return bytes;
    }
  }
}

static bool writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(count, 0)));
  }
  return true;
}

nir::Status writeAtomically(const std::string &path,
                            const std::function<nir::Status(const std::string &)> &write) {
  std::error_code ignored;
  std::string target = path;
  if (fs::is_symlink(path, ignored)) {
    fs::path followed = fs::weakly_canonical(path, ignored);
    target = ignored ? path : followed.string();
  }
  if (fs::is_directory(target, ignored)) {
    return nir::Error(nir::Cause::CannotWrite, "is a folder, expected the name of a file to write")
        .in(path);
  }
  std::string temporary = fmt::format("{}.{}.tmp", target, ::getpid());
  if (nir::Status failed = write(temporary)) {
    fs::remove(temporary, ignored);
    return failed;
  }
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    nir::Error error = systemError(nir::Cause::CannotWrite, path, "write the file");
    fs::remove(temporary, ignored);
    return error;
  }
  return std::nullopt;
}

nir::Status writeFile(const std::string &path, std::string_view bytes) {
  auto fill = [&](const std::string &name, int flags) -> nir::Status {
    File file(::open(name.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666));
    if (file.descriptor < 0 || !writeAll(file.descriptor, bytes) || !file.close()) {
      return systemError(nir::Cause::CannotWrite, path, "write the file");
    }
    return std::nullopt;
  };
  std::error_code ignored;
  fs::file_status status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) {
    return fill(path, 0);
  }
  return writeAtomically(path,
                         [&](const std::string &name) { return fill(name, O_CREAT | O_TRUNC); });
}

} // namespace nirc
