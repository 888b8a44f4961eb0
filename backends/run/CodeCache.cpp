//===- CodeCache.cpp - machine code of earlier processes ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/CodeCache.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SHA256.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <vector>

using namespace nirc;

//===----------------------------------------------------------------------===//
// Which cache
//===----------------------------------------------------------------------===//

static std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

std::optional<CacheOptions> CacheOptions::ofEnvironment() {
  CacheOptions options;
  if (std::string text = variable("NIRC_CACHE_MIB"); !text.empty()) {
    constexpr int64_t most = std::numeric_limits<int64_t>::max() >> 20;
    int64_t size = 0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), size);
    bool isNumber = failed == std::errc() && end == text.data() + text.size();
    if (!isNumber || size < 1 || size > most) {
      return std::nullopt;
    }
    options.mostBytes = size << 20;
  }
  std::string own = variable("NIRC_CACHE_DIR"), users = variable("XDG_CACHE_HOME"),
              home = variable("HOME");
  // A relative path in $XDG_CACHE_HOME is to be ignored, its specification says.
  options.folder = !own.empty()             ? own
                   : users.starts_with('/') ? users + "/nirc"
                   : home.starts_with('/')  ? home + "/.cache/nirc"
                                            : "";
  return options.folder.empty() ? std::nullopt : std::optional(options);
}

//===----------------------------------------------------------------------===//
// Files that are the user's alone
//===----------------------------------------------------------------------===//

namespace {

/// An open file or folder.
class Descriptor {
public:
  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (number >= 0) {
      close(number);
    }
  }
  int get() const { return number; }
  explicit operator bool() const { return number >= 0; }

private:
  int number;
};

} // namespace

/// Whether nobody but the user of this process could have written it.
static bool isOwn(const struct stat &status) {
  return status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// The folder, open, if it is there and the user's alone. Files are then reached through it, so
/// that no other folder can take its place.
static int openFolder(const std::string &path) {
  int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat status{};
  if (folder >= 0 && (fstat(folder, &status) != 0 || !isOwn(status))) {
    close(folder);
    return -1;
  }
  return folder;
}

/// Makes the folder for the user alone, and the one it is in, as ~/.cache; but no home.
static void makeFolder(const std::string &given) {
  std::string path = given.substr(0, given.find_last_not_of('/') + 1);
  mkdir(std::filesystem::path(path).parent_path().c_str(), S_IRWXU);
  mkdir(path.c_str(), S_IRWXU);
}

//===----------------------------------------------------------------------===//
// Entries: a head, a digest of key and contents, and the contents
//===----------------------------------------------------------------------===//

static constexpr std::string_view head = "nirccode", ending = ".code";
static constexpr size_t digestBytes = 32, headBytes = head.size() + digestBytes;

/// Of the key too, so that an entry under another name is damaged as well.
static std::string digestOf(const std::string &key, std::string_view bytes) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(key));
  hash.update(llvm::StringRef(bytes.data(), bytes.size()));
  std::array<uint8_t, digestBytes> digest = hash.final();
  return {digest.begin(), digest.end()};
}

static bool isKey(std::string_view name) {
  return name.size() == 2 * digestBytes &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

static bool isEntry(std::string_view name) {
  return name.ends_with(ending) && isKey(name.substr(0, name.size() - ending.size()));
}

std::string CodeCache::pathOf(const std::string &key) const {
  return options.folder + "/" + key + std::string(ending);
}

std::optional<std::string> CodeCache::find(const std::string &key) const {
  Descriptor folder(openFolder(options.folder));
  if (!folder) {
    return std::nullopt;
  }
  std::string name = key + std::string(ending);
  // Not of a pipe, which would wait for a writer.
  Descriptor file(
      openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || !isOwn(status) ||
      status.st_size > options.mostBytes || status.st_size < static_cast<off_t>(headBytes)) {
    return std::nullopt;
  }
  std::string all(static_cast<size_t>(status.st_size), '\0');
  size_t there = 0;
  while (there < all.size()) {
    ssize_t count = read(file.get(), all.data() + there, all.size() - there);
    if (count <= 0) {
      return std::nullopt;
    }
    there += static_cast<size_t>(count);
  }
  std::string bytes = all.substr(headBytes);
  if (!all.starts_with(head) || all.substr(head.size(), digestBytes) != digestOf(key, bytes)) {
    return std::nullopt;
  }
  futimens(file.get(), nullptr); // it is used now
  return bytes;
}

//===----------------------------------------------------------------------===//
// Keeping them
//===----------------------------------------------------------------------===//

static bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = write(file, bytes.data(), bytes.size());
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

/// What a process that was ended left behind, and then the entries that were used least lately, as
/// far as all take more than the bound. Other files are nobody's business.
static void trim(const Descriptor &folder, int64_t mostBytes) {
  int own = openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); // it is closed below
  DIR *stream = own < 0 ? nullptr : fdopendir(own);
  if (!stream) {
    return;
  }
  struct Entry {
    std::string name;
    timespec used;
    int64_t bytes;
  };
  std::vector<Entry> entries;
  int64_t total = 0;
  while (const dirent *each = readdir(stream)) {
    std::string name = each->d_name;
    struct stat status{};
    bool isTemporary = name.starts_with("new-") && name.ends_with(ending);
    if ((!isTemporary && !isEntry(name)) ||
        fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    constexpr time_t hour = 3600;
    if (isTemporary) {
      if (status.st_mtime + hour < time(nullptr)) {
        unlinkat(folder.get(), name.c_str(), 0);
      }
      continue;
    }
    total += status.st_size;
    entries.push_back({std::move(name), status.st_mtim, status.st_size});
  }
  closedir(stream);
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return std::tie(a.used.tv_sec, a.used.tv_nsec) < std::tie(b.used.tv_sec, b.used.tv_nsec);
  });
  for (const Entry &entry : entries) {
    if (total <= mostBytes) {
      return;
    }
    unlinkat(folder.get(), entry.name.c_str(), 0);
    total -= entry.bytes;
  }
}

bool CodeCache::keep(const std::string &key, std::string_view bytes) const {
  if (static_cast<int64_t>(bytes.size() + headBytes) > options.mostBytes) {
    return false;
  }
  makeFolder(options.folder);
  Descriptor folder(openFolder(options.folder));
  if (!folder) {
    return false;
  }
  static std::atomic<uint64_t> number = 0;
  std::string temporary =
      fmt::format("new-{}-{}-{}{}", getpid(), number++, key.substr(0, 16), ending);
  {
    Descriptor file(openat(folder.get(), temporary.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                           S_IRUSR | S_IWUSR));
    if (!file) {
      return false;
    }
    if (!writeAll(file.get(), head) || !writeAll(file.get(), digestOf(key, bytes)) ||
        !writeAll(file.get(), bytes)) {
      unlinkat(folder.get(), temporary.c_str(), 0);
      return false;
    }
  }
  // The name is there with all of its contents or not at all. After a crash of the system it may
  // be without; then the digest says so.
  std::string name = key + std::string(ending);
  if (renameat(folder.get(), temporary.c_str(), folder.get(), name.c_str()) != 0) {
    unlinkat(folder.get(), temporary.c_str(), 0);
    return false;
  }
  trim(folder, options.mostBytes);
  return true;
}
