//===- EventFile.cpp - event camera recordings ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/EventFile.h"

#include "api/io/Files.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

EventSource eventSourceOf(const std::string &source) {
  constexpr std::string_view plain = "events:", named = "events-";
  if (source.starts_with(plain)) {
    return {source.substr(plain.size()), true, {}};
  }
  size_t colon = source.find(':');
  if (!source.starts_with(named) || colon == std::string::npos) {
    return {source, false, {}};
  }
  return {source.substr(colon + 1), true, source.substr(named.size(), colon - named.size())};
}

bool isEventPath(std::string_view file) {
  constexpr std::array<std::string_view, 5> endings = {".bin", ".aedat", ".aedat2", ".aedat4",
                                                       ".raw"};
  if (file.ends_with(".dat")) {
    nir::Result<std::vector<std::byte>> head = readHead(std::string(file), 2);
    return head && *head == std::vector<std::byte>{std::byte('%'), std::byte(' ')};
  }
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return file.ends_with(ending); });
}

bool isArrayOfFields(std::span<const std::byte> bytes) {
  std::string_view head(reinterpret_cast<const char *>(bytes.data()),
                        std::min<size_t>(bytes.size(), 256));
  size_t descr = head.find("'descr':");
  size_t value = descr == head.npos ? descr : head.find_first_not_of(' ', descr + 8);
  return head.starts_with("\x93NUMPY") && value != head.npos && head[value] == '[';
}

nir::Status checkFormat(const EventSource &source) {
  if (source.format.empty() || nir::eventFormatCalled(source.format)) {
    return std::nullopt;
  }
  std::vector<std::string_view> names;
  for (nir::EventFormat format : nir::allEventFormats()) {
    names.push_back(nir::name(format));
  }
  return nir::Error::usage(fmt::format("no format of events is called '{}', there are {}",
                                       source.format, fmt::join(names, ", ")));
}

static nir::Result<nir::EventFormat> formatOf(std::span<const std::byte> bytes,
                                              const std::string &name, const std::string &file) {
  if (name.empty()) {
    return nir::recogniseEvents(bytes, file);
  }
  if (nir::Status failed = checkFormat({file, true, name})) {
    return std::move(*failed);
  }
  return *nir::eventFormatCalled(name);
}

static bool startsAtFirstEvent(nir::EventFormat format) {
  switch (format) {
  case nir::EventFormat::Aedat2:
  case nir::EventFormat::Aedat3:
  case nir::EventFormat::Aedat4:
  case nir::EventFormat::Evt2:
  case nir::EventFormat::Evt21:
  case nir::EventFormat::Evt3:
    return true;
  default:
    return false;
  }
}

/// Moves the earliest event to time 0.
static void startAtZero(std::vector<nir::Event> &events) {
  auto earlier = [](const nir::Event &a, const nir::Event &b) {
    return a.microseconds < b.microseconds;
  };
  auto first = std::min_element(events.begin(), events.end(), earlier);
  if (first == events.end()) {
    return;
  }
  auto start = static_cast<uint64_t>(first->microseconds);
  for (nir::Event &event : events) {
    uint64_t since = static_cast<uint64_t>(event.microseconds) - start;
    event.microseconds = static_cast<int64_t>(std::min<uint64_t>(since, INT64_MAX));
  }
}

nir::Result<std::vector<nir::Event>> readEventFile(std::span<const std::byte> bytes,
                                                   const std::string &name, const std::string &file,
                                                   const nir::Shape &signal, uint64_t maxBytes) {
  nir::Result<nir::EventFormat> format = formatOf(bytes, name, file);
  if (!format) {
    return format.takeError();
  }
  nir::EventOptions options;
  options.mostEvents = maxBytes / sizeof(nir::Event);
  bool isImage = signal.size() == 3 && signal[1] <= INT32_MAX && signal[2] <= INT32_MAX;
  if (isImage) {
    options.height = static_cast<int32_t>(signal[1]);
    options.width = static_cast<int32_t>(signal[2]);
  }
  nir::Result<nir::EventList> list = nir::readEvents(bytes, *format, file, options);
  if (!list) {
    return list.takeError();
  }
  if (isImage && list->width > 0 && list->height > 0 &&
      (list->width != signal[2] || list->height != signal[1])) {
    return nir::Error(fmt::format("found a sensor of {} rows and {} columns, expected {} rows and "
                                  "{} columns as the input has",
                                  list->height, list->width, signal[1], signal[2]))
        .in(file)
        .note("crop or pool the events to the input's size first, and give a table t,x,y,p");
  }
  if (startsAtFirstEvent(*format)) {
    startAtZero(list->events);
  }
  return std::move(list->events);
}

nir::Result<nir::Tensor> binEvents(const std::vector<nir::Event> &events, double binSeconds,
                                   const nir::Shape &signal, const std::string &file,
                                   uint64_t maxBytes) {
  if (signal.size() != 3 || signal[0] < 1 || signal[0] > 2) {
    return nir::Error(fmt::format("events of a camera do not fit an input of shape {}, expected "
                                  "[2, height, width] or [1, height, width]",
                                  nir::str(signal)))
        .in(file);
  }
  if (events.empty()) {
    return nir::Error("the file holds no events").in(file);
  }
  auto binOf = [&](const nir::Event &event) {
    return nir::stepOf(static_cast<double>(event.microseconds) * 1e-6, binSeconds, nir::DType::F64);
  };
  double last = 0.0;
  for (const nir::Event &event : events) {
    if (event.y >= signal[1] || event.x >= signal[2]) {
      return nir::Error(fmt::format("found an event at row {}, column {}, expected {} rows and {} "
                                    "columns as the input has",
                                    event.y, event.x, signal[1], signal[2]))
          .in(file);
    }
    if (event.microseconds < 0) {
      return nir::Error(
                 fmt::format("found an event at {} µs, expected none before 0", event.microseconds))
          .in(file);
    }
    last = std::max(last, binOf(event));
  }
  double most = static_cast<double>(maxBytes) / 4 / static_cast<double>(nir::numElements(signal));
  if (last + 1 > most) {
    return nir::Error(fmt::format("{} bins of shape {} are too many", last + 1, nir::str(signal)))
        .in(file)
        .note("--bin takes a longer bin, such as 1ms");
  }
  int64_t bins = static_cast<int64_t>(last) + 1;
  auto [tensor, memory] =
      nir::Tensor::allocate(nir::DType::I32, {bins, signal[0], signal[1], signal[2]});
  auto *counts = reinterpret_cast<int32_t *>(memory);
  for (const nir::Event &event : events) {
    int64_t channel = signal[0] == 2 ? event.polarity : 0;
    auto bin = static_cast<int64_t>(binOf(event));
    ++counts[((bin * signal[0] + channel) * signal[1] + event.y) * signal[2] + event.x];
  }
  return tensor;
}

nir::Tensor atMostOne(const nir::Tensor &counts) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::U8, counts.shape());
  for (int64_t i = 0; i < counts.size(); ++i) {
    bytes[i] = std::byte(counts.intAt(i) != 0);
  }
  return tensor;
}

} // namespace nirc
