//===- Cores.h - cores at work ------------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/spinnaker2/image/Image.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::spinnaker2 {

/// What a core says at the end of a step.
struct StepAnswer {
  uint32_t step = 0;
  bool isOverrun = false;        ///< the tick was over before
  std::vector<uint16_t> spikes;  ///< places, in the order in which they spiked
  std::vector<uint16_t> packets; ///< places whose packets it sends in this step
};

/// Instructions so far.
struct Instructions {
  uint64_t packets = 0, update = 0;
  uint64_t total() const { return packets + update; }
};

/// A core with its memory. Offsets are in bytes from the beginning of its data.
class RunningCore {
public:
  virtual ~RunningCore() = default;
  virtual nir::Status load(uint32_t offset, std::string_view bytes) = 0;
  virtual nir::Status read(uint32_t offset, std::span<char> bytes) = 0;
  /// Begins a step in which packets with these keys come, and ends it. In between other cores can
  /// begin theirs.
  virtual nir::Status begin(std::span<const uint32_t> keys) = 0;
  virtual nir::Status finish(StepAnswer &answer) = 0;
  /// None where they are not counted.
  virtual std::optional<Instructions> instructions() const { return std::nullopt; }
};

/// Makes cores, each with memory of its own.
class CoreMachine {
public:
  virtual ~CoreMachine() = default;
  virtual nir::Result<std::unique_ptr<RunningCore>> start(const CoreImage &core) = 0;
  /// Where its code came from.
  virtual CodeOrigin origin() const { return {}; }
};

/// Cores that QEMU's Cortex-M4 runs, of the ELFs among the files. `tick`: how many instructions a
/// step may have; 0: any number.
nir::Result<std::unique_ptr<CoreMachine>> qemuCores(const std::vector<Artifact::File> &files,
                                                    uint64_t tick);

/// Cores that this computer runs, of the sources among the files, which a C compiler makes code of.
nir::Result<std::unique_ptr<CoreMachine>> hostCores(const std::vector<Artifact::File> &files,
                                                    const std::optional<CacheOptions> &cache);

} // namespace nirc::spinnaker2
