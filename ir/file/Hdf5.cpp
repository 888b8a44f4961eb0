//===- Hdf5.cpp - HDF5 handles and errors ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Hdf5.h"

#include <cstring>
#include <fmt/format.h>

namespace nir::hdf5 {

static std::recursive_mutex &libraryMutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

Session::Session() : lock(libraryMutex()) {
  H5Eget_auto2(H5E_DEFAULT, &oldFunction, &oldData);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Session::~Session() { H5Eset_auto2(H5E_DEFAULT, oldFunction, oldData); }

std::string takeErrorText() {
  std::string text;
  auto keepInnermost = [](unsigned index, const H5E_error2_t *error, void *out) -> herr_t {
    if (index == 0 && error->desc) {
      *static_cast<std::string *>(out) = error->desc;
    }
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keepInnermost, &text);
  H5Eclear2(H5E_DEFAULT);
  return text;
}

/// IEEE's binary16, which HDF5 has no name for.
static Id halfType() {
  Id type(H5Tcopy(H5T_IEEE_F32LE));
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

/// h5py's bool: an enum of int8 with these names in this order.
static Id boolType() {
  Id type(H5Tenum_create(H5T_STD_I8LE));
  int8_t no = 0, yes = 1;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  return type;
}

Id typeOf(DType dtype) {
  switch (dtype) {
  case DType::Bool:
    return boolType();
  case DType::I8:
    return Id(H5Tcopy(H5T_STD_I8LE));
  case DType::U8:
    return Id(H5Tcopy(H5T_STD_U8LE));
  case DType::I16:
    return Id(H5Tcopy(H5T_STD_I16LE));
  case DType::U16:
    return Id(H5Tcopy(H5T_STD_U16LE));
  case DType::I32:
    return Id(H5Tcopy(H5T_STD_I32LE));
  case DType::U32:
    return Id(H5Tcopy(H5T_STD_U32LE));
  case DType::I64:
    return Id(H5Tcopy(H5T_STD_I64LE));
  case DType::U64:
    return Id(H5Tcopy(H5T_STD_U64LE));
  case DType::F16:
    return halfType();
  case DType::F32:
    return Id(H5Tcopy(H5T_IEEE_F32LE));
  case DType::F64:
    break;
  }
  return Id(H5Tcopy(H5T_IEEE_F64LE));
}

static std::optional<DType> integerOf(hid_t type) {
  size_t size = H5Tget_size(type);
  // An integer that uses only some bits of its bytes is legal HDF5 and of no use here.
  if (H5Tget_precision(type) != 8 * size || H5Tget_offset(type) != 0) {
    return std::nullopt;
  }
  bool isSigned = H5Tget_sign(type) == H5T_SGN_2;
  switch (size) {
  case 1:
    return isSigned ? DType::I8 : DType::U8;
  case 2:
    return isSigned ? DType::I16 : DType::U16;
  case 4:
    return isSigned ? DType::I32 : DType::U32;
  case 8:
    return isSigned ? DType::I64 : DType::U64;
  default:
    return std::nullopt;
  }
}

/// Only IEEE's formats: a bfloat16 or an x87 number has the size of one and another meaning.
static std::optional<DType> floatOf(hid_t type) {
  size_t signAt, exponentAt, exponentBits, mantissaAt, mantissaBits;
  if (H5Tget_fields(type, &signAt, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits) < 0) {
    return std::nullopt;
  }
  struct Format {
    DType dtype;
    size_t size, sign, exponent, exponentBits, mantissaBits, bias;
  };
  static constexpr Format formats[] = {{DType::F16, 2, 15, 10, 5, 10, 15},
                                       {DType::F32, 4, 31, 23, 8, 23, 127},
                                       {DType::F64, 8, 63, 52, 11, 52, 1023}};
  if (H5Tget_norm(type) != H5T_NORM_IMPLIED || H5Tget_order(type) == H5T_ORDER_VAX) {
    return std::nullopt;
  }
  size_t size = H5Tget_size(type), bias = H5Tget_ebias(type);
  for (const Format &format : formats) {
    if (size == format.size && signAt == format.sign && exponentAt == format.exponent &&
        exponentBits == format.exponentBits && mantissaAt == 0 &&
        mantissaBits == format.mantissaBits && bias == format.bias) {
      return format.dtype;
    }
  }
  return std::nullopt;
}

static bool isBool(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2) {
    return false;
  }
  for (unsigned index = 0; index < 2; ++index) {
    char *name = H5Tget_member_name(type, index);
    int8_t value = -1;
    bool isExpected = name && std::strcmp(name, index ? "TRUE" : "FALSE") == 0 &&
                      H5Tget_member_value(type, index, &value) >= 0 &&
                      value == static_cast<int8_t>(index);
    H5free_memory(name);
    if (!isExpected) {
      return false;
    }
  }
  return true;
}

std::optional<DType> dtypeOf(hid_t type) {
  switch (H5Tget_class(type)) {
  case H5T_INTEGER:
    return integerOf(type);
  case H5T_FLOAT:
    return floatOf(type);
  case H5T_ENUM:
    return isBool(type) ? std::optional(DType::Bool) : std::nullopt;
  default:
    return std::nullopt;
  }
}

std::string describe(hid_t type) {
  size_t bits = 8 * H5Tget_size(type);
  switch (H5Tget_class(type)) {
  case H5T_INTEGER:
    return fmt::format("{}-bit integers", bits);
  case H5T_FLOAT:
    return fmt::format("{}-bit floats of an unusual format", bits);
  case H5T_STRING:
    return "text";
  case H5T_COMPOUND:
    return "a compound type";
  case H5T_ENUM:
    return "an enumeration";
  case H5T_REFERENCE:
    return "references";
  case H5T_VLEN:
    return "lists of variable length";
  case H5T_ARRAY:
    return "an array type";
  case H5T_OPAQUE:
    return "opaque bytes";
  case H5T_BITFIELD:
    return "bit fields";
  default:
    return "an unknown type";
  }
}

} // namespace nir::hdf5
