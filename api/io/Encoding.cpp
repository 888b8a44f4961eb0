//===- Encoding.cpp - from values to the steps of a run -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Encoding.h"

#include "api/io/Random.h"
#include "api/io/Units.h"
#include "ir/Wording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace nirc {

static constexpr std::array<std::pair<Encoding, std::string_view>, 4> encodings = {
    {{Encoding::Direct, "direct"},
     {Encoding::Rate, "rate"},
     {Encoding::Latency, "latency"},
     {Encoding::Delta, "delta"}}};

/// What follows the colon, which Latency and Delta take.
static nir::Status takeArgument(std::string_view argument, Encoder &encoder) {
  if (encoder.encoding == Encoding::Latency) {
    nir::Result<double> tau = parseSeconds(argument);
    if (!tau) {
      return tau.takeError();
    }
    encoder.tauSeconds = *tau;
    return std::nullopt;
  }
  if (encoder.encoding != Encoding::Delta) {
    return nir::Error(nir::Cause::BadOption,
                      fmt::format("found ':{}', expected nothing after the name", argument));
  }
  nir::Result<double> threshold = parseNumber(argument);
  if (!threshold) {
    return threshold.takeError();
  }
  if (*threshold <= 0.0) {
    return nir::Error(nir::Cause::BadOption,
                      fmt::format("found threshold {}, expected one above 0", argument));
  }
  encoder.threshold = *threshold;
  return std::nullopt;
}

nir::Result<Encoder> encoderOf(std::string_view text) {
  std::string_view name = text.substr(0, text.find(':'));
  auto known = std::find_if(encodings.begin(), encodings.end(),
                            [&](const auto &one) { return one.second == name; });
  if (known == encodings.end()) {
    return nir::Error(nir::Cause::UnknownName,
                      fmt::format("there is no encoding '{}', there are direct, rate, latency, "
                                  "latency:TAU, delta and delta:THRESHOLD",
                                  text));
  }
  Encoder encoder;
  encoder.encoding = known->first;
  if (name.size() < text.size()) {
    if (nir::Status failed = takeArgument(text.substr(name.size() + 1), encoder)) {
      return std::move(*failed);
    }
  }
  return encoder;
}

std::string text(const Encoder &encoder) {
  std::string_view name = encodings[static_cast<size_t>(encoder.encoding)].second;
  switch (encoder.encoding) {
  case Encoding::Latency:
    return encoder.tauSeconds > 0.0 ? fmt::format("{}:{}s", name, encoder.tauSeconds)
                                    : std::string(name);
  case Encoding::Delta:
    return fmt::format("{}:{}", name, encoder.threshold);
  default:
    return std::string(name);
  }
}

uint64_t seedOfSample(uint64_t seed, int64_t sample) {
  return Random(Random(seed).next() ^ static_cast<uint64_t>(sample)).next();
}

static nir::Shape signalShape(int64_t steps, const nir::Shape &port) {
  nir::Shape shape = {1, steps};
  shape.insert(shape.end(), port.begin(), port.end());
  return shape;
}

//===----------------------------------------------------------------------===//
// Values without steps
//===----------------------------------------------------------------------===//

bool areBrightness(const nir::Tensor &values) {
  if (values.dtype() != nir::DType::U8) {
    return false;
  }
  std::span<const uint8_t> bytes = values.as<uint8_t>();
  return std::any_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte > 1; });
}

/// The values as numbers, of a pixel its brightness.
static std::vector<double> brightness(const nir::Tensor &values, bool isBrightness) {
  std::vector<double> numbers = values.toDoubles();
  if (isBrightness) {
    for (double &number : numbers) {
      number /= 255.0;
    }
  }
  return numbers;
}

/// Refuses what is no probability and no brightness.
static nir::Status checkRange(const std::vector<double> &values, const Encoder &encoder) {
  auto beyond = std::find_if(values.begin(), values.end(),
                             [](double value) { return !(value >= 0.0 && value <= 1.0); });
  if (beyond == values.end()) {
    return std::nullopt;
  }
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  return nir::Error(nir::Cause::InputValue,
                    fmt::format("found {} at element {}, expected values from 0 to 1 for the "
                                "encoding {}; here they are from {} to {}",
                                *beyond, beyond - values.begin(), text(encoder), *least, *most))
      .note("scale them in the file; of uint8 arrays and IDX files 255 is 1 already");
}

/// Pixels as float32; all other numbers as they are.
static nir::Tensor shown(const nir::Tensor &values, bool isBrightness) {
  if (!isBrightness) {
    return values;
  }
  auto [signal, bytes] = nir::Tensor::allocate(nir::DType::F32, values.shape());
  std::span<const uint8_t> pixels = values.as<uint8_t>();
  std::transform(pixels.begin(), pixels.end(), reinterpret_cast<float *>(bytes),
                 [](uint8_t pixel) { return static_cast<float>(pixel / 255.0); });
  return signal;
}

static nir::Tensor showDirect(const nir::Tensor &values, const EncodingRun &run,
                              const nir::Shape &port) {
  int64_t steps = run.steps;
  nir::Tensor one = shown(values, run.isBrightness);
  auto [signal, bytes] = nir::Tensor::allocate(one.dtype(), signalShape(steps, port));
  for (int64_t step = 0; step < steps; ++step) {
    std::memcpy(bytes + static_cast<size_t>(step) * one.sizeInBytes(), one.bytes(),
                one.sizeInBytes());
  }
  return signal;
}

static nir::Tensor showRate(const std::vector<double> &values, int64_t steps,
                            const nir::Shape &shape, uint64_t seed) {
  Random random(seed);
  auto [signal, out] = nir::Tensor::allocate(nir::DType::U8, shape);
  std::byte *spike = out;
  for (int64_t step = 0; step < steps; ++step) {
    for (double value : values) {
      *spike++ = std::byte(random.uniform() < value);
    }
  }
  return signal;
}

/// Linear: the step is (1 - x)(T - 1). With a time constant it is the one in which a membrane that
/// is charged with x reaches the threshold, tau ln(x / (x - threshold)) / dt. Both are rounded to
/// even, and values below the threshold give no spike, as with snntorch.spikegen.latency and its
/// arguments linear, normalize and clip, or clip and bypass.
static nir::Tensor showLatency(const std::vector<double> &values, const EncodingRun &run,
                               const nir::Shape &port) {
  constexpr double threshold = 0.01;
  auto [signal, out] = nir::Tensor::allocate(nir::DType::U8, signalShape(run.steps, port));
  auto last = static_cast<double>(run.steps - 1);
  for (size_t i = 0; i < values.size(); ++i) {
    double x = values[i];
    if (x < threshold) {
      continue;
    }
    double tau = run.encoder.tauSeconds / run.dtSeconds;
    double at = tau > 0.0 ? tau * std::log(x / (x - threshold)) : (1.0 - x) * last;
    double step = std::nearbyint(at);
    if (step <= last) {
      out[static_cast<size_t>(step) * values.size() + i] = std::byte(1);
    }
  }
  return signal;
}

nir::Result<nir::Tensor> encodeValues(const nir::Tensor &values, const EncodingRun &run,
                                      const nir::Shape &port, uint64_t seed) {
  const Encoder &encoder = run.encoder;
  if (encoder.encoding == Encoding::Direct) {
    return showDirect(values, run, port);
  }
  if (encoder.encoding == Encoding::Delta) {
    return nir::Error(nir::Cause::InputShape,
                      "found values without steps, expected [T, ...] for the encoding delta, which "
                      "is of changes from step to step");
  }
  std::vector<double> numbers = brightness(values, run.isBrightness);
  if (nir::Status wrong = checkRange(numbers, encoder)) {
    return std::move(*wrong);
  }
  return encoder.encoding == Encoding::Rate
             ? showRate(numbers, run.steps, signalShape(run.steps, port), seed)
             : showLatency(numbers, run, port);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

/// What a change becomes where it reaches the threshold: +1, -1 or, as it is not to be seen, 0.
static int8_t seen(double change, double threshold, Polarity polarity) {
  bool isOn = change >= threshold, isOff = change <= -threshold;
  switch (polarity) {
  case Polarity::Signed:
    return static_cast<int8_t>(isOn - isOff);
  case Polarity::Merged:
    return static_cast<int8_t>(isOn || isOff);
  case Polarity::Off:
    return static_cast<int8_t>(isOff);
  default:
    return static_cast<int8_t>(isOn);
  }
}

/// The change from the step before; before the first there is 0, as with snntorch.spikegen.delta.
static nir::Tensor showDelta(const nir::Tensor &steps, const EncodingRun &run,
                             const nir::Shape &port) {
  int64_t count = steps.shape()[1];
  std::vector<double> values = brightness(steps, run.isBrightness);
  size_t width = values.size() / static_cast<size_t>(count);
  bool hasTwo = static_cast<int64_t>(2 * width) == nir::numElements(port);
  auto [signal, bytes] = nir::Tensor::allocate(nir::DType::I8, signalShape(count, port));
  auto *out = reinterpret_cast<int8_t *>(bytes);
  for (size_t at = 0; at < values.size(); ++at) {
    double change = values[at] - (at < width ? 0.0 : values[at - width]);
    double threshold = run.encoder.threshold;
    if (!hasTwo) {
      out[at] = seen(change, threshold, run.polarity);
      continue;
    }
    size_t step = at / width, element = at % width; // channel 0 off, channel 1 on
    out[2 * step * width + element] = seen(change, threshold, Polarity::Off);
    out[(2 * step + 1) * width + element] = seen(change, threshold, Polarity::On);
  }
  return signal;
}

nir::Result<nir::Tensor> encodeSteps(const nir::Tensor &steps, const EncodingRun &run,
                                     const nir::Shape &port, uint64_t seed) {
  switch (run.encoder.encoding) {
  case Encoding::Direct:
    return steps; // as without an encoding
  case Encoding::Delta:
    return showDelta(steps, run, port);
  case Encoding::Latency:
    return nir::Error(nir::Cause::InputShape,
                      fmt::format("found {}, expected values without steps for the encoding "
                                  "latency, which makes steps of them",
                                  nir::counted(steps.shape()[1], "step")))
        .note("an array of samples without steps is [samples, ...]");
  case Encoding::Rate:
    break;
  }
  std::vector<double> numbers = brightness(steps, run.isBrightness);
  if (nir::Status wrong = checkRange(numbers, run.encoder)) {
    return std::move(*wrong);
  }
  return showRate(numbers, 1, steps.shape(), seed); // the values are those of all steps
}

nir::Shape shapeBeforeEncoding(const EncodingRun &run, const nir::Shape &port,
                               const nir::Shape &values) {
  bool canBeBoth = run.polarity == Polarity::Auto || run.polarity == Polarity::Both;
  if (run.encoder.encoding != Encoding::Delta || !canBeBoth || port.empty() || port[0] != 2) {
    return port;
  }
  nir::Shape half(port.begin() + 1, port.end());
  auto endsIn = [&](const nir::Shape &shape) {
    bool isFlat = !values.empty() && values.back() == nir::numElements(shape);
    return isFlat || (values.size() > shape.size() &&
                      std::equal(shape.rbegin(), shape.rend(), values.rbegin()));
  };
  return run.polarity == Polarity::Auto && endsIn(port) ? port : half;
}

} // namespace nirc
