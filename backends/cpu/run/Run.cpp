//===- Run.cpp - native code in memory, and its runs ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Run.h"

#include "backends/cpu/run/Machine.h"
#include "backends/cpu/run/Ports.h"
#include "backends/cpu/run/Profiler.h"
#include "backends/run/Clock.h"
#include "backends/run/Team.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fmt/format.h>
#include <utility>

using namespace mlir;
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

class JitExecutable : public Executable {
public:
  JitExecutable(Lowered lowered, double dtSeconds, bool profiled, std::vector<Profile::Part> parts)
      : lowered(std::move(lowered)), dtSeconds(dtSeconds), profiled(profiled) {
    measured.compilation = std::move(parts);
  }

  nir::Status compile(ModuleOp module, llvm::TargetMachine &machine);
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override;
  const Profile *profile() const override { return &measured; }

private:
  using StepFunction = void (*)(void *arena);
  using StageFunction = void (*)(void *arenas, int64_t count, int64_t part, int64_t parts,
                                 void *scratch);

  void runSamples(RunPorts &ports, const RunOptions &options, int threads);
  void runTogether(RunPorts &ports, const RunOptions &options, int threads);
  void runProfiled(RunPorts &ports, const RunOptions &options);

  Lowered lowered;
  double dtSeconds;
  bool profiled;
  Profile measured;
  std::unique_ptr<ExecutionEngine> engine;
  StepFunction step = nullptr;
  std::vector<StageFunction> stages;
  Workspace workspace;
};

/// Tells how far a run is, now and then.
class Progress {
public:
  Progress(const RunOptions &options, int64_t total) : options(options), total(total) {}
  /// From one thread; `done` is by how much it counts.
  void advance(int64_t done) {
    this->done += done;
    if (!options.progress || (++calls & 63) != 0) {
      return;
    }
    auto now = Clock::now();
    if (now - last > std::chrono::milliseconds(50)) {
      last = now;
      options.progress(std::min(this->done, total), total);
    }
  }
  void finish() {
    if (options.progress) {
      options.progress(total, total);
    }
  }

private:
  const RunOptions &options;
  int64_t total, done = 0, calls = 0;
  Clock::time_point last = Clock::now();
};

} // namespace

static nir::Error fault(llvm::Error error) {
  return nir::Error("the code generator failed: " + llvm::toString(std::move(error)));
}

nir::Status JitExecutable::compile(ModuleOp module, llvm::TargetMachine &machine) {
  auto start = Clock::now();
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  ExecutionEngineOptions options;
  auto transform = [&](llvm::Module *code) {
    optimize(*code, machine);
    return llvm::Error::success();
  };
  options.transformer = transform; // only referred to
  auto created = ExecutionEngine::create(module, options);
  if (!created) {
    return fault(created.takeError());
  }
  engine = std::move(*created);
  engine->registerSymbols([&](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap map;
    for (const Parameter &parameter : lowered.parameters) {
      map[intern(parameter.symbol)] = {llvm::orc::ExecutorAddr::fromPtr(parameter.bytes.get()),
                                       llvm::JITSymbolFlags::Exported};
    }
    map[intern("nirc_profile_node")] = {
        llvm::orc::ExecutorAddr::fromPtr(&Profiler::noteOnThisThread),
        llvm::JITSymbolFlags::Exported};
    return map;
  });
  if (lowered.stages == 0) {
    auto found = engine->lookup("step");
    if (!found) {
      return fault(found.takeError());
    }
    step = reinterpret_cast<StepFunction>(*found);
  }
  for (int64_t i = 0; i < lowered.stages; ++i) {
    auto stage = engine->lookup(fmt::format("stage_{}", i));
    if (!stage) {
      return fault(stage.takeError());
    }
    stages.push_back(reinterpret_cast<StageFunction>(*stage));
  }
  measured.compilation.push_back({"codegen", secondsSince(start)});
  return std::nullopt;
}

/// Memory for all that changes, as it is before the first step.
static std::shared_ptr<char> newArena(const Layout &layout) {
  return allocateParameter(layout.bytes);
}

/// Each thread runs samples of its own, taking the next as it is done with one.
void JitExecutable::runSamples(RunPorts &ports, const RunOptions &options, int threads) {
  Progress progress(options, ports.batch() * ports.steps());
  std::atomic<int64_t> next = 0;
  inParallel(threads, [&](int64_t part, int64_t parts) {
    std::shared_ptr<char> arena = newArena(lowered.layout);
    bool used = false;
    for (int64_t sample; (sample = next++) < ports.batch(); used = true) {
      if (used) {
        std::memset(arena.get(), 0, lowered.layout.bytes);
      }
      for (int64_t t = 0; t < ports.steps(); ++t) {
        ports.write(arena.get(), sample, t);
        step(arena.get());
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
void JitExecutable::runTogether(RunPorts &ports, const RunOptions &options, int threads) {
  // A tile's sums of so many samples stay in the first-level cache; and their arenas in memory.
  constexpr int64_t most = 32, mostBytes = int64_t(1) << 30;
  int64_t bytes = lowered.layout.bytes;
  int64_t together = std::min({ports.batch(), most, std::max<int64_t>(1, mostBytes / bytes)});
  Progress progress(options, ports.batch() * ports.steps());
  workspace.reserve(together * bytes, threads, lowered.scratchBytes);
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
      for (int64_t t = 0; t < ports.steps(); ++t) {
        forEach([&](char *arena, int64_t sample) { ports.write(arena, sample, t, part); });
        for (bool meets = lowered.meetsAfterInputs; StageFunction stage : stages) {
          if (std::exchange(meets, true)) {
            point.meet(parts);
          }
          stage(arenas, count, number, parts, scratch);
        }
        if (lowered.meetsBeforeOutputs) {
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
void JitExecutable::runProfiled(RunPorts &ports, const RunOptions &options) {
  Progress progress(options, ports.batch() * ports.steps());
  Profiler profiler(lowered.nodes, measured);
  std::shared_ptr<char> arena = newArena(lowered.layout);
  for (int64_t sample = 0; sample < ports.batch(); ++sample) {
    std::memset(arena.get(), 0, lowered.layout.bytes);
    for (int64_t t = 0; t < ports.steps(); ++t) {
      ports.write(arena.get(), sample, t);
      profiler.start(arena.get());
      step(arena.get());
      ports.read(arena.get(), sample, t);
      progress.advance(1);
    }
  }
  progress.finish();
}

nir::Result<nir::Recording> JitExecutable::run(const nir::Recording &input,
                                               const RunOptions &options) {
  nir::Result<RunPorts> ports = RunPorts::match(lowered.layout, input, options.steps, dtSeconds);
  if (!ports) {
    return ports.takeError();
  }
  int available = options.threads > 0 ? options.threads : coresAvailable();
  int threads = static_cast<int>(std::min<int64_t>(available, maxParts));
  auto start = Clock::now();
  if (profiled) {
    runProfiled(*ports, options);
  } else if (!stages.empty()) {
    runTogether(*ports, options, threads);
  } else {
    runSamples(*ports, options, static_cast<int>(std::clamp<int64_t>(ports->batch(), 1, threads)));
  }
  measured.steps = ports->batch() * ports->steps();
  measured.seconds = secondsSince(start);
  return ports->takeRecording();
}

nir::Result<std::unique_ptr<Executable>>
nirc::cpu::load(ModuleOp module, Lowered lowered, double dtSeconds, bool profiled,
                std::vector<Profile::Part> parts, std::unique_ptr<llvm::TargetMachine> machine) {
  auto executable =
      std::make_unique<JitExecutable>(std::move(lowered), dtSeconds, profiled, std::move(parts));
  if (nir::Status failed = executable->compile(module, *machine)) {
    return std::move(*failed);
  }
  return std::unique_ptr<Executable>(std::move(executable));
}
