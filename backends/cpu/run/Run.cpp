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
  NativeExecutable(std::shared_ptr<const Code> code, ProgramInfo info, bool profiled, Profile made)
      : code(std::move(code)), description(std::move(info)), profiled(profiled),
        measured(std::move(made)) {}

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

  std::shared_ptr<const Code> code;
  ProgramInfo description;
  bool profiled;
  Profile measured;
  Workspace workspace;
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
    for (int64_t sample; (sample = next++) < ports.batch(); used = true) {
      if (used) {
        std::memset(arena.get(), 0, code->lowered.layout.bytes);
      }
      code->start(arena.get());
      for (int64_t t = 0; t < ports.steps(); ++t) {
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

/// Threads share every step, and samples go through it together.
void NativeExecutable::runTogether(RunPorts &ports, const RunOptions &options, int threads) {
  // A tile's sums of so many samples stay in the first-level cache; and their arenas in memory.
  constexpr int64_t most = 32, mostBytes = int64_t(1) << 30;
  int64_t bytes = code->lowered.layout.bytes;
  int64_t together = std::min({ports.batch(), most, std::max<int64_t>(1, mostBytes / bytes)});
  Progress progress(options, ports.batch() * ports.steps());
  workspace.reserve(together * bytes, threads, code->lowered.scratchBytes);
  char *arenas = workspace.arenas.get();
  MeetingPoint point;
  inParallel(threads, [&](int64_t number, int64_t parts) {
    Part part{number, parts};
    char *scratch = workspace.scratches[number].get();
    for (int64_t first = 0; first < ports.batch(); first += together) {
      int64_t count = std::min(together, ports.batch() - first);
      auto forEach = [&](auto f) {
        for (int64_t i = 0; i < count; ++i) {
          f(arenas + i * bytes, first + i);
        }
      };
      auto [from, to] = part.range(count * bytes);
      std::memset(arenas + from, 0, to - from);
      point.meet(parts);
      if (code->begin) {
        forEach([&](char *arena, int64_t sample) {
          if (sample % parts == number) {
            code->start(arena);
          }
        });
        point.meet(parts);
      }
      for (int64_t t = 0; t < ports.steps(); ++t) {
        forEach([&](char *arena, int64_t sample) { ports.write(arena, sample, t, part); });
        for (bool meets = code->lowered.meetsAfterInputs;
             Code::StageFunction stage : code->stages) {
          if (std::exchange(meets, true)) {
            point.meet(parts);
          }
          stage(arenas, count, number, parts, scratch);
        }
        if (code->lowered.meetsBeforeOutputs) {
          point.meet(parts);
        }
        forEach([&](char *arena, int64_t sample) { ports.read(arena, sample, t, part); });
        point.meet(parts); // all are done with the step
        if (number == 0) {
          progress.advance(count);
        }
      }
    }
  });
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
    for (int64_t t = 0; t < ports.steps(); ++t) {
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
    runTogether(*ports, options, threads);
  } else {
    runSamples(*ports, options, static_cast<int>(std::clamp<int64_t>(ports->batch(), 1, threads)));
  }
  measured.steps = ports->batch() * ports->steps();
  measured.seconds = secondsSince(start);
  return ports->takeRecording();
}

std::unique_ptr<Executable> nirc::cpu::executableOf(std::shared_ptr<const Code> code,
                                                    ProgramInfo info, bool profiled, Profile made) {
  return std::make_unique<NativeExecutable>(std::move(code), std::move(info), profiled,
                                            std::move(made));
}
