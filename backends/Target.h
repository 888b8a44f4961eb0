//===- Target.h - a platform that nirc compiles for -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"
#include "passes/Folding.h"
#include "passes/Notice.h"
#include "passes/Quantization.h"
#include "passes/partition/Mapping.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What a target can take, as data that `nirc targets` and the docs print.
struct Constraints {
  std::vector<std::string_view> primitives; ///< NIR's names: "LIF", "Conv2d"
  std::vector<nir::DType> dtypes;           ///< element types of a run; the first is the default
  bool profiles = false;                    ///< measures or counts what a step does, see `Profile`
  bool maps = false;                        ///< has cores to choose from, see `Target::map`
  bool takesSpikes = false; ///< its inputs are spikes, 0 or 1, where nothing else is said
};

class FrontEnd;

/// A choice that means something to one target, or to some: an option of the command line by this
/// name, and an entry of `Job::settings`.
struct TargetOption {
  std::string_view name;                     ///< "lanes": --lanes
  std::string_view value;                    ///< what help shows for its value: "auto|N"
  std::string_view summary;                  ///< one line
  std::vector<std::string_view> values = {}; ///< that it can have; none: the next line, or any text
  bool takesNumber = false;                  ///< a whole number of 1 or more, too
  bool isOfRuns = false; ///< a program that is loaded takes it, too; the others are settled there
  bool isFlag = false;   ///< can be given without a value, which is "on" then; else as --name=value
};

/// Values of such options, by their names.
using Settings = std::map<std::string, std::string, std::less<>>;

/// Where compiled code is kept from one process to the next (backends/run/CodeCache.h).
struct CacheOptions {
  std::string folder;                     ///< which nobody else may write: code in it is executed
  int64_t mostBytes = int64_t(256) << 20; ///< of all that is in it

  /// What `nirc` uses: in $NIRC_CACHE_DIR, else $XDG_CACHE_HOME/nirc, else ~/.cache/nirc, of at
  /// most $NIRC_CACHE_MIB MiB. Nothing where that is 0 or not a number, or no variable names a
  /// folder.
  static std::optional<CacheOptions> ofEnvironment();
};

/// One network to compile, with every choice made. The graph must have passed `nir::check`.
struct Job {
  const nir::Graph *graph = nullptr; ///< outlives the executable; null for a clocked network
  std::string file;                  ///< for diagnostics
  nir::Semantics semantics;
  nir::DType dtype = nir::DType::F32;
  std::vector<nir::Probe> probes; ///< what runs will record beside the outputs
  /// Of a pipelined network: delay what comes early, so that it is the sequential one, shifted by
  /// `nir::Trace::latency`.
  bool balanceLatency = false;
  bool profile = false; ///< measure the parts of every step, where the target can
  /// Which folds the compiler makes; no matter to targets that step through the graph as it is.
  Folding fold = Folding::Exact;
  std::function<void(const Notice &)> onNotice = {}; ///< takes what is folded, may be empty
  /// Compute in integers; dtype then says nothing, and numbers are recorded in float64, each an
  /// integer times its scale.
  std::optional<QuantizationOptions> quantization = {};
  /// A network that is clocked already, instead of a graph: a module of one snn.network, as MLIR's
  /// text or bytecode. Of the choices above only file, probes, states and profile then mean
  /// something.
  std::string network = {};
  /// Every state of every neuron can be read and written while the network is stepped.
  bool states = false;
  /// Where the clocked network is kept, or comes from in place of `network`, so that compiling,
  /// emitting and mapping one job run the passes once. May be null.
  std::shared_ptr<FrontEnd> frontEnd = {};
  /// Nothing: what is compiled is forgotten. Targets without code of their own keep nothing.
  std::optional<CacheOptions> cache = {};
  Settings settings = {}; ///< of the target's `options()`

  /// Whether it is a network that is clocked already.
  bool isClocked() const;
};

/// An input, an output or a state of a compiled network.
struct PortInfo {
  std::string node, observable; ///< "lif1", "v"
  nir::Shape shape;
  nir::DType dtype = nir::DType::F64; ///< of a recording's trace
  int64_t latency = 0;                ///< nir::Trace::latency
};

/// What a compiled network says of itself. An artifact carries all of it.
struct ProgramInfo {
  std::string target;
  std::string nirc;                   ///< the version that compiled it
  std::string model;                  ///< the file's name, without its folder
  std::string semantics;              ///< as files hold it (ir/choices/Stored.h)
  std::string format = {};            ///< the same; empty for floats
  nir::DType dtype = nir::DType::F32; ///< of floats
  double dtSeconds = 0.0;
  std::vector<PortInfo> inputs, outputs;
  std::vector<PortInfo> records; ///< what runs record beside the outputs
  std::vector<PortInfo> states;  ///< what a stepper reads and writes
};

struct RunOptions {
  int64_t steps = 0; ///< 0: as many as the input has; past the input's end the inputs are 0
  int threads = 0;   ///< 0: as many as the machine has cores. No result depends on it
  std::function<void(int64_t done, int64_t total)> progress =
      {}; ///< called now and then, on the caller's thread where threads share steps; may be empty
  std::stop_token stop = {}; ///< ends the run within a step or so: its error is Cause::Stopped
  /// What to record beside the outputs, of the records and states of its ProgramInfo. Nothing:
  /// its records.
  std::optional<std::vector<nir::Probe>> records = std::nullopt;
};

/// How a file that a target executes is loaded.
struct LoadOptions {
  std::optional<CacheOptions> cache = {}; ///< as `Job::cache`
  Settings settings = {};                 ///< those of the target's `options()` that are of runs
};

/// A form in which a target can write a network to disk.
struct ArtifactKind {
  std::string_view name;    ///< "shared", as given to --emit
  std::string_view summary; ///< one line
  bool runs = false;        ///< `Target::load` executes it; one kind at most of a target does
};

struct EmitOptions {
  std::string kind = {}; ///< one of the target's `artifacts()`; empty: the first
  std::string name = {}; ///< of the network in the artifact; empty: made of the model's file name
  std::string cpu = {}, triple = {}; ///< what code is for; empty: the target's default
};

/// What a network takes of the memory of a small machine, as a compiler lays out what was written.
struct MemoryUse {
  /// What is a node's own.
  struct Row {
    std::string node;
    int64_t flashBytes = 0; ///< weights and parameters
    int64_t ramBytes = 0;   ///< states, and what its delays keep
  };
  /// The program that a compiler made of it.
  struct Program {
    std::string processor;  ///< "cortex-m4"
    int64_t flashBytes = 0; ///< code, constants, and where variables start from
    int64_t ramBytes = 0;   ///< all variables, without the stack
  };
  std::vector<Row> rows;   ///< in the order of a step, of nodes that take any
  int64_t signalBytes = 0; ///< RAM that the signals within a step share
  int64_t ramBytes = 0;    ///< of the network: those of the rows, of the signals, and what fills up
  int64_t codeBytes = 0;   ///< of the step, about: no compiler was asked
  std::optional<Program> program = std::nullopt;

  int64_t flashBytes() const { ///< of all weights and parameters
    int64_t bytes = 0;
    for (const Row &row : rows) {
      bytes += row.flashBytes;
    }
    return bytes;
  }
};

/// By so many first bytes a target knows what it wrote.
inline constexpr size_t headOfArtifact = 96;

/// What a target wrote of a network, in memory. The same job and options give the same bytes.
struct Artifact {
  struct File {
    std::string name, bytes;
  };
  std::vector<File> files;
  /// Names of the model, or the name that was asked for, which the format cannot have, and what
  /// stands for each: "1fc", "n_1fc".
  std::vector<std::pair<std::string, std::string>> renamed = {};
  /// What there is to know of it at once, a line each: "size: about 700 LUTs".
  std::vector<std::string> summary = {};
  std::optional<MemoryUse> memory = {}; ///< of what small machines run
};

/// How a network is spread over the cores of a platform that has many.
struct MapOptions {
  /// Neurons of several nodes may be on one core. Without it each node has cores of its own.
  bool shareCores = true;
};

/// What one piece of a step did over a profiled run.
struct NodeProfile {
  std::string node, kind; ///< "fc1", "dense"
  double seconds = 0.0;
  bool counts = false;    ///< whether what follows was counted
  int64_t events = 0;     ///< elements of its signal that it took, over the run
  int64_t elements = 0;   ///< elements of its signal, over the run
  int64_t bytes = 0;      ///< of weights read
  int64_t denseSteps = 0; ///< steps in which it took all elements
};

/// What was counted over a run, by node.
struct CountTable {
  struct Row {
    std::string node;
    std::vector<int64_t> values; ///< one for each name
  };
  std::vector<std::string> names; ///< "spikes"; the last one is what a run is bound by
  std::vector<Row> rows;
};

/// What a platform that is not there would take for a step, in the mean over a run.
struct Estimate {
  std::string name, unit; ///< "energy of neurons", "J"
  /// Between these it lies, as far as the sources of the figures say; infinity: they name no most.
  double least = 0.0, most = 0.0;
  std::string basis;        ///< counts and figures: "8970 updates of 52 to 81 pJ"
  std::string source, made; ///< of the figures: a paper; for what and how they were found
};

/// What one step took where that can be counted: "instructions".
struct StepFigure {
  std::string name, of; ///< "instructions", "cortex-m4 in QEMU"
  double mean = 0.0, least = 0.0, most = 0.0;
};

/// Where machine code came from.
struct CodeOrigin {
  bool isFromCache = false; ///< else it was compiled
  std::string file;         ///< that keeps it; empty: none does
};

/// Where the time of a compilation and of a run went.
struct Profile {
  struct Part {
    std::string_view name; ///< "import"
    double seconds = 0.0;
  };
  std::vector<Part> compilation = {};  ///< in the order of work
  std::optional<CodeOrigin> code = {}; ///< of targets with machine code that is made in memory
  std::vector<NodeProfile> nodes = {}; ///< in the order of a step; of a job with `profile`
  int64_t steps = 0;                   ///< over all samples
  double seconds = 0.0;                ///< of the run, inputs and results included
  CountTable counts = {};              ///< of a platform that is modelled; else without names
  std::vector<Estimate> estimates = {};
  std::vector<StepFigure> figures = {}; ///< of the last run, which are printed with its results
};

/// A network in execution, advanced a step at a time. Ports and states are numbered as in the
/// ProgramInfo of its executable, samples from 0. Numbers are row-major, as many as the shape has;
/// those of a network of integers are what the integers stand for. One thread per stepper; it may
/// outlive its executable.
struct Stepper {
  virtual ~Stepper() = default;
  /// What drives the network from the next step on. An error where the target cannot take the
  /// numbers, as a chip that takes spikes alone.
  virtual nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) = 0;
  virtual nir::Status step() = 0;
  /// Of the last step. Before the first one outputs are 0.
  virtual void readOutput(size_t output, int64_t sample, std::span<double> values) const = 0;
  virtual void readState(size_t state, int64_t sample, std::span<double> values) const = 0;
  /// What a state is before the next step.
  virtual nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) = 0;
  /// Back to the state before the first step, of all samples. Inputs are 0 again.
  virtual void reset() = 0;
  /// All that steps change, delay lines and inputs included, for `restore` of a stepper of the same
  /// executable and batch. The bytes mean something to this process alone.
  virtual std::string snapshot() const = 0;
  /// An error, and nothing changed, where the bytes are not such a snapshot.
  virtual nir::Status restore(std::string_view snapshot) = 0;
};

/// A network compiled for a target. A run starts every sample from the silent state; one thread per
/// executable.
struct Executable {
  virtual ~Executable() = default;
  virtual const ProgramInfo &info() const = 0;
  /// `input` holds a trace "value" of shape [batch, T, shape...] for every Input node and for no
  /// other; what is missing, left over or of another length is an error (ir/recording/RunInput.h).
  /// The result holds, with the same batch, a trace for every Output node and every record:
  /// "spikes" (uint8, or int32 where counts above 1 can occur) for an Output that spikes reach,
  /// else "value" in the job's dtype.
  virtual nir::Result<nir::Recording> run(const nir::Recording &input,
                                          const RunOptions &options) = 0;
  /// `batch` samples before their first step, to be advanced together. An error where the target
  /// cannot be stepped.
  virtual nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const = 0;
  /// Of the compilation and of the last run; null where the target measures nothing.
  virtual const Profile *profile() const { return nullptr; }
  /// Of a program that was loaded from a folder: all that it takes from there, by path.
  virtual std::vector<Artifact::File> files() const { return {}; }
};

struct Claim;

/// A platform that nirc compiles for. Stateless: one object serves any number of compilations at
/// once.
struct Target {
  virtual ~Target() = default;
  virtual std::string_view name() const = 0;    ///< "cpu", as given to --target
  virtual std::string_view summary() const = 0; ///< one line
  virtual const Constraints &describe() const = 0;
  virtual nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const = 0;
  /// The kinds that `emit` takes; the first is the default.
  virtual std::vector<ArtifactKind> artifacts() const { return {}; }
  /// The network as files of `options.kind`, which is one of `artifacts()`.
  virtual nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const;
  /// Whether a file that begins so, with `headOfArtifact` bytes or all that it has, can be one that
  /// `load` takes.
  virtual bool recognizes(std::string_view /*head*/) const { return false; }
  /// The executable in a file of the kind that is `runs`: it gives the bits of the job's own.
  virtual nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                        const LoadOptions &options) const;
  /// Where a kind is a folder, the name of the file in it that `load` takes; else empty.
  virtual std::string_view fileInFolder() const { return {}; }
  /// The files of the artifact that the file at the path is of, relative to its folder, as far as
  /// they are known; of a file from anywhere.
  virtual std::vector<std::string> filesWith(const std::string & /*path*/) const { return {}; }
  /// What can be chosen beside what every target has.
  virtual std::vector<TargetOption> options() const { return {}; }
  /// Which core of the platform computes what. A job's `network` that has a mapping for this target
  /// keeps it. An error where the target has no cores to choose from.
  virtual nir::Result<Mapping> map(const Job &job, const MapOptions &options) const;
  /// What small machines need for the job, as `Artifact::memory` of the kind that they run. Nothing
  /// where the target writes no such kind.
  virtual nir::Result<std::optional<MemoryUse>> memory(const Job & /*job*/) const {
    return std::optional<MemoryUse>();
  }
  /// What is to be proven of the code that the target makes of the job, for each population of
  /// integers: that it is equal to the network's arithmetic for all inputs (backends/Claim.h). None
  /// where the target has no proofs.
  virtual nir::Result<std::vector<Claim>> claims(const Job &job) const;
  /// Makes the target's own passes known to MLIR, for nir-opt.
  virtual void registerPasses() const {}
};

/// All targets by name: those that were built in, and those of backends that were loaded
/// (api/Backends.h). A reference stays valid; another thread may add in the meantime.
const std::vector<const Target *> &targets();
/// The target of that name; the error lists the names that exist.
nir::Result<const Target *> findTarget(std::string_view name);
/// The target whose `load` takes a file that begins so, or null.
const Target *targetOfArtifact(std::string_view head);
/// The file in a folder that some target's `load` takes; empty where there is none.
std::string programInFolder(const std::string &folder);
/// An error of usage where the target has no such option, or it has no such value; it names who has
/// it, and those that there are.
nir::Status checkSettings(const Target &target, const Settings &settings);
/// The kind that the options ask for, or else the target's first. An error lists those that it
/// writes.
nir::Result<std::string> kindOf(const Target &target, const EmitOptions &options);

} // namespace nirc
