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
void addFiles(const std::string &source, std::vector<std::string> &files) {
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

/// Whether a run gives a file in its folder this name: NODE.OBSERVABLE.npy, NODE.times.csv,
/// run.json.
static bool isOfResults(const fs::path &name) {
  return name == "run.json" || (name.stem().has_extension() &&
                                (name.extension() == ".npy" || name.extension() == ".csv"));
}

/// The files that are there already and that writing to `out` may write to: itself, what is said of
/// an array beside it, and the results in a folder.
static std::vector<std::string> writtenOver(const std::string &out) {
  std::vector<std::string> files{out, out + ".json"};
  std::error_code failed;
  for (fs::directory_iterator at(out, failed), end; !failed && at != end; at.increment(failed)) {
    if (isOfResults(at->path().filename())) {
      files.push_back(at->path().string());
    }
  }
  return files;
}

nir::Status checkPlace(const std::string &out) {
  std::error_code none;
  fs::path folder = fs::path(out).parent_path();
  bool hasFolder = folder.empty() || fs::is_directory(folder, none);
  if (hasFolder && !fs::is_directory(out, none)) {
    return std::nullopt;
  }
  return nir::Error(nir::Cause::CannotWrite,
                    hasFolder ? "is a folder, expected a file to write"
                              : "cannot write the file: its folder does not exist")
      .in(out);
}

nir::Status checkOutput(const std::string &out, const std::vector<std::string> &inputs) {
  std::error_code none;
  if (out.empty()) {
    return std::nullopt;
  }
  if (fs::is_fifo(out, none)) {
    return nir::Error::usage(nir::Cause::CannotWrite, "is a pipe, expected a file to write")
        .in(out)
        .note("`-o -` writes to standard output");
  }
  for (const std::string &file : writtenOver(out)) {
    for (const std::string &input : inputs) {
      if (fs::is_regular_file(file, none) && fs::equivalent(file, input, none) && !none) {
        return nir::Error::usage(nir::Cause::SameFile,
                                 input == file ? "is also read, expected another file to write"
                                               : "is the file " + input +
                                                     ", which is read, expected another to write")
            .in(file)
            .note("what was computed from would be lost: take another name");
      }
    }
  }
  return std::nullopt;
}

} // namespace nirc
