//===- SampleSet.cpp - several files as the samples of a batch ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/SampleSet.h"

#include "api/io/EventFile.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>
#include <map>

namespace fs = std::filesystem;

namespace nirc {

bool isSampleSet(const std::string &source) {
  std::error_code ignored;
  fs::file_status status = fs::status(source, ignored);
  return fs::is_directory(status) ||
         (!fs::exists(status) && source.find_first_of("*?[") != std::string::npos);
}

std::string SampleFile::name() const {
  std::string stem = fs::path(path).stem().string();
  return folder.empty() ? stem : folder + "/" + stem;
}

static nir::Result<std::vector<SampleFile>> matches(const std::string &pattern) {
  glob_t found{};
  int failed = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<SampleFile> files;
  for (size_t i = 0; i < found.gl_pathc; ++i) {
    files.push_back({found.gl_pathv[i]});
  }
  ::globfree(&found);
  if (failed || files.empty()) {
    return nir::Error(nir::Cause::CannotRead,
                      "no file is called so, and none matches it as a pattern")
        .in(pattern);
  }
  return files;
}

/// The files of a folder that can be samples, by their ending, and the folders in it. What is
/// hidden is left out.
struct Members {
  std::map<std::string, std::vector<SampleFile>> byEnding;
  std::vector<std::string> folders;
};

static nir::Result<Members> membersOf(const std::string &folder) {
  Members members;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::string path = at->path().string(), ending = at->path().extension().string();
    std::string name = at->path().filename().string();
    if (name.starts_with(".") || name.starts_with("__")) {
      continue;
    }
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      members.folders.push_back(name);
    } else if (ending == ".npy" || ending == ".npz" || isEventPath(path)) {
      members.byEnding[ending].push_back({path});
    }
  }
  if (failed) {
    return nir::Error(nir::Cause::CannotRead,
                      fmt::format("cannot read the folder: {}", failed.message()))
        .in(folder);
  }
  return members;
}

/// The files of the only ending.
static nir::Result<std::vector<SampleFile>> onlyKind(Members members, const std::string &folder) {
  if (members.byEnding.empty()) {
    return nir::Error(nir::Cause::EmptyInput,
                      fmt::format("the folder has no .npy or .npz file, and none of events ({})",
                                  eventEndings()))
        .in(folder)
        .note(members.folders.empty()
                  ? "events of another ending: events:FOLDER"
                  : fmt::format("it has folders: {}/{}", folder, members.folders.front()));
  }
  if (members.byEnding.size() > 1) {
    std::vector<std::string> endings;
    for (const auto &[ending, files] : members.byEnding) {
      endings.push_back(ending);
    }
    return nir::Error(nir::Cause::InputFormat,
                      fmt::format("the folder has {} files, expected one kind",
                                  fmt::join(endings, " and ")))
        .in(folder)
        .note(fmt::format("a pattern takes one of them: --input '{}'",
                          (fs::path(folder) / ("*" + endings.front())).string()));
  }
  return std::move(members.byEnding.begin()->second);
}

static nir::Result<std::vector<SampleFile>> filesOf(const std::string &folder) {
  nir::Result<Members> members = membersOf(folder);
  if (!members) {
    return members.takeError();
  }
  if (!members->byEnding.empty() || members->folders.empty()) {
    return onlyKind(*std::move(members), folder);
  }
  std::vector<SampleFile> files;
  for (const std::string &name : members->folders) {
    std::string path = (fs::path(folder) / name).string();
    nir::Result<Members> inner = membersOf(path);
    nir::Result<std::vector<SampleFile>> found =
        inner ? onlyKind(*std::move(inner), path) : inner.takeError();
    if (!found) {
      return found.takeError();
    }
    for (SampleFile &file : *found) {
      files.push_back({std::move(file.path), name});
    }
  }
  return files;
}

bool isNaturallyBefore(std::string_view a, std::string_view b) {
  auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!isDigit(a[i]) || !isDigit(b[j])) {
      if (a[i] != b[j]) {
        return static_cast<uint8_t>(a[i]) < static_cast<uint8_t>(b[j]);
      }
      ++i;
      ++j;
      continue;
    }
    auto number = [&](std::string_view text, size_t &at) {
      size_t begin = std::min(text.find_first_not_of('0', at), text.size()), end = begin;
      while (end < text.size() && isDigit(text[end])) {
        ++end;
      }
      at = end;
      return text.substr(begin, end - begin);
    };
    std::string_view left = number(a, i), right = number(b, j);
    if (left != right) { // without leading zeros the longer one is larger
      return left.size() != right.size() ? left.size() < right.size() : left < right;
    }
  }
  bool isEnd = i == a.size() && j == b.size();
  return isEnd ? a < b : i == a.size();
}

nir::Result<std::vector<SampleFile>> sampleFiles(const std::string &source) {
  std::error_code ignored;
  auto files = fs::is_directory(source, ignored) ? filesOf(source) : matches(source);
  if (files) {
    std::sort(files->begin(), files->end(), [](const SampleFile &a, const SampleFile &b) {
      return isNaturallyBefore(a.path, b.path); // whatever the locale
    });
  }
  return files;
}

nir::Result<nir::Tensor> stackSamples(const std::vector<Sample> &samples) {
  assert(!samples.empty() && "a set has a file");
  nir::Shape shape = samples[0].data.shape();
  for (const Sample &sample : samples) {
    if (sample.data.dtype() != samples[0].data.dtype()) {
      return nir::Error(nir::Cause::InputFormat,
                        fmt::format("found dtype {}, expected {} as in {}",
                                    nir::name(sample.data.dtype()),
                                    nir::name(samples[0].data.dtype()), samples[0].file))
          .in(sample.file);
    }
    shape[1] = std::max(shape[1], sample.data.shape()[1]);
  }
  shape[0] = static_cast<int64_t>(samples.size());
  auto [batch, out] = nir::Tensor::allocate(samples[0].data.dtype(), shape);
  size_t stride = batch.sizeInBytes() / samples.size();
  for (size_t i = 0; i < samples.size(); ++i) {
    std::memcpy(out + i * stride, samples[i].data.bytes(), samples[i].data.sizeInBytes());
  }
  return batch;
}

} // namespace nirc
