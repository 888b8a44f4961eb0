//===- Npz.cpp - arrays of several in one file ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Npz.h"

#include "api/io/Npy.h"
#include "ir/recording/events/Zip.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

NpzSource npzSourceOf(const std::string &source) {
  size_t at = source.rfind(".npz:");
  return at == std::string::npos ? NpzSource{source, {}}
                                 : NpzSource{source.substr(0, at + 4), source.substr(at + 5)};
}

static std::string arrayName(const std::string &member) {
  return member.ends_with(".npy") ? member.substr(0, member.size() - 4) : member;
}

nir::Result<nir::Tensor> readNpz(std::span<const std::byte> bytes, const NpzSource &source,
                                 uint64_t maxBytes) {
  nir::Result<std::vector<nir::ZipMember>> members = nir::unzip(bytes, maxBytes);
  if (!members) {
    return members.takeError().in(source.path);
  }
  std::vector<std::string> names;
  for (const nir::ZipMember &member : *members) {
    names.push_back(arrayName(member.name));
    if (source.array == names.back() || (source.array.empty() && members->size() == 1)) {
      return parseNpy(member.bytes, source.path);
    }
  }
  std::string all = names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
  nir::Error error(nir::Cause::InputFormat,
                   source.array.empty()
                       ? fmt::format("found the arrays {}, expected one", all)
                       : fmt::format("no array is called '{}', there are {}", source.array, all));
  if (source.array.empty() && !names.empty()) {
    error.notes.push_back({"", fmt::format("{}:{} takes one of them", source.path, names.front())});
  }
  return std::move(error).in(source.path);
}

} // namespace nirc
