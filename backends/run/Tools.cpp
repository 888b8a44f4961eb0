//===- Tools.cpp - programs of others --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Tools.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sstream>
#include <unistd.h>

using namespace nirc;

bool nirc::isOnPath(const std::string &program) {
  const char *path = std::getenv("PATH");
  std::istringstream all(path ? path : "");
  for (std::string folder; std::getline(all, folder, ':');) {
    if (access(fmt::format("{}/{}", folder, program).c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

std::string nirc::carriedTool(const std::string &program) {
  static const char here = 0;
  Dl_info library;
  if (dladdr(&here, &library) == 0 || !library.dli_fname) {
    return "";
  }
  std::string folder = library.dli_fname;
  folder.resize(std::min(folder.rfind('/'), folder.size()));
  std::string path = fmt::format("{}/../libexec/nirc/{}", folder, program);
  return access(path.c_str(), X_OK) == 0 ? path : "";
}

nir::Result<bool> nirc::runTool(Workplace &place, std::vector<std::string> words,
                                const std::string &folder, const std::string &log) {
  Descriptor file(
      open(place.pathOf(log).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  nir::Result<std::unique_ptr<Child>> child =
      place.start({std::move(words), folder, -1, file.get(), file.get()});
  if (!child) {
    return child.takeError();
  }
  return (*child)->wait();
}

nir::Result<std::string> nirc::versionOf(Workplace &place, const std::string &tool) {
  nir::Result<bool> isDone = runTool(place, {tool, "--version"}, place.path(), "version.log");
  if (!isDone) {
    return isDone.takeError();
  }
  constexpr size_t enough = 1 << 12;
  return place.read("version.log", enough);
}

std::string nirc::complaintIn(const std::string &log) {
  constexpr size_t shown = 3, longest = 300;
  std::istringstream lines(log);
  std::string text;
  size_t count = 0;
  for (std::string line; count < shown && std::getline(lines, line);) {
    bool isError = false;
    for (const char *word : {"%Error", "error:", "Error ", "overflow"}) {
      isError |= line.find(word) != std::string::npos;
    }
    if (isError) {
      text += (text.empty() ? "" : "; ") + line.substr(0, longest);
      ++count;
    }
  }
  return text.empty() ? log.substr(0, longest) : text;
}
