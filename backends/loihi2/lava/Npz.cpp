//===- Npz.cpp - several arrays in one file for numpy ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12
// and 4.3.16.
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/Npz.h"

#include "ir/recording/NpyBytes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"

#include <limits>

using namespace nirc;

namespace {

class Record {
public:
  Record &u16(size_t value) { return number(value, 2); }
  Record &u32(size_t value) { return number(value, 4); }
  std::string bytes;

private:
  Record &number(size_t value, int size) {
    for (int i = 0; i < size; ++i) {
      bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    }
    return *this;
  }
};

} // namespace

/// What both headers of a member have in common: version 2.0, no flags, not packed, the first time
/// that the format can say.
static Record &addMember(Record &record, const std::string &name, const std::string &content) {
  constexpr size_t firstDay = 1 << 5 | 1; // 1 January 1980
  auto checksum = llvm::crc32(llvm::arrayRefFromStringRef<uint8_t>(content));
  return record.u16(20)
      .u16(0)
      .u16(0)
      .u16(0)
      .u16(firstDay)
      .u32(checksum)
      .u32(content.size())
      .u32(content.size())
      .u16(name.size())
      .u16(0);
}

nir::Result<std::string>
loihi2::npzBytes(const std::vector<std::pair<std::string, nir::Tensor>> &arrays) {
  std::string archive;
  Record directory;
  for (const auto &[array, tensor] : arrays) {
    std::string name = array + ".npy", content = nir::npyBytes(tensor);
    directory.u32(0x02014b50).u16(20);
    addMember(directory, name, content).u16(0).u16(0).u16(0).u32(0).u32(archive.size());
    directory.bytes += name;
    Record header;
    addMember(header.u32(0x04034b50), name, content);
    archive.append(header.bytes).append(name).append(content);
  }
  Record end;
  end.u32(0x06054b50).u16(0).u16(0).u16(arrays.size()).u16(arrays.size());
  end.u32(directory.bytes.size()).u32(archive.size()).u16(0);
  size_t size = archive.size() + directory.bytes.size() + end.bytes.size();
  if (size > std::numeric_limits<uint32_t>::max() ||
      arrays.size() > std::numeric_limits<uint16_t>::max()) {
    return nir::Error(nir::Cause::UnsupportedByTarget,
                      "the network takes more than an .npz file can hold, 4 GiB in 65535 arrays");
  }
  return archive + directory.bytes + end.bytes;
}
