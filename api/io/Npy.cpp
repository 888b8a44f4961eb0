//===- Npy.cpp - arrays of numpy ------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. A magic
// string, a version, the length of the header, and the header: the text of a Python dict.
//
//===----------------------------------------------------------------------===//

#include "api/io/Npy.h"

#include "ir/Wording.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace nirc {

namespace {
struct Header {
  std::string descr;
  bool fortranOrder = false;
  nir::Shape shape;
};

/// Reads the header's dict: string keys; string, bool and tuple values. Every function leaves the
/// position behind what it took and gives nothing where the text does not fit.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest(text) {}

  /// The header, or what is wrong with it.
  nir::Result<Header> parse() {
    Header header;
    bool seenDescr = false;
    bool seenOrder = false;
    bool seenShape = false;
    if (!take('{')) {
      return nir::Error(nir::Cause::DamagedInput, "the header is not a dict");
    }
    while (!take('}')) {
      std::optional<std::string> key = string();
      if (!key || !take(':')) {
        return nir::Error(nir::Cause::DamagedInput, "the header is not a dict with text as keys");
      }
      bool &seen = *key == "descr" ? seenDescr : *key == "shape" ? seenShape : seenOrder;
      if (*key == "descr") {
        std::optional<std::string> descr = string();
        if (!descr) {
          return nir::Error(nir::Cause::InputFormat,
                            "the dtype is not text: arrays of records are not supported");
        }
        header.descr = *descr;
      } else if (*key == "fortran_order") {
        if (take("True")) {
          header.fortranOrder = true;
        } else if (!take("False")) {
          return nir::Error(nir::Cause::DamagedInput,
                            "the header's fortran_order is neither True nor False");
        }
      } else if (*key == "shape") {
        if (!tuple(header.shape)) {
          return nir::Error(nir::Cause::DamagedInput, "the header's shape is not a tuple of sizes");
        }
      } else {
        return nir::Error(
            nir::Cause::DamagedInput,
            fmt::format("the header has the key '{}', expected descr, fortran_order and shape",
                        *key));
      }
      if (std::exchange(seen, true)) {
        return nir::Error(nir::Cause::DamagedInput, fmt::format("the header says {} twice", *key));
      }
      if (!take(',') && !peek('}')) {
        return nir::Error(nir::Cause::DamagedInput, "the header is not a dict");
      }
    }
    if (!seenDescr || !seenOrder || !seenShape) {
      return nir::Error(nir::Cause::DamagedInput,
                        "the header lacks one of descr, fortran_order and shape");
    }
    skipBlanks();
    if (!rest.empty()) {
      return nir::Error(nir::Cause::DamagedInput, "text follows the header's dict");
    }
    return header;
  }

private:
  void skipBlanks() {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  }
  bool peek(char c) {
    skipBlanks();
    return rest.starts_with(c);
  }
  bool take(char c) { return peek(c) && (rest.remove_prefix(1), true); }
  bool take(std::string_view word) {
    skipBlanks();
    return rest.starts_with(word) && (rest.remove_prefix(word.size()), true);
  }
  std::optional<std::string> string() {
    skipBlanks();
    if (!rest.starts_with('\'') && !rest.starts_with('"')) {
      return std::nullopt;
    }
    size_t end = rest.find(rest[0], 1);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    std::string text(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    return text;
  }
  bool tuple(nir::Shape &shape) {
    if (!take('(')) {
      return false;
    }
    while (!take(')')) {
      skipBlanks();
      int64_t size = 0;
      auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
      if (error != std::errc() || size < 0 || shape.size() == 64) {
        return false;
      }
      rest.remove_prefix(static_cast<size_t>(end - rest.data()));
      take('L'); // Python 2 wrote long integers so
      shape.push_back(size);
      if (!take(',') && !peek(')')) {
        return false;
      }
    }
    return true;
  }

  std::string_view rest;
};

struct Element {
  nir::DType dtype;
  bool bigEndian;
};
} // namespace

static constexpr std::pair<std::string_view, nir::DType> elementCodes[] = {
    {"b1", nir::DType::Bool}, {"i1", nir::DType::I8},  {"u1", nir::DType::U8},
    {"i2", nir::DType::I16},  {"u2", nir::DType::U16}, {"i4", nir::DType::I32},
    {"u4", nir::DType::U32},  {"i8", nir::DType::I64}, {"u8", nir::DType::U64},
    {"f2", nir::DType::F16},  {"f4", nir::DType::F32}, {"f8", nir::DType::F64}};

static std::optional<Element> elementOf(std::string_view descr) {
  bool ordered = !descr.empty() && std::string_view("<>|=").find(descr[0]) != descr.npos;
  std::string_view code = descr.substr(ordered ? 1 : 0);
  for (auto [known, dtype] : elementCodes) {
    if (code == known) {
      return Element{dtype, descr.starts_with('>')};
    }
  }
  return std::nullopt;
}

/// The number of elements, or nothing where `count * width` bytes are more than `available`. The
/// sizes beside a 0 are bounded too, so that no product of them overflows later.
static std::optional<size_t> countElements(const nir::Shape &shape, size_t width,
                                           size_t available) {
  bool empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  uint64_t bound = empty ? uint64_t(1) << 40 : available / width;
  uint64_t count = 1;
  for (int64_t dim : shape) {
    if (static_cast<uint64_t>(dim) > bound / count) {
      return std::nullopt;
    }
    count *= std::max<uint64_t>(1, static_cast<uint64_t>(dim));
  }
  return empty ? 0 : static_cast<size_t>(count);
}

/// Copies a column-major array to a row-major one.
static void transpose(const std::byte *in, std::byte *out, const nir::Shape &shape, size_t width) {
  std::vector<size_t> stride(shape.size(), width); // of `in`, in bytes
  for (size_t d = 1; d < shape.size(); ++d) {
    stride[d] = stride[d - 1] * static_cast<size_t>(shape[d - 1]);
  }
  std::vector<int64_t> index(shape.size(), 0);
  size_t offset = 0;
  for (int64_t done = 0, count = nir::numElements(shape); done < count; ++done) {
    std::memcpy(out, in + offset, width);
    out += width;
    for (size_t d = shape.size(); d-- > 0;) {
      offset += stride[d];
      if (++index[d] < shape[d]) {
        break;
      }
      offset -= stride[d] * static_cast<size_t>(shape[d]);
      index[d] = 0;
    }
  }
}

static nir::Tensor decode(std::span<const std::byte> data, const Header &header, Element element) {
  size_t width = nir::sizeOf(element.dtype);
  auto [tensor, out] = nir::Tensor::allocate(element.dtype, header.shape);
  if (header.fortranOrder && header.shape.size() > 1) {
    transpose(data.data(), out, header.shape, width);
  } else if (!data.empty()) {
    std::memcpy(out, data.data(), data.size());
  }
  for (size_t at = 0; element.bigEndian && width > 1 && at < data.size(); at += width) {
    std::reverse(out + at, out + at + width);
  }
  for (size_t at = 0; element.dtype == nir::DType::Bool && at < data.size(); ++at) {
    out[at] = std::byte(out[at] != std::byte(0)); // a bool is 0 or 1, whatever a file holds
  }
  return tensor;
}

nir::Result<nir::Tensor> parseNpy(std::span<const std::byte> bytes, const std::string &file) {
  auto damaged = [&](const std::string &what) {
    return nir::Error(nir::Cause::DamagedInput, what + ": not a valid .npy file").in(file);
  };
  constexpr std::string_view magic = "\x93NUMPY";
  if (bytes.size() < 10 || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
    return damaged("the file does not start as a .npy file does");
  }
  auto byte = [&](size_t at) { return std::to_integer<size_t>(bytes[at]); };
  size_t version = byte(6);
  if (version < 1 || version > 3) {
    return damaged(fmt::format("found format version {}, expected 1, 2 or 3", version));
  }
  size_t headerAt = version == 1 ? 10 : 12;
  if (bytes.size() < headerAt) {
    return damaged("the file ends within its header");
  }
  size_t headerSize = byte(8) | byte(9) << 8;
  if (version > 1) {
    headerSize |= byte(10) << 16 | byte(11) << 24;
  }
  if (headerSize > bytes.size() - headerAt) {
    return damaged("the file ends within its header");
  }
  std::string_view text(reinterpret_cast<const char *>(bytes.data()) + headerAt, headerSize);
  nir::Result<Header> header = HeaderParser(text).parse();
  if (!header) {
    return damaged(header.error().message);
  }
  std::optional<Element> element = elementOf(header->descr);
  if (!element) {
    return nir::Error(nir::Cause::InputFormat,
                      fmt::format("dtype '{}' is not supported, expected bool, an integer or a "
                                  "float of 16, 32 or 64 bits",
                                  header->descr))
        .in(file)
        .note(header->descr.find_first_of("USO") == std::string::npos
                  ? "convert it first: numpy.save(path, array.astype('float32'))"
                  : "texts and objects are no numbers: numpy.unique(array, return_inverse=True)[1] "
                    "numbers what is different");
  }
  std::span<const std::byte> data = bytes.subspan(headerAt + headerSize);
  size_t width = nir::sizeOf(element->dtype);
  std::optional<size_t> count = countElements(header->shape, width, data.size());
  if (!count || *count * width != data.size()) {
    return damaged(fmt::format("{} of data do not fit shape {} of {}",
                               nir::counted(data.size(), "byte"), nir::str(header->shape),
                               nir::name(element->dtype)));
  }
  return decode(data, *header, *element);
}

} // namespace nirc
