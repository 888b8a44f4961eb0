//===- Load.cpp - an artifact on disk -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/DesignJson.h"
#include "backends/fpga/run/Run.h"
#include "backends/run/Clock.h"
#include "ir/Wording.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace nirc;
using namespace nirc::fpga;

/// A regular file, whole. A pipe that nobody writes to would never end.
static nir::Result<std::string> readFile(const std::string &path, int64_t mostBytes) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0) {
    return nir::Error(nir::Cause::CannotRead,
                      fmt::format("cannot open the file: {}", std::strerror(errno)))
        .in(path);
  }
  if (!S_ISREG(status.st_mode)) {
    return nir::Error(nir::Cause::CannotRead, "is not a file").in(path);
  }
  if (status.st_size > mostBytes) {
    return nir::Error(nir::Cause::Limit, fmt::format("is larger than the limit of {}",
                                                     nir::counted(mostBytes, "byte")))
        .in(path);
  }
  std::string bytes(static_cast<size_t>(status.st_size), '\0');
  size_t there = 0;
  while (there < bytes.size()) {
    ssize_t count = read(file.get(), bytes.data() + there, bytes.size() - there);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return nir::Error(nir::Cause::CannotRead, "cannot be read whole").in(path);
    }
    there += static_cast<size_t>(count);
  }
  return bytes;
}

constexpr int64_t mostReport = int64_t(1) << 26;

std::vector<std::string> nirc::fpga::filesWith(const std::string &report) {
  nir::Result<std::string> text = readFile(report, mostReport);
  return text ? filesOf(*text) : std::vector<std::string>();
}

nir::Result<std::unique_ptr<Executable>> nirc::fpga::loadDesign(const std::string &report,
                                                                ExecutableOptions options) {
  auto start = Clock::now();
  constexpr int64_t mostFile = int64_t(1) << 31;
  nir::Result<std::string> text = readFile(report, mostReport);
  if (!text) {
    return text.takeError();
  }
  nir::Result<Design> design = readDesign(*text);
  if (!design) {
    return design.takeError().in(report);
  }
  Simulated simulated{*std::move(design), {{std::string(reportName), *std::move(text)}}};
  std::filesystem::path folder = std::filesystem::path(report).parent_path();
  auto add = [&](const std::string &name) -> nir::Status {
    nir::Result<std::string> bytes = readFile((folder / name).string(), mostFile);
    if (!bytes) {
      return bytes.takeError().note(fmt::format("{} names it", report));
    }
    simulated.files.push_back({name, *std::move(bytes)});
    return {};
  };
  for (const std::string &source : simulated.design.sources) {
    if (nir::Status failed = add(source)) {
      return std::move(*failed);
    }
  }
  for (const MemoryImage &image : simulated.design.memories) {
    if (nir::Status failed = add(image.file)) {
      return std::move(*failed);
    }
  }
  if (nir::Status failed = checkFiles(simulated)) {
    return std::move(*failed).in(report);
  }
  options.file = report;
  options.compileSeconds = secondsSince(start);
  return executableOf(std::move(simulated), std::move(options));
}
