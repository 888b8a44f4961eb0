//===- Encoding.h - from values to the steps of a run -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Framing.h"
#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace nirc {

enum class Encoding {
  Direct,  ///< the value itself in each step
  Rate,    ///< a spike with the probability of the value in each step
  Latency, ///< one spike, the earlier the larger the value
  Delta,   ///< a spike where the value has changed by a threshold since the step before
};

/// How values become the input of each step. Values are from 0 to 1 but for Direct and Delta.
struct Encoder {
  Encoding encoding = Encoding::Direct;
  /// Of Latency the time constant of a membrane that the value charges up to its threshold, in
  /// seconds; 0: the spike's time falls linearly with the value, over all steps.
  double tauSeconds = 0.0;
  double threshold = 0.1; ///< of Delta

  bool isRandom() const { return encoding == Encoding::Rate; }
};

/// "direct", "rate", "latency", "latency:5ms", "delta", "delta:0.2": as --encoding and the metadata
/// of a file spell it. The error lists what there is.
nir::Result<Encoder> encoderOf(std::string_view text);
std::string text(const Encoder &encoder);

/// What an encoder needs beside the values.
struct EncodingRun {
  Encoder encoder;
  int64_t steps = 0; ///< of values without steps
  double dtSeconds = 0.0;
  Polarity polarity = Polarity::Auto; ///< of Delta
  bool isBrightness = false;          ///< whether uint8 are from 0 to 255, for 0 to 1
};

/// The seed for the spikes of a sample: they depend on it and the sample's place alone.
uint64_t seedOfSample(uint64_t seed, int64_t sample);

/// Whether uint8 values are pixels from 0 to 255: where one is above 1. Others are what they are.
bool areBrightness(const nir::Tensor &values);

/// One sample's values, which are no steps, as a signal [1, steps, shape...]. The error names a
/// value that the encoder does not take, by its element.
nir::Result<nir::Tensor> encodeValues(const nir::Tensor &values, const EncodingRun &run,
                                      const nir::Shape &port, uint64_t seed);

/// The steps [1, T, shape...] of one sample. Of Delta `signal` may have two channels and the steps
/// one, for changes down and up. An error where the encoder is for values without steps.
nir::Result<nir::Tensor> encodeSteps(const nir::Tensor &steps, const EncodingRun &run,
                                     const nir::Shape &port, uint64_t seed);

/// The shape of a step of the values from which the encoder makes a signal: the port's, or without
/// its two channels.
nir::Shape shapeBeforeEncoding(const EncodingRun &run, const nir::Shape &port,
                               const nir::Shape &values);

} // namespace nirc
