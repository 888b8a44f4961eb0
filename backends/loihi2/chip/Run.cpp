//===- Run.cpp - recordings through the chip model ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"
#include "backends/run/Progress.h"
#include "backends/run/Recordable.h"
#include "backends/run/SpikeTrain.h"
#include "backends/run/Team.h"
#include "ir/recording/RunRecords.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <mutex>
#include <numeric>

using namespace nirc;
using namespace nirc::loihi2;

namespace {

/// What goes into the chip and what comes out of it, for all samples.
class Ports {
public:
  /// `recorded`: places in the image's readouts.
  static nir::Result<Ports> match(const Image &image, std::vector<size_t> recorded,
                                  const nir::Recording &input, int64_t steps);

  nir::Extent extent;
  InputSpikes spikesAt(int64_t sample, int64_t step) const;
  /// Those records whose turn it is among `parts`. Other threads may write other ones, and other
  /// samples.
  void record(const Chip &chip, int64_t sample, int64_t step, int64_t part, int64_t parts);
  nir::Recording takeRecording();

private:
  Ports(const Image &image, std::vector<size_t> recorded)
      : image(&image), recorded(std::move(recorded)) {}
  nir::Status makeRecords();

  const Image *image;
  std::vector<size_t> recorded;
  std::vector<SpikeTrain> inputs;
  std::vector<nir::Record> records;
};

} // namespace

nir::Result<Ports> Ports::match(const Image &image, std::vector<size_t> recorded,
                                const nir::Recording &input, int64_t steps) {
  std::vector<nir::Entry> entries;
  for (const Image::Input &each : image.inputs) {
    entries.push_back({each.node, each.shape});
  }
  Ports ports(image, std::move(recorded));
  nir::Result<std::vector<nir::Drive>> drives =
      nir::matchInput(entries, input, steps, ports.extent);
  if (!drives) {
    return drives.takeError();
  }
  for (const nir::Drive &drive : *drives) {
    nir::Result<SpikeTrain> train = SpikeTrain::of(drive, ports.extent, "Loihi 2");
    if (!train) {
      return train.takeError();
    }
    ports.inputs.push_back(*std::move(train));
  }
  if (nir::Status failed = ports.makeRecords()) {
    return std::move(*failed);
  }
  return ports;
}

nir::Status Ports::makeRecords() {
  for (size_t place : recorded) {
    const Image::Readout &readout = image->readouts[place];
    bool isSpikes = readout.kind == Readout::Kind::Spikes;
    nir::Result<nir::Record> record =
        nir::makeRecord(readout.node, readout.observable,
                        isSpikes ? nir::DType::U8 : nir::DType::F64, readout.shape, extent);
    if (!record) {
      return record.takeError();
    }
    record->trace.latency = readout.latency;
    records.push_back(*std::move(record));
  }
  return {};
}

InputSpikes Ports::spikesAt(int64_t sample, int64_t step) const {
  InputSpikes spikes;
  for (const SpikeTrain &input : inputs) {
    spikes.push_back(input.at(sample, step));
  }
  return spikes;
}

void Ports::record(const Chip &chip, int64_t sample, int64_t step, int64_t part, int64_t parts) {
  std::vector<double> values;
  for (auto i = static_cast<size_t>(part); i < records.size(); i += static_cast<size_t>(parts)) {
    chip.read(image->readouts[recorded[i]], values);
    nir::write(records[i], values, sample * extent.steps + step);
  }
}

nir::Recording Ports::takeRecording() {
  nir::Recording out{image->dtSeconds, {}};
  for (nir::Record &record : records) {
    out.traces.push_back(std::move(record.trace));
  }
  return out;
}

/// Each thread runs samples of its own, on a chip of its own, taking the next as it is done with
/// one.
static void runSamples(Chip &chip, Ports &ports, const RunOptions &options, int threads) {
  Progress progress(options, ports.extent.batch * ports.extent.steps);
  std::atomic<int64_t> next = 0;
  std::mutex adding;
  inParallel(threads, [&](int64_t part, int64_t parts) {
    Chip own = chip.another();
    Chip::Share all = own.share(0, 1);
    for (int64_t sample; (sample = next++) < ports.extent.batch;) {
      own.reset();
      for (int64_t t = 0; t < ports.extent.steps && !progress.isStopped(); ++t) {
        InputSpikes inputs = ports.spikesAt(sample, t);
        own.advance(all);
        ports.record(own, sample, t, 0, 1);
        own.deliver(all, inputs);
        own.finishStep(inputs);
        if (part == 0) {
          progress.advance(parts);
        }
      }
    }
    std::scoped_lock lock(adding);
    chip.addCounts(own.counts());
  });
}

/// Threads share every step, each with cores of its own.
static void runTogether(Chip &chip, Ports &ports, const RunOptions &options, int threads) {
  Progress progress(options, ports.extent.batch * ports.extent.steps);
  MeetingPoint point;
  bool stopping = false; // by part 0 between two steps
  inParallel(threads, [&](int64_t part, int64_t parts) {
    Chip::Share mine = chip.share(part, parts);
    int64_t done = 0;
    for (int64_t sample = 0; sample < ports.extent.batch; ++sample) {
      if (part == 0) {
        chip.reset();
      }
      point.meet(parts);
      for (int64_t t = 0; t < ports.extent.steps; ++t) {
        InputSpikes inputs = ports.spikesAt(sample, t);
        chip.advance(mine);
        point.meet(parts);
        if (stopping) {
          return;
        }
        ports.record(chip, sample, t, part, parts);
        chip.deliver(mine, inputs);
        point.meet(parts);
        if (part == 0) {
          chip.finishStep(inputs);
          progress.advance(1);
          stopping = progress.isStopped();
        }
        if (std::has_single_bit(static_cast<uint64_t>(++done))) {
          mine = chip.share(part, parts, done); // activity is known better and better
        }
      }
    }
  });
}

/// Whether a step is long enough to be shared. Its threads wait for each other twice, which takes
/// half a microsecond where each has a processor, but a time slice where another program has it:
/// steps of some 100 us are better taken alone.
static bool paysShared(const Image &image) {
  constexpr size_t worthSharing = 1 << 16;
  size_t work = 0;
  for (const Image::Core &core : image.cores) {
    work += core.compartments.size() + core.synapses.size() / 32;
  }
  return work >= worthSharing && image.cores.size() > 1;
}

ProgramInfo loihi2::infoOf(const Image &image) {
  ProgramInfo info;
  info.target = "loihi2";
  info.nirc = image.head.nirc;
  info.model = image.head.model;
  info.semantics = image.head.semantics;
  info.format = image.head.format;
  info.dtype = nir::DType::F64;
  info.dtSeconds = image.dtSeconds;
  for (const Image::Input &input : image.inputs) {
    info.inputs.push_back({input.node, "value", input.shape, nir::DType::U8, 0});
  }
  for (size_t i = 0; i < image.readouts.size(); ++i) {
    const Image::Readout &readout = image.readouts[i];
    bool isSpikes = readout.kind == Readout::Kind::Spikes;
    PortInfo port{readout.node, readout.observable, readout.shape,
                  isSpikes ? nir::DType::U8 : nir::DType::F64, readout.latency};
    if (i < image.head.outputs) {
      info.outputs.push_back(std::move(port));
      continue;
    }
    if (readout.isState()) {
      info.states.push_back(port);
    }
    if (i < image.head.outputs + image.head.records) {
      info.records.push_back(std::move(port));
    }
  }
  return info;
}

nir::Result<nir::Recording> loihi2::run(Chip &chip, const nir::Recording &input,
                                        const RunOptions &options, Division division) {
  ProgramInfo info = infoOf(chip.contents());
  nir::Result<std::vector<size_t>> records = chosenRecords(info, options);
  if (!records) {
    return records.takeError();
  }
  std::vector<size_t> recorded(info.outputs.size());
  std::iota(recorded.begin(), recorded.end(), 0);
  for (size_t record : *records) {
    recorded.push_back(info.outputs.size() + record);
  }
  nir::Result<Ports> ports =
      Ports::match(chip.contents(), std::move(recorded), input, options.steps);
  if (!ports) {
    return ports.takeError();
  }
  int threads = options.threads > 0 ? options.threads : coresAvailable();
  int64_t batch = ports->extent.batch;
  chip.forgetCounts();
  if (division == Division::WhatPays) {
    bool byCores = batch < threads && paysShared(chip.contents());
    division = byCores ? Division::Cores : Division::Samples;
  }
  if (division == Division::Cores) {
    auto cores = static_cast<int>(chip.contents().cores.size());
    runTogether(chip, *ports, options, std::clamp(cores, 1, threads));
  } else {
    runSamples(chip, *ports, options, static_cast<int>(std::clamp<int64_t>(batch, 1, threads)));
  }
  if (nir::Status stopped = Progress(options, 0).stopped()) {
    return std::move(*stopped);
  }
  return ports->takeRecording();
}
