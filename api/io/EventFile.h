//===- EventFile.h - event camera recordings --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Framing.h"
#include "ir/Error.h"
#include "ir/graph/Tensor.h"
#include "ir/recording/events/EventFormats.h"
#include "ir/recording/events/Zip.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What a source of input says of events: "x.aedat4"; "events-csv:x.csv" with the format's name; or
/// "events:x" where the content says it.
struct EventSource {
  std::string path;   ///< without what stands before it
  bool named = false; ///< whether "events:" or "events-NAME:" does
  std::string format; ///< the NAME; empty where the content says it
};
EventSource eventSourceOf(const std::string &source);

/// The names of all formats: those of the readers, and "shd".
std::string eventFormatNames();
/// Whether a format has the source's name for it. The error is a fault of the command line.
nir::Status checkFormat(const EventSource &source);

/// Whether a file is of events without a name before it, by its ending; .dat, .npy and .npz, which
/// others have too, by what they start with.
bool isEventPath(std::string_view file);
/// These endings, and what names any other file: ".bin, .aedat, [...], events:FILE".
std::string eventEndings();
/// Whether a name has one of the endings.
bool hasEventEnding(std::string_view file);

/// Whether the bytes are an array of NumPy whose elements have fields.
bool isArrayOfFields(std::span<const std::byte> bytes);
/// Whether a file of numpy.savez holds events: arrays called t and x, or one array of fields.
bool isZipOfEvents(const nir::ZipHead &head);
/// Whether the start of a table has the columns of events, by their names or by its values.
bool looksLikeEventTable(std::string_view head);

/// What there is to say of a file of events.
struct EventFacts {
  std::string file;
  int64_t count = 0;
  int64_t microseconds = 0; ///< from the first event to the last
  SensorArea sensor;        ///< as the file or --sensor says; 0x0 where neither does
  nir::EventUnit unit = nir::EventUnit::Microseconds;
};
/// "4325 events over 310.521 ms, sensor 34x34, times in µs"; of several files the least and the
/// most; empty where there are none.
std::string text(const std::vector<EventFacts> &files);

/// A file of events, read.
struct EventRecording {
  std::vector<nir::Event> events; ///< in the coordinates of the crop; 0 is the start of the run
  SensorArea sensor;              ///< what they are of: the crop, or the sensor
  EventFacts facts;               ///< before the crop
  std::vector<nir::Diagnostic> remarks; ///< what the reader noticed, and decided
};

/// The events in a file for an input `signal`, whose size an address without a sensor needs.
/// `format`: of an EventSource.
nir::Result<EventRecording> readEventFile(std::span<const std::byte> bytes,
                                          const std::string &format, const std::string &file,
                                          const nir::Shape &signal, uint64_t maxBytes,
                                          const EventFraming &framing = {});

/// What any list of events becomes: the run's time 0, the crop, and what there is to say.
nir::Result<EventRecording> recordingOf(nir::EventList list, const std::string &file,
                                        const EventFraming &framing);

/// Adds the remarks on one more file. Those that differ in their numbers alone are said of the
/// first file, with a note of how many others have them.
class EventRemarks {
public:
  void add(const std::vector<nir::Diagnostic> &remarks);
  std::vector<nir::Diagnostic> take() const;

private:
  struct Kind {
    std::string key;
    nir::Diagnostic first;
    int64_t others = 0;
  };
  std::vector<Kind> kinds;
};

} // namespace nirc
