//===- Hdf5Sink.cpp - writing HDF5, whole or not at all -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Hdf5Sink.h"

#include "ir/Utf8.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace nir::hdf5 {

static Error failure(std::string_view text) {
  Error error(Cause::CannotWrite, std::string(text));
  std::string words = takeErrorText();
  return words.empty() ? error : std::move(error).note(fmt::format("HDF5 says: {}", words));
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

Status Sink::open() {
  Id creation(H5Pcreate(H5P_FILE_CREATE)), access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_obj_track_times(creation, false);
  // A handle that is still open when the file is closed would keep it open behind our back.
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  linkProperties = Id(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_char_encoding(linkProperties, H5T_CSET_UTF8);
  datasetProperties = Id(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(datasetProperties, false);
  text = Id(H5Tcopy(H5T_C_S1));
  H5Tset_size(text, H5T_VARIABLE);
  H5Tset_cset(text, H5T_CSET_UTF8);
  return path.empty() ? openInMemory(creation, access) : openOnDisk(creation, access);
}

Status Sink::openInMemory(hid_t creation, hid_t access) {
  constexpr size_t growth = size_t{1} << 20;
  H5Pset_fapl_core(access, growth, /*backing_store=*/false);
  file = Id(H5Fcreate("in memory", H5F_ACC_TRUNC, creation, access)); // the name is only shown
  return file ? Status() : failure("HDF5 cannot make a file in memory");
}

Status Sink::openOnDisk(hid_t creation, hid_t access) {
  static std::atomic<unsigned> counter = 0;
  temporary = fmt::format("{}.{}-{}.tmp", path, getpid(), counter++);
  H5Pset_file_locking(access, false, true);
  errno = 0;
  file = Id(H5Fcreate(temporary.c_str(), H5F_ACC_EXCL, creation, access));
  if (!file) {
    int reason = errno;
    if (reason != EEXIST) {
      unlink(temporary.c_str()); // a full disk has it all the same
    }
    temporary.clear();
    takeErrorText();
    return Error(Cause::CannotWrite,
                 fmt::format("cannot be written: {}",
                             reason ? std::strerror(reason) : "HDF5 cannot create the file"));
  }
  return {};
}

Result<std::string> Sink::takeBytes() {
  ssize_t size = H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file, nullptr, 0);
  std::string bytes(static_cast<size_t>(std::max<ssize_t>(size, 0)), '\0');
  if (size < 0 || H5Fget_file_image(file, bytes.data(), bytes.size()) < 0) {
    return failure("HDF5 cannot give a file in memory");
  }
  return bytes;
}

Status Sink::commit() {
  // Flush first: closing through an Id does not report a full disk.
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 || H5Fclose(file.release()) < 0) {
    return failure("cannot be written to the end");
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return Error(Cause::CannotWrite, fmt::format("cannot be written: {}", std::strerror(errno)));
  }
  temporary.clear();
  return {};
}

Sink::~Sink() {
  file = Id();
  if (!temporary.empty()) {
    unlink(temporary.c_str());
  }
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

Result<Id> Sink::group(hid_t parent, const std::string &name, bool keepsOrder) {
  Id properties(H5Pcreate(H5P_GROUP_CREATE));
  H5Pset_obj_track_times(properties, false);
  if (keepsOrder) {
    H5Pset_link_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  }
  Id group(H5Gcreate2(parent, name.c_str(), linkProperties, properties, H5P_DEFAULT));
  if (!group) {
    return failure(fmt::format("group '{}' cannot be written", name));
  }
  return group;
}

Status Sink::tree(hid_t group, const NameTree &names, const Leaf &leaf) {
  for (const NameTree &child : names.children) {
    if (child.item != NameTree::none) {
      if (Status error = leaf(group, child.component, child.item)) {
        return error;
      }
      continue;
    }
    Result<Id> inner = this->group(group, child.component, !child.isSorted);
    if (!inner) {
      return inner.takeError();
    }
    if (Status error = tree(*inner, child, leaf)) {
      return error;
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Datasets and attributes
//===----------------------------------------------------------------------===//

static Id spaceOf(const Shape &shape) {
  std::vector<hsize_t> dims(shape.begin(), shape.end());
  return Id(shape.empty() ? H5Screate(H5S_SCALAR)
                          : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
}

/// Rows of about a megabyte, HDF5's cache of chunks.
static std::vector<hsize_t> chunkOf(const Tensor &tensor) {
  std::vector<hsize_t> chunk(tensor.shape().begin(), tensor.shape().end());
  constexpr hsize_t target = hsize_t(1) << 20;
  hsize_t bytes = tensor.sizeInBytes();
  for (hsize_t &dim : chunk) {
    if (bytes <= target) {
      break;
    }
    hsize_t rest = bytes / dim;
    dim = std::max<hsize_t>(1, target / rest);
    bytes = dim * rest;
  }
  return chunk;
}

Status Sink::write(hid_t parent, const std::string &name, const Tensor &tensor) {
  Id type = typeOf(tensor.dtype()), packed;
  // Below a kilobyte the index of the chunks is larger than what packing saves.
  if (gzipLevel > 0 && tensor.rank() > 0 && tensor.sizeInBytes() > 1024) {
    std::vector<hsize_t> chunk = chunkOf(tensor);
    packed = Id(H5Pcopy(datasetProperties));
    H5Pset_chunk(packed, static_cast<int>(chunk.size()), chunk.data());
    H5Pset_deflate(packed, static_cast<unsigned>(std::min(gzipLevel, 9)));
  }
  Id dataset(H5Dcreate2(parent, name.c_str(), type, spaceOf(tensor.shape()), linkProperties,
                        packed ? packed : datasetProperties, H5P_DEFAULT));
  if (!dataset || (tensor.size() > 0 &&
                   H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor.bytes()) < 0)) {
    return failure(fmt::format("{} cannot be written", name));
  }
  return {};
}

/// Why a text cannot be held, or nothing.
static Status checkText(const std::string &name, const std::string &text) {
  if (text.find('\0') != std::string::npos) {
    return Error(Cause::CannotWrite,
                 fmt::format("{} has a zero byte in its text, which HDF5 cannot hold", name));
  }
  return isUtf8(text)
             ? Status()
             : Error(Cause::CannotWrite, fmt::format("{} holds text that is not UTF-8", name));
}

Status Sink::write(hid_t parent, const std::string &name, const Strings &strings) {
  std::vector<const char *> pointers;
  for (const std::string &value : strings.values) {
    if (Status error = checkText(name, value)) {
      return error;
    }
    pointers.push_back(value.c_str());
  }
  Id dataset(H5Dcreate2(parent, name.c_str(), text, spaceOf(strings.shape), linkProperties,
                        datasetProperties, H5P_DEFAULT));
  if (!dataset || (!pointers.empty() && H5Dwrite(dataset, text, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                                 static_cast<const void *>(pointers.data())) < 0)) {
    return failure(fmt::format("{} cannot be written", name));
  }
  return {};
}

Status Sink::write(hid_t parent, const std::string &name, const std::string &value) {
  return write(parent, name, Strings{{}, {value}});
}

static Status writeAttribute(hid_t object, const std::string &name, hid_t type, const void *data) {
  Id properties(H5Pcreate(H5P_ATTRIBUTE_CREATE));
  H5Pset_char_encoding(properties, H5T_CSET_UTF8);
  Id attribute(
      H5Acreate2(object, name.c_str(), type, Id(H5Screate(H5S_SCALAR)), properties, H5P_DEFAULT));
  if (!attribute || H5Awrite(attribute, type, data) < 0) {
    return failure(fmt::format("attribute {} cannot be written", name));
  }
  return {};
}

Status Sink::attribute(hid_t object, const std::string &name, const std::string &value) {
  if (Status error = checkText("attribute " + name, value)) {
    return error;
  }
  const char *pointer = value.c_str();
  return writeAttribute(object, name, text, static_cast<const void *>(&pointer));
}

Status Sink::attribute(hid_t object, const std::string &name, const Tensor &scalar) {
  return writeAttribute(object, name, typeOf(scalar.dtype()), scalar.bytes());
}

} // namespace nir::hdf5
