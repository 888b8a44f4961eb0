//===- Options.cpp - what commands that execute have in common ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Options.h"

#include "api/Advice.h"
#include "api/io/Units.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <functional>
#include <map>

namespace nirc {

Exit loadNetwork(const ExecutionOptions &options, Network &network, Clocked clocked) {
  nir::Result<Network> loaded = loadNetwork(options, clocked);
  if (!loaded) {
    return fail(loaded.error());
  }
  network = *std::move(loaded);
  if (!network.checked.ok()) {
    print(network.checked.diagnostics);
  }
  return network.checked.ok() ? Exit::Done : Exit::Input;
}

/// Whether it has not been said before.
static bool isNew(const nir::Diagnostic &advice, std::vector<nir::Diagnostic> &said) {
  bool isNew = std::none_of(said.begin(), said.end(), [&](const nir::Diagnostic &other) {
    return other.str() == advice.str();
  });
  if (isNew) {
    said.push_back(advice);
  }
  return isNew;
}

Exit advise(const ExecutionOptions &options, const Network &network, const Choices &choices,
            std::vector<nir::Diagnostic> &said) {
  nir::Result<std::vector<nir::Diagnostic>> advice = adviceFor(options, network, choices);
  if (!advice) {
    return fail(advice.error());
  }
  Exit exit = Exit::Done;
  for (const nir::Diagnostic &diagnostic : *advice) {
    bool isError = diagnostic.severity == nir::Severity::Error;
    exit = isError ? Exit::Input : exit;
    if (isNew(diagnostic, said) && (isError || !options.quiet)) {
      print({diagnostic});
    }
  }
  if (exit != Exit::Done) {
    fmt::print(stderr, "{}", acceptText(*advice));
  }
  return exit;
}

std::string acceptText(const std::vector<nir::Diagnostic> &advice) {
  nir::Status refused = refusal(advice);
  return refused && findAdvice(refused->code)
             ? fmt::format("{}: note: --accept {} goes on all the same\n", refused->file,
                           refused->code)
             : "";
}

nir::Result<Executed> execute(const Network &network, const Choices &choices, const Inputs &inputs,
                              Manner manner, bool quiet) {
  Progress progress("step", quiet);
  manner.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
  return execute(network, choices, inputs, manner);
}

Exit fail(const nir::Error &error) {
  return fail(error.kind == nir::ErrorKind::Usage      ? Exit::Usage
              : error.kind == nir::ErrorKind::Internal ? Exit::Internal
                                                       : Exit::Input,
              error);
}

void say(const ExecutionOptions &options, std::optional<nir::Diagnostic> advice,
         std::vector<nir::Diagnostic> &said) {
  const std::vector<std::string> &accepted = options.choices.accept;
  bool isWanted =
      advice && std::find(accepted.begin(), accepted.end(), advice->code) == accepted.end();
  if (isWanted && isNew(*advice, said) && !options.quiet) {
    print({*advice});
  }
}

void sayRemarks(const ExecutionOptions &options, const std::vector<nir::Diagnostic> &remarks,
                std::vector<nir::Diagnostic> &said) {
  for (const nir::Diagnostic &remark : remarks) {
    say(options, remark, said);
  }
}

nir::Status calibrate(const ExecutionOptions &options, const Network &network, const Inputs *own,
                      Choices &choices, std::vector<nir::Diagnostic> &said) {
  nir::Status failed = calibrate(options, network, own, choices);
  sayRemarks(options, choices.remarks, said);
  return failed;
}

void print(const Network &network, const std::vector<Notice> &notices,
           const ExecutionOptions &options, std::vector<nir::Diagnostic> &said) {
  for (const Notice &notice : notices) {
    nir::Diagnostic diagnostic{
        nir::Severity::Note, network.file.path, notice.node, notice.text, {}};
    if (notice.code.empty()) {
      print({diagnostic});
      continue;
    }
    diagnostic.severity = nir::Severity::Warning;
    diagnostic.code = std::string(notice.code);
    diagnostic.notes.push_back({"", notice.fix});
    say(options, std::move(diagnostic), said);
  }
}

/// The text under the key, after `before`; nothing where the provenance has none.
static std::string textUnder(const Json &provenance, const char *key, std::string_view before) {
  auto found = provenance.find(key);
  bool has = found != provenance.end() && found->is_string();
  return has ? fmt::format("{}{}", before, found->get<std::string>()) : "";
}

/// What results say that they were made with, by the names of today; `completeKey` has all that the
/// name stood for.
template <typename T>
static std::string namedToday(const Json &provenance, const char *key, const char *completeKey,
                              nir::Result<T> (*read)(std::string_view)) {
  std::string label = textUnder(provenance, key, "");
  std::string complete = textUnder(provenance, completeKey, "");
  if (complete.empty()) {
    return label;
  }
  nir::Result<T> value = read(nir::storedText(label, complete));
  return value ? value->text() : label;
}

std::string targetText(const Json &provenance) {
  std::string target = textUnder(provenance, "target", "");
  std::string format = namedToday(provenance, "format", "format_fields", nir::numberFormatOf);
  std::string numbers = format.empty() ? textUnder(provenance, "dtype", " in ") : " in " + format;
  return target.empty() ? "" : target + numbers;
}

std::string semanticsText(const Json &provenance) {
  return namedToday(provenance, "semantics", "semantics_choices", nir::semanticsOf);
}

std::string rangesText(const Network &network, const Choices &choices) {
  if (!choices.quantization || network.isSettled()) {
    return "";
  }
  const Calibration *calibration = choices.quantization->calibration.get();
  if (!calibration) {
    return "ranges: proven from the weights; inputs are read as whole numbers\n";
  }
  bool isOwn = calibration->origin == "the run's own input";
  return calibration->inputsOnly ? fmt::format("ranges: proven from the weights; {}\n",
                                               isOwn ? "of inputs that of this input"
                                                     : "inputs are " + calibration->origin)
                                 : fmt::format("ranges: proven from the weights, and seen in {}\n",
                                               calibration->origin);
}

std::string extentText(const Inputs &inputs) {
  std::string text = fmt::format("{} of {}", nir::counted(inputs.steps, "step"),
                                 secondsText(inputs.recording.dtSeconds));
  if (inputs.batched) {
    text += ", " + nir::counted(inputs.batch, "sample");
  }
  if (!inputs.samples.empty() && inputs.shortest < inputs.steps) {
    text += fmt::format(", the shortest of {}, padded with silence",
                        nir::counted(inputs.shortest, "step"));
  }
  return text;
}

std::string eventsText(const Inputs &inputs) {
  std::string files = text(inputs.events);
  return files.empty() ? "" : fmt::format("events: {}\n", files);
}

std::string notNegative(const std::string &text) {
  double number = 0.0;
  bool isSound = CLI::detail::lexical_cast(text, number) && number >= 0.0;
  return isSound ? std::string() : fmt::format("{}, expected a number of 0 or more", text);
}

std::string isSeed(const std::string &text) {
  uint64_t seed = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seed);
  return fault == std::errc() && end == text.data() + text.size()
             ? std::string()
             : fmt::format("found {}, expected a whole number from 0 to {}", text, UINT64_MAX);
}

/// Puts the options that `add` adds in a group of the help.
static void grouped(CLI::App &app, const std::string &group, const std::function<void()> &add) {
  std::vector<CLI::Option *> before = app.get_options([](CLI::Option *) { return true; });
  add();
  for (CLI::Option *option : app.get_options([](CLI::Option *) { return true; })) {
    bool isNew = std::find(before.begin(), before.end(), option) == before.end();
    if (isNew && option->get_group() == "Options") {
      option->group(group);
    }
  }
}

static constexpr const char *ofInput = "Input", *ofNetwork = "The network in steps";

static void addNetwork(CLI::App &app, ExecutionOptions &options) {
  ChoiceOptions &choices = options.choices;
  app.add_option("--dt", choices.dt, "Length of a step, as 1e-4, 0.1ms or 100us");
  addTimeUnit(app, options.reading);
  addShapes(app, options.reading);
  CLI::Option *format =
      app.add_option("--format", choices.format,
                     "Compute in integers: a number format and what differs from it, as "
                     "int8,weight-bits=6; `nirc formats` lists them");
  app.add_option("--calibrate", options.calibrate,
                 "What the ranges of --format are found from, as --input has it: the float network "
                 "is run on it; repeat it for each input")
      ->allow_extra_args(false)
      ->needs(format);
  app.add_option("--fold", choices.fold,
                 "Which nodes in a row become one: none, exact (no bit changes), all (also where "
                 "it rounds differently, with a note)")
      ->capture_default_str();
  addSemanticsOptions(app, choices);
  addAccept(app, choices);
  addLimits(app, options.limits);
}

void addNetworkOptions(CLI::App &app, ExecutionOptions &options) {
  grouped(app, ofNetwork, [&] { addNetwork(app, options); });
}

/// One option for each name, with what it is to each target that has it.
void addTargetOptions(CLI::App &app, ChoiceOptions &options) {
  struct Option {
    std::string value, help;
    bool isFlag = false;
  };
  std::map<std::string, Option> all;
  for (const Target *target : targets()) {
    for (const TargetOption &one : target->options()) {
      Option &option = all[std::string(one.name)];
      option.value = option.value.empty() ? std::string(one.value) : option.value;
      option.isFlag |= one.isFlag;
      option.help += fmt::format("{}Of target {}: {}", option.help.empty() ? "" : "; ",
                                 target->name(), one.summary);
      if (one.isFlag && !one.value.empty()) {
        option.help += fmt::format(" (--{}={})", one.name, one.value);
      }
    }
  }
  for (const auto &[name, option] : all) {
    if (option.isFlag) {
      app.add_flag("--" + name + "{on}", option.help)
          ->each([&options, name](const std::string &text) { options.settings[name] = text; })
          ->group("Options of single targets");
      continue;
    }
    app.add_option_function<std::string>(
           "--" + name,
           [&options, name](const std::string &text) { options.settings[name] = text; },
           option.help)
        ->type_name(option.value)
        ->group("Options of single targets");
  }
}

static void addStep(CLI::App &app, ExecutionOptions &options) {
  app.add_option("--target", options.choices.target, "What executes it; see `nirc targets`")
      ->default_str("cpu");
  app.add_option("--dtype", options.choices.dtype,
                 "float32 or float64, or f32 and f64; otherwise the target's own");
  addTargetOptions(app, options.choices);
  addNetwork(app, options);
}

void addStepOptions(CLI::App &app, ExecutionOptions &options) {
  grouped(app, ofNetwork, [&] { addStep(app, options); });
}

void addCompilationOptions(CLI::App &app, ExecutionOptions &options) {
  addStepOptions(app, options);
  app.add_option(
         "--record", options.choices.record,
         "Record more than the outputs: NODE:v,spikes, NODE for all it has, or all; repeat it")
      ->allow_extra_args(false);
}

void addMannerOptions(CLI::App &app, ExecutionOptions &options) {
  app.add_option("--threads", options.threads,
                 "Threads to run on; 0: one a core. No result depends on it")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  options.choices.cache = CacheOptions::ofEnvironment();
  app.add_flag_callback(
      "--no-cache", [&options] { options.choices.cache.reset(); },
      "Compile afresh and keep nothing; otherwise machine code is kept for later runs");
  app.add_option("--max-input-bytes", options.maxInputBytes, "Bytes of one input")
      ->capture_default_str()
      ->group("Limits on the model's file");
}

using TakeFraming = nir::Status (*)(std::string_view, EventFraming &);

static void addFramingOption(CLI::App &app, const char *flag, EventFraming &framing,
                             TakeFraming take, const char *help, const char *type) {
  auto read = [&framing, take, flag](const std::string &text) {
    if (nir::Status failed = take(text, framing)) {
      throw CLI::ValidationError(flag, failed->message);
    }
  };
  app.add_option_function<std::string>(flag, read, help)->type_name(type);
}

/// Those that say how events become steps.
static void addFramingOptions(CLI::App &app, EventFraming &framing) {
  addFramingOption(app, "--frames", framing, takeFrames,
                   "What a step has of events: time (the default) is their number in a step, "
                   "count:N the next N, voxel shares each between the two steps around it, "
                   "voxel:N in N steps over the recording",
                   "HOW");
  addFramingOption(app, "--polarity", framing, takePolarity,
                   "Of events: both (two channels, off and on), on, off, signed (on 1, off -1), "
                   "merged (both 1); otherwise both or merged, by the channels of the input",
                   "WHICH");
  addFramingOption(app, "--sensor", framing, takeSensor,
                   "Size of the sensor, for files of events that do not say it", "WxH");
  addFramingOption(app, "--crop", framing, takeCrop,
                   "The part of the sensor that the input sees: its size, first column and row",
                   "WxH+X+Y");
  addFramingOption(app, "--time-zero", framing, takeTimeZero,
                   "Start of the run: the first event, or 0 of the file's clock; otherwise the "
                   "file's, unless the first event is before it or more than 1 s after it",
                   "first|file");
}

static void addSource(CLI::App &app, ExecutionOptions &options) {
  app.add_option("--bin", options.choices.bin, "Count events in steps this long, as 1ms");
  app.add_flag("--one-per-step", options.onePerStep,
               "Of several events of a pixel in a step take one, on every target alike: chips have "
               "no more than a spike a step");
  addFramingOptions(app, options.framing);
  app.add_option_function<std::string>(
         "--encoding",
         [&options](const std::string &text) {
           nir::Result<Encoder> encoder = encoderOf(text);
           if (!encoder) {
             throw CLI::ValidationError("--encoding", encoder.error().message);
           }
           options.encoder = *encoder;
         },
         "How values of arrays become input: direct, rate (the probability of a spike), latency or "
         "latency:TAU (one spike, sooner for larger values), delta:THRESHOLD (a spike a change)")
      ->type_name("HOW");
  app.add_option("--steps", options.steps,
                 "Number of steps; otherwise as many as the input has. Past an input's end it is 0")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40));
  app.add_option("--seed", options.seed, "Of poisson: inputs and --encoding rate")
      ->check(isSeed)
      ->capture_default_str();
}

void addSourceOptions(CLI::App &app, ExecutionOptions &options) {
  grouped(app, ofInput, [&] { addSource(app, options); });
}

void addInputOption(CLI::App &app, ExecutionOptions &options) {
  app.add_option(
         "-i,--input", options.inputs,
         "What drives the network, NODE=SOURCE, or SOURCE alone where there is one input; "
         "repeat it for each. SOURCE is a .npy or .npz file [T, ...] or [batch, T, ...], a table "
         "(.csv), images (IDX), NIRData (.nird), events of a camera (" +
             eventEndings() +
             ", events-FORMAT:FILE), constant:VALUE or poisson:RATE; a folder or a pattern "
             "of files is a batch")
      ->allow_extra_args(false)
      ->group(ofInput);
}

void addLayout(CLI::App &app, ExecutionOptions &options) {
  app.add_option_function<std::string>(
         "--layout",
         [&options](const std::string &text) {
           nir::Result<Layout> layout = layoutOf(text);
           if (!layout || *layout == Layout::Events) {
             throw CLI::ValidationError(
                 fmt::format("--layout: found {}, expected auto, TN, BTN, TBN or BN", text));
           }
           options.layout = *layout;
         },
         "Dimensions of arrays: TN, BTN, TBN, or BN for values without steps (T steps, B samples, "
         "N "
         "the signal's own); otherwise [T, ...] or [B, T, ...] by their number")
      ->group(ofInput);
}

void addExecutionOptions(CLI::App &app, ExecutionOptions &options) {
  addInputOption(app, options);
  addSourceOptions(app, options);
  addMannerOptions(app, options);
  addCompilationOptions(app, options);
}

// Options of a file

void addLimits(CLI::App &command, nir::ReadLimits &limits) {
  const char *group = "Limits on the model's file";
  auto atLeast1 = CLI::Range(int64_t(1), int64_t(1) << 60);
  command.add_option("--max-bytes", limits.maxFileBytes, "Bytes of the file")
      ->check(atLeast1)
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-tensor-bytes", limits.maxTensorBytes, "Bytes of one parameter")
      ->check(atLeast1)
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-total-bytes", limits.maxTotalBytes, "Bytes of all parameters")
      ->check(atLeast1)
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-nodes", limits.maxNodes, "Nodes, subgraphs' included")
      ->check(atLeast1)
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-edges", limits.maxEdges, "Edges, subgraphs' included")
      ->check(atLeast1)
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-nesting", limits.maxNesting, "Groups inside groups of the file")
      ->check(atLeast1)
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-seconds", limits.maxSeconds, "Time that reading may take")
      ->check([](const std::string &text) { // CLI11's ranges let NaN pass
        double seconds = 0.0;
        bool isSound = CLI::detail::lexical_cast(text, seconds) && seconds > 0 && seconds < 1e9;
        return isSound ? std::string() : fmt::format("{}, expected 0 to 1e9 seconds", text);
      })
      ->capture_default_str()
      ->group(group);
}

void addAccept(CLI::App &command, ChoiceOptions &options) {
  command
      .add_option("--accept", options.accept,
                  "Advice that is known, as unstable-step: where it is an error the command goes "
                  "on, and else it is not printed. docs/advice.md lists it; repeat it")
      ->allow_extra_args(false);
}

void addTimeUnit(CLI::App &command, ReadingOptions &options) {
  command.add_option("--time-unit", options.timeUnit,
                     "In what the file counts time: s, ms or steps; otherwise what it says itself");
}

void addShapes(CLI::App &command, ReadingOptions &options) {
  command
      .add_option(
          "--shape", options.shapes,
          "Another shape for an Input or Output than the file declares, as input=2,34,34 or "
          "encoder.input=12; repeat it")
      ->allow_extra_args(false)
      ->type_name("NODE=DIMS");
}

void addSemanticsOptions(CLI::App &app, ChoiceOptions &options) {
  app.add_option("--semantics", options.semantics,
                 "A preset and what differs from it: norse, or lava-float,reset=subtract; "
                 "`nirc semantics` lists them. Otherwise the file's own, or nir");
  for (const nir::Choice &choice : nir::choices()) {
    std::string values;
    for (const nir::Choice::Value &value : choice.values) {
      values += (values.empty() ? "" : ", ") + std::string(value.name);
    }
    std::string name(choice.name);
    CLI::Option *option = app.add_option_function<std::string>(
                                 "--" + name,
                                 [&options, name](const std::string &value) {
                                   options.overrides.emplace_back(name, value);
                                 },
                                 fmt::format("{}: {}", choice.summary, values))
                              ->group("Choices, on top of --semantics");
    if (name == "late") {
      option->join('+'); // several edges
    }
  }
}

} // namespace nirc
