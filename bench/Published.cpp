//===- Published.cpp - the NIR paper's networks, and what drives them -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Published.h"

#include "api/io/EventFile.h"
#include "api/io/Files.h"
#include "ir/choices/Choices.h"
#include "ir/file/Reader.h"

#include <algorithm>
#include <string_view>

using namespace nirc;
using namespace nirc::bench;

const std::vector<Published> &bench::publishedNetworks() {
  static const std::vector<Published> all = {
      {"cnn_sinabs", "nir", 1e-3, 300, 32},
      {"braille_noDelay_bias_zero", "nir", 1e-4, 256, 140},
      {"braille_noDelay_noBias_subtract", "nir,reset=subtract", 1e-4, 256, 140}};
  return all;
}

nir::Result<Network> bench::readPublished(const Published &published, const std::string &data) {
  nir::Result<nir::Model> model = nir::read(data + "/nir-paper/" + published.name + ".nir");
  if (!model) {
    return model.takeError();
  }
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(published.semantics);
  if (!semantics) {
    return semantics.takeError();
  }
  semantics->dtSeconds = published.dtSeconds;
  return Network{published.name, std::move(model->graph), *semantics};
}

/// One recording as counts in bins of a step: int32 [bins, 2, 34, 34].
static nir::Result<nir::Tensor> readRecording(const std::string &file, double dtSeconds) {
  nir::Result<std::vector<std::byte>> bytes = readFile(file, uint64_t(1) << 24);
  if (!bytes) {
    return bytes.takeError();
  }
  nir::Result<EventRecording> events =
      readEventFile(*bytes, "nmnist", file, {2, 34, 34}, uint64_t(1) << 28);
  if (!events) {
    return events.takeError();
  }
  return frameEvents(events->events, {}, {}, dtSeconds, {2, 34, 34}, file);
}

static nir::Result<nir::Tensor> recordings(const Published &published, const std::string &data,
                                           int64_t batch) {
  std::vector<nir::Tensor> digits;
  for (const char *digit : {"0", "1", "2", "5", "7"}) {
    nir::Result<nir::Tensor> one =
        readRecording(data + "/nmnist/" + digit + ".bin", published.dtSeconds);
    if (!one) {
      return one.takeError();
    }
    digits.push_back(*std::move(one));
  }
  constexpr int64_t pixels = int64_t(2) * 34 * 34;
  // Binned to 1 ms the recordings have an event in 0.6 % of the inputs; other cameras and longer
  // steps give several per cent.
  constexpr double background = 0.03;
  nir::Tensor noise = bernoulli(background, batch, published.steps, pixels);
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::U8, {batch, published.steps, 2, 34, 34});
  std::copy_n(noise.bytes(), noise.sizeInBytes(), bytes);
  for (int64_t sample = 0; sample < batch; ++sample) {
    const nir::Tensor &digit = digits[sample % static_cast<int64_t>(digits.size())];
    int64_t known = std::min(published.steps, digit.shape()[0]) * pixels;
    for (int64_t i = 0; i < known; ++i) {
      bytes[sample * published.steps * pixels + i] |= static_cast<std::byte>(digit.intAt(i));
    }
  }
  return tensor;
}

nir::Result<nir::Tensor> bench::publishedInput(const Published &published, const std::string &data,
                                               int64_t batch) {
  constexpr int64_t brailleChannels = 12;
  constexpr double brailleActivity = 0.1;
  if (std::string_view(published.name).starts_with("braille")) {
    return bernoulli(brailleActivity, batch, published.steps, brailleChannels);
  }
  return recordings(published, data, batch);
}
