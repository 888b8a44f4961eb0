//===- DataGrid.cpp - events on a grid of time, and back ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/file/NirData.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace nir {

/// A grid of zeros for the events.
static Result<std::pair<Tensor, std::byte *>> gridFor(const EventData &events, double dtSeconds,
                                                      DType dtype, int64_t maxBytes) {
  if (!(dtSeconds > 0.0) || !std::isfinite(dtSeconds)) {
    return Error(Cause::DamagedInput,
                 fmt::format("dt is {} s, expected a positive number", dtSeconds));
  }
  double steps = stepOf(events.endSeconds, dtSeconds, events.time.dtype());
  if (!(steps >= 0.0)) {
    return Error(
        Cause::DamagedInput,
        fmt::format("t_max is {} s, expected a number that is not negative", events.endSeconds));
  }
  double bytes = static_cast<double>(events.idx.shape()[0]) * steps *
                 static_cast<double>(events.neurons) * static_cast<double>(sizeOf(dtype));
  if (bytes > static_cast<double>(maxBytes) || steps > static_cast<double>(maxBytes)) {
    return Error(Cause::Limit,
                 fmt::format("a grid of {}, {:.0f} steps and {} takes more than {}",
                             counted(events.idx.shape()[0], "sample"), steps,
                             counted(events.neurons, "neuron"), counted(maxBytes, "byte")))
        .note("give a larger dt");
  }
  return Tensor::allocate(dtype,
                          {events.idx.shape()[0], static_cast<int64_t>(steps), events.neurons});
}

/// Calls put(element of the grid, event) for each event.
template <typename Put>
static Status scatter(const EventData &events, const Tensor &grid, double dtSeconds,
                      const Put &put) {
  int64_t steps = grid.shape()[1], perSample = events.idx.shape()[1];
  for (int64_t event = 0; event < events.idx.size(); ++event) {
    int64_t neuron = events.idx.intAt(event), sample = event / perSample;
    if (neuron == -1) {
      continue;
    }
    if (neuron < 0 || neuron >= events.neurons) {
      return Error(Cause::DamagedInput,
                   fmt::format("sample {} has an event of neuron {}, expected 0 to {}", sample,
                               neuron, events.neurons - 1));
    }
    double time = events.time.at(event), step = stepOf(time, dtSeconds, events.time.dtype());
    if (!(step >= 0.0 && step < static_cast<double>(steps))) {
      return Error(
          Cause::DamagedInput,
          fmt::format("sample {} has an event at {} s, expected one from 0 to before t_max "
                      "= {} s",
                      sample, time, events.endSeconds));
    }
    put((sample * steps + static_cast<int64_t>(step)) * events.neurons + neuron, event);
  }
  return {};
}

Result<TimeGriddedData> toGrid(const EventData &events, double dtSeconds, int64_t maxBytes) {
  auto made = gridFor(events, dtSeconds, DType::Bool, maxBytes);
  if (!made) {
    return made.takeError();
  }
  auto &[grid, bytes] = *made;
  auto put = [bytes = bytes](int64_t element, int64_t) { bytes[element] = std::byte(1); };
  if (Status error = scatter(events, grid, dtSeconds, put)) {
    return *error;
  }
  return TimeGriddedData{grid, dtSeconds};
}

Result<TimeGriddedData> toGrid(const ValuedEventData &events, double dtSeconds, int64_t maxBytes) {
  auto made = gridFor(events.events, dtSeconds, DType::F64, maxBytes);
  if (!made) {
    return made.takeError();
  }
  auto &[grid, bytes] = *made;
  auto *values = reinterpret_cast<double *>(bytes);
  auto put = [&](int64_t element, int64_t event) { values[element] = events.value.at(event); };
  if (Status error = scatter(events.events, grid, dtSeconds, put)) {
    return *error;
  }
  return TimeGriddedData{grid, dtSeconds};
}

/// The spikes, in their order, as a row for each of `samples` samples.
static EventData rowsOf(const std::vector<Spike> &spikes, int64_t samples, int64_t neurons,
                        double endSeconds) {
  std::vector<int64_t> filled(static_cast<size_t>(samples), 0);
  for (const Spike &spike : spikes) {
    ++filled[static_cast<size_t>(spike.sample)];
  }
  int64_t most = samples == 0 ? 0 : *std::max_element(filled.begin(), filled.end());
  std::vector<int64_t> idx(static_cast<size_t>(samples * most), -1);
  std::vector<double> time(idx.size(), std::numeric_limits<double>::infinity());
  std::fill(filled.begin(), filled.end(), 0);
  for (const Spike &spike : spikes) {
    auto at =
        static_cast<size_t>(spike.sample * most + filled[static_cast<size_t>(spike.sample)]++);
    idx[at] = spike.neuron;
    time[at] = spike.seconds;
  }
  return {Tensor::of({samples, most}, idx), Tensor::of({samples, most}, time), neurons, endSeconds};
}

EventData toEvents(const TimeGriddedData &grid) {
  const Shape &shape = grid.data.shape();
  int64_t steps = shape[1], neurons = shape[2];
  std::vector<Spike> spikes;
  for (int64_t element = 0; element < grid.data.size(); ++element) {
    if (grid.data.at(element) != 0.0) {
      int64_t step = element / neurons % steps;
      spikes.push_back({element / (steps * neurons), element % neurons,
                        static_cast<double>(step) * grid.dtSeconds});
    }
  }
  return rowsOf(spikes, shape[0], neurons, static_cast<double>(steps) * grid.dtSeconds);
}

EventData toEvents(const SpikeTimes &times) {
  return rowsOf(times.spikes, times.batch, times.neurons, times.endSeconds);
}

} // namespace nir
