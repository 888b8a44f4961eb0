//===- Evidence.h - what the presets were compared with ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nir {

/// One comparison of a preset, by its plain name, with its platform.
struct Evidence {
  enum class How {
    LiveRun,   ///< the platform ran a network of ours: tests/conformance/platforms
    Recording, ///< what others published of a run
    Source,    ///< its update was read, and short sequences worked out from it by hand
    Nothing,   ///< compared with nothing
  };

  /// Places are a neuron in a step each.
  struct Count {
    int64_t equal = 0;  ///< where nirc sends as many spikes as the platform
    int64_t places = 0; ///< all that were compared
    int64_t sent = 0;   ///< spikes of the platform
  };

  std::string_view preset;
  std::string_view network; ///< "LIF", "feed-forward", "recurrent"; of Source and Nothing families
  How how;
  std::string_view by; ///< what computed the platform's spikes, with its version
  Count count;
  std::string_view note;       ///< what else is to be known; may be empty
  std::string_view repeatedBy; ///< the test that compares again; empty: it was done once, by hand
  /// LiveRun that is repeated: PLATFORM/NAME of tests/conformance/platforms, without .npy, and dt.
  std::string_view spikes = {};
  double dtSeconds = 0.0;
};

/// In the order of the presets.
std::span<const Evidence> evidence();

/// "live run".
std::string_view name(Evidence::How how);

} // namespace nir
