//===- Cause.cpp - what each code of an error means -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Cause.h"

#include <algorithm>
#include <iterator>

namespace nir {

static constexpr CauseKind table[] = {
    // the command line
    {Cause::UnknownCommand, "unknown-command", "command line", "nirc has no such command",
     "The first word is not a command of nirc.", "Nothing is guessed.",
     "the name that the note proposes, or one of `nirc --help`", "nirc --help"},
    {Cause::UnknownOption, "unknown-option", "command line", "the command has no such option",
     "The command has no such option, or no place for a word that stands alone.",
     "Skipping it would give another result than was asked for.",
     "the option that the note proposes; options follow the command", "nirc help run"},
    {Cause::MissingOption, "missing-option", "command line", "the command needs one more argument",
     "A file or an option that the command needs is not given, or an option has no value.",
     "There is no value that would be right for most.", "the argument that the message names",
     "nirc help compile"},
    {Cause::BadOption, "bad-option", "command line", "an option has a value that it cannot take",
     "The value of an option is not of the form that it takes, or out of its range.",
     "A value read in another way than it was meant gives another run.",
     "a value of the form that the message shows; times have a unit, as `1ms`",
     "nirc run model.nir --input x.npy --dt 1ms"},
    {Cause::OptionConflict, "option-conflict", "command line", "two options exclude each other",
     "Two options contradict each other, or one has no meaning together with the other.",
     "Either could be what was meant.", "one of the two, without the other", "nirc help run"},
    {Cause::UnknownName, "unknown-name", "command line",
     "no target, preset, format, choice or advice has this name",
     "An option names a target, a preset, a number format, a choice, an encoding or an advice that "
     "does not exist.",
     "Nothing is guessed.", "one of the names that the message lists",
     "nirc semantics; nirc formats; nirc targets; nirc explain"},
    {Cause::UnknownNode, "unknown-node", "command line",
     "the model has no such node, input, output or observable",
     "An option names a node, an input, an output or an observable that the model does not have.",
     "What was asked for would be missing in the result.",
     "one of the names that the message or its note lists", "nirc inspect model.nir"},
    {Cause::FileEnding, "file-ending", "command line",
     "the name of a file to write does not say its format",
     "The ending of a file to write is none of those that say which format is meant.",
     "A file in another format than its name says is read wrongly later.",
     "one of the endings that the message lists", "nirc convert model.nir model.mlir"},
    {Cause::SettledChoice, "settled-choice", "command line",
     "an option chooses again what the file has settled",
     "The file holds a clocked network or a program. Its step, semantics and format are settled, "
     "and an option would choose one of them again.",
     "The numbers in the file were computed for these choices.",
     "the option left out, or the graph from which the file was made",
     "nirc run model.nir --input x.npy --dt 1ms --format int8"},
    {Cause::ChoiceConflict, "choice-conflict", "command line",
     "choices of a semantics or a number format exclude each other",
     "Two choices of a semantics, or two fields of a number format, do not go together.",
     "No network computes in such a way.", "another value for one of the two",
     "nirc semantics norse"},

    // files
    {Cause::CannotRead, "cannot-read", "files", "a file cannot be opened or read",
     "There is no such file, it is a folder or a device, or the system does not let nirc read it.",
     "Without it there is nothing to compute.", "the right path, or the right to read it",
     "ls -l model.nir"},
    {Cause::CannotWrite, "cannot-write", "files", "a result cannot be written",
     "The folder is missing or not writable, the disk is full, or the format cannot hold the data.",
     "Files are written completely or not at all: what was there before is still there.",
     "a path that can be written, or room on the disk", "df -h"},
    {Cause::SameFile, "same-file", "files", "the output is one of the inputs",
     "The file to write is one of the files that are read, by this name or by a link.",
     "Writing would replace what the result was computed from.", "another name for the output",
     "nirc convert model.nir other.nir"},
    {Cause::Limit, "limit", "files", "a file asks for more than a limit allows",
     "A file, or what it unpacks to, is larger than a limit, or takes longer to read.",
     "The limits keep a damaged or hostile file from taking all memory.",
     "the option `--max-...` that the message or its note names, where the file is trusted",
     "nirc check model.nir --max-nodes 1000000"},
    {Cause::NotAModel, "not-a-model", "files", "the file is not a model",
     "The file is neither NIR (HDF5) nor MLIR. Checkpoints of PyTorch, models in ONNX and NumPy "
     "arrays are "
     "recognized and named.",
     "Only a graph says how neurons are connected.",
     "the step that the note names, such as an export with `nir` from the framework",
     "nirc inspect model.nir"},
    {Cause::DamagedFile, "damaged-file", "files", "the file of a model or program is damaged",
     "The file begins as it should, and then has something that no program writes: it was cut, or "
     "changed on the way.",
     "What is left of it could be any network.", "a new copy, or a new export",
     "nirc check model.nir"},
    {Cause::WrongModel, "wrong-model", "files",
     "the model is not of the kind that the command needs",
     "The file holds a clocked network where a graph is needed, floats where integers are, or "
     "several networks.",
     "What the command does has no meaning for it.",
     "the file that the note names, or the command that makes it",
     "nirc quantize model.nir -o model-int8.mlirbc --dt 1ms"},
    {Cause::OtherVersion, "other-version", "files", "the file is from another version of nirc",
     "A program, an image or the helper nirc-read is of a version that this nirc does not read.",
     "The same bytes mean something else there.",
     "the file made again with this nirc; for nirc-read, an installation from one build",
     "nirc --version"},
    {Cause::NoReader, "no-reader", "files", "the process that reads files could not work",
     "HDF5 files are read by the separate program nirc-read, and it was not found, could not be "
     "started, or got no memory.",
     "A damaged file can crash the HDF5 library; in a process of its own it takes nothing with it.",
     "nirc-read beside nirc, as the installation puts it; more memory",
     "ls $(dirname $(which nirc))"},
    {Cause::UnusableFile, "unusable-file", "files", "the file has to be fetched or unpacked first",
     "The file is a pointer of Git LFS or git-annex, or it is packed by zip or gzip.",
     "What is needed lies in another place, or inside it.",
     "`git lfs pull`, `git annex get`, `unzip` or `gunzip`, as the note says", "git lfs pull"},

    // the model
    {Cause::MlirSyntax, "mlir-syntax", "model", "the text or bytecode of MLIR is not valid",
     "A .mlir file has an error at the line that is named, or holds other ops than those of nirc, "
     "or an op breaks a rule of its dialect.",
     "The dialects check every op when it is read, so that no pass meets a broken one.",
     "the line corrected, or the file written again by `nirc convert`",
     "nirc convert model.nir model.mlir"},
    {Cause::UnknownNodeType, "unknown-node-type", "model", "NIR has no node of this type",
     "A node's type is not one of NIR's, as exporters of layers of their own write.",
     "Nothing says what such a node computes.", "an export with types of NIR, which the note lists",
     "nirc inspect model.nir"},
    {Cause::MissingParameter, "missing-parameter", "model", "a node lacks a parameter or a member",
     "The file has no value for something that a node of this type, or every file, must have.",
     "There is no default in NIR.",
     "an export that writes it; a newer version of nir and of the exporter",
     "nirc check model.nir"},
    {Cause::UnknownParameter, "unknown-parameter", "model",
     "a node has a parameter that its type does not have",
     "A node has an entry that NIR does not define for its type: a misspelt name, or one of a "
     "later "
     "version.",
     "Skipping it would change the network.",
     "the name as the note lists it, or the entry in the node's metadata",
     "nirc inspect model.nir"},
    {Cause::WrongType, "wrong-type", "model", "an entry of the file is of another type than NIR's",
     "There is a group, a text, a number or a compound where NIR has another type.",
     "It cannot be read as the value that is needed.", "the type that the message expects",
     "h5dump -H model.nir"},
    {Cause::WrongShape, "wrong-shape", "model",
     "a parameter has a shape that does not fit its node",
     "The shapes of a node's parameters do not fit each other, or have the wrong number of "
     "dimensions.",
     "NIR has one value for each neuron, and nothing is broadcast from other shapes.",
     "the shape that the message expects", "nirc check model.nir"},
    {Cause::WrongValue, "wrong-value", "model", "a parameter has a value that is not possible",
     "A parameter is NaN or infinite, not positive where it has to be, not a whole number, or "
     "beyond what can be computed.",
     "The equations have no meaning with it.", "a value as the message expects",
     "nirc check model.nir"},
    {Cause::UnknownEdge, "unknown-edge", "model",
     "an edge leads to or from a node that is not there",
     "An edge names a node that the graph lacks, or one that it cannot go to or come from.",
     "A connection would be lost.", "the name of a node of the same graph",
     "nirc inspect model.nir"},
    {Cause::SignalShape, "signal-shape", "model", "the two ends of an edge differ in shape",
     "A node gets a signal of another shape than it takes, or the shape of its input follows from "
     "nothing.",
     "Which neuron gets which value is not known.",
     "a Flatten between them, or the Input's shape; the note names the node that gives the other "
     "shape",
     "nirc check model.nir"},
    {Cause::StatelessLoop, "stateless-loop", "model", "a loop has nothing that holds a value",
     "A loop of edges has neither a neuron nor a Delay in it.",
     "A value that depends on itself within the same instant has no meaning.",
     "a Delay or a neuron in the loop", "nirc check model.nir"},
    {Cause::NodeName, "node-name", "model", "a node's name cannot be used",
     "A name occurs twice, is a part of another, or cannot be written in the format.",
     "Inputs, results and artifacts find their nodes by name.", "another name for the node",
     "nirc inspect model.nir"},
    {Cause::FileMetadata, "file-metadata", "model", "the file's metadata nirc/... cannot be used",
     "The group `nirc` of the metadata, which states the step, the unit of time or the semantics, "
     "does not hold what it should.",
     "The file says how it is to be run, and cannot be understood.",
     "the entry corrected or removed; an option of the same meaning in `nirc convert`",
     "nirc convert model.nir fixed.nir --semantics norse"},
    {Cause::LateEdge, "late-edge", "model",
     "an edge that is to be late cannot be, or a cycle has none",
     "The choice `late` names an edge that is not there or lies on no cycle, or a cycle has no "
     "edge "
     "that is late.",
     "Within a step some edge of a cycle has to carry the value of the step before.",
     "`--late SOURCE:TARGET` with an edge on the cycle", "nirc check model.nir --dt 1ms"},

    // time
    {Cause::NoStep, "no-step", "time", "nothing says how long a step is",
     "There is no `--dt`, and the file does not state a step.",
     "No step is right for all networks, and spikes depend on it.",
     "the step that the network was trained with; the note names it where the parameters show it",
     "nirc run model.nir --input x.npy --dt 1ms"},
    {Cause::StepConflict, "step-conflict", "time", "two sources give different steps",
     "Options, the file, or the data state steps of different lengths.", "A run has one step.",
     "one of the two left out, or both the same", "nirc run model.nir --input x.raw --bin 1ms"},
    {Cause::TimeUnit, "time-unit", "time", "nothing says in what the file counts time",
     "The numbers of the file can be seconds, milliseconds or steps, and it does not say which.",
     "Each gives different spikes.", "`--time-unit` once, in `convert`, or in every command",
     "nirc convert model.nir seconds.nir --time-unit ms"},

    // inputs
    {Cause::MissingInput, "missing-input", "inputs", "an Input node gets no data, or two",
     "A node of type Input has nothing that drives it, is driven twice, or it is not said which "
     "input a file is for.",
     "An input is not taken as zero silently.",
     "`--input NODE=FILE` for each; `NODE=constant:0` for silence",
     "nirc run model.nir --input input=x.npy --dt 1ms"},
    {Cause::InputFormat, "input-format", "inputs",
     "the format of data is not known or not supported",
     "Neither the start nor the name of a file says its format, or it is a variety that nirc does "
     "not read, such as an array of records or another camera.",
     "Numbers read in the wrong way look like numbers.",
     "the format by name, as `events-FORMAT:FILE`, or the file converted to .npy",
     "nirc run model.nir --input events-nmnist:00001.bin --dt 1ms"},
    {Cause::DamagedInput, "damaged-input", "inputs", "a file of data is damaged",
     "A file of data breaks the rules of its own format at the place that is named: it was cut, or "
     "changed on the way.",
     "What follows after that place could be anything.", "a new copy, or a new recording",
     "python -c \"import numpy; print(numpy.load('x.npy').shape)\""},
    {Cause::InputShape, "input-shape", "inputs", "data has another shape than the input it drives",
     "The dimensions of an array, a table or a recording are not those of the Input node, with "
     "time "
     "and batch before them; or inputs differ in samples.",
     "Which number drives which neuron is not known.",
     "an array [T, ...] or [batch, T, ...] with the shape that the message expects",
     "nirc inspect model.nir"},
    {Cause::InputLayout, "input-layout", "inputs",
     "the dimensions of an array can be read in two ways",
     "The shape fits as time then batch and as batch then time, or not as `--layout` says.",
     "The two are different runs.", "`--layout TN`, `BTN` or `TBN`",
     "nirc run model.nir --input x.npy --dt 1ms --layout TBN"},
    {Cause::InputValue, "input-value", "inputs", "a number of the data cannot be used",
     "A value is NaN or infinite, not a spike where only spikes pass, or an index, a time or a "
     "size "
     "is outside of its range.",
     "One such value spreads through all that follows.",
     "the data corrected at the place that is named",
     "nirc run model.nir --input constant:1 --steps 10 --dt 1ms"},
    {Cause::RunLength, "run-length", "inputs", "nothing says how many steps to run",
     "All inputs are generated (`constant:`, `poisson:`), or the graph has no Input, and there is "
     "no `--steps`.",
     "Such an input has no end.", "`--steps N`",
     "nirc run model.nir --input poisson:100Hz --steps 1000 --dt 1ms"},
    {Cause::EmptyInput, "empty-input", "inputs", "there is no data",
     "A file, a folder, a pattern or a selection has no events, no images or no recordings.",
     "A run of nothing looks like a silent network.", "a path or a range that holds data",
     "ls samples/"},
    {Cause::Sensor, "sensor", "inputs",
     "events do not fit the input or the options of their frames",
     "The size of the sensor, the crop, or the polarity gives other dimensions than the Input has.",
     "A pixel would drive the wrong neuron.", "`--crop`, `--sensor` or `--polarity`",
     "nirc run model.nir --input x.raw --bin 1ms --crop 128x128+0+0"},
    {Cause::Label, "label", "inputs", "labels do not fit the images or the outputs",
     "A label is beyond the number of outputs, or there are other labels than images.",
     "An accuracy counts labels against outputs.",
     "the labels of these very images; one output neuron for each class",
     "nirc eval model.nir --images images.gz --labels labels.gz --dt 1ms"},

    // results
    {Cause::NotRecorded, "not-recorded", "results", "a result has no such recording",
     "A file of results has no recording of the node or observable that is asked for, or a folder "
     "is not one of results.",
     "There is nothing to compare.", "`--record NODE:OBSERVABLE` in the run that wrote it",
     "nirc run model.nir --input x.npy --dt 1ms --record lif:v -o result/"},
    {Cause::NotComparable, "not-comparable", "results", "two results cannot be compared",
     "Two results differ in shape, samples, steps or the length of a step, or have no node in "
     "common; or `--expect` is not of spikes.",
     "A difference would say nothing of the network.", "both results from the same input and step",
     "nirc compare a.npz b.npz"},

    // targets
    {Cause::UnsupportedByTarget, "unsupported-by-target", "targets",
     "the target does not do what is asked for",
     "The target has no such kind of output, data type or operation, or computes it in another way "
     "than the network does.",
     "A target that does something close to it would give other spikes.",
     "what the note names: another target, semantics or number format", "nirc targets"},
    {Cause::DoesNotFit, "does-not-fit", "targets", "the network does not fit the chip",
     "A neuron or a population needs more of a core, a chip or a device than there is.",
     "A neuron that is left out changes the network.",
     "fewer weight bits, a smaller layer, or another target",
     "nirc map model.nir --target loihi2 --dt 1ms"},
    {Cause::CannotCompile, "cannot-compile", "targets",
     "the network cannot be computed with these choices",
     "The semantics, the step or an option does not go with what the network holds.",
     "A network that is computed in some other way would give other spikes.",
     "another choice, as the message says", "nirc check model.nir --dt 1ms"},
    {Cause::CannotQuantize, "cannot-quantize", "targets", "the network cannot be one of integers",
     "A node, its semantics or the number format has no form in integers.",
     "Every range has to be proven, so that nothing overflows unseen.",
     "another number format, or another semantics, as the message says", "nirc formats int8"},
    {Cause::NotFinite, "not-finite", "targets", "a number of the computation is not finite",
     "With these parameters and this step a factor, a time or a count has no finite value, or too "
     "many spikes come at one time.",
     "From there on all numbers would be NaN.", "another step, or parameters in a usual range",
     "nirc check model.nir --dt 1ms"},
    {Cause::NoMemory, "no-memory", "targets", "the run needs more memory than there is",
     "The network, the input or what is recorded takes more memory than there is, or than a limit "
     "allows.",
     "The system would end the process in the middle.",
     "fewer samples or steps, or fewer recorded states", "nirc help run"},
    {Cause::Toolchain, "toolchain", "targets", "machine code cannot be made, linked or emulated",
     "There is no linker, or no code generator for the machine that `--triple` or `--cpu` names; "
     "or a design in Verilog is to be run, and Verilator or g++ is missing or refuses it; or a "
     "program for another processor is to be built or run, and its compiler or QEMU is missing.",
     "A library, a simulator and an emulator need them.",
     "cc or ld.lld on the PATH; a name of the list; or C with `-o DIR/`; the packages verilator, "
     "make and g++, or clang-22, lld-22 and qemu-system-arm",
     "nirc compile model.nir --dt 1ms -o out/"},
    {Cause::NotAProgram, "not-a-program", "targets", "the file is not a program that nirc runs",
     "The file is neither a library, an image nor a design that `nirc compile` wrote, or the "
     "target runs no files.",
     "Foreign machine code is not loaded.", "a file that `nirc compile` wrote",
     "nirc compile model.nir --dt 1ms -o model.so"},
    {Cause::ProgramFailed, "program-failed", "targets", "an emulated program ended before its time",
     "A program that is run for another processor, or for a core of a chip, ended by a fault, or "
     "gave "
     "other than it has to.",
     "Its results are not known from there on.",
     "the artifact compiled anew; where it happens again, a report to nirc's developers",
     "nirc compile model.nir --dt 1ms -o out/"},
    {Cause::Overrun, "overrun", "targets", "a core takes longer for a step than the tick allows",
     "A core had not finished its step when the next tick came, with the `--tick` and the clock "
     "that "
     "were asked for.",
     "On the chip it would fall behind, and its spikes would come steps late.",
     "a longer `--tick`, a higher clock, or fewer neurons on a core (`--neurons-per-core`)",
     "nirc run model.nir --input x.npy --dt 1ms --target spinnaker2 --tick 1ms"},
    {Cause::Stopped, "stopped", "targets", "a run was stopped before its end",
     "The program that asked for the run asked to stop it: Ctrl-C in Python, or a callback in C.",
     "A result of some of its steps would look like one of them all.",
     "nothing; fewer steps or samples at a time, where it took too long",
     "nirc run model.nir --input x.npy --dt 1ms --steps 100"},

    // nirc
    {Cause::Internal, "internal", "nirc", "a fault of nirc itself",
     "Something happened that should not be possible. The exit code is 3.",
     "The result could be wrong.",
     "a report with the model and the command; `--target reference` may get around it meanwhile",
     "nirc --version"},
};

/// Else a code would be explained by the text of another.
static consteval bool isInOrder() {
  for (size_t i = 0; i < std::size(table); ++i) {
    if (table[i].cause != static_cast<Cause>(i)) {
      return false;
    }
  }
  return std::size(table) == static_cast<size_t>(Cause::Internal) + 1;
}
static_assert(isInOrder());

std::span<const CauseKind> causeKinds() { return table; }

const CauseKind &kindOf(Cause cause) { return table[static_cast<size_t>(cause)]; }

const CauseKind *findCause(std::string_view code) {
  const auto *found = std::find_if(std::begin(table), std::end(table),
                                   [&](const CauseKind &kind) { return kind.code == code; });
  return found == std::end(table) ? nullptr : found;
}

} // namespace nir
