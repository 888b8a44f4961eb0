//===- Evaluation.cpp - how many samples a network classifies right -------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Evaluation.h"

#include "api/Execution.h"
#include "api/RunReport.h"
#include "backends/run/Clock.h"
#include "ir/Wording.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

int64_t Evaluation::samplesOf(int64_t label) const {
  int64_t samples = 0;
  for (int64_t said = 0; said < classes; ++said) {
    samples += at(label, said);
  }
  return samples;
}

void Evaluation::add(const Evaluation &other) {
  total += other.total;
  correct += other.correct;
  silent += other.silent;
  notFinite += other.notFinite;
  seconds += other.seconds;
  for (size_t i = 0; i < confusion.size(); ++i) {
    confusion[i] += other.confusion[i];
  }
}

//===----------------------------------------------------------------------===//
// What fits together
//===----------------------------------------------------------------------===//

nir::Result<ClassifierPorts> classifierPorts(const Network &network) {
  std::vector<InputPort> inputs = network.inputs();
  std::vector<std::string> outputs = network.outputs();
  if (inputs.size() != 1 || outputs.size() != 1) {
    return nir::Error(nir::Cause::WrongModel,
                      fmt::format("found {} and {}, expected one of each: samples go in, and each "
                                  "element of the output stands for a class",
                                  nir::counted(inputs.size(), "input"),
                                  nir::counted(outputs.size(), "output")))
        .in(network.file.path);
  }
  ClassifierPorts ports{inputs.front(), outputs.front(), network.outputElements(outputs.front())};
  constexpr int64_t mostClasses = 4096; // their confusions are 128 MiB
  if (ports.classes > mostClasses) {
    return nir::Error::atNode(nir::Cause::InputShape, ports.output,
                              fmt::format("the output has {}, expected at most {}, one a class",
                                          nir::counted(ports.classes, "element"), mostClasses))
        .in(network.file.path);
  }
  return ports;
}

nir::Status checkSamples(const ClassifierPorts &ports, const LabelledSet &set,
                         const EvaluationOptions &options) {
  const std::vector<int64_t> &labels = set.labels.values;
  auto beyond = std::find_if(labels.begin(), labels.end(),
                             [&](int64_t label) { return label < 0 || label >= ports.classes; });
  if (beyond != labels.end()) {
    return nir::Error(nir::Cause::Label,
                      fmt::format("found label {} of sample {}, expected less than {} as output "
                                  "'{}' has so many elements",
                                  *beyond, set.nameOf(beyond - labels.begin()), ports.classes,
                                  ports.output))
        .in(set.labels.from)
        .note("labels count from 0");
  }
  if (options.first >= set.count()) {
    return nir::Error::usage(
        fmt::format("--first {} is beyond the last sample, {}", options.first, set.count() - 1));
  }
  if (options.count > set.count() - options.first) {
    return nir::Error::usage(fmt::format("--count {} is more than the {} from {} on", options.count,
                                         nir::counted(set.count() - options.first, "sample"),
                                         options.first));
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Samples in, answers out
//===----------------------------------------------------------------------===//

/// How many samples are shown at a time: enough for all threads, and their signals in 64 MiB.
static int64_t batchSize(const LabelledSet &set) {
  constexpr double mostBytes = 1 << 26;
  double bytes = 4.0 * static_cast<double>(nir::numElements(set.port.shape) * set.steps);
  return std::clamp(static_cast<int64_t>(mostBytes / bytes), int64_t(1), int64_t(1000));
}

/// Adds the answers to a batch of samples.
static void count(const nir::Trace &answers, std::span<const int64_t> labels,
                  Evaluation &evaluation) {
  for (size_t i = 0; i < labels.size(); ++i) {
    std::vector<double> sum = sums(answers.data, static_cast<int64_t>(i));
    evaluation.notFinite +=
        std::any_of(sum.begin(), sum.end(), [](double x) { return !std::isfinite(x); });
    auto best = std::max_element(sum.begin(), sum.end());
    auto said = static_cast<int64_t>(best - sum.begin());
    evaluation.answers.push_back(said);
    ++evaluation.confusion[static_cast<size_t>(labels[i] * evaluation.classes + said)];
    evaluation.correct += labels[i] == said;
    evaluation.silent += answers.observable == "spikes" && *best == 0.0;
  }
}

nir::Result<Evaluation> evaluate(Executable &executable, const ClassifierPorts &ports,
                                 const LabelledSet &set, const EvaluationOptions &options,
                                 Heard &heard) {
  assert(!checkSamples(ports, set, options) && set.steps > 0 && "samples that do not fit");
  auto start = Clock::now();
  Evaluation evaluation;
  evaluation.classes = ports.classes;
  evaluation.total = options.count ? options.count : set.count() - options.first;
  evaluation.confusion.resize(static_cast<size_t>(ports.classes * ports.classes));
  int64_t batch = batchSize(set);
  for (int64_t done = 0; done < evaluation.total; done += batch) {
    if (options.progress) {
      options.progress(done, evaluation.total);
    }
    int64_t first = options.first + done;
    int64_t size = std::min(batch, evaluation.total - done);
    nir::Result<nir::Recording> input = set.show(first, size, options.seed, heard);
    if (!input) {
      return input.takeError();
    }
    nir::Result<nir::Recording> output =
        executable.run(*input, {.steps = set.steps, .threads = options.threads});
    if (!output) {
      return output.takeError();
    }
    const nir::Trace *answers = output->find(ports.output, "spikes");
    answers = answers ? answers : output->find(ports.output, "value");
    assert(answers && "a run records every output");
    count(
        *answers,
        std::span(set.labels.values).subspan(static_cast<size_t>(first), static_cast<size_t>(size)),
        evaluation);
  }
  evaluation.seconds = secondsSince(start);
  return evaluation;
}

} // namespace nirc
