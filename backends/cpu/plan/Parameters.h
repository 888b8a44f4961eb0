//===- Parameters.h - weights as the code reads them ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Weights are prepared for the loops that read them (transposed, padded to whole vectors, sparse)
// and lie outside the code, behind symbols.

#pragma once

#include "ir/graph/Tensor.h"

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nirc::cpu {

/// An array that the code reads: `symbol` names a memref.global without a value, to be bound to
/// `bytes`, which are aligned to 64, when the code is loaded.
struct Parameter {
  std::string symbol;
  nir::DType element = nir::DType::F32; ///< numbers F32, F64, I8, I16, I32; indices U8, U16, I32,
                                        ///< I64; U8 packed weights
  int64_t elements = 0;
  std::shared_ptr<const char> bytes;
  llvm::ArrayRef<char> data() const {
    return {bytes.get(), static_cast<size_t>(elements) * nir::sizeOf(element)};
  }
};

/// Memory of that size, aligned to 64, in large pages where there is much and the system has them.
std::shared_ptr<char> allocateUnset(int64_t bytes);
/// The same, or null where there is not so much memory.
std::shared_ptr<char> allocateIfThere(int64_t bytes);
/// The same, zeroed.
std::shared_ptr<char> allocateParameter(int64_t bytes);

/// The numbers of an attribute, whatever their dtype. Reads the memory of the attribute, which must
/// outlive it.
class Numbers {
public:
  /// Nothing where an attribute is not sound (dialects/Elements.h), as in IR that was printed
  /// without its resources, or where they are neither floats nor integers of 8, 16 or 32 bits.
  static std::optional<Numbers> of(mlir::ElementsAttr values);

  int64_t size() const { return count; }
  /// Whether all are the same number, bit for bit as far as can be seen without reading them.
  bool isSplat() const { return splat; }
  double operator[](int64_t i) const;
  /// The least and the most of all of them, of integers.
  std::pair<int64_t, int64_t> extremes() const;
  /// Whether all numbers of each of `runs` runs are the same, bit for bit.
  bool isUniformIn(int64_t runs) const;
  /// The type in which code that computes in `element` keeps them. Of floats F32 or F64, never
  /// wider than `element`; integers are made floats here, once. Code that computes in I32 reads
  /// integers as they are: of 8 bits a quarter of the memory.
  nir::DType storedType(nir::DType element) const;

  /// to[i] = the number from(i), or 0 where that is negative, as `stored`.
  void gather(nir::DType stored, char *to, int64_t elements,
              llvm::function_ref<int64_t(int64_t)> from) const;
  /// [matrices, rows, columns] as [matrices, columns, pitch], a row `pitch` elements long.
  void transpose(nir::DType stored, char *to, int64_t matrices, int64_t rows, int64_t columns,
                 int64_t pitch) const;
  /// How many numbers of each column of [rows, columns] are not zero.
  std::vector<int64_t> nonZerosOfColumns(int64_t rows, int64_t columns) const;
  /// Those numbers, column by column, and their rows; column c's go from next[c] on, which is
  /// advanced past them. A row is an uint8_t, an uint16_t or an int32_t, as `rowType` says.
  void compressColumns(nir::DType stored, char *values, nir::DType rowType, char *rowOf,
                       int64_t rows, int64_t columns, std::vector<int64_t> &next) const;

private:
  template <typename F>
  auto withPointer(F f) const;

  mlir::Type type;
  const char *data = nullptr;
  std::shared_ptr<const std::byte> owner; ///< where it is a copy, of what lay at an odd address
  int64_t count = 0;
  bool splat = false;
};

} // namespace nirc::cpu
