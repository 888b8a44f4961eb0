//===- Npz.cpp - .npz files, and zips -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/io/EventFile.h"
#include "api/io/Npz.h"
#include "ir/recording/events/Zip.h"

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  constexpr uint64_t most = uint64_t{1} << 20;
  std::string array(input.line());
  (void)fuzz::isValue(nirc::readNpz(input.bytes(), {"x.npz", array}, most));
  Result<ZipHead> head = zipHead(input.bytes());
  if (fuzz::isValue(head)) {
    (void)nirc::isZipOfEvents(*head);
  }
  Result<std::vector<ZipMember>> members = unzip(input.bytes(), most);
  if (fuzz::isValue(members)) {
    uint64_t bytes = 0;
    for (const ZipMember &member : *members) {
      bytes += member.bytes.size();
    }
    require(bytes <= most, "no more is unpacked than is allowed");
  }
}
