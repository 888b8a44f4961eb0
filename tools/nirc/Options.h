//===- Options.h - what commands that execute have in common ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "passes/Notice.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Progress.h"
#include "tools/nirc/Report.h"

#include <CLI/CLI.hpp>

namespace nirc {

/// Adds the options that every command which loads a model has.
void addLimits(CLI::App &command, nir::ReadLimits &limits);
/// Adds --time-unit, which every command has that computes with times.
void addTimeUnit(CLI::App &command, ReadingOptions &options);
/// Adds --shape, which every command has that reads a graph.
void addShapes(CLI::App &command, ReadingOptions &options);
/// Adds --accept.
void addAccept(CLI::App &command, ChoiceOptions &options);
/// Adds `--semantics`, and an option for each choice, as `--reset`.
void addSemanticsOptions(CLI::App &app, ChoiceOptions &options);
/// For CLI11's `check`: the number is 0 or more. Its own ranges let NaN pass.
std::string notNegative(const std::string &text);
/// Checks a seed: CLI11 takes what is out of range as another number.
std::string isSeed(const std::string &text);

/// Adds those that say what a step computes on any target: dt, the semantics, a number format and
/// its calibration, folding; and limits.
void addNetworkOptions(CLI::App &app, ExecutionOptions &options);
/// Adds the options that single targets declare (TargetOption).
void addTargetOptions(CLI::App &app, ChoiceOptions &options);
/// Adds those, and the target and its dtype.
void addStepOptions(CLI::App &app, ExecutionOptions &options);
/// Adds those on which no result depends: threads, and the limit of an input.
void addMannerOptions(CLI::App &app, ExecutionOptions &options);
/// Adds those of addStepOptions, and records.
void addCompilationOptions(CLI::App &app, ExecutionOptions &options);
/// Adds --input.
void addInputOption(CLI::App &app, ExecutionOptions &options);
/// Adds those that say how a source becomes a signal: bin, one a step, steps and seed.
void addSourceOptions(CLI::App &app, ExecutionOptions &options);
/// Adds all of these but the model and quiet.
/// --layout, of arrays that are inputs.
void addLayout(CLI::App &app, ExecutionOptions &options);
void addExecutionOptions(CLI::App &app, ExecutionOptions &options);

/// Loads and checks the model, and completes the graph. Prints what is wrong with it.
Exit loadNetwork(const ExecutionOptions &options, Network &network,
                 Clocked clocked = Clocked::Refused);

/// Prints what there is to know of running the network so, except what was `said` before, and adds
/// it there. What is wrong ends the command: then the exit code is not Done.
Exit advise(const ExecutionOptions &options, const Network &network, const Choices &choices,
            std::vector<nir::Diagnostic> &said);
/// A line that says how to go on where the advice has an error; else empty.
std::string acceptText(const std::vector<nir::Diagnostic> &advice);

/// Runs with progress on a terminal.
nir::Result<Executed> execute(const Network &network, const Choices &choices, const Inputs &inputs,
                              Manner manner, bool quiet);

/// Prints the error, and is the exit code of whose fault it is.
Exit fail(const nir::Error &error);

/// Says it on standard error, unless `--accept` names it, `-q` is given or it was said before; what
/// is not accepted joins `said`.
void say(const ExecutionOptions &options, std::optional<nir::Diagnostic> advice,
         std::vector<nir::Diagnostic> &said);
/// Says what the readers of files noticed.
void sayRemarks(const ExecutionOptions &options, const std::vector<nir::Diagnostic> &remarks,
                std::vector<nir::Diagnostic> &said);
/// As `calibrate` of api/Execution.h, and says what the readers of its files noticed.
nir::Status calibrate(const ExecutionOptions &options, const Network &network, const Inputs *own,
                      Choices &choices, std::vector<nir::Diagnostic> &said);
/// Says on standard error which folds round, and of what is advice (docs/advice.md) that which
/// `accept` does not name, and which was not said before; that joins `said`.
void print(const Network &network, const std::vector<Notice> &notices,
           const ExecutionOptions &options, std::vector<nir::Diagnostic> &said);

/// "cpu in float32", "cpu in int8" and "integrator euler, reset to-value", of what provenanceOf or
/// a result file says; empty where that says nothing.
std::string targetText(const Json &provenance);
std::string semanticsText(const Json &provenance);

/// A line that says what the ranges of a number format are from; empty where none were looked for.
std::string rangesText(const Network &network, const Choices &choices);

/// A line on the files of events; empty where there is none.
std::string eventsText(const Inputs &inputs);

/// "300 steps of 1 ms, 5 samples of 250 to 300 steps, padded with silence".
std::string extentText(const Inputs &inputs);

} // namespace nirc
