//===- Layout.h - the network's place in memory -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Where everything of a network lies in memory. One block of bytes, the arena, holds all that
// changes: signals, states and delay lines. Weights lie elsewhere and are only read.

#pragma once

#include "backends/cpu/plan/Forms.h"
#include "ir/graph/Tensor.h"

#include <algorithm>
#include <string>
#include <vector>

namespace nirc::cpu {

/// An array in the arena. `type` is U8 for spikes (0 or 1), I32 for indices, I64 for counts and
/// positions, else F32, F64 or I32, as the network computes. In compact code integers are I8, I16
/// or I32, as their range needs, counts and positions I32, and spikes bits.
struct Slot {
  int64_t offset = 0;   ///< bytes from the start of the arena, a multiple of 64
  int64_t elements = 0; ///< that mean something
  int64_t capacity = 0; ///< that may be touched: whole vectors
  nir::DType type = nir::DType::F32;
  bool bits = false; ///< an element is a word of U32, of the bits of 32 spikes, the first lowest
  int64_t bytes() const { return elements * static_cast<int64_t>(nir::sizeOf(type)); }
};

/// The elements of a signal that are not zero: their indices, in ascending order. Of the threads
/// that share a step, part p lists those of its own range, from the range's first element on.
struct Events {
  Slot list;
  Slot counts; ///< one a part, `counterPitch` apart where there are several
  /// Of what was listed one step ago, where threads share the step: there are two lists and two
  /// rows of counts, and this says which are the step's, one a part as the counts are. The other is
  /// written for the next step meanwhile.
  std::optional<Slot> turn = std::nullopt;
};

/// The arrays of a signal, in the forms that are needed.
struct Signal {
  std::optional<Slot> array;        ///< in NIR's order
  std::optional<Slot> channelsLast; ///< as `ChannelsLast` says
  std::optional<Events> events;
  std::optional<Slot> bits;
  /// What a run reads: the array, or the bits where there is none.
  const Slot &values() const { return array ? *array : *bits; }
};

/// A ring buffer of `length` signals; `head` is the signal that the end of this step overwrites,
/// one a part as the counts are, so that no part waits for another. Events have none where the
/// delay is one step: what is listed at the end of a step is the result. Nor has compact code where
/// all elements have that delay.
struct Ring {
  std::optional<Slot> arrays; ///< `pitch` elements a signal; of bits, words
  std::optional<Slot> lists;  ///< the same of indices
  std::optional<Slot> counts; ///< as many a signal as its events have
  Slot head;
  int64_t length = 0, pitch = 0;
};

/// What the integers of a port stand for: q * scale, of one scale for all or one a channel (the
/// first dimension of its shape), where least <= q <= most.
struct Quantized {
  llvm::SmallVector<double> scales;
  int64_t least = 0, most = 0;
};

/// What a run reads from or writes to the arena.
struct Port {
  std::string node, observable;
  Slot slot;
  llvm::SmallVector<int64_t> shape;
  bool count = false;  ///< numbers that count spikes
  int64_t latency = 0; ///< of an output: steps behind the sequential network
  std::optional<ChannelsLast> order = std::nullopt;  ///< NIR's where there is none
  std::optional<Quantized> quantized = std::nullopt; ///< of the numbers of a network of i32
  bool state = false;                                ///< a state of a population
  bool isDecided = false; ///< a state that has led to the spikes of the next step already
};

/// When within a step an array means something: from one place in the order of the ops to another,
/// both included. What means nothing at the same time may lie at the same place.
struct Lifetime {
  int64_t first = 0, last = 0;
  bool meets(const Lifetime &other) const { return first <= other.last && other.first <= last; }
};

struct NamedSlot {
  std::string name; ///< "lif1.v", "fc1", "lif1.events", "delay1.ring"
  Slot slot;
  std::string node = {}; ///< that it is of; empty: of none
  /// Nothing: it is kept from step to step. Only compact layouts know more.
  std::optional<Lifetime> lifetime = std::nullopt;
};

/// The type in which a network of that element type keeps its numbers.
nir::DType numberTypeOf(mlir::Type element);

/// The most threads that can share a step.
constexpr int64_t maxParts = 64;
/// From the counter of one part to that of the next, in elements of I64: a cache line, which one
/// core would else take from the other at every sample.
constexpr int64_t counterPitch = 8;
/// The most samples that run in step with each other: one a bit of an i64.
constexpr int64_t maxTogether = 64;
/// Positions behind the sums of a convolution, for what falls outside of them.
constexpr int64_t mostOutside = 16;
/// Elements of an array are a multiple of this: whole vectors, and the grain of parts.
constexpr int64_t grain = 64;

/// Which of the threads that share a step.
struct Part {
  int64_t number = 0, of = 1;
  /// What cannot be cut, each sample's is done by one part.
  bool has(int64_t sample) const { return sample % of == number; }
  /// The elements of an array that are the part's, from the first to before the second: what
  /// Emitter::range is in the code.
  std::pair<int64_t, int64_t> range(int64_t elements) const {
    if (of == 1) { // as in steps of some ten nanoseconds
      return {0, elements};
    }
    int64_t grains = (elements + grain - 1) / grain;
    auto start = [&](int64_t part) { return std::min(part * grains / of * grain, elements); };
    return {start(number), start(number + 1)};
  }
};

struct Layout {
  int64_t bytes = 0;
  llvm::DenseMap<mlir::Value, Signal> signals;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<Slot>> states;
  llvm::DenseMap<mlir::Operation *, Ring> rings;
  llvm::DenseMap<mlir::Operation *, Slot> buckets; ///< of a population in channels-last order: the
                                                   ///< spikes of each channel
  std::optional<Slot> clock; ///< the number of this step, where an op waits for its start
  std::vector<Port> inputs;
  std::vector<Port> outputs;    ///< outputs in order, then records in order
  std::vector<NamedSlot> slots; ///< all of them, by offset

  /// Forgets what is keyed by operations and values.
  void forgetNetwork();
};

struct LayoutOptions {
  bool together = false; ///< samples may run together: their arenas must not meet in a cache's set
  int64_t lanes = 1;     ///< elements that a vector holds; 1: the code has no vectors
  bool compact = false;  ///< as little memory as the ranges of numbers need
  int64_t maxBytes = int64_t(1) << 34;
};

/// The narrowest of I8, I16 and I32 that holds all integers of that range.
nir::DType narrowest(int64_t least, int64_t most);
/// Words of 32 bits that hold a bit for each element.
constexpr int64_t wordsOf(int64_t elements) { return (elements + 31) / 32; }

/// Whether an op of the network waits for its start, and so looks at a clock.
bool hasClock(snn::NetworkOp network);
/// The latest start of any op: what a clock need not count beyond.
uint64_t latestStart(snn::NetworkOp network);
/// Elements of i64 that a thread needs beside the arenas for samples that run together: two for
/// each element of the largest signal.
int64_t scratchElements(const Layout &layout);

/// Lays out `network`; the same network always gets the same layout. Fails with a diagnostic where
/// the arena would take more than `maxBytes`.
llvm::FailureOr<Layout> layOut(snn::NetworkOp network, const FormsOf &forms,
                               const LayoutOptions &options);

} // namespace nirc::cpu
