//===- Outputs.cpp - what a command writes, and must not write -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Outputs.h"

#include "api/io/EventFile.h"
#include "api/io/SampleSet.h"

#include <filesystem>

namespace nirc {

namespace fs = std::filesystem;

/// The files of a source: it can be a folder or a pattern, and name a part of a file behind '#' or
/// ':'.
static void addFiles(const std::string &source, std::vector<std::string> &files) {
  std::error_code none;
  std::string path = eventSourceOf(source).path;
  for (const std::string &name :
       {path, path.substr(0, path.rfind('#')), path.substr(0, path.rfind(':'))}) {
    if (fs::is_regular_file(name, none)) {
      files.push_back(name);
      return;
    }
  }
  if (nir::Result<std::vector<SampleFile>> samples = sampleFiles(path)) {
    for (SampleFile &sample : *samples) {
      files.push_back(std::move(sample.path));
    }
  }
}

std::vector<std::string> filesRead(const Network &network) {
  std::vector<std::string> files{network.file.path};
  for (const auto *sources : {&network.sources, &network.calibration}) {
    for (const InputSource &source : *sources) {
      addFiles(source.source, files);
    }
  }
  return files;
}

nir::Status checkOutput(const std::string &out, const std::vector<std::string> &inputs) {
  std::error_code none;
  if (out.empty() || !fs::is_regular_file(out, none)) {
    return std::nullopt;
  }
  for (const std::string &input : inputs) {
    if (fs::equivalent(out, input, none) && !none) {
      return nir::Error::usage(nir::Cause::SameFile,
                               input == out ? "is also read, expected another file to write"
                                            : "is the file " + input +
                                                  ", which is read, expected another to write")
          .in(out)
          .note("what was computed from would be lost: take another name");
    }
  }
  return std::nullopt;
}

} // namespace nirc
