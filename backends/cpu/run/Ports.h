//===- Ports.h - a run's recordings and the arena ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/plan/Layout.h"
#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <cstddef>
#include <vector>

namespace nirc::cpu {

/// Carries a run's inputs into arenas, and what arenas hold into the recording. Several threads may
/// write and read at once, each its own arena and samples, or its own part of them.
class RunPorts {
public:
  /// Fits `input` to the ports `inputs`, as every target does, and makes a trace of each of
  /// `recorded`. `steps` 0: as many as the input has.
  static nir::Result<RunPorts> match(const std::vector<Port> &inputs,
                                     const std::vector<Port> &recorded, const nir::Recording &input,
                                     int64_t steps, double dtSeconds);

  int64_t batch() const { return samples; }
  int64_t steps() const { return length; }
  /// Step `t` of the sample's inputs; zeros past an input's end. The elements are the part's, so
  /// that they are in the caches of the core that reads and writes them otherwise.
  void write(char *arena, int64_t sample, int64_t t, const Part &part = {}) const;
  void read(const char *arena, int64_t sample, int64_t t, const Part &part = {});
  nir::Recording takeRecording() { return std::move(recording); }

  /// Numbers of one dtype as numbers of the port's: those from `first` to before `end`.
  using Convert = void (*)(const Port &port, const std::byte *from, char *to, int64_t first,
                           int64_t end);

private:
  struct In {
    Port port;
    nir::Tensor data;
    Convert convert = nullptr;
    int64_t steps = 0;
  };
  struct Out {
    Port port;
    nir::DType dtype;
    std::byte *bytes = nullptr;
  };

  void addInput(const Port &port, const nir::Tensor &data);

  int64_t samples = 1, length = 0;
  std::vector<In> inputs;
  std::vector<Out> outputs;
  nir::Recording recording;
};

/// One step of one sample, in float64: of the outside, row-major in the node's own order. What a
/// network of integers keeps is rounded and saturated when it is written.
void writePort(const Port &port, const double *values, char *arena);
void readPort(const Port &port, const char *arena, double *values);

} // namespace nirc::cpu
