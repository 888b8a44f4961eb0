//===- Inputs.cpp - sources of input --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Inputs.h"

#include "api/io/EventFile.h"
#include "api/io/Generated.h"
#include "api/io/LoadSource.h"
#include "api/io/SampleSet.h"
#include "ir/Wording.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace nirc {

static std::string listPorts(const std::vector<InputPort> &ports) {
  std::string list;
  for (const InputPort &port : ports) {
    list += fmt::format("{}'{}' {}", list.empty() ? "" : ", ", port.node, nir::str(port.shape));
  }
  return list;
}

nir::Result<std::vector<InputSource>> assignInputs(const std::vector<std::string> &arguments,
                                                   const std::vector<InputPort> &ports,
                                                   std::string_view flag) {
  std::map<std::string, const InputPort *, std::less<>> byName;
  for (const InputPort &port : ports) {
    byName.emplace(port.node, &port);
  }
  std::map<std::string_view, std::string> sources;
  for (const std::string &argument : arguments) {
    // Names and paths may both hold a '=': the first split that leaves a port's name counts.
    const InputPort *port = nullptr;
    std::string source = argument;
    size_t split = argument.find('=');
    for (size_t at = split; at != std::string::npos && !port; at = argument.find('=', at + 1)) {
      if (auto found = byName.find(argument.substr(0, at)); found != byName.end()) {
        port = found->second;
        source = argument.substr(at + 1);
      }
    }
    if (!port && ports.size() == 1 && split == std::string::npos) {
      port = &ports[0];
    }
    if (!port && split == std::string::npos) {
      return nir::Error(nir::Cause::MissingInput,
                        fmt::format("'{}' does not say which input it is for", argument))
          .note(fmt::format("write {} NODE={}; the inputs are {}", flag, argument,
                            ports.empty() ? "none" : listPorts(ports)));
    }
    if (!port) {
      return nir::Error(nir::Cause::UnknownNode,
                        fmt::format("no input is called '{}', there {} {}",
                                    argument.substr(0, split), ports.size() == 1 ? "is" : "are",
                                    ports.empty() ? "none" : listPorts(ports)));
    }
    if (source.empty()) {
      return nir::Error(nir::Cause::MissingInput, fmt::format("'{}' names no file", argument));
    }
    if (!sources.emplace(port->node, source).second) {
      return nir::Error(nir::Cause::MissingInput,
                        fmt::format("input '{}' is given twice", port->node));
    }
  }
  std::vector<InputSource> assigned;
  for (const InputPort &port : ports) {
    auto found = sources.find(port.node);
    if (found == sources.end()) {
      return nir::Error(nir::Cause::MissingInput, fmt::format("nothing is given for input '{}' {}",
                                                              port.node, nir::str(port.shape)))
          .note(fmt::format("{} {}=FILE, or {} {}=constant:0", flag, port.node, flag, port.node));
    }
    assigned.push_back({port, found->second});
  }
  return assigned;
}

static bool hasFileThat(const std::string &source, bool (*isOne)(std::string_view)) {
  if (isGenerated(source)) {
    return false;
  }
  if (!isSampleSet(source)) {
    std::error_code none;
    bool isThere = std::filesystem::exists(source, none) ||
                   std::filesystem::exists(source.substr(0, source.rfind(':')), none);
    return !isThere || isOne(source);
  }
  nir::Result<std::vector<SampleFile>> files = sampleFiles(source);
  // What cannot be read may be anything; the error is its reader's.
  return !files || std::any_of(files->begin(), files->end(),
                               [&](const SampleFile &file) { return isOne(file.path); });
}

bool isEventFile(const std::string &source) {
  return eventSourceOf(source).named || hasFileThat(source, isEventPath);
}

bool mayHoldEvents(const std::string &source) {
  return isEventFile(source) || hasFileThat(source, [](std::string_view file) {
           return file.ends_with(".nird") || file.ends_with(".h5");
         });
}

/// The array with `batch` samples (one sample is repeated) and `steps` steps (cut, or zeros after).
static nir::Tensor extend(const nir::Tensor &array, int64_t batch, int64_t steps) {
  nir::Shape shape = array.shape();
  if (shape[0] == batch && shape[1] == steps) {
    return array;
  }
  bool repeat = shape[0] == 1;
  auto had = static_cast<size_t>(shape[1]);
  size_t rowBytes = array.sizeInBytes() / static_cast<size_t>(shape[0]) / had;
  shape[0] = batch;
  shape[1] = steps;
  auto [whole, out] = nir::Tensor::allocate(array.dtype(), shape);
  for (size_t sample = 0; sample < static_cast<size_t>(batch); ++sample) {
    std::memcpy(out + sample * static_cast<size_t>(steps) * rowBytes,
                array.bytes() + (repeat ? 0 : sample * had * rowBytes),
                std::min<size_t>(had, static_cast<size_t>(steps)) * rowBytes);
  }
  return whole;
}

nir::Status checkGenerated(const std::vector<InputSource> &sources, const InputOptions &options) {
  bool known = options.steps > 0;
  for (const InputSource &source : sources) {
    if (nir::Status failed = checkFormat(eventSourceOf(source.source))) {
      return failed;
    }
    if (!isGenerated(source.source)) {
      known = true;
    } else if (nir::Result<double> value = generatorValue(source.source, options); !value) {
      return value.takeError();
    }
  }
  if (!known) {
    return nir::Error(nir::Cause::RunLength, "no input says how many steps to run")
        .note("--steps N says it, as in --steps 1000");
  }
  return std::nullopt;
}

/// The number of samples and steps that the files agree on.
static nir::Status agree(const std::vector<InputSource> &sources,
                         const std::vector<std::optional<nir::Tensor>> &arrays,
                         const InputOptions &options, Inputs &inputs) {
  const std::string *first = nullptr;
  for (size_t i = 0; i < sources.size(); ++i) {
    if (!arrays[i]) {
      continue;
    }
    int64_t batch = arrays[i]->shape()[0];
    inputs.steps = std::max(inputs.steps, arrays[i]->shape()[1]);
    if (batch > 1 && inputs.batch > 1 && batch != inputs.batch) {
      return nir::Error(nir::Cause::InputShape,
                        fmt::format("found {}, expected {} as in {}", nir::counted(batch, "sample"),
                                    inputs.batch, *first))
          .in(sources[i].source);
    }
    if (batch > inputs.batch) {
      inputs.batch = batch;
      first = &sources[i].source;
    }
  }
  inputs.steps = options.steps ? options.steps : inputs.steps;
  return std::nullopt;
}

/// A rate that gives no spike in most runs, as one whose unit was forgotten does.
static void remarkRare(const std::string &source, double probability, const nir::Tensor &train,
                       Inputs &inputs) {
  double expected = probability * static_cast<double>(train.size());
  if (source.starts_with("poisson:") && expected > 0.0 && expected < 1.0) {
    inputs.remarks.push_back(
        {nir::Severity::Note,
         {},
         {},
         fmt::format("{} gives {:.2g} spikes in the whole run, on average", source, expected),
         {{{}, "a rate without a unit is in Hz; poisson:20Hz and poisson:0.5kHz say theirs"}}});
  }
}

nir::Result<Inputs> loadInputs(const std::vector<InputSource> &sources,
                               const InputOptions &options) {
  if (nir::Status failed = checkGenerated(sources, options)) {
    return std::move(*failed);
  }
  Inputs inputs;
  Heard heard;
  std::vector<std::optional<nir::Tensor>> arrays(sources.size());
  for (size_t i = 0; i < sources.size(); ++i) {
    if (!isGenerated(sources[i].source)) {
      // A lone input has the seed itself, whatever its name, as `nirc eval` has it.
      InputOptions own = options;
      own.seed =
          sources.size() == 1 ? options.seed : seedOfPort(options.seed, sources[i].port.node);
      nir::Result<nir::Tensor> array = loadSource(sources[i], own, inputs, heard);
      if (!array) {
        return array.takeError();
      }
      arrays[i] = *array;
    }
  }
  if (nir::Status failed = agree(sources, arrays, options, inputs)) {
    return std::move(*failed);
  }
  inputs.events = std::move(heard.facts);
  for (nir::Diagnostic &remark : heard.remarks.take()) {
    inputs.remarks.push_back(std::move(remark));
  }
  inputs.recording.dtSeconds = options.dtSeconds;
  for (size_t i = 0; i < sources.size(); ++i) {
    const InputSource &source = sources[i];
    if (nir::Status failed = withinLimit(source.port, inputs.batch, inputs.steps, options)) {
      return std::move(*failed);
    }
    if (!arrays[i]) {
      nir::Result<double> value = generatorValue(source.source, options);
      arrays[i] = generate(source, joined({inputs.batch, inputs.steps}, source.port.shape), *value,
                           options);
      remarkRare(source.source, *value, *arrays[i], inputs);
    }
    inputs.recording.traces.push_back(
        {source.port.node, "value", extend(*arrays[i], inputs.batch, inputs.steps)});
  }
  return inputs;
}

} // namespace nirc
