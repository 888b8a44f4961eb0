//===- TreeSource.cpp - what ir/file reads, out of a tree -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// hdf5::Source (ir/file/Hdf5Source.h) without HDF5's library, for the readers of graphs and of
// recorded data: of the same tree they say the same.
//
//===----------------------------------------------------------------------===//

#include "ir/Utf8.h"
#include "ir/Wording.h"
#include "ir/file/Hdf5Source.h"
#include "web/core/Tree.h"

#include <algorithm>
#include <fmt/format.h>

static const nirc::web::Tree *tree = nullptr;
static const nirc::web::Tree::Object none;

void nirc::web::setTree(const Tree *current) { tree = current; }

static const nirc::web::Tree::Object &at(hid_t id) {
  bool isThere = tree && id >= 0 && id < static_cast<hid_t>(tree->objects.size());
  return isThere ? tree->objects[static_cast<size_t>(id)] : none;
}

template <typename Pairs>
static auto findNamed(const Pairs &pairs, std::string_view name) {
  return std::find_if(pairs.begin(), pairs.end(),
                      [&](const auto &pair) { return pair.first == name; });
}

int H5Aexists(hid_t object, const char *name) {
  const auto &attributes = at(object).attributes;
  return findNamed(attributes, name) != attributes.end() ? 1 : 0;
}

int H5Lexists(hid_t group, const char *name, hid_t) {
  const auto &links = at(group).links;
  return findNamed(links, name) != links.end() ? 1 : 0;
}

namespace nir::hdf5 {

using TreeValue = nirc::web::Tree::Value;

std::shared_ptr<std::byte> HeapMemory::take(size_t) { return nullptr; } // all lies in the tree

std::string takeErrorText() { return {}; }

Error Place::error(Cause cause, std::string_view text) const {
  return Error::atNode(cause, node,
                       what.empty() ? std::string(text) : fmt::format("{} {}", what, text));
}

Error Source::failure(const Place &place, std::string_view text) {
  return place.error(Cause::DamagedFile, text);
}

Status Source::open() {
  file = Id(0);
  return {};
}

Result<std::vector<Link>> Source::list(hid_t group, const Place &place, Order order) {
  const auto &object = at(group);
  if (!object.refusal.empty()) {
    return place.error(Cause::DamagedFile, object.refusal);
  }
  objectsSeen += static_cast<int64_t>(object.links.size());
  if (objectsSeen > limits.maxObjects) {
    return place.error(Cause::DamagedFile, "brings more objects than allowed (limit maxObjects)");
  }
  std::vector<Link> links;
  for (const auto &[name, target] : object.links) {
    links.push_back({name, static_cast<haddr_t>(target)});
  }
  if (order == Order::ByName) {
    std::ranges::sort(links, {}, &Link::name);
  }
  return links;
}

Object openObject(hid_t group, const std::string &name) {
  const auto &links = at(group).links;
  auto found = findNamed(links, name);
  if (found == links.end()) {
    return {};
  }
  return {Id(found->second), at(found->second).isGroup ? H5I_GROUP : H5I_DATASET};
}

bool Source::mayUnpack(hid_t) { return false; } // it was unpacked within limits, or left out

/// What is wrong with a value, whatever is wanted of it.
static Status faultOf(const TreeValue &value, const Place &place) {
  if (!value.otherType.empty()) {
    return place.error(Cause::WrongType,
                       fmt::format("holds {}, expected integers of 8 to 64 bits, floats of 16, 32 "
                                   "or 64 bits, booleans or text",
                                   value.otherType));
  }
  if (!value.filter.empty()) {
    return std::move(place.error(Cause::WrongType,
                                 fmt::format("is packed with {}, which is not available here",
                                             value.filter)))
        .note("write the file with gzip, or unpacked: nir.write(path, nir.read(path)) does, or "
              "where HDF5 has the filter h5repack -f NONE old.nir new.nir");
  }
  if (!value.broken.empty()) {
    return std::move(place.error(Cause::DamagedFile, "cannot be read: the file is damaged"))
        .note(value.broken);
  }
  return {};
}

Result<Value> Source::unread(hid_t dataset, const Place &place) const {
  const TreeValue &value = at(dataset).value;
  if (Status fault = faultOf(value, place)) {
    return std::move(*fault);
  }
  return value.isNull   ? Value()
         : value.isText ? Value(Strings{value.shape, {}})
                        : Value(Tensor(value.dtype, value.shape, nullptr));
}

static Result<Value> valueOf(const TreeValue &value, const ReadLimits &limits, int64_t &bytesTaken,
                             const Place &place) {
  if (Status fault = faultOf(value, place)) {
    return std::move(*fault);
  }
  if (value.isNull) {
    return Value();
  }
  if (value.isText) {
    bool isText = std::all_of(value.texts.begin(), value.texts.end(), isUtf8);
    return isText ? Result<Value>(Value(Strings{value.shape, value.texts}))
                  : place.error(Cause::WrongType, "holds text that is not UTF-8");
  }
  if (!value.data) {
    return place.error(Cause::Limit,
                       fmt::format("has shape {} of {}, more than {} (limit maxTensorBytes)",
                                   str(value.shape), name(value.dtype),
                                   counted(limits.maxTensorBytes, "byte")));
  }
  Tensor tensor(value.dtype, value.shape, {tree->bytes, value.data});
  bytesTaken += static_cast<int64_t>(tensor.sizeInBytes());
  auto isTruth = [](uint8_t byte) { return byte < 2; };
  auto bytes = tensor.as<uint8_t>();
  if (value.dtype == DType::Bool && !std::all_of(bytes.begin(), bytes.end(), isTruth)) {
    return place.error(Cause::DamagedFile,
                       "holds booleans that are neither 0 nor 1: the file is damaged");
  }
  return Value(std::move(tensor));
}

Result<Value> Source::read(hid_t dataset, const Place &place) {
  return valueOf(at(dataset).value, limits, bytesTaken, place);
}

Result<Value> Source::readAttribute(hid_t object, const char *name, const Place &place) {
  const auto &attributes = at(object).attributes;
  auto found = findNamed(attributes, name);
  return found == attributes.end() ? Result<Value>(Value())
                                   : valueOf(found->second, limits, bytesTaken, place);
}

Result<std::vector<std::string>> Source::attributes(hid_t object, std::string_view prefix,
                                                    const Place &) {
  std::vector<std::string> names;
  for (const auto &[name, value] : at(object).attributes) {
    if (name.starts_with(prefix)) {
      names.push_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string describe(const Value &value) {
  if (const auto *tensor = std::get_if<Tensor>(&value)) {
    return fmt::format("{} {}", name(tensor->dtype()), str(tensor->shape()));
  }
  if (const auto *strings = std::get_if<Strings>(&value)) {
    return fmt::format("text {}", str(strings->shape));
  }
  return "nothing";
}

} // namespace nir::hdf5
