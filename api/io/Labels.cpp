//===- Labels.cpp - the class of each sample ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Labels.h"

#include "api/io/Files.h"
#include "api/io/Idx.h"
#include "api/io/Npy.h"
#include "api/io/Npz.h"
#include "api/io/SampleSet.h"
#include "api/io/SavedData.h"
#include "api/io/SourceSamples.h"
#include "ir/recording/events/Zip.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace nirc {

/// The whole number with which a text starts, and whether nothing follows it.
static std::optional<std::pair<int64_t, bool>> numberAtStart(std::string_view text) {
  int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && number >= 0
             ? std::optional(std::pair(number, end == text.data() + text.size()))
             : std::nullopt;
}

bool isLabelFile(const std::string &text) {
  return !text.empty() && text != "names" && text != "folders";
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static nir::Result<nir::Tensor> readArray(const std::string &path, uint64_t maxBytes) {
  NpzSource npz = npzSourceOf(path);
  if (npz.array.empty() && isTable(path)) {
    nir::Result<SavedData> table = readSaved(path, Layout::Steps, maxBytes);
    return table ? nir::Result<nir::Tensor>(table->array) : table.takeError();
  }
  nir::Result<std::vector<std::byte>> bytes =
      readFile(npz.path, maxBytes, "--max-input-bytes raises the limit");
  if (!bytes) {
    return bytes.takeError();
  }
  std::string_view head(reinterpret_cast<const char *>(bytes->data()), bytes->size());
  return head.starts_with("\x93NUMPY") ? parseNpy(*bytes, path)
         : nir::isZip(*bytes)          ? readNpz(*bytes, npz, maxBytes)
                                       : readIdx(path, maxBytes);
}

nir::Result<Labels> readLabels(const std::string &path, uint64_t maxBytes) {
  nir::Result<nir::Tensor> array = readArray(path, maxBytes);
  if (!array && (path == "folder" || path == "name")) {
    return array.takeError().note(fmt::format("did you mean --labels {}s?", path));
  }
  if (!array) {
    return array.takeError();
  }
  nir::Shape shape = array->shape();
  std::erase(shape, 1);
  if (shape.size() > 1 || array->size() == 0) {
    return nir::Error(nir::Cause::Label,
                      fmt::format("found shape {}, expected a label a sample, [samples]",
                                  nir::str(array->shape())))
        .in(path)
        .note(isTable(path)
                  ? fmt::format("{}:1 takes a column, counted from 0; so does its name", path)
                  : "of a row with a 1 a sample numpy.argmax(x, axis=1) gives its class");
  }
  Labels labels{.values = {}, .from = path};
  for (int64_t i = 0; i < array->size(); ++i) {
    double label = array->at(i);
    if (!(label >= 0.0 && label < 0x1p53 && label == std::floor(label))) {
      return nir::Error(
                 nir::Cause::Label,
                 fmt::format("found label {} of sample {}, expected a whole number from 0 on",
                             label, i))
          .in(path);
    }
    labels.values.push_back(static_cast<int64_t>(label));
  }
  return labels;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static nir::Result<Labels> labelsOfNames(const SourceSamples &samples) {
  if (samples.names.empty()) {
    return nir::Error::usage(
        nir::Cause::Label, "--labels names: the input is neither a folder nor a pattern of files");
  }
  Labels labels{.values = {}, .from = "the names of the files"};
  for (const std::string &name : samples.names) {
    auto number = numberAtStart(std::string_view(name).substr(name.rfind('/') + 1));
    if (!number) {
      return nir::Error::usage(
          nir::Cause::Label,
          fmt::format("--labels names: sample '{}' does not start with its class, a "
                      "number from 0 on",
                      name));
    }
    labels.values.push_back(number->first);
  }
  return labels;
}

static nir::Result<Labels> labelsOfFolders(const SourceSamples &samples) {
  if (samples.folders.empty()) {
    return nir::Error::usage(
        nir::Cause::Label, "--labels folders: the input is no folder with a folder for each class");
  }
  std::set<std::string> unique(samples.folders.begin(), samples.folders.end());
  std::vector<std::string> classes(unique.begin(), unique.end());
  std::sort(classes.begin(), classes.end(), isNaturallyBefore);
  bool areNumbers = std::all_of(classes.begin(), classes.end(), [](const std::string &name) {
    auto number = numberAtStart(name);
    return number && number->second;
  });
  Labels labels{.values = {},
                .names = areNumbers ? std::vector<std::string>() : classes,
                .from = "the names of the folders"};
  for (const std::string &folder : samples.folders) {
    auto place = std::find(classes.begin(), classes.end(), folder) - classes.begin();
    labels.values.push_back(areNumbers ? numberAtStart(folder)->first : place);
  }
  return labels;
}

nir::Result<Labels> labelsOf(const SourceSamples &samples, const std::string &text) {
  if (text == "names") {
    return labelsOfNames(samples);
  }
  if (text == "folders" || (text.empty() && !samples.folders.empty())) {
    return labelsOfFolders(samples);
  }
  if (!samples.labels.empty()) {
    return Labels{.values = samples.labels, .from = "the file's labels"};
  }
  return nir::Error::usage(nir::Cause::Label,
                           "nothing says the class of each sample: no --labels, the file has none, "
                           "and no folders stand for classes")
      .note("`--labels FILE` takes IDX, .npy, .npz or a column of a table, `--labels names` the "
            "number "
            "with which each file's name starts; folders stand for classes where --input is the "
            "folder that they are in");
}

} // namespace nirc
