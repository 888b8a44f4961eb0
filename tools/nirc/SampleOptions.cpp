//===- SampleOptions.cpp - labelled samples on the command line -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/SampleOptions.h"

#include "api/io/Units.h"
#include "ir/Wording.h"
#include "ir/origin/Reading.h"
#include "tools/nirc/Outputs.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace nirc {

void addSampleOptions(CLI::App &app, SampleOptions &options) {
  const char *group = "Samples";
  app.add_option(
         "--images", options.images,
         "In place of --input: images that are shown for --steps steps each, an IDX file as "
         "MNIST has it (may be compressed, .gz), or a .npy or .npz array [N, ...]")
      ->group(group);
  app.add_option(
         "--labels", options.labels,
         "The class of each sample, counted from 0: a file (IDX, .npy, .npz, or a column of "
         "a table, labels.csv:1); `names`, the number with which a file's name starts; "
         "`folders`, the folder it is in. Otherwise the labels in the file, or the folders")
      ->group(group);
  app.add_option("--first", options.first, "The sample to begin with")
      ->check(CLI::Range(int64_t(0), int64_t(1) << 40))
      ->capture_default_str()
      ->group(group);
  app.add_option("--count", options.count, "How many samples; otherwise all")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40))
      ->group(group);
}

nir::Status assignSamples(const ExecutionOptions &options, const SampleOptions &samples,
                          Network &network) {
  bool hasImages = !samples.images.empty();
  if (hasImages == !options.inputs.empty()) {
    return nir::Error::usage(hasImages ? nir::Cause::OptionConflict : nir::Cause::MissingOption,
                             fmt::format("found {}, expected --input or --images",
                                         hasImages ? "both" : "nothing to run on"));
  }
  if (!hasImages) {
    return assignSources(options, network);
  }
  nir::Result<ClassifierPorts> ports = classifierPorts(network);
  if (!ports) {
    return ports.takeError();
  }
  network.sources = {{ports->input, samples.images}};
  return assignCalibration(options, network);
}

std::vector<std::string> filesRead(const SampleOptions &samples, const Network &network) {
  std::vector<std::string> files = filesRead(network);
  if (isLabelFile(samples.labels)) {
    addFiles(samples.labels, files);
  }
  return files;
}

nir::Status checkOutput(const std::string &out, const SampleOptions &samples,
                        const Network &network) {
  if (out.empty()) {
    return std::nullopt;
  }
  if (nir::Status failed = checkPlace(out)) {
    return failed;
  }
  return checkOutput(out, filesRead(samples, network));
}

nir::Result<LabelledSet> openSamples(const ExecutionOptions &options, const SampleOptions &samples,
                                     const Network &network, const ClassifierPorts &ports,
                                     double dtSeconds, EvaluationOptions &shown, Heard &heard) {
  InputOptions how = inputOptions(options, network, dtSeconds);
  how.arraysAreValues = !samples.images.empty();
  const InputSource &source = network.sources.front();
  if (isGenerated(source.source)) {
    return nir::Error::usage(
        fmt::format("found --input {}, expected samples with labels", source.source));
  }
  nir::Result<LabelledSet> set = openLabelled(source, samples.labels, how, heard);
  if (!set) {
    return set.takeError();
  }
  shown.first = samples.first;
  shown.count = samples.count;
  if (nir::Status failed = checkSamples(ports, *set, shown)) {
    return std::move(*failed);
  }
  auto folders = static_cast<int64_t>(set->labels.names.size());
  if (folders != 0 && folders != ports.classes) {
    nir::Diagnostic warning{
        nir::Severity::Warning,
        source.source,
        {},
        fmt::format("found {}, and output '{}' has {}: classes are numbered by the "
                    "natural order of the folders' names",
                    nir::counted(folders, "folder"), ports.output,
                    nir::counted(ports.classes, "element")),
        {{{}, "folders called by their numbers, or --labels FILE, say which class is which"}}};
    heard.remarks.add({std::move(warning)});
  }
  if (shown.count == 0) {
    int64_t all = set->count() - shown.first;
    shown.count = shown.usual ? std::min(all, shown.usual) : all;
  }
  if (nir::Status failed = measureSteps(*set, shown.first, shown.count)) {
    return std::move(*failed);
  }
  double bytes = 4.0 * static_cast<double>(set->steps) *
                 static_cast<double>(nir::numElements(set->port.shape));
  if (bytes > static_cast<double>(options.maxInputBytes)) {
    return nir::Error::usage(fmt::format("{} steps of a sample take {:.3g} bytes, the limit is {}",
                                         set->steps, bytes, options.maxInputBytes))
        .note("--max-input-bytes raises the limit");
  }
  return set;
}

nir::Result<Inputs> someSamples(const LabelledSet &set, const EvaluationOptions &shown) {
  constexpr int64_t enough = 100;
  Heard ignored; // what is noticed is said of all samples
  Inputs some;
  nir::Result<nir::Recording> recording =
      set.show(shown.first, std::min(enough, shown.count), shown.seed, ignored);
  if (!recording) {
    return recording.takeError();
  }
  some.recording = *std::move(recording);
  some.steps = set.steps;
  some.batch = some.recording.traces.front().data.shape()[0];
  some.batched = true;
  return some;
}

std::optional<Encoder> encoderOf(const ExecutionOptions &options, const Network &network,
                                 const LabelledSet &set) {
  if (options.encoder || set.samples->hasSteps) {
    return options.encoder;
  }
  return encodingRun(inputOptions(options, network, set.dtSeconds), /*hasSteps=*/false).encoder;
}

std::string text(const ExecutionOptions &options, const SampleOptions &samples,
                 const Network &network, const LabelledSet &set, int64_t count) {
  InputOptions how = inputOptions(options, network, set.dtSeconds);
  auto ofFile = [](bool isOfFile) { return isOfFile ? " (the file's)" : ""; };
  bool areValues = !set.samples->hasSteps;
  std::string text = fmt::format(
      "{}, {}{} of {}", nir::counted(count, samples.images.empty() ? "sample" : "image"),
      nir::counted(set.steps, "step"), ofFile(areValues && options.steps == 0),
      secondsText(set.dtSeconds));
  if (set.shortest > 0 && set.shortest < set.steps) {
    text += fmt::format(", the shortest of {}, padded with silence", set.shortest);
  }
  if (std::optional<Encoder> encoder = encoderOf(options, network, set)) {
    text += fmt::format(", {} encoding{}", nirc::text(*encoder),
                        ofFile(!options.encoder && !how.fileEncoding.empty()));
  }
  return text;
}

} // namespace nirc
