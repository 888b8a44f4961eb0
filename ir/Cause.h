//===- Cause.h - the kinds of errors, each with a code ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A code names what kind of thing is wrong, so that it can be looked up, searched for and tested by
// scripts, whatever the message says. The table in Cause.cpp explains each: `nirc explain` prints
// it, and docs/errors.md is made from it.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <span>
#include <string_view>

namespace nir {

/// In the order of the table.
enum class Cause {
  // the command line
  UnknownCommand,
  UnknownOption,
  MissingOption,
  BadOption,
  OptionConflict,
  UnknownName,
  UnknownNode,
  FileEnding,
  SettledChoice,
  ChoiceConflict,
  // files
  CannotRead,
  CannotWrite,
  SameFile,
  Limit,
  NotAModel,
  DamagedFile,
  WrongModel,
  OtherVersion,
  NoReader,
  UnusableFile,
  // the model
  MlirSyntax,
  UnknownNodeType,
  MissingParameter,
  UnknownParameter,
  WrongType,
  WrongShape,
  WrongValue,
  UnknownEdge,
  SignalShape,
  StatelessLoop,
  NodeName,
  FileMetadata,
  LateEdge,
  // time
  NoStep,
  StepConflict,
  TimeUnit,
  // inputs
  MissingInput,
  InputFormat,
  DamagedInput,
  InputShape,
  InputLayout,
  InputValue,
  RunLength,
  EmptyInput,
  Sensor,
  Label,
  // results
  NotRecorded,
  NotComparable,
  // targets
  UnsupportedByTarget,
  DoesNotFit,
  CannotCompile,
  CannotQuantize,
  NotFinite,
  NoMemory,
  Toolchain,
  NotAProgram,
  ProgramFailed,
  Overrun,
  Stopped,
  // nirc
  Internal,
};

struct CauseKind {
  Cause cause;
  std::string_view code;    ///< "missing-parameter"
  std::string_view group;   ///< "model": what `nirc explain` lists it under
  std::string_view summary; ///< one line
  std::string_view found;   ///< when it is said
  std::string_view why;     ///< why nirc does not go on
  std::string_view fix;
  std::string_view example; ///< a command that finds or fixes it
};

/// All that there are, by group.
std::span<const CauseKind> causeKinds();

const CauseKind &kindOf(Cause cause);

/// Null: no cause has this code.
const CauseKind *findCause(std::string_view code);

} // namespace nir
