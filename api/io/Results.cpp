//===- Results.cpp - what a run writes ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Results.h"

#include "api/io/Files.h"
#include "api/io/JsonText.h"
#include "api/io/NirDataFile.h"
#include "ir/graph/Graph.h"
#include "ir/recording/FileName.h"
#include "ir/recording/NpyBytes.h"
#include "ir/recording/events/Zip.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>

namespace fs = std::filesystem;

namespace nirc {

nir::Result<ResultForm> resultFormOf(const std::string &path) {
  std::error_code ignored;
  if (path == "-") {
    return ResultForm::Csv;
  }
  if (path.ends_with('/') || fs::is_directory(path, ignored)) {
    return ResultForm::Folder;
  }
  std::string ending = fs::path(path).extension().string();
  if (ending.empty()) {
    return ResultForm::Folder;
  }
  if (ending == ".npy") {
    return ResultForm::Npy;
  }
  if (ending == ".npz") {
    return ResultForm::Npz;
  }
  if (ending == ".csv") {
    return ResultForm::Csv;
  }
  if (ending == ".nird") {
    return ResultForm::NirData;
  }
  return nir::Error(
             nir::Cause::FileEnding,
             fmt::format("found the ending '{}', expected .npy, .npz, .csv, .nird, or a folder "
                         "as in '{}/'",
                         ending, path))
      .in(path);
}

/// The tensor as it is written: a lone sample loses the batch dimension.
static nir::Tensor withoutBatch(const nir::Tensor &tensor) {
  nir::Shape shape(tensor.shape().begin() + 1, tensor.shape().end());
  return nir::Tensor(tensor.dtype(), shape, tensor.share());
}

static nir::Status writeNpy(const nir::Trace &trace, const Results &results,
                            const std::string &path) {
  return writeFile(path, npyBytes(results.batched ? trace.data : withoutBatch(trace.data)));
}

static std::string quoted(const std::string &field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    return field;
  }
  std::string text = "\"";
  for (char c : field) {
    text.append(c == '"' ? 2 : 1, c);
  }
  return text + '"';
}

/// "lif1.v[0][3]": the column of element `flat` of a signal.
static std::string columnName(const nir::Trace &trace, int64_t flat) {
  std::string index;
  for (size_t d = trace.data.shape().size(); d-- > 2;) {
    int64_t size = trace.data.shape()[d];
    index.insert(0, fmt::format("[{}]", flat % size));
    flat /= size;
  }
  return quoted(nir::join(trace.node, trace.observable) + index);
}

/// As short as reads back to the same bits.
static std::string cell(const nir::Tensor &tensor, int64_t flat) {
  switch (tensor.dtype()) {
  case nir::DType::F32:
    return fmt::format("{}", tensor.as<float>()[static_cast<size_t>(flat)]);
  case nir::DType::F64:
  case nir::DType::F16:
    return fmt::format("{}", tensor.at(flat));
  default:
    return fmt::format("{}", tensor.intAt(flat));
  }
}

/// Text as it is, anything else as JSON; on one line.
static std::string plain(const nlohmann::ordered_json &value) {
  std::string text = value.is_string() ? value.get<std::string>() : jsonText(value);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string csvText(const Results &results) {
  const std::vector<nir::Trace> &traces = results.recording.traces;
  std::string text;
  for (const auto &[key, value] : results.provenance.items()) {
    text += fmt::format("# {}: {}\n", key, plain(value));
  }
  text += results.batched ? "sample,step,time" : "step,time";
  for (const nir::Trace &trace : traces) {
    int64_t width = trace.data.size() / (trace.data.shape()[0] * trace.data.shape()[1]);
    for (int64_t i = 0; i < width; ++i) {
      text += ',' + columnName(trace, i);
    }
  }
  text += '\n';
  int64_t batch = traces.empty() ? 0 : traces[0].data.shape()[0];
  int64_t steps = traces.empty() ? 0 : traces[0].data.shape()[1];
  for (int64_t row = 0; row < batch * steps; ++row) {
    if (results.batched) {
      text += fmt::format("{},", row / steps);
    }
    int64_t step = row % steps;
    text +=
        fmt::format("{},{:.12g}", step, static_cast<double>(step) * results.recording.dtSeconds);
    for (const nir::Trace &trace : traces) {
      int64_t width = trace.data.size() / (batch * steps);
      for (int64_t i = 0; i < width; ++i) {
        text += ',' + cell(trace.data, row * width + i);
      }
    }
    text += '\n';
  }
  return text;
}

/// What a reader of run.json or x.npy.json has to know of an array.
static nlohmann::ordered_json entryOf(const nir::Trace &trace, const std::string &name) {
  return {{"file", name},
          {"node", trace.node},
          {"observable", trace.observable},
          {"shape", trace.data.shape()},
          {"dtype", nir::name(trace.data.dtype())}};
}

/// A row a spike: its time (s) and its neuron.
static std::string timesText(const nir::SpikeTimes &times, bool batched) {
  std::string text = batched ? "sample,time,neuron\n" : "time,neuron\n";
  for (const nir::Spike &spike : times.spikes) {
    text += batched ? fmt::format("{},", spike.sample) : "";
    text += fmt::format("{},{}\n", spike.seconds, spike.neuron);
  }
  return text;
}

static nir::Status writeFolder(const Results &results, const std::string &path) {
  std::error_code failed;
  fs::create_directories(path, failed);
  if (failed) {
    return nir::Error(nir::Cause::CannotWrite,
                      fmt::format("cannot make the folder: {}", failed.message()))
        .in(path);
  }
  nlohmann::ordered_json run = results.provenance;
  for (const nir::Trace &trace : results.recording.traces) {
    std::string name = fmt::format("{}.{}.npy", nir::fileNameFor(trace.node), trace.observable);
    if (nir::Status error = writeNpy(trace, results, (fs::path(path) / name).string())) {
      return error;
    }
    run["files"].push_back(entryOf(trace, name));
  }
  for (const nir::SpikeTimes &times : results.recording.times) {
    std::string name = fmt::format("{}.times.csv", nir::fileNameFor(times.node));
    if (nir::Status error =
            writeFile((fs::path(path) / name).string(), timesText(times, results.batched))) {
      return error;
    }
    run["files"].push_back({{"file", name}, {"node", times.node}, {"observable", "times"}});
  }
  return writeFile((fs::path(path) / "run.json").string(), jsonText(run, 2) + "\n");
}

static nir::Status writeLoneNpy(const Results &results, const std::string &path) {
  assert(results.recording.traces.size() == 1 && "a .npy file holds one trace");
  const nir::Trace &trace = results.recording.traces[0];
  if (nir::Status failed = writeNpy(trace, results, path)) {
    return failed;
  }
  nlohmann::ordered_json run = results.provenance;
  run["files"].push_back(entryOf(trace, fs::path(path).filename().string()));
  return writeFile(path + ".json", jsonText(run, 2) + "\n");
}

static nir::Status writeNpz(const Results &results, const std::string &path) {
  nlohmann::ordered_json run = results.provenance;
  std::vector<nir::ZipMember> members;
  for (const nir::Trace &trace : results.recording.traces) {
    std::string name = fmt::format("{}.{}", nir::fileNameFor(trace.node), trace.observable);
    bool isThere = std::any_of(members.begin(), members.end(), [&](const nir::ZipMember &member) {
      return member.name == name + ".npy";
    });
    if (isThere) { // an output that is recorded too
      continue;
    }
    std::string bytes = npyBytes(results.batched ? trace.data : withoutBatch(trace.data));
    auto *data = reinterpret_cast<const std::byte *>(bytes.data());
    members.push_back({name + ".npy", {data, data + bytes.size()}});
    run["files"].push_back(entryOf(trace, name));
  }
  nir::Result<std::vector<std::byte>> archive = nir::zipped(members);
  if (!archive) {
    return archive.takeError().in(path);
  }
  std::string_view text(reinterpret_cast<const char *>(archive->data()), archive->size());
  if (nir::Status failed = writeFile(path, text)) {
    return failed;
  }
  return writeFile(path + ".json", jsonText(run, 2) + "\n");
}

/// On standard output. That it is full or closed is found when the program ends.
static nir::Status printed(const std::string &text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::nullopt;
}

nir::Status writeResults(const Results &results, ResultForm form, const std::string &path) {
  switch (form) {
  case ResultForm::Npy:
    return writeLoneNpy(results, path);
  case ResultForm::Npz:
    return writeNpz(results, path);
  case ResultForm::Csv:
    return path == "-" ? printed(csvText(results)) : writeFile(path, csvText(results));
  case ResultForm::NirData:
    return writeNirData(results, path);
  case ResultForm::Folder:
    break;
  }
  return writeFolder(results, path);
}

} // namespace nirc
