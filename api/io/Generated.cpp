//===- Generated.cpp - signals that no file holds -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Generated.h"

#include "api/io/Random.h"
#include "api/io/Units.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

bool isGenerated(const std::string &source) {
  return source.starts_with("constant:") || source.starts_with("poisson:");
}

nir::Result<double> generatorValue(const std::string &source, const InputOptions &options) {
  std::string argument = source.substr(source.find(':') + 1);
  if (source.starts_with("constant:")) {
    return parseNumber(argument);
  }
  nir::Result<double> rate = parseHertz(argument);
  if (!rate) {
    return rate.takeError();
  }
  double probability = *rate * options.dtSeconds;
  if (probability > 1.0) {
    return nir::Error(nir::Cause::InputValue,
                      fmt::format("poisson:{} is more than one spike in a step of {}", argument,
                                  secondsText(options.dtSeconds)))
        .note("a step holds at most one spike: take a smaller --dt or a lower rate");
  }
  return probability;
}

uint64_t seedOfPort(uint64_t seed, const std::string &port) {
  seed = Random(seed).next();
  for (char c : port) {
    seed = Random(seed ^ static_cast<unsigned char>(c)).next();
  }
  return seed;
}

nir::Tensor generate(const InputSource &source, const nir::Shape &shape, double value,
                     const InputOptions &options) {
  if (source.source.starts_with("constant:")) {
    auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F64, shape);
    std::fill_n(reinterpret_cast<double *>(bytes), tensor.size(), value);
    return tensor;
  }
  Random random(seedOfPort(options.seed, source.port.node));
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::U8, shape);
  for (int64_t i = 0; i < tensor.size(); ++i) {
    bytes[i] = std::byte(random.uniform() < value);
  }
  return tensor;
}

} // namespace nirc
