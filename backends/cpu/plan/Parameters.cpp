//===- Parameters.cpp - weights as the code reads them --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/Parameters.h"

#include "backends/run/Team.h"
#include "dialects/Elements.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <type_traits>

using namespace mlir;
using namespace nirc::cpu;

std::shared_ptr<char> nirc::cpu::allocateUnset(int64_t bytes) {
  std::shared_ptr<char> memory = allocateIfThere(bytes);
  if (!memory) {
    llvm::report_bad_alloc_error("out of memory for the weights");
  }
  return memory;
}

std::shared_ptr<char> nirc::cpu::allocateIfThere(int64_t bytes) {
  // Large pages, where the system has them for the asking: fewer to look up while columns are read
  // that lie far apart, and fewer to be given first. Below that size nothing is gained.
  constexpr int64_t large = int64_t(1) << 23, page = int64_t(1) << 21;
  bool isLarge = bytes > large;
  size_t alignment = isLarge ? page : 64;
  size_t size = llvm::alignTo(std::max<int64_t>(bytes, 1), alignment);
  auto *memory = static_cast<char *>(std::aligned_alloc(alignment, size));
  if (!memory) {
    return nullptr;
  }
#ifdef MADV_HUGEPAGE
  if (isLarge) {
    madvise(memory, size, MADV_HUGEPAGE); // advice: whether it is taken does not matter
  }
#endif
  return {memory, std::free};
}

std::shared_ptr<char> nirc::cpu::allocateParameter(int64_t bytes) {
  std::shared_ptr<char> memory = allocateUnset(bytes);
  std::memset(memory.get(), 0, bytes);
  return memory;
}

/// Whether an attribute can hold weights in that type.
static bool isStored(Type type) {
  return type.isF16() || type.isF32() || type.isF64() || type.isInteger(8) || type.isInteger(16) ||
         type.isInteger(32);
}

std::optional<Numbers> Numbers::of(ElementsAttr values) {
  if (!isStored(values.getElementType()) || !nir::brokenValues(values).empty()) {
    return std::nullopt;
  }
  nir::RawElements raw = nir::rawElements(values);
  Numbers numbers;
  numbers.type = values.getElementType();
  numbers.data = reinterpret_cast<const char *>(raw.data);
  numbers.owner = std::move(raw.owner);
  numbers.count = raw.count;
  numbers.splat = raw.single;
  return numbers;
}

namespace {
/// A 16-bit float, which C++20 has no type for.
struct Half {
  uint16_t bits;
  explicit operator double() const {
    return llvm::APFloat(llvm::APFloat::IEEEhalf(), llvm::APInt(16, bits)).convertToDouble();
  }
  explicit operator float() const { return static_cast<float>(static_cast<double>(*this)); }
};
} // namespace

static bool isZero(double number) { return number == 0; }
static bool isZero(float number) { return number == 0; }
static bool isZero(Half number) { return (number.bits & 0x7fff) == 0; }

static bool isZero(int32_t number) { return number == 0; }

template <typename F>
auto Numbers::withPointer(F f) const {
  if (type.isF64()) {
    return f(reinterpret_cast<const double *>(data));
  }
  if (type.isF32()) {
    return f(reinterpret_cast<const float *>(data));
  }
  if (type.isF16()) {
    return f(reinterpret_cast<const Half *>(data));
  }
  if (type.isInteger(8)) {
    return f(reinterpret_cast<const int8_t *>(data));
  }
  if (type.isInteger(16)) {
    return f(reinterpret_cast<const int16_t *>(data));
  }
  return f(reinterpret_cast<const int32_t *>(data));
}

double Numbers::operator[](int64_t i) const {
  return withPointer([&](auto *from) { return static_cast<double>(from[splat ? 0 : i]); });
}

std::pair<int64_t, int64_t> Numbers::extremes() const {
  assert(type.isInteger() && count > 0 && "integers, of which there are some");
  return withPointer([&](auto *from) -> std::pair<int64_t, int64_t> {
    auto [least, most] = std::minmax_element(from, from + (splat ? 1 : count), [](auto a, auto b) {
      return static_cast<double>(a) < static_cast<double>(b);
    });
    return {static_cast<int64_t>(static_cast<double>(*least)),
            static_cast<int64_t>(static_cast<double>(*most))};
  });
}

bool Numbers::isUniformIn(int64_t runs) const {
  if (splat) {
    return true;
  }
  int64_t length = count / runs, width = type.getIntOrFloatBitWidth() / 8;
  for (int64_t i = 0; i < count; ++i) { // as the one before it
    bool isFirst = i % length == 0;
    const char *number = data + i * width;
    if (!isFirst && std::memcmp(number, number - width, static_cast<size_t>(width)) != 0) {
      return false;
    }
  }
  return true;
}

nir::DType Numbers::storedType(nir::DType element) const {
  if (element == nir::DType::I32) {
    return type.isInteger(8)    ? nir::DType::I8
           : type.isInteger(16) ? nir::DType::I16
                                : nir::DType::I32;
  }
  bool narrow = element == nir::DType::F32 || type.getIntOrFloatBitWidth() <= 32;
  return narrow ? nir::DType::F32 : nir::DType::F64;
}

/// Calls f(pointer to numbers of that type).
template <typename F>
static void withStored(nir::DType stored, char *to, F f) {
  switch (stored) {
  case nir::DType::F64:
    return f(reinterpret_cast<double *>(to));
  case nir::DType::I8:
    return f(reinterpret_cast<int8_t *>(to));
  case nir::DType::I16:
    return f(reinterpret_cast<int16_t *>(to));
  case nir::DType::I32:
    return f(reinterpret_cast<int32_t *>(to));
  default:
    return f(reinterpret_cast<float *>(to));
  }
}

/// A number of another type, which holds it, or is the nearest float.
template <typename To, typename From>
static To as(From number) {
  if constexpr (std::is_integral_v<To> && !std::is_integral_v<From>) {
    llvm_unreachable("code of integers reads integers");
  } else {
    return static_cast<To>(number);
  }
}

void Numbers::gather(nir::DType stored, char *to, int64_t elements,
                     llvm::function_ref<int64_t(int64_t)> from) const {
  withPointer([&](auto *source) {
    withStored(stored, to, [&](auto *result) {
      using T = std::remove_pointer_t<decltype(result)>;
      for (int64_t i = 0; i < elements; ++i) {
        int64_t at = from(i);
        result[i] = at < 0 ? T(0) : as<T>(source[splat ? 0 : at]);
      }
    });
  });
}

void Numbers::transpose(nir::DType stored, char *to, int64_t matrices, int64_t rows,
                        int64_t columns, int64_t pitch) const {
  constexpr int64_t tile = 32; // both sides of a tile stay in the first-level cache
  withPointer([&](auto *source) {
    withStored(stored, to, [&](auto *result) {
      using T = std::remove_pointer_t<decltype(result)>;
      for (int64_t m = 0; m < matrices; ++m) {
        auto *matrix = splat ? source : source + m * rows * columns;
        T *out = result + m * columns * pitch;
        for (int64_t r0 = 0; r0 < rows; r0 += tile) {
          for (int64_t c0 = 0; c0 < columns; c0 += tile) {
            int64_t r1 = std::min(r0 + tile, rows), c1 = std::min(c0 + tile, columns);
            for (int64_t c = c0; c < c1; ++c) {
              for (int64_t r = r0; r < r1; ++r) {
                out[c * pitch + r] = as<T>(matrix[splat ? 0 : r * columns + c]);
              }
            }
          }
        }
      }
    });
  });
}

/// Calls body(first column, end) for blocks of columns, on all cores where there is much to do. The
/// ends of the columns of a block stay in the caches.
static void forEachBlock(int64_t rows, int64_t columns,
                         llvm::function_ref<void(int64_t, int64_t)> body) {
  constexpr int64_t block = 256, much = int64_t(1) << 22;
  std::atomic<int64_t> next = 0;
  nirc::inParallel(rows * columns >= much ? nirc::coresAvailable() : 1, [&](int64_t, int64_t) {
    for (int64_t begin; (begin = next.fetch_add(block)) < columns;) {
      body(begin, std::min(begin + block, columns));
    }
  });
}

std::vector<int64_t> Numbers::nonZerosOfColumns(int64_t rows, int64_t columns) const {
  std::vector<int64_t> counts(columns, 0);
  withPointer([&](auto *source) {
    forEachBlock(rows, columns, [&](int64_t begin, int64_t end) {
      for (int64_t r = 0; r < rows; ++r) {
        auto *row = splat ? source : source + r * columns;
        for (int64_t c = begin; c < end; ++c) {
          counts[c] += isZero(row[splat ? 0 : c]) ? 0 : 1;
        }
      }
    });
  });
  return counts;
}

/// Columns from `begin` to `end`. `Row` is the integer that holds a row.
template <typename From, typename To, typename Row>
static void compress(const From *source, To *values, Row *rowOf, int64_t rows, int64_t columns,
                     int64_t begin, int64_t end, std::vector<int64_t> &next) {
  for (int64_t r = 0; r < rows; ++r) {
    const From *row = source + r * columns;
    for (int64_t c = begin; c < end; ++c) {
      if (!isZero(row[c])) {
        int64_t at = next[c]++;
        values[at] = as<To>(row[c]);
        rowOf[at] = static_cast<Row>(r);
      }
    }
  }
}

void Numbers::compressColumns(nir::DType stored, char *values, nir::DType rowType, char *rowOf,
                              int64_t rows, int64_t columns, std::vector<int64_t> &next) const {
  assert(!splat && "a splat is all zeros or none");
  withPointer([&](auto *source) {
    withStored(stored, values, [&](auto *to) {
      forEachBlock(rows, columns, [&](int64_t begin, int64_t end) {
        if (rowType == nir::DType::U8) {
          compress(source, to, reinterpret_cast<uint8_t *>(rowOf), rows, columns, begin, end, next);
        } else if (rowType == nir::DType::U16) {
          compress(source, to, reinterpret_cast<uint16_t *>(rowOf), rows, columns, begin, end,
                   next);
        } else {
          compress(source, to, reinterpret_cast<int32_t *>(rowOf), rows, columns, begin, end, next);
        }
      });
    });
  });
}
