//===- Evaluation.cpp -----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Evaluation.h"

#include "api/Execution.h"
#include "api/RunReport.h"
#include "api/io/Random.h"
#include "backends/run/Clock.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <fmt/format.h>

namespace nirc {

static constexpr std::array<std::pair<Encoding, std::string_view>, 2> encodings = {
    {{Encoding::Direct, "direct"}, {Encoding::Rate, "rate"}}};

std::string_view name(Encoding encoding) {
  return encoding == Encoding::Direct ? encodings[0].second : encodings[1].second;
}

nir::Result<Encoding> encodingOf(std::string_view name) {
  for (const auto &[encoding, known] : encodings) {
    if (name == known) {
      return encoding;
    }
  }
  return nir::Error(fmt::format("there is no encoding '{}', there are direct, rate", name));
}

int64_t Evaluation::imagesOf(int64_t label) const {
  int64_t images = 0;
  for (int64_t said = 0; said < classes; ++said) {
    images += at(label, said);
  }
  return images;
}

//===----------------------------------------------------------------------===//
// What fits together
//===----------------------------------------------------------------------===//

nir::Result<ClassifierPorts> classifierPorts(const Network &network) {
  std::vector<InputPort> inputs = network.inputs();
  std::vector<std::string> outputs = network.outputs();
  if (inputs.size() != 1 || outputs.size() != 1) {
    return nir::Error(fmt::format("found {} inputs and {} outputs, expected one of each: images go "
                                  "in, and each element of the output stands for a class",
                                  inputs.size(), outputs.size()))
        .in(network.file.path);
  }
  ClassifierPorts ports{inputs.front(), outputs.front(), network.outputElements(outputs.front())};
  constexpr int64_t mostClasses = 256; // a label is a byte
  if (ports.classes > mostClasses) {
    return nir::Error::atNode(ports.output,
                              fmt::format("the output has {} elements, expected at most {}, one a "
                                          "class",
                                          ports.classes, mostClasses))
        .in(network.file.path);
  }
  return ports;
}

nir::Status checkImages(const ClassifierPorts &ports, const LabelledImages &set,
                        const EvaluationOptions &options) {
  int64_t elements = nir::numElements(ports.input.shape);
  if (set.pixels() != elements) {
    nir::Shape image(set.images.shape().begin() + 1, set.images.shape().end());
    return nir::Error(fmt::format("found images of shape {}, which are {} pixels, expected {} as "
                                  "input '{}' has shape {}",
                                  nir::str(image), set.pixels(), elements, ports.input.node,
                                  nir::str(ports.input.shape)))
        .in(set.imagesFile);
  }
  std::span<const uint8_t> labels = set.labels.as<uint8_t>();
  auto beyond = std::find_if(labels.begin(), labels.end(),
                             [&](uint8_t label) { return label >= ports.classes; });
  if (beyond != labels.end()) {
    return nir::Error(fmt::format("found label {} of image {}, expected less than {} as output "
                                  "'{}' has so many elements",
                                  *beyond, beyond - labels.begin(), ports.classes, ports.output))
        .in(set.labelsFile);
  }
  if (options.first >= set.count()) {
    return nir::Error::usage(
        fmt::format("--first {} is beyond the last image, {}", options.first, set.count() - 1));
  }
  if (options.count > set.count() - options.first) {
    return nir::Error::usage(fmt::format("--count {} is more than the {} images from {} on",
                                         options.count, set.count() - options.first,
                                         options.first));
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Images in, answers out
//===----------------------------------------------------------------------===//

/// A byte has 256 values: each is divided once.
static std::array<float, 256> brightness() {
  std::array<float, 256> table;
  for (size_t i = 0; i < table.size(); ++i) {
    table[i] = static_cast<float>(static_cast<double>(i) / 255.0);
  }
  return table;
}

static void showDirect(std::span<const uint8_t> pixels, int64_t steps, float *out) {
  static const std::array<float, 256> table = brightness();
  float *const first = out;
  for (uint8_t pixel : pixels) {
    *out++ = table[pixel];
  }
  for (int64_t step = 1; step < steps; ++step) {
    out = std::copy_n(first, pixels.size(), out);
  }
}

static void showSpikes(std::span<const uint8_t> pixels, int64_t steps, uint64_t seed,
                       std::byte *out) {
  Random random(seed);
  for (int64_t step = 0; step < steps; ++step) {
    for (uint8_t pixel : pixels) {
      *out++ = std::byte(random.uniform() < static_cast<double>(pixel) / 255.0);
    }
  }
}

/// `count` images from `first` on as a signal [count, steps, shape...].
static nir::Tensor show(const LabelledImages &set, const InputPort &port, const Presentation &how,
                        int64_t first, int64_t count) {
  bool direct = how.encoding == Encoding::Direct;
  nir::Shape shape = {count, how.steps};
  shape.insert(shape.end(), port.shape.begin(), port.shape.end());
  auto [signal, bytes] = nir::Tensor::allocate(direct ? nir::DType::F32 : nir::DType::U8, shape);
  auto pixels = static_cast<size_t>(set.pixels());
  std::span<const uint8_t> all = set.images.as<uint8_t>();
  size_t stride = signal.sizeInBytes() / static_cast<size_t>(count);
  for (int64_t i = 0; i < count; ++i) {
    auto image = all.subspan(static_cast<size_t>(first + i) * pixels, pixels);
    std::byte *out = bytes + static_cast<size_t>(i) * stride;
    if (direct) {
      showDirect(image, how.steps, reinterpret_cast<float *>(out));
    } else {
      uint64_t seed = Random(how.seed).next() ^ static_cast<uint64_t>(first + i);
      showSpikes(image, how.steps, Random(seed).next(), out);
    }
  }
  return signal;
}

nir::Recording shownImages(const ClassifierPorts &ports, const LabelledImages &set,
                           const Presentation &presentation, int64_t first, int64_t count) {
  nir::Recording input{presentation.dtSeconds, {}};
  input.traces.push_back(
      {ports.input.node, "value", show(set, ports.input, presentation, first, count)});
  return input;
}

/// How many images are shown at a time: enough for all threads, and their signals in 64 MiB.
static int64_t batchSize(const LabelledImages &set, const Presentation &presentation) {
  constexpr double mostBytes = 1 << 26;
  double bytesOfImage = 4.0 * static_cast<double>(set.pixels() * presentation.steps);
  return std::clamp(static_cast<int64_t>(mostBytes / bytesOfImage), int64_t(1), int64_t(1000));
}

/// Adds the answers to a batch of images.
static void count(const nir::Trace &answers, std::span<const uint8_t> labels,
                  Evaluation &evaluation) {
  for (size_t i = 0; i < labels.size(); ++i) {
    std::vector<double> sum = sums(answers.data, static_cast<int64_t>(i));
    auto best = std::max_element(sum.begin(), sum.end());
    auto said = static_cast<int64_t>(best - sum.begin());
    int64_t label = labels[i];
    ++evaluation.confusion[static_cast<size_t>(label * evaluation.classes + said)];
    evaluation.correct += label == said;
    evaluation.silent += answers.observable == "spikes" && *best == 0.0;
  }
}

nir::Result<Evaluation> evaluate(Executable &executable, const ClassifierPorts &ports,
                                 const LabelledImages &set, const Presentation &presentation,
                                 const EvaluationOptions &options) {
  assert(!checkImages(ports, set, options) && "images that do not fit");
  auto start = Clock::now();
  Evaluation evaluation;
  evaluation.classes = ports.classes;
  evaluation.total = options.count ? options.count : set.count() - options.first;
  evaluation.confusion.resize(static_cast<size_t>(ports.classes * ports.classes));
  int64_t batch = batchSize(set, presentation);
  for (int64_t done = 0; done < evaluation.total; done += batch) {
    if (options.progress) {
      options.progress(done, evaluation.total);
    }
    int64_t first = options.first + done;
    int64_t size = std::min(batch, evaluation.total - done);
    nir::Recording input = shownImages(ports, set, presentation, first, size);
    nir::Result<nir::Recording> output =
        executable.run(input, {.steps = presentation.steps, .threads = options.threads});
    if (!output) {
      return output.takeError();
    }
    const nir::Trace *answers = output->find(ports.output, "spikes");
    answers = answers ? answers : output->find(ports.output, "value");
    assert(answers && "a run records every output");
    count(*answers,
          set.labels.as<uint8_t>().subspan(static_cast<size_t>(first), static_cast<size_t>(size)),
          evaluation);
  }
  evaluation.seconds = secondsSince(start);
  return evaluation;
}

} // namespace nirc
