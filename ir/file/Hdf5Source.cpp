//===- Hdf5Source.cpp - reading HDF5 within limits ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Hdf5Source.h"

#include "ir/Utf8.h"
#include "ir/Wording.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <new>
#include <sys/stat.h>

namespace nir::hdf5 {

std::shared_ptr<std::byte> HeapMemory::take(size_t bytes) {
  constexpr std::align_val_t alignment{64};
  auto *start = static_cast<std::byte *>(::operator new(bytes, alignment, std::nothrow));
  if (!start) {
    return nullptr;
  }
  return {start, [](std::byte *bytes) { ::operator delete(bytes, alignment); }};
}

Error Place::error(Cause cause, std::string_view text) const {
  return Error::atNode(cause, node,
                       what.empty() ? std::string(text) : fmt::format("{} {}", what, text));
}

Error Source::failure(const Place &place, std::string_view text) {
  Error error = place.error(Cause::DamagedFile, text);
  std::string words = takeErrorText();
  return words.empty() ? error : std::move(error).note(fmt::format("HDF5 says: {}", words));
}

Status Source::open() {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) {
    return Error(Cause::CannotRead, fmt::format("cannot be opened: {}", std::strerror(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    return Error(Cause::CannotRead,
                 S_ISDIR(info.st_mode) ? "is a folder, expected a file" : "is not a regular file");
  }
  if (info.st_size > limits.maxFileBytes) {
    return Error(Cause::Limit, fmt::format("has {}, expected at most {} (limit maxFileBytes)",
                                           counted(info.st_size, "byte"), limits.maxFileBytes));
  }
  // A filter that is not built in would be looked for as a plugin: code from outside.
  H5PLset_loading_state(0);
  Id access(H5Pcreate(H5P_FILE_ACCESS));
  // Reading needs no lock, and file systems without locks would refuse.
  H5Pset_file_locking(access, false, true);
  // Small datasets are read as they are. The buffer for many reads of one, which each is read but
  // once, would be allocated and cleared for each.
  H5Pset_sieve_buf_size(access, 0);
  // HDF5 clears the buffer in which it converts, a megabyte by itself, for every text.
  transfer = Id(H5Pcreate(H5P_DATASET_XFER));
  H5Pset_buffer(transfer, size_t(1) << 16, nullptr, nullptr);
  file = Id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access));
  if (!file) {
    static const std::string nowhere;
    return failure({nowhere, ""}, "is not an HDF5 file that can be read, expected a .nir file");
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

namespace {
struct Listing {
  std::vector<Link> links;
  int64_t budget;
  std::string refusal;
};
} // namespace

static herr_t addLink(hid_t, const char *name, const H5L_info_t *info, void *out) {
  auto &listing = *static_cast<Listing *>(out);
  if (info->type != H5L_TYPE_HARD) {
    const char *kind = info->type == H5L_TYPE_SOFT       ? "a soft link"
                       : info->type == H5L_TYPE_EXTERNAL ? "a link to another file"
                                                         : "a link of an unknown kind";
    listing.refusal = fmt::format("member '{}' is {}, expected a group or a dataset", name, kind);
  } else if (listing.budget-- <= 0) {
    listing.refusal = "brings more objects than allowed (limit maxObjects)";
  } else if (!isUtf8(name)) {
    listing.refusal = "has a member whose name is not UTF-8";
  } else if (*name == 0 || std::strchr(name, '/')) {
    listing.refusal = "has a member with a name that HDF5 does not allow: the file is damaged";
  } else {
    listing.links.push_back({name, info->u.address});
    return 0;
  }
  return -1;
}

static bool tracksCreation(hid_t group) {
  H5G_info_t info;
  if (H5Gget_info(group, &info) < 0 || info.storage_type == H5G_STORAGE_TYPE_SYMBOL_TABLE) {
    return false;
  }
  Id properties(H5Gget_create_plist(group));
  unsigned flags = 0;
  return properties && H5Pget_link_creation_order(properties, &flags) >= 0 &&
         (flags & H5P_CRT_ORDER_TRACKED);
}

Result<std::vector<Link>> Source::list(hid_t group, const Place &place, Order order) {
  Listing listing{{}, limits.maxObjects - objectsSeen, {}};
  bool byCreation = order == Order::AsH5py && tracksCreation(group);
  H5_index_t index = byCreation ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
  herr_t status = H5Literate(group, index, H5_ITER_INC, nullptr, addLink, &listing);
  if (!listing.refusal.empty()) {
    takeErrorText();
    return place.error(Cause::DamagedFile, listing.refusal);
  }
  if (status < 0) {
    return failure(place, "cannot be listed: the file is damaged");
  }
  objectsSeen += static_cast<int64_t>(listing.links.size());
  return std::move(listing.links);
}

Object openObject(hid_t group, const std::string &name) {
  Object object{Id(H5Oopen(group, name.c_str(), H5P_DEFAULT))};
  object.kind = object.id ? H5Iget_type(object.id) : H5I_BADID;
  return object;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// How to get at the elements of a dataset or an attribute: both are read alike.
struct Source::Reading {
  std::function<herr_t(hid_t memoryType, void *out)> elements;
};

Result<Source::Extent> Source::extentOf(hid_t space, const Place &place) const {
  Extent extent;
  H5S_class_t kind = H5Sget_simple_extent_type(space);
  if (kind == H5S_NULL) {
    extent.isNull = true;
    return extent;
  }
  hsize_t dims[H5S_MAX_RANK];
  int rank = kind == H5S_SCALAR ? 0 : H5Sget_simple_extent_ndims(space);
  if (kind == H5S_NO_CLASS || rank < 0 || rank > H5S_MAX_RANK ||
      (rank > 0 && H5Sget_simple_extent_dims(space, dims, nullptr) < 0)) {
    return failure(place, "has a shape that cannot be read: the file is damaged");
  }
  // Dimensions of 0 are left out of the product, so that no product of the others overflows.
  bool isEmpty = false;
  for (int i = 0; i < rank; ++i) {
    if (dims[i] > static_cast<hsize_t>(limits.maxTensorBytes / extent.count)) {
      return place.error(
          Cause::Limit,
          fmt::format("has a dimension of {}, which makes it larger than {} (limit maxTensorBytes)",
                      dims[i], counted(limits.maxTensorBytes, "byte")));
    }
    extent.shape.push_back(static_cast<int64_t>(dims[i]));
    extent.count *= std::max<int64_t>(extent.shape.back(), 1);
    isEmpty = isEmpty || dims[i] == 0;
  }
  extent.count = isEmpty ? 0 : extent.count;
  return extent;
}

bool Source::mayUnpack(hid_t dataset) {
  // A place in this file: contiguous, and not external. By far the most, and quickly told.
  if (H5Dget_offset(dataset) != HADDR_UNDEF) {
    return false;
  }
  takeErrorText();
  return true;
}

/// The filters that HDF5 registers for others, by what users call them.
static std::string nameOfFilter(H5Z_filter_t filter) {
  static constexpr std::pair<H5Z_filter_t, const char *> known[] = {{H5Z_FILTER_SZIP, "szip"},
                                                                    {307, "bzip2"},
                                                                    {32000, "lzf"},
                                                                    {32001, "blosc"},
                                                                    {32004, "lz4"},
                                                                    {32008, "bitshuffle"},
                                                                    {32013, "zfp"},
                                                                    {32015, "zstd"},
                                                                    {32017, "sz"},
                                                                    {32026, "blosc2"}};
  for (auto [number, name] : known) {
    if (number == filter) {
      return fmt::format("{} (filter {})", name, filter);
    }
  }
  return fmt::format("filter {}", filter);
}

/// Refuses data that lie outside the file, and chunks that unpack to more than the limit.
Status Source::checkLayout(hid_t dataset, const Place &place) const {
  if (!mayUnpack(dataset)) {
    return {};
  }
  Id properties(H5Dget_create_plist(dataset));
  H5D_layout_t layout = properties ? H5Pget_layout(properties) : H5D_LAYOUT_ERROR;
  if (layout == H5D_LAYOUT_ERROR) {
    return failure(place, "has a layout that cannot be read: the file is damaged");
  }
  if (layout == H5D_VIRTUAL) {
    return place.error(Cause::WrongType,
                       "is a virtual dataset, expected one that holds its own data");
  }
  if (layout == H5D_CONTIGUOUS && H5Pget_external_count(properties) != 0) {
    return place.error(Cause::WrongType,
                       "lies in another file (external storage), expected it in this one");
  }
  if (layout != H5D_CHUNKED) {
    return {};
  }
  hsize_t chunk[H5S_MAX_RANK];
  int rank = H5Pget_chunk(properties, H5S_MAX_RANK, chunk);
  auto room = static_cast<hsize_t>(limits.maxTensorBytes);
  for (int i = 0; i < rank; ++i) {
    if (chunk[i] == 0 || chunk[i] > room) {
      return place.error(Cause::Limit,
                         fmt::format("is stored in chunks larger than {} (limit maxTensorBytes)",
                                     counted(limits.maxTensorBytes, "byte")));
    }
    room /= chunk[i];
  }
  for (int i = 0, count = H5Pget_nfilters(properties); i < count; ++i) {
    unsigned flags, config;
    size_t values = 0;
    H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values,
                                         nullptr, 0, nullptr, &config);
    if (filter < 0 || H5Zfilter_avail(filter) <= 0) {
      takeErrorText();
      return std::move(place.error(Cause::WrongType,
                                   fmt::format("is packed with {}, which is not available here",
                                               nameOfFilter(filter))))
          .note("write the file with gzip, or unpacked: nir.write(path, nir.read(path)) does, or "
                "where HDF5 has the filter h5repack -f NONE old.nir new.nir");
    }
  }
  return {};
}

Result<Value> Source::readTensor(const Reading &reading, hid_t type, DType dtype,
                                 const Extent &extent, const Place &place) {
  int64_t width = static_cast<int64_t>(sizeOf(dtype));
  if (extent.count > limits.maxTensorBytes / width) {
    return place.error(Cause::Limit,
                       fmt::format("has shape {} of {}, more than {} (limit maxTensorBytes)",
                                   str(extent.shape), name(dtype),
                                   counted(limits.maxTensorBytes, "byte")));
  }
  int64_t bytes = extent.count * width;
  if (bytes > limits.maxTotalBytes - bytesTaken) {
    return place.error(
        Cause::Limit,
        fmt::format(
            "with shape {} of {} brings the parameters to more than {} (limit maxTotalBytes)",
            str(extent.shape), name(dtype), counted(limits.maxTotalBytes, "byte")));
  }
  bytesTaken += bytes;
  std::shared_ptr<std::byte> data = memory.take(static_cast<size_t>(std::max<int64_t>(bytes, 1)));
  if (!data) {
    return place.error(Cause::NoMemory,
                       fmt::format("needs {}, which are not there", counted(bytes, "byte")));
  }
  // A little-endian type is the one that the tensor wants; to make that one anew takes time.
  bool asItIs = dtype == DType::Bool || H5Tget_order(type) == H5T_ORDER_LE;
  herr_t status =
      bytes == 0 ? 0 : reading.elements(asItIs ? type : hid_t(typeOf(dtype)), data.get());
  if (status < 0) {
    return failure(place, "cannot be read: the file is damaged");
  }
  auto isTruth = [](std::byte b) { return b == std::byte(0) || b == std::byte(1); };
  if (dtype == DType::Bool && !std::all_of(data.get(), data.get() + bytes, isTruth)) {
    return place.error(Cause::DamagedFile,
                       "holds booleans that are neither 0 nor 1: the file is damaged");
  }
  return Value(Tensor(dtype, extent.shape, std::move(data)));
}

/// A text of fixed length ends where HDF5's padding says.
static std::string_view unpadded(std::string_view text, H5T_str_t padding) {
  if (padding == H5T_STR_NULLTERM) {
    return text.substr(0, text.find('\0'));
  }
  size_t last = text.find_last_not_of(padding == H5T_STR_SPACEPAD ? ' ' : '\0');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Result<Value> Source::readStrings(const Reading &reading, hid_t type, const Extent &extent,
                                  const Place &place) const {
  Strings strings{extent.shape, {}};
  bool isVariable = H5Tis_variable_str(type) > 0;
  size_t width = isVariable ? sizeof(char *) : H5Tget_size(type);
  if (width == 0 || extent.count > limits.maxTensorBytes / static_cast<int64_t>(width)) {
    return place.error(Cause::Limit,
                       fmt::format("has shape {} of text, more than {} (limit maxTensorBytes)",
                                   str(extent.shape), counted(limits.maxTensorBytes, "byte")));
  }
  auto count = static_cast<size_t>(extent.count);
  std::vector<char> raw(count * width);
  if (count > 0 && reading.elements(type, raw.data()) < 0) {
    return failure(place, "cannot be read: the file is damaged");
  }
  strings.values.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    if (isVariable) {
      char *text;
      std::memcpy(static_cast<void *>(&text), &raw[i * width], sizeof(text));
      strings.values.emplace_back(text ? text : "");
      H5free_memory(text);
    } else {
      strings.values.emplace_back(unpadded({&raw[i * width], width}, H5Tget_strpad(type)));
    }
  }
  if (!std::all_of(strings.values.begin(), strings.values.end(), isUtf8)) {
    return place.error(Cause::WrongType, "holds text that is not UTF-8");
  }
  return Value(std::move(strings));
}

Result<Source::Declared> Source::declared(hid_t type, hid_t space, const Place &place) const {
  Result<Extent> extent = extentOf(space, place);
  if (!extent) {
    return extent.takeError();
  }
  std::optional<DType> dtype = dtypeOf(type);
  if (!extent->isNull && !dtype && H5Tget_class(type) != H5T_STRING) {
    return place.error(Cause::WrongType,
                       fmt::format("holds {}, expected integers of 8 to 64 bits, floats of 16, 32 "
                                   "or 64 bits, booleans or text",
                                   describe(type)));
  }
  return Declared{*std::move(extent), dtype};
}

Result<Value> Source::readAs(const Reading &reading, hid_t type, hid_t space, const Place &place) {
  Result<Declared> what = declared(type, space, place);
  if (!what) {
    return what.takeError();
  }
  const auto &[extent, dtype] = *what;
  if (extent.isNull) {
    return Value();
  }
  return dtype ? readTensor(reading, type, *dtype, extent, place)
               : readStrings(reading, type, extent, place);
}

Result<Value> Source::unread(hid_t dataset, const Place &place) const {
  Id type(H5Dget_type(dataset)), space(H5Dget_space(dataset));
  if (!type || !space) {
    return failure(place, "has a type or a shape that cannot be read: the file is damaged");
  }
  Result<Declared> what = declared(type, space, place);
  if (!what) {
    return what.takeError();
  }
  const auto &[extent, dtype] = *what;
  return extent.isNull ? Value()
         : dtype       ? Value(Tensor(*dtype, extent.shape, nullptr))
                       : Value(Strings{extent.shape, {}});
}

Result<Value> Source::read(hid_t dataset, const Place &place) {
  if (Status error = checkLayout(dataset, place)) {
    return *error;
  }
  Id type(H5Dget_type(dataset)), space(H5Dget_space(dataset));
  if (!type || !space) {
    return failure(place, "has a type or a shape that cannot be read: the file is damaged");
  }
  Reading reading{[&](hid_t memoryType, void *out) {
    return H5Dread(dataset, memoryType, H5S_ALL, H5S_ALL, transfer, out);
  }};
  return readAs(reading, type, space, place);
}

Result<Value> Source::readAttribute(hid_t object, const char *name, const Place &place) {
  if (H5Aexists(object, name) <= 0) {
    takeErrorText();
    return Value();
  }
  Id attribute(H5Aopen(object, name, H5P_DEFAULT));
  Id type(attribute ? H5Aget_type(attribute) : H5I_INVALID_HID);
  Id space(attribute ? H5Aget_space(attribute) : H5I_INVALID_HID);
  if (!type || !space) {
    return failure(place, "has a type or a shape that cannot be read: the file is damaged");
  }
  Reading reading{[&](hid_t memoryType, void *out) { return H5Aread(attribute, memoryType, out); }};
  return readAs(reading, type, space, place);
}

Result<std::vector<std::string>> Source::attributes(hid_t object, std::string_view prefix,
                                                    const Place &place) {
  struct Names {
    std::string_view prefix;
    std::vector<std::string> found;
  } names{prefix, {}};
  auto add = [](hid_t, const char *name, const H5A_info_t *, void *out) -> herr_t {
    auto &names = *static_cast<Names *>(out);
    if (std::string_view(name).starts_with(names.prefix)) {
      names.found.emplace_back(name);
    }
    return 0;
  };
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names) < 0) {
    return failure(place, "has attributes that cannot be listed: the file is damaged");
  }
  return std::move(names.found);
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
