//===- EventQueue.h - what is due, and when ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/events/Instant.h"

#include <cstdint>
#include <queue>
#include <vector>

namespace nir {

struct Event {
  enum class Kind : uint8_t {
    Crossing,      ///< of element n of a neuron; void where its crossing is another by then
    PulseEnd,      ///< of a spike of element n: it was held for dt
    DelayedLevel,  ///< element n of a Delay holds `value` from now on
    DelayedImpulse ///< element n of a Delay passes on the impulse `value`
  };
  Instant time;
  Kind kind;
  int32_t node;
  size_t n;
  double value = 0.0;
};

/// Events by time; those of one time in the order in which they were added.
class EventQueue {
public:
  void add(const Event &event) { events.push({event, added++}); }
  bool isEmpty() const { return events.empty(); }
  const Event &next() const { return events.top().event; }
  void drop() { events.pop(); }
  void clear() { *this = {}; }

private:
  struct Entry {
    Event event;
    uint64_t order;
  };
  struct Later {
    bool operator()(const Entry &a, const Entry &b) const {
      auto times = a.event.time <=> b.event.time;
      return times != 0 ? times > 0 : a.order > b.order;
    }
  };
  std::priority_queue<Entry, std::vector<Entry>, Later> events;
  uint64_t added = 0;
};

} // namespace nir
