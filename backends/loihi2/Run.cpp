//===- Run.cpp - recordings through the chip model ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/Chip.h"
#include "ir/RunInput.h"
#include "ir/RunRecords.h"

#include <fmt/format.h>

using namespace nirc::loihi2;

static nir::Status checkSpikes(const nir::Drive &drive, int64_t sample, int64_t step) {
  for (size_t i = 0; i < drive.step.size(); ++i) {
    if (drive.step[i] != 0.0 && drive.step[i] != 1.0) {
      return nir::Error::atNode(drive.path,
                                fmt::format("found the input {} in step {} of sample {}, element "
                                            "{}, expected 0 or 1: what enters Loihi 2 is spikes",
                                            drive.step[i], step, sample, i))
          .note("make spikes of the numbers first, as --input poisson: does");
    }
  }
  return {};
}

static nir::Result<std::vector<nir::Record>> recordsOf(const Image &image,
                                                       const nir::Extent &extent) {
  std::vector<nir::Record> records;
  for (const Image::Readout &readout : image.readouts) {
    bool isSpikes = readout.kind == Readout::Kind::Spikes;
    nir::Result<nir::Record> record =
        nir::makeRecord(readout.node, readout.observable,
                        isSpikes ? nir::DType::U8 : nir::DType::F64, readout.shape, extent);
    if (!record) {
      return record.takeError();
    }
    record->trace.latency = readout.latency;
    records.push_back(std::move(*record));
  }
  return records;
}

nir::Result<nir::Recording>
nirc::loihi2::run(Chip &chip, const nir::Recording &input, int64_t steps,
                  const std::function<void(int64_t, int64_t)> &progress) {
  const Image &image = chip.contents();
  std::vector<nir::Entry> entries;
  for (const Image::Input &each : image.inputs) {
    entries.push_back({each.node, each.shape});
  }
  nir::Extent extent;
  nir::Result<std::vector<nir::Drive>> drives = nir::matchInput(entries, input, steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  nir::Result<std::vector<nir::Record>> records = recordsOf(image, extent);
  if (!records) {
    return records.takeError();
  }
  std::vector<std::vector<double>> spikes(drives->size());
  std::vector<double> values;
  for (int64_t b = 0; b < extent.batch; ++b) {
    chip.reset();
    for (int64_t t = 0; t < extent.steps; ++t) {
      for (size_t i = 0; i < spikes.size(); ++i) {
        nir::Drive &drive = (*drives)[i];
        nir::readStep(drive, b, t);
        if (nir::Status wrong = checkSpikes(drive, b, t)) {
          return std::move(*wrong);
        }
        spikes[i] = drive.step;
      }
      chip.step(spikes);
      for (size_t i = 0; i < records->size(); ++i) {
        chip.read(image.readouts[i], values);
        nir::write((*records)[i], values, b * extent.steps + t);
      }
      if (progress) {
        progress(b * extent.steps + t + 1, extent.batch * extent.steps);
      }
    }
  }
  nir::Recording out{image.dtSeconds, {}};
  for (nir::Record &record : *records) {
    out.traces.push_back(std::move(record.trace));
  }
  return out;
}
