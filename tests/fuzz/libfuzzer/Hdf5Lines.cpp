//===- Hdf5Lines.cpp - a file of HDF5 from lines of text ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/libfuzzer/Hdf5Lines.h"

#include "ir/file/Hdf5.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

namespace nir::fuzz {

using hdf5::Id;

namespace {

constexpr size_t mostLines = 200, mostElements = 4096;

/// The word in front, taken off.
std::string_view word(std::string_view &line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  std::string_view first = line.substr(0, line.find(' '));
  line.remove_prefix(first.size());
  return first;
}

template <typename T>
T number(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "2x3", or "-" for a scalar; no more elements than are written.
std::vector<hsize_t> dimsOf(std::string_view text) {
  std::vector<hsize_t> dims;
  hsize_t all = 1;
  while (!text.empty() && text != "-" && dims.size() < H5S_MAX_RANK) {
    std::string_view first = text.substr(0, text.find('x'));
    text.remove_prefix(std::min(first.size() + 1, text.size()));
    auto dim = number<hsize_t>(first);
    dims.push_back(all * std::max<hsize_t>(dim, 1) > mostElements ? 1 : dim);
    all *= std::max<hsize_t>(dims.back(), 1);
  }
  return dims;
}

Id spaceOf(const std::vector<hsize_t> &dims) {
  return Id(dims.empty() ? H5Screate(H5S_SCALAR)
                         : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
}

Id textType(size_t length) {
  Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, length);
  return type;
}

/// A thing with a type and a place, made by `create` as a dataset or an attribute.
class Lines {
public:
  explicit Lines(hid_t file) : file(file), transfer(H5Pcreate(H5P_DATASET_XFER)) {
    constexpr size_t bytes = 1 << 12; // else HDF5 clears a megabyte for every text
    H5Pset_buffer(transfer, bytes, nullptr, nullptr);
  }
  void take(std::string_view line);

private:
  void make(const std::string &path, std::string_view kind, std::string_view values);
  void texts(const std::string &path, std::string_view kind, std::string_view values);
  void lists(const std::string &path, std::string_view values);
  void write(const std::string &path, hid_t type, hid_t space, const void *data,
             bool isPacked = false);

  hid_t file;
  Id transfer;
};

/// Creates what `path` names, "a/b" or "a/b@attribute", and fills it.
void Lines::write(const std::string &path, hid_t type, hid_t space, const void *data,
                  bool isPacked) {
  size_t at = path.find('@');
  if (at == std::string::npos) {
    Id parents(H5Pcreate(H5P_LINK_CREATE)), packing(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_create_intermediate_group(parents, 1);
    int rank = H5Sget_simple_extent_ndims(space);
    if (isPacked && rank > 0) {
      std::vector<hsize_t> chunk(static_cast<size_t>(rank), 2);
      H5Pset_chunk(packing, rank, chunk.data());
      H5Pset_deflate(packing, 1);
    }
    Id dataset(H5Dcreate2(file, path.c_str(), type, space, parents, packing, H5P_DEFAULT));
    if (dataset && data) {
      H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, transfer, data);
    }
    return;
  }
  std::string owner = path.substr(0, at), name = path.substr(at + 1);
  Id object(H5Oopen(file, owner.empty() ? "/" : owner.c_str(), H5P_DEFAULT));
  Id attribute(object ? H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT)
                      : H5I_INVALID_HID);
  if (attribute && data) {
    H5Awrite(attribute, type, data);
  }
}

void Lines::texts(const std::string &path, std::string_view kind, std::string_view values) {
  bool isOne = kind == "t" || kind == "T", isFixed = kind == "t" || kind == "s";
  std::vector<hsize_t> dims = isOne ? std::vector<hsize_t>() : dimsOf(word(values));
  size_t count = 1;
  for (hsize_t dim : dims) {
    count *= dim;
  }
  std::vector<std::string> all(count);
  size_t longest = 1;
  for (std::string &text : all) {
    text = isOne ? values.substr(std::min<size_t>(1, values.size())) : word(values);
    longest = std::max(longest, text.size());
  }
  Id space = spaceOf(dims);
  if (isFixed) {
    std::string bytes;
    for (std::string text : all) {
      text.resize(longest);
      bytes += text;
    }
    Id type = textType(longest);
    write(path, type, space, bytes.data());
    return;
  }
  std::vector<const char *> pointers;
  for (const std::string &text : all) {
    pointers.push_back(text.c_str());
  }
  Id type = textType(H5T_VARIABLE);
  write(path, type, space, static_cast<const void *>(pointers.data()));
}

/// A list for each value, as long as the value says.
void Lines::lists(const std::string &path, std::string_view values) {
  constexpr size_t longest = 64;
  std::vector<double> numbers(longest, 0.5);
  std::vector<hvl_t> all;
  while (!values.empty() && all.size() < longest) {
    all.push_back({std::min(number<size_t>(word(values)), longest), numbers.data()});
  }
  Id type(H5Tvlen_create(H5T_NATIVE_DOUBLE)), space = spaceOf({all.size()});
  write(path, type, space, all.data());
}

void Lines::make(const std::string &path, std::string_view kind, std::string_view values) {
  if (kind == "t" || kind == "T" || kind == "s" || kind == "S") {
    texts(path, kind, values);
    return;
  }
  if (kind == "v") {
    lists(path, values);
    return;
  }
  std::vector<hsize_t> dims = dimsOf(word(values));
  Id space = kind == "n" ? Id(H5Screate(H5S_NULL)) : spaceOf(dims);
  std::vector<double> data(mostElements, 0.0);
  for (size_t i = 0; i < data.size() && !values.empty(); ++i) {
    data[i] = number<double>(word(values));
  }
  constexpr std::pair<std::string_view, DType> types[] = {
      {"b", DType::I8},  {"h", DType::F16}, {"f", DType::F32}, {"d", DType::F64}, {"B", DType::U8},
      {"I", DType::I32}, {"L", DType::I64}, {"z", DType::F32}, {"n", DType::F64}};
  for (auto [name, dtype] : types) {
    if (kind == name) {
      Id type = hdf5::typeOf(dtype); // converted here: HDF5 takes a megabyte for it
      H5Tconvert(H5T_NATIVE_DOUBLE, type, data.size(), data.data(), nullptr, H5P_DEFAULT);
      write(path, type, space, kind == "n" ? nullptr : data.data(), kind == "z");
      return;
    }
  }
  if (kind == "E") {
    std::vector<int8_t> bools(data.begin(), data.end());
    Id type = hdf5::typeOf(DType::Bool);
    write(path, type, space, bools.data());
  } else if (kind == "c") {
    Id type(H5Tcreate(H5T_COMPOUND, 8));
    H5Tinsert(type, "x", 0, H5T_NATIVE_DOUBLE);
    write(path, type, space, data.data());
  }
}

void Lines::take(std::string_view line) {
  std::string path(word(line));
  if (path.empty()) {
    return;
  }
  std::string_view kind = word(line);
  Id parents(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_create_intermediate_group(parents, 1);
  if (kind.empty()) {
    Id(H5Gcreate2(file, path.c_str(), parents, H5P_DEFAULT, H5P_DEFAULT));
  } else if (kind[0] == '=') {
    std::string to(kind.substr(1));
    H5Lcreate_hard(file, to.c_str(), file, path.c_str(), parents, H5P_DEFAULT);
  } else if (kind[0] == '~') {
    std::string to(kind.substr(1));
    H5Lcreate_soft(to.c_str(), file, path.c_str(), parents, H5P_DEFAULT);
  } else {
    make(path, kind, line);
  }
}

} // namespace

void writeHdf5(std::string_view lines, const std::string &path) {
  hdf5::Session session;
  Id access(H5Pcreate(H5P_FILE_ACCESS));
  constexpr size_t step = 1 << 16;
  H5Pset_fapl_core(access, step, true); // written when it is whole
  Id file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
  Lines writer(file);
  for (size_t i = 0; i < mostLines && !lines.empty(); ++i) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    writer.take(line);
  }
}

std::string scratchFile() {
  const char *folder = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
  return fmt::format("{}/nirc-fuzz-{}", folder, getpid());
}

} // namespace nir::fuzz
