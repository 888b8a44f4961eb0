//===- Hdf5Lists.cpp - lists of numbers of differing length ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Hdf5Source.h"

#include "ir/Wording.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace nir::hdf5 {

Result<Tensor> Source::takeTensor(DType dtype, const void *data, int64_t count,
                                  const Place &place) {
  int64_t bytes = count * static_cast<int64_t>(sizeOf(dtype));
  if (bytes > limits.maxTotalBytes - bytesTaken) {
    return place.error(Cause::Limit,
                       fmt::format("brings what is read to more than {} (limit maxTotalBytes)",
                                   counted(limits.maxTotalBytes, "byte")));
  }
  bytesTaken += bytes;
  std::shared_ptr<std::byte> copy = memory.take(static_cast<size_t>(std::max<int64_t>(bytes, 1)));
  if (!copy) {
    return place.error(Cause::NoMemory,
                       fmt::format("needs {}, which are not there", counted(bytes, "byte")));
  }
  if (bytes > 0) {
    std::memcpy(copy.get(), data, static_cast<size_t>(bytes));
  }
  return Tensor(dtype, {count}, std::move(copy));
}

/// Appends one list; false where HDF5 cannot read it.
static bool readList(hid_t dataset, hid_t space, hid_t type, hid_t transfer, hsize_t index,
                     std::vector<double> &values, size_t most) {
  hsize_t one = 1;
  Id single(H5Screate_simple(1, &one, nullptr));
  hvl_t list{0, nullptr};
  bool isRead = single &&
                H5Sselect_hyperslab(space, H5S_SELECT_SET, &index, nullptr, &one, nullptr) >= 0 &&
                H5Dread(dataset, type, single, space, transfer, &list) >= 0;
  if (isRead && list.p && list.len <= most - std::min(most, values.size())) {
    const auto *numbers = static_cast<const double *>(list.p);
    values.insert(values.end(), numbers, numbers + list.len);
  } else if (isRead && list.len > 0) {
    isRead = false;
  }
  if (list.p) {
    H5Dvlen_reclaim(type, single, H5P_DEFAULT, &list);
  }
  return isRead;
}

Result<Lists> Source::readLists(hid_t dataset, int64_t first, int64_t most, const Place &place) {
  if (Status error = checkLayout(dataset, place)) {
    return std::move(*error);
  }
  Id type(H5Dget_type(dataset)), space(H5Dget_space(dataset));
  Id element(type && H5Tget_class(type) == H5T_VLEN ? H5Tget_super(type) : H5I_INVALID_HID);
  H5T_class_t kind = element ? H5Tget_class(element) : H5T_NO_CLASS;
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) {
    takeErrorText();
    return place.error(Cause::WrongType,
                       fmt::format("holds {}, expected lists of numbers",
                                   type ? describe(hid_t(type)) : "a type that cannot be read"));
  }
  Result<Extent> extent = extentOf(space, place);
  if (!extent) {
    return extent.takeError();
  }
  if (extent->isNull || extent->shape.size() != 1) {
    return place.error(Cause::WrongType,
                       fmt::format("has shape {}, expected one dimension", str(extent->shape)));
  }
  Lists lists;
  lists.total = extent->count;
  int64_t end = first + std::min(most, std::max<int64_t>(lists.total - first, 0));
  Id memoryType(H5Tvlen_create(H5T_NATIVE_DOUBLE));
  auto room = static_cast<size_t>(limits.maxTensorBytes) / sizeof(double);
  std::vector<double> values;
  for (int64_t i = first; i < end; ++i) {
    size_t before = values.size();
    if (!readList(dataset, space, memoryType, transfer, static_cast<hsize_t>(i), values, room)) {
      return failure(place, fmt::format("cannot be read at list {}: the file is damaged, or holds "
                                        "more than {} (limit maxTensorBytes)",
                                        i, counted(room, "number")));
    }
    lists.sizes.push_back(static_cast<int64_t>(values.size() - before));
  }
  Result<Tensor> all =
      takeTensor(DType::F64, values.data(), static_cast<int64_t>(values.size()), place);
  if (!all) {
    return all.takeError();
  }
  lists.values = *std::move(all);
  return lists;
}

} // namespace nir::hdf5
