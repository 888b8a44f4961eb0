//===- ArrayInput.cpp - one file of input ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/ArrayInput.h"

#include "api/io/Files.h"
#include "api/io/Idx.h"
#include "api/io/NirDataFile.h"
#include "api/io/Npy.h"
#include "api/io/Npz.h"
#include "api/io/ShdInput.h"
#include "ir/Wording.h"
#include "ir/recording/events/Zip.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace nirc {

static constexpr const char *fixOfLimit = "--max-input-bytes raises the limit";

static bool startsWith(const std::vector<std::byte> &bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

/// Whether a zip archive is one of torch.save, whose first entry is NAME/data.pkl.
static bool isCheckpoint(const std::vector<std::byte> &bytes) {
  constexpr size_t headBytes = 128;
  std::string_view head(reinterpret_cast<const char *>(bytes.data()),
                        std::min(headBytes, bytes.size()));
  return head.starts_with("PK") && head.find("/data.pkl") != head.npos;
}

/// Whether the bytes start as an IDX file does, or as gzip.
static bool mayBeIdx(const std::vector<std::byte> &bytes) {
  auto at = [&](size_t i) { return std::to_integer<uint32_t>(bytes[i]); };
  bool isIdx = bytes.size() >= 4 && at(0) == 0 && at(1) == 0 && at(2) >= 8 && at(2) <= 14 &&
               at(3) >= 1 && at(3) <= 8;
  return isIdx || startsWith(bytes, "\x1f\x8b");
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

/// Refuses NaN and infinities: a neuron that sees one never gives a number again.
static nir::Status checkFinite(const FileInput &input, const std::string &file) {
  const nir::Tensor &array = input.array;
  std::optional<int64_t> at = firstNotFinite(array);
  if (!at) {
    return std::nullopt;
  }
  int64_t ofSample = array.size() / array.shape()[0], sample = *at / ofSample;
  int64_t width = input.hasSteps ? ofSample / array.shape()[1] : ofSample;
  std::string step =
      input.hasSteps ? fmt::format("step {} of ", *at % ofSample / width) : std::string();
  return nir::Error(nir::Cause::InputValue,
                    fmt::format("found {} in {}sample {}, element {}, expected a number",
                                array.at(*at), step, sample, *at % width))
      .in(file)
      .note("a neuron that sees it never gives a number again; replace it in the file, as with "
            "numpy.nan_to_num");
}

//===----------------------------------------------------------------------===//
// What the dimensions are
//===----------------------------------------------------------------------===//

static nir::Shape from(const nir::Shape &shape, size_t first) {
  return {shape.begin() + static_cast<ptrdiff_t>(std::min(first, shape.size())), shape.end()};
}

/// Whether a shape is that many dimensions and then a step, as it is, flat, or for one element
/// absent.
static bool isLed(const nir::Shape &shape, size_t leading, const nir::Shape &step) {
  bool isWhole = shape.size() == leading + step.size() && from(shape, leading) == step;
  bool isFlat = shape.size() == leading + 1 && shape.back() == nir::numElements(step);
  return isWhole || isFlat || (shape.size() == leading && nir::numElements(step) == 1);
}

static bool isBatchOfSteps(const nir::Shape &shape, const nir::Shape &step) {
  bool hasOneDimension = shape.size() == step.size() + 1 && from(shape, 1) == step;
  return shape.size() == step.size() + 2 ||
         (!hasOneDimension && shape.size() == 3 && shape[2] == nir::numElements(step));
}

/// Whether a shape is another but for dimensions of 1, or one of them is flat.
static bool isAlike(nir::Shape a, nir::Shape b) {
  if (nir::numElements(a) != nir::numElements(b)) {
    return false;
  }
  std::erase(a, 1);
  std::erase(b, 1);
  return a == b || a.size() <= 1 || b.size() <= 1;
}

/// The array as values without steps, [batch, port...], where it can be that.
static std::optional<FileInput> asValues(const nir::Tensor &array, const nir::Shape &port,
                                         bool isOneSample) {
  const nir::Shape &shape = array.shape();
  bool isBatch = !isOneSample && !shape.empty() && isAlike(from(shape, 1), port);
  if (array.size() == 0 || (!isBatch && !isAlike(shape, port))) {
    return std::nullopt;
  }
  nir::Shape whole = joined({isBatch ? shape[0] : 1}, port);
  return FileInput{nir::Tensor(array.dtype(), whole, array.share()), isBatch, /*hasSteps=*/false};
}

static nir::Error twoReadings(const nir::Shape &shape, const std::string &file) {
  return nir::Error(nir::Cause::InputLayout,
                    fmt::format("found shape {}, which is {} of {}, or {} of {}", nir::str(shape),
                                nir::counted(shape[0], "sample"), nir::counted(shape[1], "step"),
                                nir::counted(shape[0], "step"), nir::counted(shape[1], "sample")))
      .in(file)
      .note("--layout TBN: steps before samples, as snnTorch and Norse have it; --layout BTN: "
            "samples before steps");
}

/// Whether steps come before samples in an array of both. Nothing says so but the number of
/// samples, where labels tell it, and that nobody runs many samples of one step.
static nir::Result<bool> isStepsFirst(const nir::Shape &shape, const InputOptions &options,
                                      const std::string &file) {
  int64_t samples = options.samples;
  if (samples == 0) {
    return shape[0] > 1 && shape[1] == 1 ? nir::Result<bool>(twoReadings(shape, file)) : false;
  }
  if ((shape[0] == samples) == (shape[1] == samples) && shape[0] == samples && samples > 1) {
    return twoReadings(shape, file);
  }
  return shape[0] != samples && shape[1] == samples;
}

static nir::Diagnostic remark(const std::string &file, std::string text, std::string fix) {
  return {nir::Severity::Note, file, {}, std::move(text), {{{}, std::move(fix)}}};
}

/// Says how [batch, T, ...] or [T, batch, ...] was read where nothing but its number of dimensions
/// or the number of labels told.
static void remarkOnBatch(const nir::Shape &shape, bool isSwapped, const InputOptions &options,
                          const std::string &file, FileInput &input) {
  if (isSwapped) {
    input.remarks.push_back(
        {nir::Severity::Note,
         file,
         {},
         fmt::format("the array is [T, B, ...], steps before samples: there are {}",
                     nir::counted(options.samples, "label")),
         {}});
  } else if (options.samples == 0 && shape[0] > 1) {
    input.remarks.push_back(remark(
        file,
        fmt::format("shape {} is read as {} of {}", nir::str(shape),
                    nir::counted(shape[0], "sample"), nir::counted(shape[1], "step")),
        fmt::format("--layout TBN reads {} of {}, as snnTorch and Norse have it; --layout BTN says "
                    "that it is right",
                    nir::counted(shape[1], "sample"), nir::counted(shape[0], "step"))));
  }
}

/// What an array holds, as its layout says, or else its number of dimensions.
static nir::Result<FileInput> inLayout(const nir::Tensor &array, const InputOptions &options,
                                       const InputPort &port, const std::string &file) {
  Layout layout = options.layout;
  const nir::Shape &shape = array.shape();
  nir::Shape step = shapeBeforeEncoding(encodingRun(options, true), port.shape, shape);
  bool isAlone = shape == port.shape && port.shape != nir::Shape{1}; // of one element it is [T]
  bool areValues = options.arraysAreValues || isAlone ||
                   (options.encoder && options.encoder->encoding != Encoding::Delta) ||
                   (options.samples > 1 && !shape.empty() && shape[0] == options.samples);
  if (layout == Layout::Batch || (layout == Layout::Auto && areValues &&
                                  (options.arraysAreValues || !isBatchOfSteps(shape, step)))) {
    if (auto values = asValues(array, port.shape, options.isOneSample)) {
      bool isChosen = options.encoder && !options.arraysAreValues && options.samples == 0;
      if (isChosen && layout == Layout::Auto && values->isBatch) {
        values->remarks.push_back(remark(
            file,
            fmt::format("the array is read as {} without steps", nir::counted(shape[0], "sample")),
            "--layout TN reads its first dimension as steps"));
      }
      return *std::move(values);
    }
  }
  if (layout == Layout::Batch) {
    return nir::Error(nir::Cause::InputShape,
                      fmt::format("found shape {}, expected [batch{}] for input '{}'",
                                  nir::str(shape), innerText(port.shape), port.node))
        .in(file);
  }
  bool hasBatch = layout == Layout::BatchSteps || layout == Layout::StepsBatch;
  size_t leading = hasBatch ? 2 : 1;
  if (layout != Layout::Auto && !isLed(shape, leading, step)) {
    const char *first = layout == Layout::StepsBatch ? "T, B" : hasBatch ? "B, T" : "T";
    return nir::Error(
               nir::Cause::InputLayout,
               fmt::format("found shape {}, expected [{}{}] for input '{}', as --layout says",
                           nir::str(shape), first, innerText(step), port.node))
        .in(file);
  }
  bool isSwapped = layout == Layout::StepsBatch;
  if (layout == Layout::Auto && isBatchOfSteps(shape, step)) {
    nir::Result<bool> found = isStepsFirst(shape, options, file);
    if (!found) {
      return found.takeError();
    }
    isSwapped = *found;
  }
  FileInput input;
  if (layout == Layout::Auto && isBatchOfSteps(shape, step)) {
    remarkOnBatch(shape, isSwapped, options, file, input);
  }
  nir::Tensor whole = array;
  if (hasBatch && shape.size() == leading) { // of one element, [T, B]
    nir::Shape longer = shape;
    longer.push_back(1);
    whole = nir::Tensor(array.dtype(), longer, array.share());
  }
  nir::Result<nir::Tensor> fitting =
      fitToPort(isSwapped ? swapFirstTwo(whole) : whole, {port.node, step}, input.isBatch, file);
  if (!fitting) {
    return fitting.takeError();
  }
  input.array = *std::move(fitting);
  return input;
}

EncodingRun encodingRun(const InputOptions &options, bool hasSteps) {
  Encoder encoder = options.encoder.value_or(Encoder());
  if (!options.encoder && !hasSteps && !options.fileEncoding.empty()) {
    nir::Result<Encoder> ofFile = encoderOf(options.fileEncoding);
    encoder = ofFile ? *ofFile : encoder; // checkValues refuses what is none
  }
  return {.encoder = encoder,
          .steps = options.steps ? options.steps : options.fileSteps,
          .dtSeconds = options.dtSeconds,
          .polarity = options.framing.polarity};
}

/// IDX has images, whose pixels fit an input of as many elements.
static nir::Result<FileInput> readImages(const std::string &file, const InputPort &port,
                                         const InputOptions &options) {
  nir::Result<nir::Tensor> images = readIdx(file, options.maxBytes);
  if (!images) {
    return images.takeError();
  }
  nir::Shape image = from(images->shape(), 1);
  if (images->size() == 0 || nir::numElements(image) != nir::numElements(port.shape)) {
    return nir::Error(nir::Cause::InputShape,
                      fmt::format("found images of shape {}, which are {}, expected {} as "
                                  "input '{}' has shape {}",
                                  nir::str(image), nir::counted(nir::numElements(image), "pixel"),
                                  nir::numElements(port.shape), port.node, nir::str(port.shape)))
        .in(file);
  }
  nir::Shape whole = joined({images->shape()[0]}, port.shape);
  FileInput input{nir::Tensor(nir::DType::U8, whole, images->share()), /*isBatch=*/true,
                  /*hasSteps=*/false};
  input.isBrightness = true; // pixels of IDX are
  return input;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

nir::Result<nir::Tensor> framesOf(const EventRecording &recording, const std::string &file,
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

nir::Status refuseEncoding(const InputOptions &options, const std::string &file) {
  if (!options.encoder) {
    return std::nullopt;
  }
  return nir::Error::usage(nir::Cause::OptionConflict,
                           fmt::format("--encoding {}: found events, which are spikes already",
                                       text(*options.encoder)))
      .in(file);
}

/// What the file holds, by its name and its content.
static nir::Result<FileInput> readAny(const std::string &file, const EventSource &source,
                                      const InputPort &port, const InputOptions &options,
                                      Heard &heard) {
  // "x.csv:2" names a column of a file.
  NpzSource npz = npzSourceOf(file);
  bool isEvents = source.named || isEventPath(file);
  if (!isEvents && npz.array.empty() && isTable(file)) {
    nir::Result<SavedData> table = readSaved(file, Layout::Steps, options.maxBytes);
    if (!table) {
      return table.takeError();
    }
    InputOptions how = options; // a row is a step
    how.layout = options.layout == Layout::Batch ? Layout::Batch : Layout::Steps;
    nir::Result<FileInput> input = inLayout(table->array, how, port, file);
    return input ? std::move(input) : withHint(input.takeError(), file);
  }
  nir::Result<std::vector<std::byte>> bytes = readFile(npz.path, options.maxBytes, fixOfLimit);
  if (!bytes && (file == "poisson" || file == "constant")) {
    return bytes.takeError().note(file == "poisson"
                                      ? "random spikes are poisson:RATE, as poisson:20Hz"
                                      : "a constant input is constant:VALUE");
  }
  if (!bytes) {
    return bytes.takeError();
  }
  if (isEvents || isArrayOfFields(*bytes)) {
    if (nir::Status failed = refuseEncoding(options, file)) {
      return std::move(*failed);
    }
    if (options.arraysAreValues) {
      return nir::Error::usage(nir::Cause::InputFormat,
                               "--images: found events, expected images; --input takes events")
          .in(file);
    }
    nir::Result<nir::Tensor> frames = loadEvents(*bytes, source, file, port, options, heard);
    FileInput input;
    frames = frames ? fitToPort(*frames, port, input.isBatch, file) : std::move(frames);
    if (!frames) {
      return frames.takeError();
    }
    input.array = *std::move(frames);
    return input;
  }
  nir::Result<nir::Tensor> array = nir::Tensor();
  if (startsWith(*bytes, "\x93NUMPY")) {
    array = parseNpy(*bytes, file);
  } else if (isCheckpoint(*bytes)) {
    return nir::Error(nir::Cause::InputFormat, "is a checkpoint of PyTorch, expected arrays")
        .in(file)
        .note("in Python: numpy.save('x.npy', torch.load(path).numpy())");
  } else if (nir::isZip(*bytes)) {
    array = readNpz(*bytes, npz, options.maxBytes);
  } else if (mayBeIdx(*bytes)) {
    return readImages(file, port, options);
  } else if (isHdf5(*bytes)) {
    array = readNirDataInput(file, port, options);
    FileInput input;
    array = array ? fitToPort(*array, port, input.isBatch, file) : std::move(array);
    if (!array) {
      return array.takeError().note("events-shd:FILE reads recordings as SHD and SSC have them");
    }
    input.array = *std::move(array);
    return input;
  } else {
    return nir::Error(
               nir::Cause::InputFormat,
               fmt::format("is not an input that nirc knows: expected a .npy or .npz file, a "
                           "table (.csv), images (IDX), NIRData (.nird), events ({}), "
                           "constant:VALUE or poisson:RATE",
                           eventEndings()))
        .in(file);
  }
  return array ? inLayout(*array, options, port, file) : array.takeError();
}

/// Whether something says how values become steps, and how many.
static nir::Status checkValues(const InputOptions &options) {
  if (options.steps == 0 && options.fileSteps == 0) {
    return nir::Error::usage(nir::Cause::RunLength,
                             "nothing says for how many steps a sample is shown: no --steps, and "
                             "the model has no metadata nirc/steps")
        .note("--steps N says it, as in --steps 10; --layout TN says that the first dimension is "
              "steps");
  }
  if (options.encoder || options.fileEncoding.empty()) {
    return std::nullopt;
  }
  nir::Result<Encoder> encoder = encoderOf(options.fileEncoding);
  if (encoder) {
    return std::nullopt;
  }
  return encoder.takeError().note(
      "the encoding is that of the model's metadata nirc/encoding; --encoding takes another");
}

nir::Result<FileInput> readFileInput(const std::string &file, const EventSource &source,
                                     const InputPort &port, const InputOptions &options,
                                     Heard &heard) {
  nir::Result<FileInput> input = readAny(file, source, port, options, heard);
  if (!input) {
    return input;
  }
  if (nir::Status wrong = checkFinite(*input, file)) {
    return std::move(*wrong);
  }
  if (nir::Status wrong = input->hasSteps ? std::nullopt : checkValues(options)) {
    return std::move(*wrong);
  }
  bool isEncoded = options.encoder && options.encoder->encoding != Encoding::Direct;
  if (!input->isBrightness && (!input->hasSteps || isEncoded) && areBrightness(input->array)) {
    input->isBrightness = true;
    input->remarks.push_back(remark(file,
                                    "uint8 are taken for pixels from 0 to 255, and divided by "
                                    "255",
                                    "arrays of floats are taken as they are"));
  }
  return input;
}

} // namespace nirc
