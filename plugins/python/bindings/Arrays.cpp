//===- Arrays.cpp - numbers of NumPy and of nirc --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/python/bindings/Arrays.h"

#include "plugins/python/bindings/Errors.h"

#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace py = pybind11;

namespace nirc::python {

static std::optional<nir::DType> dtypeOf(const py::dtype &dtype) {
  auto isSwapped = [&] { return !dtype.attr("isnative").cast<bool>(); };
  if (isSwapped()) {
    return std::nullopt;
  }
  switch (dtype.kind()) {
  case 'b':
    return nir::DType::Bool;
  case 'i':
  case 'u': {
    bool isSigned = dtype.kind() == 'i';
    switch (dtype.itemsize()) {
    case 1:
      return isSigned ? nir::DType::I8 : nir::DType::U8;
    case 2:
      return isSigned ? nir::DType::I16 : nir::DType::U16;
    case 4:
      return isSigned ? nir::DType::I32 : nir::DType::U32;
    default:
      return isSigned ? nir::DType::I64 : nir::DType::U64;
    }
  }
  case 'f':
    switch (dtype.itemsize()) {
    case 2:
      return nir::DType::F16;
    case 4:
      return nir::DType::F32;
    case 8:
      return nir::DType::F64;
    default:
      return std::nullopt;
    }
  default:
    return std::nullopt;
  }
}

/// With numbers in a row, of a type that nirc has.
static py::array rowMajor(py::handle given, const std::string &what) {
  // What NumPy raises is its user's: a Ctrl-C in a conversion, or no memory.
  py::object numpy = py::module_::import("numpy");
  py::array array = py::isinstance<py::array>(given) ? py::reinterpret_borrow<py::array>(given)
                                                     : numpy.attr("asarray")(given);
  constexpr int flags =
      static_cast<int>(py::array::c_style) | py::detail::npy_api::NPY_ARRAY_ALIGNED_;
  if ((array.flags() & flags) != flags) {
    array = numpy.attr("require")(array, py::none(), "CA");
  }
  if (dtypeOf(array.dtype())) {
    return array;
  }
  if (!array.dtype().attr("isnative").cast<bool>()) {
    py::object native = array.attr("astype")(array.dtype().attr("newbyteorder")("="));
    return rowMajor(native, what);
  }
  raise(nir::Error::usage(nir::Cause::InputFormat,
                          fmt::format("{} has dtype {}, expected numbers: bool, integers, or "
                                      "float16, float32 or float64",
                                      what, py::str(array.dtype()).cast<std::string>())));
}

static nir::Shape shapeOf(const py::array &array) {
  return {array.shape(), array.shape() + array.ndim()};
}

nir::Tensor copyOf(py::handle given, const std::string &what) {
  py::array array = rowMajor(given, what);
  auto [tensor, bytes] = nir::Tensor::allocate(*dtypeOf(array.dtype()), shapeOf(array));
  if (array.nbytes() > 0) {
    std::memcpy(bytes, array.data(), static_cast<size_t>(array.nbytes()));
  }
  return tensor;
}

nir::Tensor viewOf(py::handle given, const std::string &what, std::vector<py::object> &keep) {
  py::array array = rowMajor(given, what);
  std::shared_ptr<const std::byte> bytes(std::shared_ptr<const std::byte>(),
                                         static_cast<const std::byte *>(array.data()));
  nir::Tensor tensor(*dtypeOf(array.dtype()), shapeOf(array), std::move(bytes));
  keep.push_back(std::move(array));
  return tensor;
}

py::array arrayOf(const nir::Tensor &tensor, bool canBeWritten) {
  auto *kept = new std::shared_ptr<const std::byte>(tensor.share());
  py::capsule owner(
      kept, [](void *pointer) { delete static_cast<std::shared_ptr<const std::byte> *>(pointer); });
  py::array array(py::dtype(std::string(nir::name(tensor.dtype()))), tensor.shape(), tensor.bytes(),
                  owner);
  if (!canBeWritten) {
    py::detail::array_proxy(array.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
  }
  return array;
}

} // namespace nirc::python
