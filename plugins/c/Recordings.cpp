//===- Recordings.cpp - what runs give ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/JsonText.h"
#include "api/io/ReadResults.h"
#include "api/io/Results.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Handles.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>

using namespace nirc;
using namespace nirc::c;

nirc_recording::nirc_recording(nir::Recording content, std::string origin)
    : recording(std::move(content)), provenance(std::move(origin)),
      eventsOf(recording.traces.size()) {
  for (const nir::Trace &trace : recording.traces) {
    traces.push_back(
        {trace.node.c_str(), trace.observable.c_str(), viewOf(trace.data), trace.latency});
  }
  for (const nir::SpikeTimes &times : recording.times) {
    std::vector<nirc_spike> &all = spikes.emplace_back();
    for (const nir::Spike &spike : times.spikes) {
      all.push_back({spike.sample, spike.neuron, spike.seconds});
    }
  }
}

/// Of a number that is not 0: how many spikes it is.
template <typename Number>
static int64_t countOf(Number value) {
  if constexpr (std::is_floating_point_v<Number>) {
    constexpr auto most = static_cast<Number>(int64_t(1) << 62);
    return value >= Number(1) && value < most ? static_cast<int64_t>(value) : 1;
  } else {
    return static_cast<int64_t>(value);
  }
}

/// `width`: elements of a step.
template <typename Number>
static void collect(std::span<const Number> values, int64_t steps, int64_t width, bool areSpikes,
                    std::vector<nirc_event> &events) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != Number(0)) {
      auto at = static_cast<int64_t>(i);
      int64_t count = areSpikes ? countOf(values[i]) : 1;
      events.push_back({at / width / steps, at / width % steps, at % width, count});
    }
  }
}

static std::vector<nirc_event> eventsIn(const nir::Trace &trace) {
  std::vector<nirc_event> events;
  const nir::Tensor &data = trace.data;
  if (data.rank() < 2 || data.size() == 0) {
    return events;
  }
  int64_t steps = data.shape()[1], width = data.size() / data.shape()[0] / steps;
  bool areSpikes = trace.observable == "spikes";
  switch (data.dtype()) {
  case nir::DType::U8:
    collect(data.as<uint8_t>(), steps, width, areSpikes, events);
    break;
  case nir::DType::I32:
    collect(data.as<int32_t>(), steps, width, areSpikes, events);
    break;
  case nir::DType::F32:
    collect(data.as<float>(), steps, width, areSpikes, events);
    break;
  default: {
    std::vector<double> values = data.toDoubles();
    collect(std::span<const double>(values), steps, width, areSpikes, events);
  }
  }
  return events;
}

const std::vector<nirc_event> &nirc_recording::events(size_t trace) const {
  std::lock_guard lock(making);
  std::optional<std::vector<nirc_event>> &events = eventsOf[trace];
  if (!events) {
    events = eventsIn(recording.traces[trace]);
  }
  return *events;
}

nirc_status nirc_recording_create(const nirc_signal *signals, size_t count, double dt_seconds,
                                  nirc_recording **recording, nirc_error **error) {
  return made(recording, "recording", error, [&]() -> nir::Result<std::unique_ptr<nirc_recording>> {
    if (nir::Status missing = needed(signals, "signals")) {
      return std::move(*missing);
    }
    nir::Recording content{dt_seconds, {}};
    for (size_t i = 0; i < count; ++i) {
      if (!signals[i].node || !signals[i].observable) {
        return nir::Error::usage(
            fmt::format("signal {}: found NULL, expected a node and an observable", i));
      }
      std::string name = fmt::format("{}:{}", signals[i].node, signals[i].observable);
      nir::Result<nir::Tensor> data = tensorOf(signals[i].array, name, Ownership::Copied);
      if (!data) {
        return data.takeError();
      }
      const std::vector<nir::Trace> &traces = content.traces;
      bool isLike =
          traces.empty() || (data->rank() >= 2 && data->shape()[0] == traces[0].data.shape()[0] &&
                             data->shape()[1] == traces[0].data.shape()[1]);
      if (data->rank() < 2 || !isLike) {
        return nir::Error::usage(
            nir::Cause::NotComparable,
            fmt::format("{}: found shape {}, expected [batch, steps, ...], the same for all", name,
                        nir::str(data->shape())));
      }
      content.traces.push_back({signals[i].node, signals[i].observable, *std::move(data)});
    }
    return std::make_unique<nirc_recording>(std::move(content), "{}");
  });
}

nirc_status nirc_recording_read(const char *path, nirc_recording **recording, nirc_error **error) {
  return made(recording, "recording", error, [&]() -> nir::Result<std::unique_ptr<nirc_recording>> {
    if (nir::Status missing = needed(path, "path")) {
      return std::move(*missing);
    }
    nir::Result<ReadResult> result = readResults(path);
    if (!result) {
      return result.takeError();
    }
    return std::make_unique<nirc_recording>(std::move(result->recording),
                                            jsonText(result->provenance));
  });
}

nirc_status nirc_recording_write(const nirc_recording *recording, const char *path,
                                 nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(recording, "recording"), needed(path, "path")}) {
      if (missing) {
        return missing;
      }
    }
    nir::Result<ResultForm> form = resultFormOf(path);
    if (!form) {
      return form.takeError().as(nir::ErrorKind::Usage);
    }
    Results results{recording->recording, /*batched=*/false,
                    nlohmann::ordered_json::parse(recording->provenance),
                    [](std::string_view) { return false; }};
    if (!results.recording.traces.empty()) {
      const nir::Shape &shape = results.recording.traces.front().data.shape();
      results.batched = shape[0] != 1;
      results.provenance["batch"] = shape[0];
      results.provenance["steps"] = shape[1];
    }
    return writeResults(results, *form, path);
  });
}

void nirc_recording_free(nirc_recording *recording) { delete recording; }

double nirc_recording_dt_seconds(const nirc_recording *recording) {
  return recording ? recording->recording.dtSeconds : 0.0;
}

size_t nirc_recording_trace_count(const nirc_recording *recording) {
  return recording ? recording->traces.size() : 0;
}

const nirc_trace *nirc_recording_trace(const nirc_recording *recording, size_t number) {
  return recording ? c::at(recording->traces, number) : nullptr;
}

const nirc_trace *nirc_recording_find(const nirc_recording *recording, const char *node,
                                      const char *observable) {
  if (!recording || !node) {
    return nullptr;
  }
  for (const nirc_trace &trace : recording->traces) {
    if (std::string_view(trace.node) == node &&
        (!observable || std::string_view(trace.observable) == observable)) {
      return &trace;
    }
  }
  return nullptr;
}

nirc_status nirc_recording_events(const nirc_recording *recording, size_t trace,
                                  const nirc_event **events, size_t *count, nirc_error **error) {
  if (events) {
    *events = nullptr;
  }
  if (count) {
    *count = 0;
  }
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(recording, "recording"), needed(events, "events"), needed(count, "count")}) {
      if (missing) {
        return missing;
      }
    }
    if (trace >= recording->traces.size()) {
      return nir::Error::usage(
          fmt::format("found trace {}, expected less than {}", trace, recording->traces.size()));
    }
    const std::vector<nirc_event> &all = recording->events(trace);
    *events = all.data();
    *count = all.size();
    return {};
  });
}

nirc_status nirc_recording_times(const nirc_recording *recording, const char *node,
                                 const nirc_spike **spikes, size_t *count, nirc_error **error) {
  if (spikes) {
    *spikes = nullptr;
  }
  if (count) {
    *count = 0;
  }
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(recording, "recording"), needed(node, "node"),
                                needed(spikes, "spikes"), needed(count, "count")}) {
      if (missing) {
        return missing;
      }
    }
    const std::vector<nir::SpikeTimes> &times = recording->recording.times;
    for (size_t i = 0; i < times.size(); ++i) {
      if (times[i].node == node) {
        *spikes = recording->spikes[i].data();
        *count = recording->spikes[i].size();
        return {};
      }
    }
    return nir::Error::usage(nir::Cause::NotRecorded,
                             fmt::format("the run has no times of spikes of '{}'", node))
        .note("semantics = \"exact\" gives them, on target reference");
  });
}
