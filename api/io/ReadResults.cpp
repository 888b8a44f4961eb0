//===- ReadResults.cpp - what a run left behind, read back ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/ReadResults.h"

#include "api/io/Files.h"
#include "api/io/Npy.h"
#include "api/io/Npz.h"
#include "api/io/Results.h"
#include "ir/Wording.h"
#include "ir/file/NirData.h"

#include <cmath>
#include <filesystem>
#include <fmt/format.h>

namespace fs = std::filesystem;

namespace nirc {

using Json = nlohmann::ordered_json;

static std::string_view textOf(const std::vector<std::byte> &bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// A number of the provenance, or 0.
static double numberIn(const Json &json, const char *key) {
  auto found = json.find(key);
  double number = found != json.end() && found->is_number() ? found->get<double>() : 0.0;
  return std::isfinite(number) ? number : 0.0;
}

static std::string textIn(const Json &json, const char *key) {
  auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

static nir::Result<Json> readJson(const std::string &path, uint64_t maxBytes) {
  nir::Result<std::vector<std::byte>> bytes = readFile(path, maxBytes);
  if (!bytes) {
    return bytes.takeError();
  }
  Json json = Json::parse(textOf(*bytes), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return nir::Error(nir::Cause::NotRecorded, "is not a JSON object such as `nirc run -o` writes")
        .in(path);
  }
  return json;
}

/// Whether [n, ...] is [batch, T, ...] and not [T, ...], by what the run says of both.
static bool hasBatch(const nir::Tensor &array, const Json &run) {
  const nir::Shape &shape = array.shape();
  double batch = numberIn(run, "batch");
  double steps = numberIn(run, "steps");
  auto dimIs = [&](size_t dim, double size) { return static_cast<double>(shape[dim]) == size; };
  return shape.size() >= 2 && dimIs(0, batch) && dimIs(1, steps) &&
         !(batch == 1 && dimIs(0, steps));
}

/// Adds the array of a file. `entry` says what it is of.
static nir::Status addArray(const std::string &path, const nir::Result<nir::Tensor> &array,
                            const Json &entry, ReadResult &result) {
  if (!array) {
    return array.error();
  }
  nir::Shape shape = array->shape();
  result.batched = hasBatch(*array, result.provenance);
  if (!result.batched) {
    shape.insert(shape.begin(), 1);
  }
  if (shape.size() < 2 || array->size() == 0) {
    return nir::Error(nir::Cause::NotComparable,
                      fmt::format("found shape {}, expected [T, ...] or [batch, T, ...] of at "
                                  "least one step and element",
                                  nir::str(array->shape())))
        .in(path);
  }
  std::string observable = textIn(entry, "observable");
  if (observable.empty()) {
    observable = nir::isFloat(array->dtype()) ? "value" : "spikes";
  }
  std::string node = textIn(entry, "node");
  result.recording.traces.push_back({node.empty() ? fs::path(path).stem().string() : node,
                                     observable,
                                     nir::Tensor(array->dtype(), shape, array->share())});
  return std::nullopt;
}

static nir::Status addNpy(const std::string &path, const Json &entry, uint64_t maxBytes,
                          ReadResult &result) {
  nir::Result<std::vector<std::byte>> bytes = readFile(path, maxBytes);
  return bytes ? addArray(path, parseNpy(*bytes, path), entry, result) : bytes.takeError();
}

/// The description of the file in a run's list of files; an empty object where there is none.
static Json onlyEntry(const Json &run) {
  auto files = run.find("files");
  bool has = files != run.end() && files->is_array() && files->size() == 1;
  return has && files->front().is_object() ? files->front() : Json::object();
}

/// What the data looks like by itself, as a result of one trace with the file's name.
static nir::Result<ReadResult> resultOf(SavedData data, const ReadOptions &options) {
  nir::Result<SavedExtent> extent = extentOf(data, options.layout, options.dtSeconds);
  if (!extent) {
    return extent.takeError();
  }
  nir::Result<nir::Tensor> tensor = fitSaved(data, *extent, options.layout, options.dtSeconds);
  if (!tensor) {
    return tensor.takeError();
  }
  ReadResult result;
  result.batched = extent->samples > 1;
  result.recording.traces.push_back(
      {fs::path(data.file).stem().string(), data.looksLikeSpikes() ? "spikes" : "value", *tensor});
  result.saved = std::move(data);
  return result;
}

static nir::Result<ReadResult> readForeign(const std::string &path, const ReadOptions &options) {
  nir::Result<SavedData> data = readSaved(path, options.layout, options.maxBytes);
  return data ? resultOf(*std::move(data), options) : data.takeError();
}

static nir::Result<ReadResult> readNpy(const std::string &path, const ReadOptions &options) {
  ReadResult result;
  std::error_code ignored;
  if (!fs::exists(path + ".json", ignored)) {
    return readForeign(path, options);
  }
  uint64_t maxBytes = options.maxBytes;
  nir::Result<Json> run = readJson(path + ".json", maxBytes);
  if (!run) {
    return run.takeError();
  }
  result.provenance = *run;
  result.recording.dtSeconds = numberIn(result.provenance, "dt");
  nir::Status failed = addNpy(path, onlyEntry(result.provenance), maxBytes, result);
  return failed ? nir::Result<ReadResult>(std::move(*failed)) : result;
}

/// What `nirc run -o x.npz` wrote, x.npz.json beside it.
static nir::Result<ReadResult> readNpzResult(const std::string &path, uint64_t maxBytes) {
  nir::Result<Json> run = readJson(path + ".json", maxBytes);
  if (!run) {
    return run.takeError().note("it says of what the arrays are; an array alone is PATH.npz:NAME");
  }
  nir::Result<std::vector<std::byte>> bytes = readFile(path, maxBytes);
  if (!bytes) {
    return bytes.takeError();
  }
  ReadResult result;
  result.provenance = *run;
  result.recording.dtSeconds = numberIn(*run, "dt");
  auto files = run->find("files");
  for (const Json &entry : files != run->end() && files->is_array() ? *files : Json::array()) {
    std::string name = entry.is_object() ? textIn(entry, "file") : std::string();
    nir::Result<nir::Tensor> array = readNpz(*bytes, {path, name}, maxBytes);
    if (nir::Status failed = addArray(path, array, entry, result)) {
      return std::move(*failed);
    }
  }
  return result;
}

static nir::Result<ReadResult> readFolder(const std::string &path, uint64_t maxBytes) {
  std::string description = (fs::path(path) / "run.json").string();
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return nir::Error(nir::Cause::CannotRead, "there is no such file or folder").in(path);
  }
  nir::Result<Json> run = readJson(description, maxBytes);
  if (!run) {
    return run.takeError();
  }
  ReadResult result;
  result.provenance = *run;
  result.recording.dtSeconds = numberIn(*run, "dt");
  auto files = run->find("files");
  if (files == run->end() || !files->is_array() || files->empty()) {
    return nir::Error(nir::Cause::NotRecorded, "lists no files, as `nirc run -o DIR/` does")
        .in(description);
  }
  for (const Json &entry : *files) {
    std::string name = entry.is_object() ? textIn(entry, "file") : std::string();
    if (name.empty() || name.find('/') != std::string::npos) {
      return nir::Error(
                 nir::Cause::NotRecorded,
                 fmt::format("found the file name '{}', expected one of a file beside it", name))
          .in(description);
    }
    if (nir::Status failed = addNpy((fs::path(path) / name).string(), entry, maxBytes, result)) {
      return std::move(*failed);
    }
  }
  return result;
}

static nir::Result<ReadResult> readNirData(const std::string &path, uint64_t maxBytes) {
  nir::ReadLimits limits;
  limits.maxFileBytes = static_cast<int64_t>(std::min<uint64_t>(maxBytes, INT64_MAX));
  nir::Result<nir::NIRGraphData> data = nir::readData(path, limits);
  if (!data) {
    return data.takeError();
  }
  nir::Result<nir::Recording> recording = nir::toRecording(*data);
  if (!recording) {
    return recording.takeError().in(path);
  }
  ReadResult result;
  result.recording = *std::move(recording);
  for (const auto &[key, value] : data->provenance) {
    // Attributes are text: what was no text before was written as JSON.
    Json parsed = Json::parse(value, nullptr, /*allow_exceptions=*/false);
    result.provenance[key] = parsed.is_number() || parsed.is_array() ? parsed : Json(value);
  }
  result.batched = numberIn(result.provenance, "batch") > 1;
  return result;
}

/// Every step of every sample is there in all traces, so that they can be read side by side.
static nir::Status sameExtent(const ReadResult &result) {
  const nir::Trace *first = nullptr;
  for (const nir::Trace &trace : result.recording.traces) {
    first = first ? first : &trace;
    const nir::Shape &have = trace.data.shape();
    const nir::Shape &want = first->data.shape();
    if (have[0] != want[0] || have[1] != want[1]) {
      return nir::Error::atNode(nir::Cause::NotRecorded, trace.node,
                                fmt::format("{} has {} of {}, expected {} of {} as {} of '{}'",
                                            trace.observable, nir::counted(have[0], "sample"),
                                            nir::counted(have[1], "step"), want[0], want[1],
                                            first->observable, first->node));
    }
  }
  return std::nullopt;
}

/// Whether csvText wrote it: by its comments, or by its columns.
static bool isOwnCsv(std::string_view text) {
  if (text.starts_with("# nirc")) {
    return true;
  }
  while (text.starts_with('#')) {
    text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
  }
  std::string_view header = text.substr(0, text.find('\n'));
  return (header.starts_with("step,time,") || header.starts_with("sample,step,time,")) &&
         header.find('.') != std::string_view::npos;
}

static nir::Result<ReadResult> readForm(const std::string &path, ResultForm form,
                                        const ReadOptions &options) {
  switch (form) {
  case ResultForm::Npy:
    return readNpy(path, options);
  case ResultForm::Npz:
    return readNpzResult(path, options.maxBytes);
  case ResultForm::NirData:
    return readNirData(path, options.maxBytes);
  case ResultForm::Folder:
    return readFolder(path, options.maxBytes);
  case ResultForm::Csv:
    break;
  }
  nir::Result<std::vector<std::byte>> bytes = readFile(path, options.maxBytes);
  if (!bytes) {
    return bytes.takeError();
  }
  return isOwnCsv(textOf(*bytes)) ? parseCsv(textOf(*bytes), path) : readForeign(path, options);
}

nir::Result<ReadResult> readResults(const std::string &path, const ReadOptions &options) {
  // Other endings of tables, and "x.csv:2", are of no form that nirc writes.
  if (isTable(path) && !path.ends_with(".csv")) {
    return readForeign(path, options);
  }
  // NIR's own library gives NIRData the ending of graphs.
  nir::Result<ResultForm> form = path.ends_with(".nir") ? ResultForm::NirData : resultFormOf(path);
  if (!form) {
    return form.takeError().note("numpy.save writes an array as .npy");
  }
  nir::Result<ReadResult> result = readForm(path, *form, options);
  if (result) {
    if (nir::Status failed = sameExtent(*result)) {
      return std::move(*failed).in(path);
    }
  }
  return result;
}

} // namespace nirc
