//===- LoadSource.cpp - the files of one input ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/LoadSource.h"

#include "api/io/Files.h"
#include "api/io/NirDataFile.h"
#include "api/io/Npy.h"
#include "api/io/Npz.h"
#include "api/io/SampleSet.h"
#include "api/io/ShdInput.h"
#include "ir/recording/events/Zip.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>

namespace nirc {

static constexpr const char *fixOfLimit = "--max-input-bytes raises the limit";

static bool startsWith(const std::vector<std::byte> &bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

template <typename Number>
static std::optional<int64_t> firstNotFinite(const nir::Tensor &array) {
  std::span<const Number> numbers = array.as<Number>();
  auto found = std::find_if(numbers.begin(), numbers.end(),
                            [](Number number) { return !std::isfinite(number); });
  return found == numbers.end() ? std::nullopt : std::optional(found - numbers.begin());
}

/// The element that is not a number, if there is one.
static std::optional<int64_t> firstNotFinite(const nir::Tensor &array) {
  switch (array.dtype()) {
  case nir::DType::F32:
    return firstNotFinite<float>(array);
  case nir::DType::F64:
    return firstNotFinite<double>(array);
  case nir::DType::F16:
    for (int64_t i = 0; i < array.size(); ++i) {
      if (!std::isfinite(array.at(i))) {
        return i;
      }
    }
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

/// Refuses NaN and infinities of an array [batch, T, ...]: a neuron that sees one never gives a
/// number again.
static nir::Status checkFinite(const nir::Tensor &array, const std::string &file) {
  std::optional<int64_t> at = firstNotFinite(array);
  if (!at) {
    return std::nullopt;
  }
  int64_t steps = array.shape()[1], width = array.size() / array.shape()[0] / steps;
  return nir::Error(fmt::format("found {} in step {} of sample {}, element {}, expected a number",
                                array.at(*at), *at / width % steps, *at / width / steps,
                                *at % width))
      .in(file)
      .note("a neuron that sees it never gives a number again; replace it in the file, as with "
            "numpy.nan_to_num");
}

/// The array as its layout says: with a batch before the steps, or without one.
static nir::Result<nir::Tensor> inLayout(const nir::Tensor &array, const InputOptions &options,
                                         const InputPort &port, const std::string &file) {
  Layout layout = options.layout;
  const nir::Shape &shape = array.shape();
  bool isBatch = shape.size() == port.shape.size() + 2 ||
                 (shape.size() == 3 && shape[2] == nir::numElements(port.shape));
  // One step of many samples is nothing that anybody runs, and one sample is what frameworks have.
  if (layout == Layout::Auto && isBatch && shape[0] > 1 && shape[1] == 1) {
    return nir::Error(fmt::format("found shape {}, which is {} samples of one step, or {} steps of "
                                  "one sample",
                                  nir::str(shape), shape[0], shape[0]))
        .in(file)
        .note("--layout TBN: steps before samples, as snnTorch and Norse have it; --layout BTN: "
              "samples before steps");
  }
  size_t least = layout == Layout::Steps ? 1 : 2;
  if (layout == Layout::Auto || layout == Layout::Events) {
    return array;
  }
  if (array.shape().size() < least) {
    return nir::Error(fmt::format("found shape {}, expected one of more dimensions for the layout "
                                  "that --layout names",
                                  nir::str(array.shape())))
        .in(file);
  }
  return layout == Layout::StepsBatch ? swapFirstTwo(array) : array;
}

/// The events in each step.
static nir::Result<nir::Tensor> framesOf(const EventRecording &recording, const std::string &file,
                                         const InputPort &port, const InputOptions &options,
                                         Heard &heard) {
  nir::Result<nir::Tensor> frames =
      frameEvents(recording.events, options.framing, recording.sensor, options.dtSeconds,
                  port.shape, file, options.maxBytes);
  if (frames) {
    heard.facts.push_back(recording.facts);
    heard.remarks.add(recording.remarks);
  }
  return frames && options.onePerStep ? atMostOne(*frames) : std::move(frames);
}

static nir::Result<nir::Tensor> loadEvents(std::span<const std::byte> bytes,
                                           const EventSource &source, const std::string &file,
                                           const InputPort &port, const InputOptions &options,
                                           Heard &heard) {
  nir::Result<EventRecording> recording =
      readEventFile(bytes, source.format, file, port.shape, options.maxBytes, options.framing);
  if (!recording) {
    return recording.takeError();
  }
  return framesOf(*recording, file, port, options, heard);
}

/// The error, with what to write where the table holds events.
static nir::Error withHint(nir::Error error, const std::string &file) {
  nir::Result<std::vector<std::byte>> head = readHead(file, 1024);
  bool isEvents =
      head && looksLikeEventTable({reinterpret_cast<const char *>(head->data()), head->size()});
  return isEvents ? std::move(error).note(
                        fmt::format("its columns are those of events: events:{} reads it so", file))
                  : error;
}

static nir::Result<nir::Tensor> loadFile(const std::string &file, const EventSource &source,
                                         const InputPort &port, const InputOptions &options,
                                         bool &batched, Heard &heard) {
  // "x.csv:2" names a column of a file.
  NpzSource npz = npzSourceOf(file);
  bool isEvents = source.named || isEventPath(file);
  bool isPlainTable = !isEvents && npz.array.empty() && isTable(file);
  nir::Result<std::vector<std::byte>> bytes =
      isPlainTable ? std::vector<std::byte>() : readFile(npz.path, options.maxBytes, fixOfLimit);
  if (!bytes) {
    return bytes.takeError();
  }
  bool hasFormat = isEvents || isArrayOfFields(*bytes);
  nir::Result<nir::Tensor> array = nir::Tensor();
  if (isPlainTable) {
    nir::Result<SavedData> table = readSaved(file, Layout::Steps, options.maxBytes);
    array = table ? nir::Result<nir::Tensor>(table->array) : table.takeError();
  } else if (!hasFormat && startsWith(*bytes, "\x93NUMPY")) {
    array = parseNpy(*bytes, file);
    array = array ? inLayout(*array, options, port, file) : std::move(array);
  } else if (!hasFormat && nir::isZip(*bytes)) {
    array = readNpz(*bytes, npz, options.maxBytes);
    array = array ? inLayout(*array, options, port, file) : std::move(array);
  } else if (!hasFormat && isHdf5(*bytes)) {
    array = readNirDataInput(file, port, options);
    if (!array) {
      return array.takeError().note("events-shd:FILE reads recordings as SHD and SSC have them");
    }
  } else if (hasFormat) {
    array = loadEvents(*bytes, source, file, port, options, heard);
  } else {
    return nir::Error(
               fmt::format("is not an input that nirc knows: expected a .npy or .npz file, a "
                           "table (.csv), NIRData (.nird), events ({}), constant:VALUE or "
                           "poisson:RATE",
                           eventEndings()))
        .in(file);
  }
  nir::Result<nir::Tensor> fitting =
      array ? fitToPort(*array, port, batched, file) : std::move(array);
  if (!fitting) {
    return isPlainTable ? withHint(fitting.takeError(), file) : fitting.takeError();
  }
  if (nir::Status wrong = checkFinite(*fitting, file)) {
    return std::move(*wrong);
  }
  return fitting;
}

nir::Status withinLimit(const InputPort &port, int64_t batch, int64_t steps,
                        const InputOptions &options) {
  double bytes = 8.0 * static_cast<double>(batch) * static_cast<double>(steps) *
                 static_cast<double>(nir::numElements(port.shape));
  if (bytes <= static_cast<double>(options.maxBytes)) {
    return std::nullopt;
  }
  return nir::Error(fmt::format("{} steps of input '{}' take {:.3g} bytes, the limit is {}", steps,
                                port.node, bytes, options.maxBytes))
      .note(fixOfLimit);
}

/// The samples as a batch, shorter ones padded, and what there is to say of them.
static nir::Result<nir::Tensor> stack(const InputSource &source, const std::vector<Sample> &samples,
                                      std::vector<std::string> names, const InputOptions &options,
                                      Inputs &inputs) {
  int64_t shortest = INT64_MAX, longest = 0;
  for (const Sample &sample : samples) {
    shortest = std::min(shortest, sample.data.shape()[1]);
    longest = std::max(longest, sample.data.shape()[1]);
  }
  if (inputs.samples.empty()) {
    inputs.samples = std::move(names);
    inputs.shortest = shortest;
  }
  inputs.shortest = std::min(inputs.shortest, shortest);
  if (nir::Status failed =
          withinLimit(source.port, static_cast<int64_t>(samples.size()), longest, options)) {
    return std::move(*failed);
  }
  return stackSamples(samples);
}

/// Every recording of a file of SHD as a sample, or one alone.
static nir::Result<nir::Tensor> loadShd(const InputSource &source, const std::string &path,
                                        const InputOptions &options, Inputs &inputs, Heard &heard,
                                        bool &batched) {
  nir::Result<ShdSource> part = shdSourceOf(path);
  nir::Result<ShdInput> file =
      part ? readShdInput(*part, options.framing, options.maxBytes) : part.takeError();
  if (!file) {
    return file.takeError();
  }
  batched = !part->isOne;
  inputs.labels = inputs.labels.empty() ? file->labels : inputs.labels;
  std::vector<Sample> samples;
  std::vector<std::string> names;
  for (const EventRecording &recording : file->recordings) {
    const std::string &name = recording.facts.file;
    nir::Result<nir::Tensor> frames = framesOf(recording, name, source.port, options, heard);
    bool isBatch = false;
    frames = frames ? fitToPort(*frames, source.port, isBatch, name) : std::move(frames);
    if (!frames) {
      return frames.takeError();
    }
    samples.push_back({name, *frames});
    names.push_back(name.substr(name.rfind('#') + 1));
  }
  return batched ? stack(source, samples, std::move(names), options, inputs)
                 : nir::Result<nir::Tensor>(samples.front().data);
}

/// Every file of a folder or pattern as a sample.
static nir::Result<nir::Tensor> loadSet(const InputSource &source, const InputOptions &options,
                                        Inputs &inputs, Heard &heard) {
  EventSource named = eventSourceOf(source.source);
  nir::Result<std::vector<std::string>> files = sampleFiles(named.path);
  if (!files) {
    return files.takeError();
  }
  if (!std::is_sorted(files->begin(), files->end())) {
    nir::Diagnostic note =
        nir::Error("samples are in the natural order of their names, 2 before 10")
            .in(source.source)
            .note("labels that were listed by bytes, 10 before 2, as `ls` and Python's sorted() "
                  "do, are in another order");
    note.severity = nir::Severity::Note;
    inputs.remarks.push_back(std::move(note));
  }
  std::vector<Sample> samples;
  std::vector<std::string> names;
  for (const std::string &file : *files) {
    bool batched = false;
    nir::Result<nir::Tensor> array = loadFile(file, named, source.port, options, batched, heard);
    if (!array) {
      return array.takeError();
    }
    if (batched) {
      return nir::Error(fmt::format("found a batch of {}, expected one sample in each file of {}",
                                    array->shape()[0], source.source))
          .in(file);
    }
    samples.push_back({file, *array});
    names.push_back(std::filesystem::path(file).stem().string());
  }
  return stack(source, samples, std::move(names), options, inputs);
}

/// Whether a source is recordings of SHD.
static bool isShd(const EventSource &source) {
  if (!source.named || !source.format.empty()) {
    return source.format == "shd";
  }
  nir::Result<ShdSource> part = shdSourceOf(source.path);
  nir::Result<std::vector<std::byte>> head =
      part ? readHead(part->path, 8) : std::vector<std::byte>();
  return head && isHdf5(*head);
}

nir::Result<nir::Tensor> loadSource(const InputSource &source, const InputOptions &options,
                                    Inputs &inputs, Heard &heard) {
  EventSource named = eventSourceOf(source.source);
  bool batched = isSampleSet(named.path);
  nir::Result<nir::Tensor> array =
      isShd(named) ? loadShd(source, named.path, options, inputs, heard, batched)
      : batched    ? loadSet(source, options, inputs, heard)
                   : loadFile(named.path, named, source.port, options, batched, heard);
  inputs.batched |= batched;
  return array;
}

} // namespace nirc
