//===- Alignment.cpp - recordings of which one is late --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Alignment.h"

#include "api/compare/Agreement.h"
#include "api/compare/Difference.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace nirc {

/// Steps `begin` to `end` of every trace; without the times of spikes, which have no steps.
static nir::Recording cut(const nir::Recording &recording, int64_t begin, int64_t end) {
  nir::Recording result;
  result.dtSeconds = recording.dtSeconds;
  for (const nir::Trace &trace : recording.traces) {
    nir::Shape shape = trace.data.shape();
    auto samples = static_cast<size_t>(shape[0]), had = static_cast<size_t>(shape[1]);
    auto from = static_cast<size_t>(begin), steps = static_cast<size_t>(end - begin);
    size_t rowBytes = trace.data.sizeInBytes() / samples / had;
    shape[1] = end - begin;
    auto [data, bytes] = nir::Tensor::allocate(trace.data.dtype(), shape);
    for (size_t sample = 0; sample < samples; ++sample) {
      std::memcpy(bytes + sample * steps * rowBytes,
                  trace.data.bytes() + (sample * had + from) * rowBytes, steps * rowBytes);
    }
    result.traces.push_back({trace.node, trace.observable, data, trace.latency});
  }
  return result;
}

static int64_t stepsOf(const nir::Recording &recording) {
  return recording.traces.empty() ? 0 : recording.traces.front().data.shape()[1];
}

/// All that both have, `other` moved back by the shift.
static Agreement agreementAt(const nir::Recording &base, const nir::Recording &other, int64_t shift,
                             double tolerance) {
  Agreement total;
  for (const nir::Trace &trace : base.traces) {
    const nir::Trace *partner = partnerOf(base, trace, other);
    bool fits = partner && partner->data.size() > 0 &&
                partner->data.shape()[0] == trace.data.shape()[0] &&
                partner->data.size() * trace.data.shape()[1] ==
                    trace.data.size() * partner->data.shape()[1];
    if (!fits) {
      continue;
    }
    total.add(trace.observable == "spikes"
                  ? agreementOf(SpikeList::of(trace.data), SpikeList::of(partner->data), -shift)
                  : agreementOf(trace.data, partner->data, -shift, tolerance));
  }
  return total;
}

Aligned align(const nir::Recording &base, const nir::Recording &other, int64_t most,
              double tolerance) {
  int64_t steps = stepsOf(base), others = stepsOf(other);
  auto isEmpty = [](const nir::Trace &trace) { return trace.data.size() == 0; };
  bool hasNothing = std::any_of(base.traces.begin(), base.traces.end(), isEmpty) ||
                    std::any_of(other.traces.begin(), other.traces.end(), isEmpty);
  if (std::abs(steps - others) > most || steps == 0 || others == 0 || hasNothing) {
    return {0, 0, base, other};
  }
  std::optional<Agreement> best;
  int64_t found = 0;
  for (int64_t size = 0; size <= most && !(best && best->isFull()); ++size) {
    for (int64_t shift : {size, -size}) {
      Agreement here = agreementAt(base, other, shift, tolerance);
      bool overlaps = std::min(steps, others - shift) > std::max<int64_t>(0, -shift);
      if (overlaps && (!best || isCloser(here, *best))) {
        best = here;
        found = shift;
      }
    }
  }
  int64_t begin = std::max<int64_t>(0, -found), end = std::min(steps, others - found);
  return {found, begin, cut(base, begin, end), cut(other, begin + found, end + found)};
}

} // namespace nirc
