//===- Run.cpp - recordings through a design ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/Run.h"

#include "backends/fpga/run/Conversation.h"
#include "backends/fpga/run/Stepping.h"
#include "backends/fpga/sim/Beats.h"
#include "backends/run/Clock.h"
#include "backends/run/Progress.h"
#include "backends/run/Recordable.h"
#include "backends/run/Team.h"
#include "ir/recording/RunInput.h"
#include "ir/recording/RunRecords.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <mutex>
#include <sstream>

using namespace nirc;
using namespace nirc::fpga;

namespace {

/// Where a record comes from: a stream, or else a state.
struct Source {
  const StreamPort *stream = nullptr;
  const StateWindow *window = nullptr;
};

/// What is counted over a run.
struct Counts {
  std::vector<int64_t> in, out; ///< events of each input and output
  int64_t cycles = 0;           ///< sum over steps
  int64_t shortest = INT64_MAX, longest = 0;
};

/// The records of a run, which answers fill.
class Records {
public:
  static nir::Result<Records> make(const Design &design, const RunOptions &options,
                                   const nir::Extent &extent);

  /// The addresses that are read after every step, for tb --read; empty where there are none.
  std::string addresses() const;
  /// Words of a step.
  size_t words() const { return wordCount; }
  const Design &design() const { return *contents; }
  nir::Recording take(double dtSeconds);

  /// What came of a step so far. Each conversation has its own.
  struct Step {
    std::vector<std::vector<double>> streams; ///< for each output of the design
    std::vector<std::vector<int64_t>> sent;   ///< elements that are not 0
    std::vector<double> words;
    bool isEnded = false;
    int64_t row = 0; ///< of the records
  };
  Step makeStep() const;
  /// Whether the step is complete with it, and was recorded.
  nir::Result<bool> take(const Answer &answer, Step &step, Counts &counts);

private:
  explicit Records(const Design &design) : contents(&design) {}
  nir::Status add(const PortInfo &port, Source source, const nir::Extent &extent);
  void write(const Step &step);

  const Design *contents;
  std::vector<Source> sources;
  std::vector<nir::Record> records;
  size_t wordCount = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

static double scaleAt(const std::vector<double> &scales, size_t element, size_t elements) {
  return scales[element / std::max<size_t>(elements / scales.size(), 1)];
}

static bool isSame(const PortInfo &a, const PortInfo &b) {
  return a.node == b.node && a.observable == b.observable;
}

nir::Status Records::add(const PortInfo &port, Source source, const nir::Extent &extent) {
  nir::Result<nir::Record> record =
      nir::makeRecord(port.node, port.observable, port.dtype, port.shape, extent);
  if (!record) {
    return record.takeError();
  }
  record->trace.latency = port.latency;
  records.push_back(*std::move(record));
  sources.push_back(source);
  if (source.window) {
    wordCount += static_cast<size_t>(nir::numElements(port.shape));
  }
  return {};
}

nir::Result<Records> Records::make(const Design &design, const RunOptions &options,
                                   const nir::Extent &extent) {
  nir::Result<std::vector<size_t>> chosen = chosenRecords(design.info, options);
  if (!chosen) {
    return chosen.takeError();
  }
  Records made(design);
  size_t outputs = design.info.outputs.size();
  for (size_t i = 0; i < outputs; ++i) {
    if (nir::Status failed = made.add(design.info.outputs[i], {&design.outputs[i]}, extent)) {
      return std::move(*failed);
    }
  }
  std::vector<PortInfo> all = recordable(design.info);
  for (size_t place : *chosen) {
    Source source;
    for (size_t i = outputs; i < design.outputs.size(); ++i) {
      source.stream =
          isSame(design.outputs[i].info, all[place]) ? &design.outputs[i] : source.stream;
    }
    for (const StateWindow &window : design.states) {
      source.window = !source.stream && isSame(window.info, all[place]) ? &window : source.window;
    }
    if (!source.stream && !source.window) {
      return nir::Error::internal(
          fmt::format("the design shows no {}:{}", all[place].node, all[place].observable));
    }
    if (nir::Status failed = made.add(all[place], source, extent)) {
      return std::move(*failed);
    }
  }
  return made;
}

std::string Records::addresses() const {
  std::string text;
  for (const Source &source : sources) {
    if (!source.window) {
      continue;
    }
    int64_t elements = nir::numElements(source.window->info.shape);
    for (int64_t n = 0; n < elements; ++n) {
      text += fmt::format("{:x}\n", source.window->addressOf(n));
    }
  }
  return text;
}

Records::Step Records::makeStep() const {
  Step step;
  for (const StreamPort &port : contents->outputs) {
    step.streams.emplace_back(static_cast<size_t>(nir::numElements(port.info.shape)));
    step.sent.emplace_back();
  }
  step.words.reserve(wordCount);
  return step;
}

nir::Result<bool> Records::take(const Answer &answer, Step &step, Counts &counts) {
  if (answer.kind == Answer::Event) {
    auto keep = [&](size_t stream, int64_t element, int64_t value) {
      const StreamPort &port = contents->outputs[stream];
      std::vector<double> &values = step.streams[stream];
      auto n = static_cast<size_t>(element);
      values[n] = static_cast<double>(value) * scaleAt(port.scales, n, values.size());
      step.sent[stream].push_back(element);
      ++counts.out[stream];
    };
    if (step.isEnded || !takeBeat(contents->out, contents->outputs, answer.beat, keep)) {
      return nir::Error::internal(fmt::format("the simulator gave the event {:x}", answer.beat));
    }
    return false;
  }
  if (answer.kind == Answer::Word) {
    step.words.push_back(static_cast<double>(answer.word));
  }
  step.isEnded = step.isEnded || answer.kind == Answer::End;
  if (!step.isEnded || step.words.size() < wordCount || answer.kind == Answer::Back) {
    return false;
  }
  write(step);
  for (size_t i = 0; i < step.streams.size(); ++i) {
    for (int64_t element : step.sent[i]) {
      step.streams[i][static_cast<size_t>(element)] = 0.0;
    }
    step.sent[i].clear();
  }
  step.words.clear();
  step.isEnded = false;
  ++step.row;
  return true;
}

void Records::write(const Step &step) {
  size_t word = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    const Source &source = sources[i];
    if (source.stream) {
      auto number = static_cast<size_t>(source.stream - contents->outputs.data());
      nir::write(records[i], step.streams[number], step.row);
      continue;
    }
    auto elements = static_cast<size_t>(nir::numElements(source.window->info.shape));
    std::vector<double> values(elements);
    for (size_t n = 0; n < elements; ++n) {
      values[n] = step.words[word++] * scaleAt(source.window->scales, n, elements);
    }
    nir::write(records[i], values, step.row);
  }
}

nir::Recording Records::take(double dtSeconds) {
  nir::Recording recording{dtSeconds, {}};
  for (nir::Record &record : records) {
    recording.traces.push_back(std::move(record.trace));
  }
  return recording;
}

//===----------------------------------------------------------------------===//
// A run
//===----------------------------------------------------------------------===//

namespace {

/// The input of a run, as text, a step after the other.
class Questions {
public:
  Questions(const Design &design, std::vector<nir::Drive> &drives, const nir::Extent &extent)
      : design(design), drives(drives), extent(extent) {}
  void append(int64_t sample, int64_t step, std::string &text, Counts &counts) {
    std::vector<std::span<const double>> values;
    for (nir::Drive &drive : drives) {
      nir::readStep(drive, sample, step);
      values.emplace_back(drive.step);
    }
    appendEvents(design, values, text, counts.in);
    text += "1 0\n";
  }

private:
  const Design &design;
  std::vector<nir::Drive> &drives;
  nir::Extent extent;
};

/// Samples in a row that one simulator goes through.
struct Share {
  int64_t sample, end, step = 0; ///< what is to be sent next
  int64_t rows;                  ///< that are to come
  Records::Step answer;
};

} // namespace

/// Cycles of steps, a line each.
static void addCycles(const std::string &text, Counts &counts) {
  std::istringstream lines(text);
  for (int64_t cycles; lines >> cycles;) {
    counts.cycles += cycles;
    counts.shortest = std::min(counts.shortest, cycles);
    counts.longest = std::max(counts.longest, cycles);
  }
}

namespace {

/// The file of waves, which has its name when it is whole.
class Waves {
public:
  explicit Waves(const std::string &name)
      : path(name.empty() ? std::filesystem::path() : std::filesystem::absolute(name)) {}
  ~Waves() {
    std::error_code none;
    if (!path.empty()) {
      std::filesystem::remove(partial(), none);
    }
  }
  Waves(const Waves &) = delete;
  Waves &operator=(const Waves &) = delete;

  /// Where a simulator writes them; empty for nowhere.
  std::string partial() const { return path.empty() ? "" : path.string() + ".partial"; }
  nir::Status check() const {
    std::error_code none;
    auto type = std::filesystem::status(path, none).type();
    if (!path.empty() && type != std::filesystem::file_type::not_found &&
        type != std::filesystem::file_type::regular) {
      return nir::Error(nir::Cause::CannotWrite,
                        fmt::format("cannot write waves to {}: it is not a file", path.string()));
    }
    if (path.empty() || std::ofstream(partial())) {
      return {};
    }
    return nir::Error(nir::Cause::CannotWrite, fmt::format("cannot write waves to {}: {}",
                                                           path.string(), std::strerror(errno)));
  }
  nir::Status finish() const {
    std::error_code failed;
    if (!path.empty() && std::filesystem::file_size(partial(), failed) == 0) {
      failed = std::make_error_code(std::errc::no_space_on_device);
    }
    if (!path.empty() && !failed) {
      std::filesystem::rename(partial(), path, failed);
    }
    if (failed) {
      return nir::Error(nir::Cause::CannotWrite, fmt::format("cannot write waves to {}: {}",
                                                             path.string(), failed.message()));
    }
    return {};
  }

private:
  std::filesystem::path path;
};

} // namespace

/// As many simulators as there are threads and samples.
static nir::Status runShares(const std::shared_ptr<Simulator> &simulator, Records &records,
                             Questions &questions, const nir::Extent &extent, int64_t threads,
                             const std::string &trace, Progress &progress, Counts &counts) {
  std::vector<std::unique_ptr<Conversation>> conversations;
  std::vector<Share> shares;
  std::string addresses = records.addresses();
  if (nir::Status failed = simulator->workplace().write("sim/read.txt", addresses)) {
    return failed;
  }
  for (int64_t i = 0; i < threads; ++i) {
    int64_t first = extent.batch * i / threads, end = extent.batch * (i + 1) / threads;
    std::vector<std::string> options = {"--cycles", fmt::format("cycles{}.txt", i)};
    if (!addresses.empty()) {
      options.insert(options.end(), {"--read", "read.txt"});
    }
    if (!trace.empty()) {
      options.insert(options.end(), {"--trace", trace});
    }
    nir::Result<std::unique_ptr<Conversation>> made =
        Conversation::start(simulator, static_cast<int>(i), std::move(options));
    if (!made) {
      return made.takeError();
    }
    conversations.push_back(*std::move(made));
    shares.push_back({first, end, 0, (end - first) * extent.steps, records.makeStep()});
    shares.back().answer.row = first * extent.steps;
  }
  auto take = [&](size_t i, const Answer &answer) -> nir::Status {
    nir::Result<bool> isStep = records.take(answer, shares[i].answer, counts);
    if (!isStep) {
      return isStep.takeError();
    }
    if (*isStep) {
      --shares[i].rows;
      progress.advance(1);
    }
    return progress.stopped();
  };
  auto isAnyOpen = [&] {
    return std::any_of(conversations.begin(), conversations.end(),
                       [](const auto &one) { return one->isOpen(); });
  };
  while (isAnyOpen()) {
    for (size_t i = 0; i < shares.size(); ++i) {
      constexpr size_t enough = 1 << 16;
      Share &share = shares[i];
      std::string &text = conversations[i]->toSend;
      while (share.sample < share.end && text.size() < enough) {
        if (share.step == extent.steps) {
          share.step = 0;
          text += ++share.sample < share.end ? "r\n" : "";
          continue;
        }
        questions.append(share.sample, share.step++, text, counts);
      }
      if (share.sample == share.end) {
        conversations[i]->finishSending();
      }
    }
    if (nir::Status failed = Conversation::exchange(conversations, take)) {
      return failed;
    }
  }
  for (size_t i = 0; i < shares.size(); ++i) {
    if (nir::Status failed = conversations[i]->finish()) {
      return failed;
    }
    if (shares[i].rows != 0) {
      return nir::Error::internal(fmt::format("the simulator left {} steps out", shares[i].rows));
    }
    constexpr size_t most = size_t(1) << 30;
    addCycles(simulator->workplace().read(fmt::format("sim/cycles{}.txt", i), most), counts);
  }
  return {};
}

//===----------------------------------------------------------------------===//
// The executable
//===----------------------------------------------------------------------===//

namespace {

class OnFabric : public Executable {
public:
  OnFabric(Simulated simulated, ExecutableOptions given)
      : simulated(std::make_shared<const Simulated>(std::move(simulated))),
        options(std::move(given)) {
    measured.compilation.push_back({"compile", options.compileSeconds});
  }

  const ProgramInfo &info() const override { return simulated->design.info; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    nir::Result<nir::Recording> recording = record(input, options);
    return recording ? std::move(recording)
                     : nir::Result<nir::Recording>(recording.takeError().in(this->options.file));
  }
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override {
    nir::Result<std::shared_ptr<Simulator>> simulator = needSimulator(0);
    if (!simulator) {
      return simulator.takeError().in(options.file);
    }
    return stepperOf(simulated, *simulator, batch);
  }
  const Profile *profile() const override { return &measured; }
  std::vector<Artifact::File> files() const override { return simulated->files; }

private:
  nir::Result<std::shared_ptr<Simulator>> needSimulator(int threads) const;
  nir::Result<nir::Recording> record(const nir::Recording &input, const RunOptions &options);
  void measure(const Counts &counts, int64_t steps);

  std::shared_ptr<const Simulated> simulated;
  ExecutableOptions options;
  mutable std::mutex mutex; ///< of what follows: executables may start steppers from any thread
  mutable std::shared_ptr<Simulator> simulator;
  mutable double buildSeconds = 0.0;
  Profile measured;
};

} // namespace

nir::Result<std::shared_ptr<Simulator>> OnFabric::needSimulator(int threads) const {
  std::scoped_lock lock(mutex);
  if (!simulator) {
    auto start = Clock::now();
    nir::Result<std::shared_ptr<Simulator>> built =
        Simulator::build(*simulated, {options.cache, /*isTraced=*/!options.trace.empty(), threads});
    if (!built) {
      return built.takeError();
    }
    simulator = *std::move(built);
    buildSeconds = secondsSince(start);
  }
  return simulator;
}

nir::Result<nir::Recording> OnFabric::record(const nir::Recording &input,
                                             const RunOptions &runOptions) {
  const Design &design = simulated->design;
  nir::Extent extent;
  nir::Result<std::vector<nir::Drive>> drives =
      nir::matchInput(entriesOf(design.info), input, runOptions.steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  nir::Result<Records> records = Records::make(design, runOptions, extent);
  if (!records) {
    return records.takeError();
  }
  nir::Result<std::shared_ptr<Simulator>> simulator = needSimulator(runOptions.threads);
  if (!simulator) {
    return simulator.takeError();
  }
  auto start = Clock::now();
  Counts counts;
  counts.in.resize(design.inputs.size());
  counts.out.resize(design.outputs.size());
  Questions questions(design, *drives, extent);
  Progress progress(runOptions, extent.batch * extent.steps);
  int64_t cores = runOptions.threads > 0 ? runOptions.threads : coresAvailable();
  // All waves are to be in one file.
  int64_t threads = options.trace.empty() ? std::clamp<int64_t>(extent.batch, 1, cores) : 1;
  Waves waves(options.trace);
  if (nir::Status failed = waves.check()) {
    return std::move(*failed);
  }
  if (nir::Status failed = runShares(*simulator, *records, questions, extent, threads,
                                     waves.partial(), progress, counts)) {
    return std::move(*failed);
  }
  if (nir::Status failed = waves.finish()) {
    return std::move(*failed);
  }
  progress.finish();
  measured.seconds = secondsSince(start);
  measure(counts, extent.batch * extent.steps);
  return records->take(design.info.dtSeconds);
}

void OnFabric::measure(const Counts &counts, int64_t steps) {
  const Design &design = simulated->design;
  measured.compilation.resize(1);
  measured.compilation.push_back({"simulator", buildSeconds});
  measured.code = simulator->origin();
  measured.steps = steps;
  measured.counts = {{"events", "cycles"}, {}};
  for (size_t i = 0; i < design.inputs.size(); ++i) {
    measured.counts.rows.push_back({design.inputs[i].info.node, {counts.in[i], 0}});
  }
  for (size_t i = 0; i < design.outputs.size(); ++i) {
    measured.counts.rows.push_back({design.outputs[i].info.node, {counts.out[i], 0}});
  }
  measured.counts.rows.push_back({design.top, {0, counts.cycles}});
  measured.estimates.clear();
  if (steps > 0) {
    measured.estimates.push_back(
        {"its answer", "cycles", static_cast<double>(counts.shortest),
         static_cast<double>(counts.longest),
         fmt::format("{:.1f} in the mean",
                     static_cast<double>(counts.cycles) / static_cast<double>(steps)),
         "the simulation of the design", "from its first beat to its end, both counted"});
  }
}

std::unique_ptr<Executable> nirc::fpga::executableOf(Simulated simulated,
                                                     ExecutableOptions options) {
  return std::make_unique<OnFabric>(std::move(simulated), std::move(options));
}
