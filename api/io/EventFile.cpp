//===- EventFile.cpp - event camera recordings ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/EventFile.h"

#include "api/io/Files.h"
#include "ir/Wording.h"
#include "ir/recording/events/CsvOrder.h"
#include "ir/recording/events/EventColumns.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

//===----------------------------------------------------------------------===//
// Which files are of events
//===----------------------------------------------------------------------===//

constexpr std::array<std::string_view, 6> endings = {".bin",    ".aedat", ".aedat2",
                                                     ".aedat4", ".raw",   ".dat"};

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

bool hasEventEnding(std::string_view file) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return file.ends_with(ending); });
}

std::string eventEndings() { return fmt::format("{}, events:FILE", fmt::join(endings, ", ")); }

bool isZipOfEvents(const nir::ZipHead &head) {
  auto has = [&](nir::EventColumn column) {
    return std::any_of(head.names.begin(), head.names.end(), [&](const std::string &name) {
      auto called = nir::eventColumnCalled(name.substr(0, name.rfind(".npy")));
      return called && called->column == column;
    });
  };
  return head.names.size() == 1 ? isArrayOfFields(head.first)
                                : has(nir::EventColumn::Time) && has(nir::EventColumn::X);
}

bool isEventPath(std::string_view file) {
  if (file.ends_with(".npy")) {
    nir::Result<std::vector<std::byte>> head = readHead(std::string(file), 256);
    return head && isArrayOfFields(*head);
  }
  if (file.ends_with(".npz")) {
    nir::Result<nir::ZipHead> head = nir::zipHead(std::string(file));
    return head && isZipOfEvents(*head);
  }
  if (file.ends_with(".dat")) {
    nir::Result<std::vector<std::byte>> head = readHead(std::string(file), 2);
    return head && *head == std::vector<std::byte>{std::byte('%'), std::byte(' ')};
  }
  return hasEventEnding(file);
}

bool isArrayOfFields(std::span<const std::byte> bytes) {
  std::string_view head(reinterpret_cast<const char *>(bytes.data()),
                        std::min<size_t>(bytes.size(), 256));
  size_t descr = head.find("'descr':");
  size_t value = descr == head.npos ? descr : head.find_first_not_of(' ', descr + 8);
  return head.starts_with("\x93NUMPY") && value != head.npos && head[value] == '[';
}

bool looksLikeEventTable(std::string_view head) {
  if (head.starts_with("%geometry:")) {
    return true;
  }
  std::string_view line = head.substr(0, head.find('\n'));
  bool hasTime = false, hasX = false;
  for (size_t at = 0; at <= line.size();) {
    size_t end = std::min(line.find_first_of(",;\t", at), line.size());
    std::string_view cell = line.substr(at, end - at);
    cell = cell.substr(std::min(cell.find_first_not_of(" \""), cell.size()));
    cell = cell.substr(0, cell.find_last_not_of(" \"\r") + 1);
    auto column = nir::eventColumnCalled(cell);
    hasTime = hasTime || (column && column->column == nir::EventColumn::Time);
    hasX = hasX || (column && column->column == nir::EventColumn::X);
    at = end + 1;
  }
  std::string_view whole = head.substr(0, head.rfind('\n') + 1);
  return (hasTime && hasX) || (!whole.empty() && nir::csvColumnOrder(whole, 1));
}

std::string eventFormatNames() {
  std::vector<std::string_view> names;
  for (nir::EventFormat format : nir::allEventFormats()) {
    names.push_back(nir::name(format));
  }
  names.emplace_back("shd");
  return fmt::format("{}", fmt::join(names, ", "));
}

nir::Status checkFormat(const EventSource &source) {
  if (source.format.empty() || source.format == "shd" || nir::eventFormatCalled(source.format)) {
    return std::nullopt;
  }
  return nir::Error::usage(nir::Cause::UnknownName,
                           fmt::format("no format of events is called '{}', there are {}",
                                       source.format, eventFormatNames()));
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

//===----------------------------------------------------------------------===//
// What there is to say
//===----------------------------------------------------------------------===//

/// "310.521 ms", "12.5 s".
static std::string timeText(int64_t microseconds) {
  auto value = static_cast<double>(microseconds);
  return microseconds < 1000      ? fmt::format("{} µs", microseconds)
         : microseconds < 1000000 ? fmt::format("{:.6g} ms", value / 1e3)
                                  : fmt::format("{:.15g} s", value / 1e6);
}

template <typename Text>
static std::string rangeText(int64_t least, int64_t most, const Text &text) {
  return least == most ? text(least) : text(least) + " to " + text(most);
}

std::string text(const std::vector<EventFacts> &files) {
  if (files.empty()) {
    return {};
  }
  auto byCount = [](const EventFacts &a, const EventFacts &b) { return a.count < b.count; };
  auto bySpan = [](const EventFacts &a, const EventFacts &b) {
    return a.microseconds < b.microseconds;
  };
  auto [fewest, most] = std::minmax_element(files.begin(), files.end(), byCount);
  auto [shortest, longest] = std::minmax_element(files.begin(), files.end(), bySpan);
  auto differs = [&](auto member) {
    return std::any_of(files.begin(), files.end(),
                       [&](const EventFacts &one) { return member(one) != member(files[0]); });
  };
  const EventFacts &one = files.front();
  auto size = [](const EventFacts &file) {
    return std::pair(file.sensor.width, file.sensor.height);
  };
  std::string sensor = differs(size) ? "sensors of several sizes"
                       : one.sensor.width == 0
                           ? "no size of the sensor in the file"
                           : fmt::format("sensor {}x{}", one.sensor.width, one.sensor.height);
  bool severalUnits = differs([](const EventFacts &file) { return file.unit; });
  return fmt::format(
      "{} events over {}, {}, times in {}",
      rangeText(fewest->count, most->count, [](int64_t value) { return fmt::format("{}", value); }),
      rangeText(shortest->microseconds, longest->microseconds, timeText), sensor,
      severalUnits ? "several units" : std::string(nir::name(one.unit)));
}

static void remark(nir::Severity severity, const std::string &file, std::string message,
                   std::vector<nir::Diagnostic> &remarks, std::string fix = {}) {
  nir::Diagnostic diagnostic{severity, file, {}, std::move(message), {}};
  if (!fix.empty()) {
    diagnostic.notes.push_back({"", std::move(fix)});
  }
  remarks.push_back(std::move(diagnostic));
}

/// What the reader noticed.
static std::vector<nir::Diagnostic> remarksOn(const nir::EventList &list, const std::string &file) {
  std::vector<nir::Diagnostic> remarks;
  auto note = [&](std::string message) {
    remark(nir::Severity::Note, file, std::move(message), remarks);
  };
  auto warning = [&](std::string message, std::string fix) {
    remark(nir::Severity::Warning, file, std::move(message), remarks, std::move(fix));
  };
  for (const std::string &decided : list.notes) {
    note(decided);
  }
  if (list.wraps > 0) {
    note(fmt::format("the counter of the time started again {}: later times go on from there",
                     nir::counted(list.wraps, "time", "times")));
  }
  if (list.skippedPackets > 0) {
    note(fmt::format("{} of other data left out, such as images",
                     nir::counted(list.skippedPackets, "packet", "packets")));
  }
  if (list.backward > 0) {
    note(fmt::format("{} earlier than the one before: each counts at its own time",
                     nir::counted(list.backward, "event is", "events are")));
  }
  if (list.leftOut > 0) {
    warning(fmt::format("{} left out: marked invalid, outside of the sensor, or before the first "
                        "time",
                        nir::counted(list.leftOut, "event is", "events are")),
            {});
  }
  if (list.cutBytes > 0) {
    warning(fmt::format("the last {} too few for a record, and left out",
                        nir::counted(static_cast<int64_t>(list.cutBytes), "byte is", "bytes are")),
            "the file was cut, or the recording did not end in order");
  }
  return remarks;
}

void EventRemarks::add(const std::vector<nir::Diagnostic> &remarks) {
  for (const nir::Diagnostic &remark : remarks) {
    std::string key;
    std::copy_if(remark.message.begin(), remark.message.end(), std::back_inserter(key),
                 [](char c) { return c < '0' || c > '9'; });
    auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind &kind) { return kind.key == key; });
    if (found != kinds.end()) {
      ++found->others;
    } else {
      kinds.push_back({std::move(key), remark});
    }
  }
}

std::vector<nir::Diagnostic> EventRemarks::take() const {
  std::vector<nir::Diagnostic> all;
  for (const Kind &kind : kinds) {
    all.push_back(kind.first);
    if (kind.others > 0) {
      all.back().notes.push_back(
          {"", nir::counted(kind.others, "other file has the same", "other files have the same")});
    }
  }
  return all;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// A clock that starts with the recording has its first event within this time.
static constexpr int64_t mostSilence = 1000000;

/// Moves time 0 to the first event, where the rule of TimeZero says so.
static void chooseTimeZero(TimeZero rule, nir::EventList &list, const std::string &file,
                           std::vector<nir::Diagnostic> &remarks) {
  auto earlier = [](const nir::Event &a, const nir::Event &b) {
    return a.microseconds < b.microseconds;
  };
  auto first = std::min_element(list.events.begin(), list.events.end(), earlier);
  if (first == list.events.end() || rule == TimeZero::File) {
    return;
  }
  int64_t start = first->microseconds;
  bool isOwn = start >= 0 && start <= mostSilence;
  if (start == 0 || (rule == TimeZero::Auto && isOwn)) {
    return;
  }
  for (nir::Event &event : list.events) {
    uint64_t since = static_cast<uint64_t>(event.microseconds) - static_cast<uint64_t>(start);
    event.microseconds = static_cast<int64_t>(std::min<uint64_t>(since, INT64_MAX));
  }
  if (rule == TimeZero::Auto) {
    remark(nir::Severity::Note, file,
           fmt::format("the run starts at the first event, at {} on the file's clock",
                       start < 0 ? fmt::format("{} µs", start) : timeText(start)),
           remarks, "--time-zero file keeps the file's clock");
  }
}

static int64_t spanOf(const std::vector<nir::Event> &events) {
  auto [first, last] = std::minmax_element(
      events.begin(), events.end(),
      [](const nir::Event &a, const nir::Event &b) { return a.microseconds < b.microseconds; });
  if (events.empty()) {
    return 0;
  }
  uint64_t span =
      static_cast<uint64_t>(last->microseconds) - static_cast<uint64_t>(first->microseconds);
  return static_cast<int64_t>(std::min<uint64_t>(span, INT64_MAX));
}

nir::Result<EventRecording> recordingOf(nir::EventList list, const std::string &file,
                                        const EventFraming &framing) {
  EventRecording recording;
  recording.remarks = remarksOn(list, file);
  chooseTimeZero(framing.timeZero, list, file, recording.remarks);
  recording.facts = {file, static_cast<int64_t>(list.events.size()), spanOf(list.events),
                     SensorArea{list.width, list.height}, list.unit};
  recording.facts.sensor = framing.sensor.value_or(recording.facts.sensor);
  recording.events = std::move(list.events);
  nir::Result<SensorArea> sensor = cropEvents(framing, list.width, list.height, recording.events);
  if (!sensor) {
    return sensor.takeError().in(file);
  }
  recording.sensor = *sensor;
  return recording;
}

nir::Result<EventRecording> readEventFile(std::span<const std::byte> bytes, const std::string &name,
                                          const std::string &file, const nir::Shape &signal,
                                          uint64_t maxBytes, const EventFraming &framing) {
  nir::Result<nir::EventFormat> format = formatOf(bytes, name, file);
  if (!format) {
    return format.takeError();
  }
  nir::EventOptions options;
  options.mostEvents = maxBytes / sizeof(nir::Event);
  bool isImage = signal.size() == 3 && signal[1] <= INT32_MAX && signal[2] <= INT32_MAX;
  if (framing.sensor) {
    options.height = framing.sensor->height;
    options.width = framing.sensor->width;
  } else if (isImage && !framing.crop) {
    options.height = static_cast<int32_t>(signal[1]);
    options.width = static_cast<int32_t>(signal[2]);
  }
  nir::Result<nir::EventList> list = nir::readEvents(bytes, *format, file, options);
  return list ? recordingOf(*std::move(list), file, framing)
              : nir::Result<EventRecording>(list.takeError());
}

} // namespace nirc
