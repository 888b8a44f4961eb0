//===- Run.cpp - runs of native code --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Code.h"
#include "backends/cpu/run/Machine.h"
#include "backends/cpu/run/Ports.h"
#include "backends/cpu/run/Profiler.h"
#include "backends/run/Clock.h"
#include "backends/run/Progress.h"
#include "backends/run/Recordable.h"
#include "backends/run/Team.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <utility>

using namespace nirc;
using namespace nirc::cpu;

namespace {

/// What samples that run together work in. It is kept from run to run: to be given new pages takes
/// longer than a short run.
struct Workspace {
  std::shared_ptr<char> arenas;
  int64_t arenaBytes = 0;
  std::vector<std::shared_ptr<char>> scratches; ///< one a thread

  void reserve(int64_t bytes, int threads, int64_t scratchBytes) {
    if (arenaBytes < bytes) {
      arenas.reset(); // before there are both
      arenas = allocateParameter(bytes);
      arenaBytes = bytes;
    }
    while (static_cast<int>(scratches.size()) < threads) {
      scratches.push_back(allocateParameter(scratchBytes));
    }
  }
};

class NativeExecutable : public Executable {
public:
  NativeExecutable(std::shared_ptr<const Code> code, ProgramInfo info, bool profiled, Profile made,
                   const Patience &patience)
      : code(std::move(code)), description(std::move(info)), profiled(profiled),
        measured(std::move(made)), sharing(patience) {}

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override;
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override {
    return stepperOf(code, batch);
  }
  const Profile *profile() const override { return &measured; }

private:
  void runSamples(RunPorts &ports, const RunOptions &options, int threads);
  void runTogether(RunPorts &ports, const RunOptions &options, int threads);
  void runProfiled(RunPorts &ports, const RunOptions &options);
  /// Whether the run will be over before it is worth a try to share its steps again.
  bool isShort(const RunPorts &ports, Clock::time_point now) const {
    std::chrono::duration<double> expected(measured.seconds * double(ports.batch()) *
                                           double(ports.steps()) /
                                           double(std::max<int64_t>(measured.steps, 1)));
    return sharing.isAlone(now + std::chrono::duration_cast<Clock::duration>(expected));
  }

  std::shared_ptr<const Code> code;
  ProgramInfo description;
  bool profiled;
  Profile measured;
  Workspace workspace;
  Sharing sharing;
};

} // namespace

/// Memory for all that changes, as it is before the first step.
static std::shared_ptr<char> newArena(const Layout &layout) {
  return allocateParameter(layout.bytes);
}

/// Each thread runs samples of its own, taking the next as it is done with one.
void NativeExecutable::runSamples(RunPorts &ports, const RunOptions &options, int threads) {
  Progress progress(options, ports.batch() * ports.steps());
  std::atomic<int64_t> next = 0;
  inParallel(threads, [&](int64_t part, int64_t parts) {
    std::shared_ptr<char> arena = newArena(code->lowered.layout);
    bool used = false;
    for (int64_t sample; (sample = next++) < ports.batch() && !progress.isStopped(); used = true) {
      if (used) {
        std::memset(arena.get(), 0, code->lowered.layout.bytes);
      }
      code->start(arena.get());
      for (int64_t t = 0; t < ports.steps() && !progress.isStopped(); ++t) {
        ports.write(arena.get(), sample, t);
        code->step(arena.get());
        ports.read(arena.get(), sample, t);
        if (part == 0) {
          progress.advance(parts);
        }
      }
    }
  });
  progress.finish();
}

namespace {

/// Samples that go together through all steps, each step shared by the parts.
struct Group {
  const Code &code;
  RunPorts &ports;
  char *arenas;
  const std::vector<std::shared_ptr<char>> &scratches;
  int64_t first, count; ///< samples

  template <typename F>
  void forEach(F f) const {
    for (int64_t i = 0; i < count; ++i) {
      f(arenas + i * code.lowered.layout.bytes, first + i);
    }
  }
  /// What a part does of step `t`; the stages meet in between, as `meet` says.
  template <typename Meet>
  void step(const Part &part, int64_t t, Meet meet) const {
    forEach([&](char *arena, int64_t sample) { ports.write(arena, sample, t, part); });
    for (bool meets = code.lowered.meetsAfterInputs; Code::StageFunction stage : code.stages) {
      if (std::exchange(meets, true)) {
        meet();
      }
      run(stage, part);
    }
    if (code.lowered.meetsBeforeOutputs) {
      meet();
    }
    forEach([&](char *arena, int64_t sample) { ports.read(arena, sample, t, part); });
  }
  /// The whole step on one thread: every stage of one part after the other, as the parts of a step
  /// are those of the step before, whose lists they read.
  void stepAlone(int64_t parts, int64_t t) const {
    forEach([&](char *arena, int64_t sample) { ports.write(arena, sample, t); });
    for (Code::StageFunction stage : code.stages) {
      for (int64_t number = 0; number < parts; ++number) {
        run(stage, {number, parts});
      }
    }
    forEach([&](char *arena, int64_t sample) { ports.read(arena, sample, t); });
  }

private:
  void run(Code::StageFunction stage, const Part &part) const {
    char *scratch = scratches[static_cast<size_t>(part.number)].get();
    stage(arenas, count, part.number, part.of, scratch);
  }
};

/// Threads that go through the steps of a group together, or one of them alone.
class Team {
public:
  Team(Sharing &sharing, Progress &progress) : sharing(sharing), progress(progress) {}

  void meet(int64_t parts) { point.meet(parts); }
  /// All steps, called by each part when its share of the group's memory is ready. Part 0, on the
  /// caller's thread, is the one that goes on alone.
  void run(const Group &group, const Part &part);

private:
  /// Before step `t`, by one part while all others wait: whether one goes on alone.
  void decide(const Group &group, int64_t t, int64_t parts);
  /// From step `t` on; the next step.
  int64_t goAlone(const Group &group, int64_t t, int64_t parts);
  bool isTogether(int64_t t) const {
    int64_t turns = sharing.limits().turns;
    return turns ? t / turns % 2 == 0 : !sharing.isAlone(Clock::now());
  }

  Sharing &sharing;
  Progress &progress;
  MeetingPoint point;
  RestingPlace place;
  // What `decide` writes is read until all meet again.
  bool alone = false, stopping = false;
  uint32_t phase = 0, phases = 0; ///< how often one went alone before
  int64_t next = 0;               ///< the step after that, once the others are awake
  int64_t noted = 0;              ///< the step up to which `sharing` knows
};

} // namespace

void Team::decide(const Group &group, int64_t t, int64_t parts) {
  constexpr int64_t often = 16; // the clock takes as long as some parts of a step
  alone = false;
  stopping = progress.isStopped();
  bool isEnd = t == group.ports.steps();
  if (parts > 1 && (t % often == 0 || isEnd || point.hasLongWaits() || sharing.limits().turns)) {
    sharing.note(Clock::now(), point.takeLongWaits(), parts, (t - noted) * group.count);
    noted = t;
    alone = !isEnd && !stopping && !isTogether(t);
    phase = alone ? phases++ : phase;
  }
}

int64_t Team::goAlone(const Group &group, int64_t t, int64_t parts) {
  Clock::duration before = timeOfThread();
  do {
    group.stepAlone(parts, t++);
    progress.advance(group.count);
  } while (t < group.ports.steps() && !progress.isStopped() && !isTogether(t));
  sharing.noteAlone(Clock::now(), timeOfThread() - before, (t - noted) * group.count);
  next = noted = t;
  place.wake();
  return t;
}

void Team::run(const Group &group, const Part &part) {
  int64_t steps = group.ports.steps(), t = 0;
  auto meets = [&] { point.meet(part.of); };
  std::function<void()> decides = [&] { decide(group, t, part.of); };
  if (part.number == 0) {
    noted = 0;
  }
  point.meet(part.of, decides);
  while (true) {
    if (alone && part.number == 0) {
      t = goAlone(group, t, part.of);
    } else if (alone) {
      place.rest(phase);
      t = next;
    }
    if (t == steps || stopping) {
      return;
    }
    group.step(part, t++, meets);
    point.meet(part.of, decides); // all are done with the step
    if (part.number == 0) {
      progress.advance(group.count);
    }
  }
}

/// Threads share every step, and samples go through it together.
void NativeExecutable::runTogether(RunPorts &ports, const RunOptions &options, int threads) {
  // A tile's sums of so many samples stay in the first-level cache; and their arenas in memory.
  constexpr int64_t most = 32, mostBytes = int64_t(1) << 30;
  int64_t bytes = code->lowered.layout.bytes;
  int64_t together = std::min({ports.batch(), most, std::max<int64_t>(1, mostBytes / bytes)});
  Progress progress(options, ports.batch() * ports.steps());
  workspace.reserve(together * bytes, threads, code->lowered.scratchBytes);
  char *arenas = workspace.arenas.get();
  Team team(sharing, progress);
  auto start = Clock::now();
  bool isAlone = sharing.isAlone(start) && threads == 1;
  sharing.start(start);
  Clock::duration before = timeOfThread();
  inParallel(threads, [&](int64_t number, int64_t parts) {
    Part part{number, parts};
    for (int64_t first = 0; first < ports.batch(); first += together) {
      Group group{*code,  ports,
                  arenas, workspace.scratches,
                  first,  std::min(together, ports.batch() - first)};
      auto [from, to] = part.range(group.count * bytes);
      std::memset(arenas + from, 0, to - from);
      if (code->begin) {
        team.meet(parts);
        group.forEach([&](char *arena, int64_t sample) {
          if (part.has(sample)) {
            code->start(arena);
          }
        });
      }
      team.run(group, part);
    }
  });
  if (isAlone) {
    sharing.noteAlone(Clock::now(), timeOfThread() - before, ports.batch() * ports.steps());
  }
  progress.finish();
}

/// One sample after the other on one thread, so that the times are those of the nodes alone.
void NativeExecutable::runProfiled(RunPorts &ports, const RunOptions &options) {
  Progress progress(options, ports.batch() * ports.steps());
  Profiler profiler(code->lowered.nodes, measured);
  std::shared_ptr<char> arena = newArena(code->lowered.layout);
  for (int64_t sample = 0; sample < ports.batch(); ++sample) {
    std::memset(arena.get(), 0, code->lowered.layout.bytes);
    code->start(arena.get());
    for (int64_t t = 0; t < ports.steps() && !progress.isStopped(); ++t) {
      ports.write(arena.get(), sample, t);
      profiler.start(arena.get());
      code->step(arena.get());
      ports.read(arena.get(), sample, t);
      progress.advance(1);
    }
  }
  progress.finish();
}

nir::Result<nir::Recording> NativeExecutable::run(const nir::Recording &input,
                                                  const RunOptions &options) {
  nir::Result<std::vector<size_t>> records = chosenRecords(description, options);
  if (!records) {
    return records.takeError();
  }
  const std::vector<Port> &all = code->lowered.layout.outputs;
  std::vector<Port> recorded(all.begin(), all.begin() + static_cast<ptrdiff_t>(code->outputs));
  for (size_t record : *records) {
    recorded.push_back(all[code->outputs + record]);
  }
  nir::Result<RunPorts> ports = RunPorts::match(code->lowered.layout.inputs, recorded, input,
                                                options.steps, description.dtSeconds);
  if (!ports) {
    return ports.takeError();
  }
  int available = options.threads > 0 ? options.threads : coresAvailable();
  int threads = static_cast<int>(std::min<int64_t>(available, maxParts));
  auto start = Clock::now();
  if (profiled) {
    runProfiled(*ports, options);
  } else if (!code->stages.empty()) {
    runTogether(*ports, options, isShort(*ports, start) ? 1 : threads);
  } else {
    runSamples(*ports, options, static_cast<int>(std::clamp<int64_t>(ports->batch(), 1, threads)));
  }
  measured.steps = ports->batch() * ports->steps();
  measured.seconds = secondsSince(start);
  if (nir::Status stopped = Progress(options, 0).stopped()) {
    return std::move(*stopped);
  }
  return ports->takeRecording();
}

std::unique_ptr<Executable> nirc::cpu::executableOf(std::shared_ptr<const Code> code,
                                                    ProgramInfo info, bool profiled, Profile made,
                                                    const Patience &patience) {
  return std::make_unique<NativeExecutable>(std::move(code), std::move(info), profiled,
                                            std::move(made), patience);
}
