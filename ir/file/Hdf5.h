//===- Hdf5.h - HDF5's handles and its errors -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <hdf5.h>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace nir::hdf5 {

/// Owns an HDF5 identifier of any kind. Empty after a call that failed.
class Id {
public:
  Id() = default;
  explicit Id(hid_t id) : id(id) {}
  Id(Id &&other) noexcept : id(std::exchange(other.id, H5I_INVALID_HID)) {}
  Id &operator=(Id &&other) noexcept {
    std::swap(id, other.id);
    return *this;
  }
  ~Id() {
    if (id >= 0) {
      H5Idec_ref(id);
    }
  }
  explicit operator bool() const { return id >= 0; }
  operator hid_t() const { return id; }
  hid_t release() { return std::exchange(id, H5I_INVALID_HID); }

private:
  hid_t id = H5I_INVALID_HID;
};

/// Holds HDF5 for one thread, because its usual build has no locks, and keeps it from
/// printing its error stack. The program's own setting comes back at the end.
class Session {
public:
  Session();
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

private:
  std::unique_lock<std::recursive_mutex> lock;
  H5E_auto2_t oldFunction = nullptr;
  void *oldData = nullptr;
};

/// HDF5's own words about the call that failed last: the innermost message, which is the most
/// specific. Empty where it has none. Forgets the error.
std::string takeErrorText();

/// The type in which a dtype lies in memory and in files that nirc writes: little-endian; Bool as
/// the enum that h5py writes.
Id typeOf(DType dtype);

/// The dtype that holds a file's type without loss, or nothing. The byte order may differ.
std::optional<DType> dtypeOf(hid_t type);

/// What a type is called in messages: "a compound type", "text".
std::string describe(hid_t type);

} // namespace nir::hdf5
