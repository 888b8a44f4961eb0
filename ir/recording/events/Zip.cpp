//===- Zip.cpp - the members of a zip, by libzip --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Zip.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <zip.h>

namespace nir {

bool isZip(std::span<const std::byte> bytes) {
  return bytes.size() >= 4 && bytes[0] == std::byte('P') && bytes[1] == std::byte('K') &&
         bytes[2] == std::byte(3) && bytes[3] == std::byte(4);
}

namespace {
/// An open archive, of a file or over bytes that outlive it.
class Archive {
public:
  explicit Archive(std::span<const std::byte> bytes) {
    zip_error_t failure;
    zip_error_init(&failure);
    open(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &failure), failure);
  }
  explicit Archive(const std::string &path) {
    zip_error_t failure;
    zip_error_init(&failure);
    open(zip_source_file_create(path.c_str(), 0, -1, &failure), failure);
  }
  Archive(const Archive &) = delete;
  Archive &operator=(const Archive &) = delete;
  ~Archive() {
    if (archive) {
      zip_discard(archive);
    }
  }

  Error error(std::string_view what) const {
    return Error(Cause::DamagedInput, fmt::format("found a zip that is damaged: {}{}", what,
                                                  archive ? zip_strerror(archive) : why))
        .note("the file was cut or damaged: copy it again");
  }

  zip_t *archive = nullptr;

private:
  void open(zip_source_t *source, zip_error_t &failure) {
    archive = source ? zip_open_from_source(source, ZIP_RDONLY, &failure) : nullptr;
    if (!archive) {
      why = zip_error_strerror(&failure);
      zip_source_free(source);
    }
    zip_error_fini(&failure);
  }

  std::string why;
};

constexpr zip_int64_t mostMembers = 1000;
} // namespace

static Status check(const Archive &archive) {
  if (!archive.archive) {
    return archive.error("");
  }
  zip_int64_t count = zip_get_num_entries(archive.archive, 0);
  return count <= mostMembers
             ? std::nullopt
             : Status(Error(Cause::Limit, fmt::format("found a zip of {}, expected at most {}",
                                                      counted(count, "member"), mostMembers)));
}

static std::string nameOf(const Archive &archive, zip_int64_t i) {
  const char *name = zip_get_name(archive.archive, static_cast<zip_uint64_t>(i), 0);
  return name ? name : "";
}

static Result<ZipHead> headOf(const Archive &archive) {
  if (Status failed = check(archive)) {
    return std::move(*failed);
  }
  ZipHead head;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive.archive, 0); ++i) {
    head.names.push_back(nameOf(archive, i));
  }
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file(zip_fopen_index(archive.archive, 0, 0),
                                                          zip_fclose);
  constexpr size_t most = 256;
  head.first.resize(most);
  zip_int64_t got = file ? zip_fread(file.get(), head.first.data(), most) : 0;
  head.first.resize(static_cast<size_t>(std::max<zip_int64_t>(got, 0)));
  return head;
}

Result<ZipHead> zipHead(std::span<const std::byte> bytes) { return headOf(Archive(bytes)); }
Result<ZipHead> zipHead(const std::string &path) { return headOf(Archive(path)); }

/// Memory grows with what a member holds, whatever size it claims.
static Result<std::vector<std::byte>> unpack(const Archive &archive, zip_int64_t i, uint64_t most) {
  std::string what = fmt::format("member '{}': ", nameOf(archive, i).substr(0, 100));
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file(
      zip_fopen_index(archive.archive, static_cast<zip_uint64_t>(i), 0), zip_fclose);
  if (!file) {
    return archive.error(what);
  }
  constexpr uint64_t chunk = uint64_t(1) << 16;
  std::vector<std::byte> bytes;
  for (size_t filled = 0;;) {
    bytes.resize(std::min(std::max<uint64_t>(2 * filled, chunk), most + 1));
    zip_int64_t got = zip_fread(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) {
      return Error(Cause::DamagedInput, fmt::format("found a zip that is damaged: {}{}", what,
                                                    zip_file_strerror(file.get())))
          .note("the file was cut or damaged: copy it again");
    }
    filled += static_cast<size_t>(got);
    if (filled > most) {
      return Error(Cause::Limit,
                   fmt::format("found more than {} in a zip, expected at most so many",
                               counted(most, "byte")));
    }
    if (got == 0) {
      bytes.resize(filled);
      return bytes;
    }
  }
}

Result<std::vector<ZipMember>> unzip(std::span<const std::byte> bytes, uint64_t most) {
  Archive archive(bytes);
  if (Status failed = check(archive)) {
    return std::move(*failed);
  }
  std::vector<ZipMember> members;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive.archive, 0); ++i) {
    Result<std::vector<std::byte>> member = unpack(archive, i, most);
    if (!member) {
      return member.takeError();
    }
    most -= member->size();
    members.push_back({nameOf(archive, i), *std::move(member)});
  }
  return members;
}

Result<std::vector<std::byte>> zipped(const std::vector<ZipMember> &members, ZipPacking packing) {
  auto failed = [] {
    return Error(Cause::NoMemory, "cannot be written as an archive: out of memory");
  };
  zip_error_t why;
  zip_error_init(&why);
  zip_source_t *memory = zip_source_buffer_create(nullptr, 0, 0, &why);
  if (!memory) {
    return failed();
  }
  zip_source_keep(memory); // it outlives the archive, which frees it
  std::unique_ptr<zip_source_t, void (*)(zip_source_t *)> written(memory, zip_source_free);
  zip_t *archive = zip_open_from_source(memory, ZIP_TRUNCATE, &why);
  if (!archive) {
    zip_source_free(memory);
    return failed();
  }
  constexpr time_t begin = 315619200; // 1980-01-02, since earlier a zip has no time
  for (const ZipMember &member : members) {
    zip_source_t *source = zip_source_buffer(archive, member.bytes.data(), member.bytes.size(), 0);
    zip_int64_t at =
        source ? zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
      zip_source_free(source);
      zip_discard(archive);
      return failed();
    }
    auto index = static_cast<zip_uint64_t>(at);
    bool packs = packing == ZipPacking::Deflated;
    zip_set_file_compression(archive, index, packs ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    if (packs) { // for people to unpack: files that their owner writes
      zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, 0100644U << 16);
    }
    zip_file_set_mtime(archive, index, begin, 0);
  }
  if (zip_close(archive) != 0) {
    zip_discard(archive);
    return failed();
  }
  zip_stat_t status;
  zip_stat_init(&status);
  if (zip_source_stat(memory, &status) != 0 || zip_source_open(memory) != 0) {
    return failed();
  }
  std::vector<std::byte> bytes(status.size);
  zip_int64_t got = zip_source_read(memory, bytes.data(), bytes.size());
  zip_source_close(memory);
  return got == static_cast<zip_int64_t>(bytes.size()) ? Result<std::vector<std::byte>>(bytes)
                                                       : failed();
}

} // namespace nir
