//===- ShdInput.cpp - recordings of SHD and SSC as input ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/ShdInput.h"

#include "ir/Wording.h"
#include "ir/file/ShdFile.h"
#include "ir/recording/events/EventColumns.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

bool isHdf5(std::span<const std::byte> bytes) {
  constexpr std::string_view magic = "\x89HDF\r\n\x1a\n";
  std::string_view head(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return head.starts_with(magic);
}

static std::optional<int64_t> numberIn(std::string_view text) {
  int64_t value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool isWhole = failed == std::errc() && end == text.data() + text.size();
  constexpr int64_t most = int64_t(1) << 40;
  return isWhole && value >= 0 && value <= most ? std::optional(value) : std::nullopt;
}

nir::Result<ShdSource> shdSourceOf(const std::string &source) {
  size_t mark = source.rfind('#');
  if (mark == std::string::npos) {
    return ShdSource{source};
  }
  std::string_view part = std::string_view(source).substr(mark + 1);
  size_t dash = part.find('-');
  auto first = numberIn(part.substr(0, dash));
  auto last = dash == part.npos ? first : numberIn(part.substr(dash + 1));
  if (!first || !last || *last < *first) {
    return nir::Error::usage(fmt::format("found '#{}', expected a recording as #12, or some as "
                                         "#0-99",
                                         part.substr(0, 50)))
        .in(source.substr(0, mark));
  }
  return ShdSource{source.substr(0, mark), *first, *last - *first + 1, dash == part.npos};
}

/// Spikes from `begin` on as events.
static nir::Result<nir::EventList> listOf(const nir::ShdRecordings &data, int64_t begin,
                                          int64_t size) {
  nir::EventList list;
  list.unit = nir::EventUnit::Seconds;
  list.events.reserve(static_cast<size_t>(size));
  for (int64_t i = begin; i < begin + size; ++i) {
    double channel = data.channels.at(i);
    auto time = nir::microsecondsOf(data.seconds.at(i), nir::EventUnit::Seconds);
    bool isChannel = channel >= 0.0 && channel <= UINT16_MAX && channel == std::floor(channel);
    if (!time || !isChannel) {
      return nir::Error(nir::Cause::InputValue,
                        fmt::format("found a spike at {} s in channel {}, expected a time and a "
                                    "channel from 0 to 65535",
                                    data.seconds.at(i), channel));
    }
    list.add({*time, static_cast<uint16_t>(channel), 0, 1});
  }
  return list;
}

nir::Result<ShdInput> readShdInput(const ShdSource &source, const EventFraming &framing,
                                   uint64_t maxBytes) {
  nir::ReadLimits limits;
  limits.maxFileBytes = static_cast<int64_t>(std::min<uint64_t>(maxBytes, INT64_MAX));
  nir::Result<nir::ShdRecordings> data =
      nir::readShd(source.path, source.first, source.most, limits);
  if (!data) {
    return data.takeError();
  }
  bool isAll = !source.isOne && source.most == ShdSource().most;
  if (data->sizes.size() == 0 || (!isAll && data->sizes.size() < source.most)) {
    return nir::Error(nir::Cause::EmptyInput,
                      fmt::format("found {}, expected number {}, counted from 0",
                                  nir::counted(data->total, "recording"),
                                  isAll ? 0 : source.first + source.most - 1))
        .in(source.path);
  }
  ShdInput input;
  int64_t begin = 0;
  for (int64_t i = 0; i < data->sizes.size(); ++i) {
    std::string file = fmt::format("{}#{}", source.path, source.first + i);
    int64_t size = data->sizes.intAt(i);
    nir::Result<nir::EventList> list = listOf(*data, begin, size);
    if (!list) {
      return list.takeError().in(file);
    }
    nir::Result<EventRecording> recording = recordingOf(*std::move(list), file, framing);
    if (!recording) {
      return recording.takeError();
    }
    input.recordings.push_back(*std::move(recording));
    begin += size;
  }
  for (int64_t i = 0; i < data->labels.size(); ++i) {
    input.labels.push_back(data->labels.intAt(i));
  }
  return input;
}

} // namespace nirc
