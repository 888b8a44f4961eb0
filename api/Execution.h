//===- Execution.h - a model and what drives it, made to run ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From what a user asks for, as text, to a run: what every command and every door has in common.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/FileReading.h"
#include "api/Provenance.h"
#include "api/RunChoices.h"
#include "passes/Notice.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace nirc {

/// What does not change a result.
struct Manner {
  int threads = 0;      ///< 0: as many as the machine has cores
  bool profile = false; ///< measure every step's nodes
  std::function<void(int64_t done, int64_t total)> progress = {}; ///< of steps; may be empty
  std::stop_token stop = {};                                      ///< as RunOptions::stop
  /// Keeps what the network was clocked to, for what else is made of the same choices. May be null.
  std::shared_ptr<FrontEnd> frontEnd = {};
};

struct ExecutionOptions {
  std::string model;
  std::vector<std::string> inputs, calibrate; ///< NODE=SOURCE each
  ChoiceOptions choices;
  ReadingOptions reading; ///< of these the unit of time
  int64_t steps = 0;
  uint64_t seed = 0;
  bool onePerStep = false;        ///< of several events
  Layout layout = Layout::Auto;   ///< of arrays that are inputs
  EventFraming framing;           ///< of events
  std::optional<Encoder> encoder; ///< of arrays that are inputs
  uint64_t maxInputBytes = uint64_t(1) << 34;
  int threads = 0; ///< 0: as many as the machine has cores
  bool quiet = false;
  nir::ReadLimits limits;

  Manner manner() const { return {.threads = threads}; }
};

/// A model that passed the check, ready to be compiled. Where the file holds a clocked network
/// there is no graph.
struct Network {
  ModelFile file;
  nir::Graph graph; ///< the file's, with Inputs and Outputs where it has none
  nir::Checked checked;
  std::vector<InputSource> sources;                ///< one an Input
  std::vector<InputSource> calibration;            ///< the same of --calibrate; or none
  nir::TimeUnit timeUnit = nir::TimeUnit::Seconds; ///< the file's; see convertTimes
  FileReading reading;                             ///< of a graph; see convertTimes

  /// Whether the file has settled what a graph leaves open.
  bool isSettled() const { return file.clocked || file.program; }
  bool hasEventFile() const;
  std::vector<InputPort> inputs() const;
  std::vector<std::string> outputs() const;
  std::vector<InputPort> outputPorts() const; ///< the same with their shapes
  int64_t outputElements(const std::string &output) const;
};

/// Loads and checks the model, and completes the graph. What the check says is in `checked`, which
/// may not be ok.
nir::Result<Network> loadNetwork(const ExecutionOptions &options,
                                 Clocked clocked = Clocked::Refused);
/// The same of a model that is loaded.
Network networkOf(ModelFile file);
/// The choices of the options, of a graph or of a clocked network. Errors are faults of the command
/// line.
nir::Result<Choices> choose(const ExecutionOptions &options, const Network &network);
/// What a target is asked for.
Job jobOf(const Network &network, const Choices &choices);
/// How sources become signals: as the options say, and for images, else as the model's metadata.
InputOptions inputOptions(const ExecutionOptions &options, const Network &network,
                          double dtSeconds);
/// Finds what drives each Input. An error is a fault of the command line.
nir::Status assignSources(const ExecutionOptions &options, Network &network);
/// The same for --calibrate, where it is given.
nir::Status assignCalibration(const ExecutionOptions &options, Network &network);
/// Gives a number format, where there is one, what its ranges are found from: --calibrate, else the
/// signals `own` that the network is going to run on, of which the units of inputs are found; null:
/// what the target takes where nothing is said. An error without a file is a fault of the command
/// line.
nir::Status calibrate(const ExecutionOptions &options, const Network &network, const Inputs *own,
                      Choices &choices);

/// Brings the graph's times into seconds, whatever the file counts them in.
nir::Status convertTimes(const ExecutionOptions &options, double dtSeconds, Network &network);

/// What there is to know of running the network so: what the check said, then what `adviceOn`
/// (api/Advice.h) says of the choices, without what the options accept. Its times are in seconds.
/// An error in it refuses the run. The error names what is no advice.
nir::Result<std::vector<nir::Diagnostic>> adviceFor(const ExecutionOptions &options,
                                                    const Network &network, const Choices &choices);

/// Advice on a run in integers whose inputs are not whole numbers and whose ranges follow from them
/// alone, since nothing else was given: `calibrate` has been there.
std::optional<nir::Diagnostic> ownRanges(const Network &network, const Choices &choices);

/// All of that where there is no input: --calibrate finds its Inputs, then the choices, then the
/// times in seconds. Errors are faults of the command line.
nir::Result<Choices> prepare(const ExecutionOptions &options, Network &network);

/// A network that is ready to run, any number of times.
struct Compiled {
  std::shared_ptr<Executable> executable;
  std::vector<Notice> notices; ///< of the compiler, those that round
};

/// Compiles the network under the choices. An error is the model's fault. The network outlives what
/// comes of it.
nir::Result<Compiled> compile(const Network &network, const Choices &choices, const Manner &manner);

/// A run that went through.
struct Executed {
  nir::Recording recording;
  std::vector<Notice> notices;    ///< of the compiler, those that round
  std::optional<Profile> profile; ///< where the target measures
};

/// Compiles the network under the choices and runs it, with progress on a terminal. An error is the
/// model's fault.
nir::Result<Executed> execute(const Network &network, const Choices &choices, const Inputs &inputs,
                              const Manner &manner);
/// What produced a result, as every result file says it; of the model's bytes where their hash is
/// given.
Json provenanceOf(const ExecutionOptions &options, const Network &network, const Choices &choices,
                  const Inputs &inputs, const std::vector<Notice> &notices,
                  const std::string &sha256 = {});

} // namespace nirc
