//===- LowerWindows.cpp - functions of convolutions and pools -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A convolution spreads each event over the windows that hold it. The channels of the result are
// innermost, so that what an event adds to one window is a few whole vectors. Events come in NIR's
// order, so every output adds up its terms by channel, row and column.

#include "backends/cpu/lower/Compact.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

/// One dimension of a window that slides over a signal. A window of the result at p has at its
/// kernel position k the signal's position p * stride + k * dilation - pad.
struct Window {
  int64_t signal, result, kernel, stride, pad, dilation;
};

/// The two dimensions of a convolution or pool; one over one dimension is one of height 1.
struct Windows {
  Windows(Type signal, Type result, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
          ArrayRef<int64_t> pads, ArrayRef<int64_t> dilations) {
    ArrayRef<int64_t> in = snn::shapeOf(signal), out = snn::shapeOf(result);
    auto window = [&](size_t d) {
      return Window{in[d + 1],  out[d + 1], kernel[d],
                    strides[d], pads[d],    dilations.empty() ? 1 : dilations[d]};
    };
    rows = kernel.size() == 1 ? Window{1, 1, 1, 1, 0, 1} : window(0);
    columns = kernel.size() == 1 ? window(0) : window(1);
  }
  int64_t positions() const { return rows.result * columns.result; }
  int64_t kernel() const { return rows.kernel * columns.kernel; }
  Window rows, columns;
};

} // namespace

/// Calls body(kernel position, result position) for each window that has the signal's position
/// `at`, by ascending result position.
static void forEachWindow(Emitter &emit, const Window &w, Value at,
                          llvm::function_ref<void(Value, Value)> body) {
  Value reach = emit.add(at, emit.index(w.pad));
  int64_t extent = (w.kernel - 1) * w.dilation; // from a window's first position to its last
  Value stride = emit.index(w.stride);
  // ceil((reach - extent) / stride), but not below 0
  Value beyond = emit.max(emit.sub(reach, emit.index(extent)), emit.index(0));
  Value first = emit.div(emit.add(beyond, emit.index(w.stride - 1)), stride);
  Value end = emit.min(emit.add(emit.div(reach, stride), emit.index(1)), emit.index(w.result));
  emit.loop(first, end, [&](Value p) {
    Value offset = emit.sub(reach, emit.mul(p, stride));
    if (w.dilation == 1) {
      return body(offset, p);
    }
    Value dilation = emit.index(w.dilation);
    emit.when(emit.compare(arith::CmpIPredicate::eq, emit.rem(offset, dilation), emit.index(0)),
              [&] { body(emit.div(offset, dilation), p); });
  });
}

/// Calls body(kernel position, result position) over both dimensions.
static void forEachWindow(Emitter &emit, const Windows &windows, Value row, Value column,
                          llvm::function_ref<void(Value, Value)> body) {
  forEachWindow(emit, windows.rows, row, [&](Value ky, Value py) {
    forEachWindow(emit, windows.columns, column, [&](Value kx, Value px) {
      body(emit.flat(ky, windows.columns.kernel, kx), emit.flat(py, windows.columns.result, px));
    });
  });
}

namespace {
/// A window that may hold an event: its kernel position and its result position, where it does.
struct Candidate {
  Value kernel, position, holds;
};
} // namespace

/// The most windows of one dimension that hold one position.
static int64_t mostWindows(const Window &w) { return (w.kernel - 1) * w.dilation / w.stride + 1; }

/// Those windows, whether or not they exist. Numbers of one that does not hold `at` mean nothing.
static SmallVector<Candidate> candidates(Emitter &emit, const Window &w, Value at) {
  Value reach = emit.add(at, emit.index(w.pad)), stride = emit.index(w.stride);
  Value last = emit.div(reach, stride), offset = emit.sub(reach, emit.mul(last, stride));
  SmallVector<Candidate> all;
  for (int64_t i = 0; i < mostWindows(w); ++i) {
    // As an unsigned number a negative one is too large, so one test bounds both.
    Value position = emit.sub(last, emit.index(i));
    Value kernel = emit.add(offset, emit.index(i * w.stride));
    Value exists = emit.compare(arith::CmpIPredicate::ult, position, emit.index(w.result));
    if (w.dilation > 1) {
      Value dilation = emit.index(w.dilation), rest = emit.rem(kernel, dilation);
      exists = emit.both(exists, emit.compare(arith::CmpIPredicate::eq, rest, emit.index(0)));
      kernel = emit.div(kernel, dilation);
    }
    Value inside = emit.compare(arith::CmpIPredicate::ult, kernel, emit.index(w.kernel));
    all.push_back({kernel, position, emit.both(exists, inside)});
  }
  return all;
}

namespace {
/// An event's place in a signal [channels, rows, columns].
struct Place {
  Place(Emitter &emit, const Windows &windows, Value event) {
    Value columns = emit.index(windows.columns.signal), rows = emit.index(windows.rows.signal);
    Value line = emit.div(event, columns);
    column = emit.sub(event, emit.mul(line, columns));
    channel = windows.rows.signal == 1 ? line : emit.div(line, rows);
    row = windows.rows.signal == 1 ? emit.index(0) : emit.sub(line, emit.mul(channel, rows));
  }
  Value channel, row, column;
};
} // namespace

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

namespace {
/// How a convolution's channels meet vectors: the output channels that one input channel reaches
/// are `vectors` vectors of `width`, of which those beyond the channels add zeros.
struct Channels {
  Channels(snn::ConvOp op, int64_t lanes)
      : order(channelsLast(op.getType(), lanes)), groups(static_cast<int64_t>(op.getGroups())),
        in(snn::shapeOf(op.getSignal().getType())[0] / groups), out(order.channels / groups) {
    if (groups == 1) {
      width = std::min(lanes, order.pitch);
      vectors = order.pitch / width;
    } else { // no vector may reach into the next group
      width = std::min(lanes, int64_t(1) << llvm::countr_zero(static_cast<uint64_t>(out)));
      vectors = out / width;
    }
  }
  ChannelsLast order;
  int64_t groups, in, out, width = 1, vectors = 1;
};
} // namespace

/// Whether an event's windows are few enough to be written one by one, without a branch for those
/// that do not hold it: at stride 2 that is half of them, and which ones cannot be foreseen.
static bool isUnrolled(Emitter &emit, const Windows &windows, const Channels &channels) {
  int64_t most = mostWindows(windows.rows) * mostWindows(windows.columns);
  return emit.lanes > 1 && most * channels.vectors <= 2 * mostOutside && most <= mostOutside;
}

/// Weights [input channel, kernel position, output channels of its group].
static Value convWeights(Emitter &emit, snn::ConvOp op, const Channels &channels, int64_t kernel) {
  Numbers weight = emit.numbers(op.getWeight());
  int64_t run = channels.width * channels.vectors;
  return emit.parameter(weight, channels.groups * channels.in * kernel * run, [&](int64_t i) {
    int64_t o = i % run, k = i / run % kernel, c = i / run / kernel;
    int64_t group = c / channels.in, output = group * channels.out + o;
    return o < channels.out ? (output * channels.in + c % channels.in) * kernel + k : -1;
  });
}

/// Every window starts from its channel's bias.
static void startFromBias(Emitter &emit, snn::ConvOp op, const ChannelsLast &order, Value result) {
  int64_t width = std::min(emit.lanes, order.pitch);
  Value bias;
  if (op.getBias()) {
    Numbers values = emit.numbers(*op.getBias());
    bias =
        emit.parameter(values, order.pitch, [&](int64_t i) { return i < order.channels ? i : -1; });
  }
  if (!bias) { // one run over all of it
    emit.loop(emit.index(0), emit.index(order.elements()), emit.lanes,
              [&](Value i) { emit.storeLanes(emit.splat(emit.number(0)), result, i); });
    return;
  }
  emit.loop(emit.index(0), emit.index(order.pitch), width, [&](Value c) {
    Value start = emit.loadNumberLanes(bias, c, width);
    emit.loop(order.positions,
              [&](Value p) { emit.storeLanes(start, result, emit.flat(p, order.pitch, c)); });
  });
}

/// The result in NIR's order, for whoever wants it so.
static void writeArray(Emitter &emit, const ChannelsLast &order, Value from, Value to) {
  emit.loop(order.channels, [&](Value c) {
    emit.loop(order.positions, [&](Value p) {
      emit.store(emit.load(from, emit.flat(p, order.pitch, c)), to,
                 emit.flat(c, order.positions, p));
    });
  });
}

static void emitConvolution(Emitter &emit, snn::ConvOp op) {
  Windows windows(op.getSignal().getType(), op.getType(),
                  op.getWeight().getShapedType().getShape().drop_front(2), op.getStrides(),
                  op.getPads(), op.getDilations());
  Channels channels(op, emit.lanes);
  const Signal &signal = emit.signal(op.getSignal()), &resultSignal = emit.signal(op.getResult());
  bool spikes = snn::isSpikes(op.getSignal().getType());
  Value values = spikes ? Value() : emit.array(op.getSignal());
  Value result = emit.array(*resultSignal.channelsLast);
  Value weights = convWeights(emit, op, channels, windows.kernel());
  int64_t run = channels.width * channels.vectors;
  startFromBias(emit, op, channels.order, result);

  emit.forEachEvent(*signal.events, snn::elementsOf(op.getSignal().getType()), [&](Value event) {
    Value x = values ? emit.splat(emit.loadNumber(values, event), channels.width) : Value();
    Place place(emit, windows, event);
    Value plane = emit.mul(place.channel, emit.index(windows.kernel()));
    Value firstChannel = emit.index(0);
    if (channels.groups > 1) {
      Value group = emit.div(place.channel, emit.index(channels.in));
      firstChannel = emit.mul(group, emit.index(channels.out));
    }
    auto addTo = [&](Value row, Value at) {
      auto addVector = [&](Value offset) {
        Value to = emit.add(at, offset);
        Value weight = emit.loadNumberLanes(weights, emit.add(row, offset), channels.width);
        Value term = x ? emit.mul(weight, x) : weight;
        emit.storeLanes(emit.add(emit.loadLanes(result, to, channels.width), term), result, to);
      };
      if (emit.lanes == 1) { // a loop that compilers make vectors of, where there are any
        return emit.loop(run, addVector);
      }
      for (int64_t v = 0; v < channels.vectors; ++v) {
        addVector(emit.index(v * channels.width));
      }
    };
    auto rowOf = [&](Value k) { return emit.mul(emit.add(plane, k), emit.index(run)); };
    auto sumOf = [&](Value p) { return emit.flat(p, channels.order.pitch, firstChannel); };
    if (!isUnrolled(emit, windows, channels)) {
      forEachWindow(emit, windows, place.row, place.column,
                    [&](Value k, Value p) { addTo(rowOf(k), sumOf(p)); });
      return;
    }
    // What a window that does not hold the event would add goes to sums behind the last, a place
    // for each, so that no addition waits for the one before.
    int64_t outside = channels.order.elements();
    Value none = emit.index(0);
    SmallVector<Candidate> columns = candidates(emit, windows.columns, place.column);
    for (const Candidate &y : candidates(emit, windows.rows, place.row)) {
      for (const Candidate &x : columns) {
        Value holds = emit.both(y.holds, x.holds);
        Value k = emit.flat(y.kernel, windows.columns.kernel, x.kernel);
        Value p = emit.flat(y.position, windows.columns.result, x.position);
        Value nowhere = emit.index(outside);
        outside += channels.order.pitch;
        addTo(emit.pick(holds, rowOf(k), none), emit.pick(holds, sumOf(p), nowhere));
      }
    }
  });
  if (resultSignal.array) {
    writeArray(emit, channels.order, result, emit.array(*resultSignal.array));
  }
}

/// The same in little memory: sums lie in NIR's order, and there is no second array of them.
static void emitCompactConvolution(Emitter &emit, snn::ConvOp op) {
  Windows windows(op.getSignal().getType(), op.getType(),
                  op.getWeight().getShapedType().getShape().drop_front(2), op.getStrides(),
                  op.getPads(), op.getDilations());
  Channels channels(op, 1);
  int64_t kernel = windows.kernel(), positions = windows.positions();
  PackedRows weights(emit, emit.numbers(op.getWeight()), channels.groups * channels.in * kernel,
                     channels.out, [&](int64_t row, int64_t o) {
                       int64_t k = row % kernel, c = row / kernel;
                       int64_t output = c / channels.in * channels.out + o;
                       return (output * channels.in + c % channels.in) * kernel + k;
                     });
  Value result = emit.array(op.getResult());
  ArrayRef<int64_t> shape = snn::shapeOf(op.getType());
  std::optional<Value> bias;
  if (op.getBias()) {
    Numbers values = emit.numbers(*op.getBias());
    bias = emit.parameter(values, channels.order.channels, [](int64_t c) { return c; });
  }
  forEachElement(emit, shape, bias.has_value(), [&](Value i, Value channel) {
    emit.store(bias ? emit.loadNumber(*bias, channel) : emit.number(0), result, i);
  });
  bool spikes = snn::isSpikes(op.getSignal().getType());
  Value values = spikes ? Value() : emit.array(op.getSignal());
  forEachEvent(emit, op.getSignal(), [&](Value event) {
    Value x = values ? emit.loadNumber(values, event) : Value();
    Place place(emit, windows, event);
    Value plane = emit.mul(place.channel, emit.index(kernel)), first = emit.index(0);
    if (channels.groups > 1) {
      Value group = emit.div(place.channel, emit.index(channels.in));
      first = emit.mul(group, emit.index(channels.out * positions));
    }
    forEachWindow(emit, windows, place.row, place.column, [&](Value k, Value p) {
      Value to = emit.add(first, p);
      weights.forEach(emit.add(plane, k), [&](Value o, Value weight) {
        Value at = emit.flat(o, positions, to), term = x ? emit.mul(weight, x) : weight;
        emit.store(emit.add(emit.loadNumber(result, at), term), result, at);
      });
    });
  });
}

void nirc::cpu::emitConv(Emitter &emit, snn::ConvOp op) {
  if (emit.options.compact) {
    return emitCompactConvolution(emit, op);
  }
  emit.onFirstPart([&] { emitConvolution(emit, op); });
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

static void emitSums(Emitter &emit, snn::PoolOp op) {
  Windows windows(op.getSignal().getType(), op.getType(), op.getKernel(), op.getStrides(),
                  op.getPads(), {});
  bool spikes = snn::isSpikes(op.getSignal().getType());
  Value values = spikes ? Value() : emit.array(op.getSignal());
  Value result = emit.array(op.getResult());
  int64_t elements = snn::elementsOf(op.getType());
  emit.loop(emit.index(0), emit.index(elements), emit.lanes,
            [&](Value i) { emit.storeLanes(emit.splat(emit.number(0)), result, i); });
  forEachEvent(emit, op.getSignal(), [&](Value event) {
    Value x = values ? emit.loadNumber(values, event) : emit.number(1);
    Place place(emit, windows, event);
    Value plane = emit.mul(place.channel, emit.index(windows.positions()));
    forEachWindow(emit, windows, place.row, place.column, [&](Value, Value p) {
      Value at = emit.add(plane, p);
      emit.store(emit.add(emit.loadNumber(result, at), x), result, at);
    });
  });
  if (op.getAverage() && emit.isInteger()) {
    snn::nodeError(op)
        << "takes an average in a network of i32, expected the sum, whose scale says "
           "what it is worth";
    return emit.fail();
  }
  if (op.getAverage()) {
    Value share = emit.splat(emit.number(1.0 / static_cast<double>(windows.kernel())));
    emit.loop(emit.index(0), emit.index(elements), emit.lanes, [&](Value i) {
      emit.storeLanes(emit.mul(emit.loadLanes(result, i), share), result, i);
    });
  }
}

void nirc::cpu::emitPool(Emitter &emit, snn::PoolOp op) {
  emit.onFirstPart([&] { emitSums(emit, op); });
}
