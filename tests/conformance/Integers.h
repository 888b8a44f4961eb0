//===- Integers.h - networks of i32 that are written by hand ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/run/Run.h"
#include "tests/support/Random.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <optional>

namespace nir::test {

/// "tensor<2x3x!quant.uniform<i16<-5:9>:f64, 0.5>>"
inline std::string numbers(const std::string &shape, const std::string &storage,
                           const std::string &scale = "1.0") {
  return fmt::format("tensor<{}x!quant.uniform<{}:f64{}>>", shape, storage,
                     scale[0] == '{' ? ":0, " + scale : ", " + scale);
}

/// `body` in a network of i32.
inline std::string network(const std::string &body) {
  return "snn.network @test of i32 <\"nir\", dt = 1.0e-3> in <\"int8\"> {\n" + body + "}\n";
}

/// "[1, 2, 3]"
template <typename T>
std::string list(const std::vector<T> &values) {
  std::vector<int64_t> whole(values.begin(), values.end());
  return fmt::format("[{}]", fmt::join(whole, ", "));
}

/// "dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>"
template <typename T>
std::string dense(const std::vector<int64_t> &shape, const std::vector<T> &values) {
  std::string text = fmt::format("dense<\"0x");
  for (T value : values) {
    const auto *bytes = reinterpret_cast<const unsigned char *>(&value);
    for (size_t i = 0; i < sizeof value; ++i) {
      text += fmt::format("{:02X}", bytes[i]);
    }
  }
  return fmt::format("{}\"> : tensor<{}xi{}>", text, fmt::join(shape, "x"), 8 * sizeof(T));
}

/// Random integers of which a share is not 0.
template <typename T>
std::vector<T> integers(Random &random, int64_t count, int64_t largest, double share = 1.0) {
  std::vector<T> values(static_cast<size_t>(count));
  for (T &value : values) {
    value = random.chance(share) ? static_cast<T>(random.between(-largest, largest)) : T(0);
  }
  return values;
}

inline Recording inputOf(Tensor values) { return {1e-3, {{"in", "value", std::move(values)}}}; }

/// What cpu makes of it, as it is compiled under `options`; nothing after a failure.
inline std::optional<Recording> runOnCpu(const std::string &text, const Recording &input,
                                         const nirc::cpu::LowerOptions &options = {},
                                         std::vector<Probe> probes = {}, int threads = 1) {
  nirc::Job job;
  job.file = "test.mlir";
  job.network = text;
  job.probes = std::move(probes);
  auto executable = nirc::cpu::compile(job, options);
  if (!executable) {
    ADD_FAILURE() << executable.error().str();
    return std::nullopt;
  }
  Result<Recording> got = (*executable)->run(input, {.threads = threads});
  if (!got) {
    ADD_FAILURE() << got.error().str();
    return std::nullopt;
  }
  return *std::move(got);
}

} // namespace nir::test
