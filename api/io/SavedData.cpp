//===- SavedData.cpp - what other programs saved of a run -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/SavedData.h"

#include "api/io/Files.h"
#include "api/io/Npy.h"
#include "ir/Wording.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace nirc {

static constexpr std::array<std::pair<std::string_view, Layout>, 6> layouts = {
    {{"auto", Layout::Auto},
     {"TN", Layout::Steps},
     {"BTN", Layout::BatchSteps},
     {"TBN", Layout::StepsBatch},
     {"BN", Layout::Batch},
     {"events", Layout::Events}}};

nir::Result<Layout> layoutOf(std::string_view text) {
  auto isName = [&](std::string_view name) { // in either case, as tbn
    return std::equal(name.begin(), name.end(), text.begin(), text.end(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) ==
             std::tolower(static_cast<unsigned char>(b));
    });
  };
  for (const auto &[name, layout] : layouts) {
    if (isName(name)) {
      return layout;
    }
  }
  return nir::Error::usage(
      fmt::format("--layout: there is no '{}', there are auto, TN, BTN, TBN, BN, events", text));
}

static bool isCount(double value) { return value >= 0.0 && value == std::floor(value); }

/// Whether all elements are such numbers.
template <typename Test>
static bool holdsOnly(const nir::Tensor &array, Test test) {
  for (int64_t i = 0; i < array.size(); ++i) {
    if (!test(array.at(i))) {
      return false;
    }
  }
  return true;
}

bool SavedData::canBeSpikes() const { return isList || holdsOnly(array, isCount); }

bool SavedData::looksLikeSpikes() const {
  return isList || !nir::isFloat(array.dtype()) ||
         holdsOnly(array, [](double value) { return value == 0.0 || value == 1.0; });
}

nir::Tensor swapFirstTwo(const nir::Tensor &array) {
  nir::Shape shape = array.shape();
  std::swap(shape[0], shape[1]);
  auto [swapped, out] = nir::Tensor::allocate(array.dtype(), shape);
  auto outer = static_cast<size_t>(shape[0]), inner = static_cast<size_t>(shape[1]);
  size_t rowBytes = array.size() == 0 ? 0 : array.sizeInBytes() / outer / inner;
  for (size_t i = 0; i < outer; ++i) {
    for (size_t j = 0; j < inner; ++j) {
      std::memcpy(out + (i * inner + j) * rowBytes, array.bytes() + (j * outer + i) * rowBytes,
                  rowBytes);
    }
  }
  return swapped;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// An array [spikes, 2 or 3] as a list: whole numbers are steps, others are seconds.
static nir::Status makeList(SavedData &data) {
  const nir::Shape &shape = data.array.shape();
  if (shape.size() != 2 || (shape[1] != 2 && shape[1] != 3)) {
    return nir::Error(nir::Cause::NotComparable,
                      fmt::format("found shape {}, expected [spikes, 2] of time and neuron, or "
                                  "[spikes, 3] with the sample before them",
                                  nir::str(shape)))
        .in(data.file);
  }
  bool isWhole = true;
  for (int64_t row = 0; row < shape[0]; ++row) {
    int64_t at = row * shape[1];
    double sample = shape[1] == 3 ? data.array.at(at++) : 0.0;
    double time = data.array.at(at), neuron = data.array.at(at + 1);
    constexpr double most = 1e15; // beyond it doubles skip whole numbers
    if (!isCount(sample) || !isCount(neuron) || sample > most || neuron > most ||
        !(std::abs(time) < most)) {
      return nir::Error(nir::Cause::InputValue,
                        fmt::format("row {} is not a spike: sample {}, time {}, neuron {}", row,
                                    sample, time, neuron))
          .in(data.file);
    }
    isWhole = isWhole && isCount(time);
    data.spikes.push_back({static_cast<int64_t>(sample), static_cast<int64_t>(neuron), time});
  }
  data.isList = true;
  data.unitSeconds = isWhole ? 0.0 : 1.0;
  return std::nullopt;
}

bool isTable(std::string_view path) {
  size_t colon = path.rfind(':');
  for (std::string_view name : {path, path.substr(0, std::min(colon, path.size()))}) {
    for (std::string_view ending : {".csv", ".tsv", ".txt", ".dat"}) {
      if (name.ends_with(ending)) {
        return true;
      }
    }
  }
  return false;
}

nir::Result<SavedData> readSaved(const std::string &path, Layout layout, uint64_t maxBytes) {
  size_t colon = path.rfind(':');
  bool hasColumns = isTable(path) && colon != std::string::npos && isTable(path.substr(0, colon));
  std::string file = hasColumns ? path.substr(0, colon) : path;
  nir::Result<std::vector<std::byte>> bytes =
      readFile(file, maxBytes, "--max-input-bytes raises the limit");
  if (!bytes) {
    return bytes.takeError();
  }
  if (isTable(path)) {
    std::string_view text(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    return parseTable(text, hasColumns ? path.substr(colon + 1) : "", layout, file);
  }
  nir::Result<nir::Tensor> array = parseNpy(*bytes, file);
  if (!array) {
    return array.takeError();
  }
  SavedData data{file, *array, false, {}, 0.0};
  if (layout == Layout::Events) {
    if (nir::Status failed = makeList(data)) {
      return std::move(*failed);
    }
  }
  return data;
}

//===----------------------------------------------------------------------===//
// Beside what it is compared with
//===----------------------------------------------------------------------===//

/// "[T, 3]" or "[B, T, 3]", of what is wanted.
static std::string wantedText(const SavedExtent &want) {
  std::string step = nir::str(want.shape);
  step = want.shape.empty() ? "" : ", " + step.substr(1, step.size() - 2);
  std::string alone = fmt::format("[{}{}]", want.steps, step);
  std::string batch = fmt::format("[{}, {}{}]", want.samples, want.steps, step);
  return want.samples == 1 ? alone : batch;
}

/// Whether dimensions from `from` on are those of a step, whichever way they are flattened.
static bool isStep(const nir::Shape &shape, size_t from, const SavedExtent &want) {
  int64_t elements = 1;
  for (size_t dim = from; dim < shape.size(); ++dim) {
    elements *= shape[dim];
  }
  return elements == nir::numElements(want.shape);
}

static bool fits(const nir::Shape &shape, Layout layout, const SavedExtent &want, int64_t slack) {
  size_t leading = layout == Layout::Steps ? 1 : 2;
  if (shape.size() < leading || !isStep(shape, leading, want)) {
    return false;
  }
  size_t time = layout == Layout::BatchSteps ? 1 : 0;
  int64_t samples = layout == Layout::Steps ? 1 : shape[1 - time];
  return samples == want.samples && shape[time] > 0 && std::abs(shape[time] - want.steps) <= slack;
}

/// The layouts that fit, of all or of the one asked for; those that fit without slack alone, if
/// any.
static std::vector<Layout> layoutsThatFit(const nir::Shape &shape, const SavedExtent &want,
                                          Layout asked, int64_t slack) {
  std::vector<Layout> found;
  for (int64_t most : {int64_t(0), slack}) {
    for (Layout layout : {Layout::Steps, Layout::BatchSteps, Layout::StepsBatch}) {
      bool isAsked = asked == Layout::Auto || asked == layout;
      if (isAsked && fits(shape, layout, want, most)) {
        found.push_back(layout);
      }
    }
    if (!found.empty()) {
      break;
    }
  }
  return found;
}

static nir::Result<Layout> findLayout(const SavedData &data, const SavedExtent &want, Layout asked,
                                      int64_t slack) {
  const nir::Shape &shape = data.array.shape();
  std::vector<Layout> found = layoutsThatFit(shape, want, asked, slack);
  if (found.empty()) { // another file's layout: the shape decides
    found = layoutsThatFit(shape, want, Layout::Auto, slack);
  }
  // Of one sample all are the same numbers in the same order.
  if (found.size() == 1 || (!found.empty() && want.samples == 1)) {
    return found.front();
  }
  if (found.empty()) {
    nir::Error error(nir::Cause::NotComparable,
                     fmt::format("found shape {}, expected {}", nir::str(shape), wantedText(want)));
    error.file = data.file;
    bool mayBeList = shape.size() == 2 && (shape[1] == 2 || shape[1] == 3) &&
                     std::abs(shape[0] - want.steps) > slack;
    return mayBeList ? std::move(error).note("--layout events reads it as a list of spikes")
                     : std::move(error);
  }
  return nir::Error(nir::Cause::InputLayout,
                    fmt::format("the shape {} can be [B, T, ...] and [T, B, ...]", nir::str(shape)))
      .in(data.file)
      .note("--layout BTN or --layout TBN says which");
}

static nir::Result<int64_t> stepOf(const SavedData &data, const SavedSpike &spike,
                                   double dtSeconds) {
  double step = spike.at;
  if (data.unitSeconds > 0.0) {
    if (!(dtSeconds > 0.0)) {
      return nir::Error(nir::Cause::NoStep,
                        "its times are in seconds, and nothing says how long a step is")
          .in(data.file)
          .note("--dt gives it");
    }
    step = nir::stepOf(spike.at * data.unitSeconds, dtSeconds, nir::DType::F32);
  }
  if (!(step >= 0.0) || step > 1e12) {
    return nir::Error(nir::Cause::InputValue,
                      fmt::format("found a spike at {}, expected a time from 0 on", spike.at))
        .in(data.file);
  }
  return static_cast<int64_t>(step);
}

static nir::Result<nir::Tensor> gridOf(const SavedData &data, const SavedExtent &want,
                                       double dtSeconds, int64_t slack) {
  int64_t width = nir::numElements(want.shape), steps = want.steps;
  std::vector<int64_t> places;
  for (const SavedSpike &spike : data.spikes) {
    nir::Result<int64_t> step = stepOf(data, spike, dtSeconds);
    if (!step) {
      return step.takeError();
    }
    if (spike.sample >= want.samples || spike.neuron >= width || *step >= want.steps + slack) {
      return nir::Error(
                 nir::Cause::InputValue,
                 fmt::format(
                     "found a spike of neuron {} in step {} of sample {}, expected {}, {} and {}",
                     spike.neuron, *step, spike.sample, nir::counted(width, "neuron"),
                     nir::counted(want.steps, "step"), nir::counted(want.samples, "sample")))
          .in(data.file);
    }
    steps = std::max(steps, *step + 1);
    places.push_back(*step);
  }
  nir::Shape shape = {want.samples, steps};
  shape.insert(shape.end(), want.shape.begin(), want.shape.end());
  auto [grid, bytes] = nir::Tensor::allocate(nir::DType::I32, shape);
  auto *counts = reinterpret_cast<int32_t *>(bytes);
  for (size_t i = 0; i < places.size(); ++i) {
    const SavedSpike &spike = data.spikes[i];
    ++counts[(spike.sample * steps + places[i]) * width + spike.neuron];
  }
  return grid;
}

nir::Result<nir::Tensor> fitSaved(const SavedData &data, const SavedExtent &want, Layout layout,
                                  double dtSeconds, int64_t slack) {
  if (data.isList) {
    return gridOf(data, want, dtSeconds, slack);
  }
  nir::Result<Layout> found = findLayout(data, want, layout, slack);
  if (!found) {
    return found.takeError();
  }
  nir::Tensor array = *found == Layout::StepsBatch ? swapFirstTwo(data.array) : data.array;
  int64_t steps = array.shape()[*found == Layout::Steps ? 0 : 1];
  nir::Shape shape = {want.samples, steps};
  shape.insert(shape.end(), want.shape.begin(), want.shape.end());
  return nir::Tensor(array.dtype(), shape, array.share());
}

nir::Result<SavedExtent> extentOf(const SavedData &data, Layout layout, double dtSeconds) {
  if (data.isList) {
    SavedExtent extent{1, 1, {1}};
    for (const SavedSpike &spike : data.spikes) {
      nir::Result<int64_t> step = stepOf(data, spike, dtSeconds);
      if (!step) {
        return step.takeError();
      }
      extent.samples = std::max(extent.samples, spike.sample + 1);
      extent.steps = std::max(extent.steps, *step + 1);
      extent.shape[0] = std::max(extent.shape[0], spike.neuron + 1);
    }
    constexpr double most = 1 << 28; // elements: more are a mistake in some row
    if (static_cast<double>(extent.samples) * static_cast<double>(extent.steps) *
            static_cast<double>(extent.shape[0]) >
        most) {
      return nir::Error(nir::Cause::Limit,
                        fmt::format("the last spike is in step {}, the last neuron is {}: that is "
                                    "too large to compare",
                                    extent.steps - 1, extent.shape[0] - 1))
          .in(data.file);
    }
    return extent;
  }
  const nir::Shape &shape = data.array.shape();
  bool hasBatch = layout == Layout::BatchSteps || layout == Layout::StepsBatch;
  size_t leading = hasBatch ? 2 : 1;
  if (shape.size() < leading || data.array.size() == 0) {
    return nir::Error(nir::Cause::NotComparable,
                      fmt::format("found shape {}, expected [T, ...] or [batch, T, ...] of at "
                                  "least one step and element",
                                  nir::str(shape)))
        .in(data.file);
  }
  size_t time = layout == Layout::BatchSteps ? 1 : 0;
  return SavedExtent{hasBatch ? shape[1 - time] : 1, shape[time],
                     nir::Shape(shape.begin() + static_cast<ptrdiff_t>(leading), shape.end())};
}

} // namespace nirc
