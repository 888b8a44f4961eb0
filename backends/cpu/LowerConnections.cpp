//===- LowerConnections.cpp - functions of connections --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The functions of connections. A connection spreads each input that is not zero over the outputs
// it reaches, in ascending order of the inputs: every output adds up its terms in the same order as
// a product with all inputs would, and an input that is silent costs one comparison.

#include "backends/cpu/Emitter.h"

using namespace mlir;
using namespace nirc::cpu;

/// y[i] = bias[i / share], or 0: `share` outputs have one bias value.
static void startFromBias(Emitter &emit, Value result, int64_t elements,
                          std::optional<ElementsAttr> bias, int64_t share) {
  Emitter::Weights values;
  if (bias) {
    values = emit.weights(*bias);
  } else {
    values.uniform = emit.number(0);
  }
  emit.loop(elements / share, [&](Value channel) {
    Value start = emit.loadWeight(values, channel);
    emit.loop(share, [&](Value i) { emit.store(start, result, emit.flat(channel, share, i)); });
  });
}

/// array[at] += value
static void accumulate(Emitter &emit, Value array, Value at, Value value) {
  emit.store(emit.add(emit.load(array, at), value), array, at);
}

void nirc::cpu::emitDense(Emitter &emit, snn::DenseOp op) {
  ArrayRef<int64_t> inShape = snn::shapeOf(op.getSignal().getType());
  int64_t inputs = inShape.back(), outputs = snn::shapeOf(op.getType()).back();
  int64_t matrices = snn::elementsOf(op.getSignal().getType()) / inputs;
  Value signal = emit.array(op.getSignal()), result = emit.array(op.getResult());
  Emitter::Weights weight = emit.weights(op.getWeight());
  startFromBias(emit, result, matrices * outputs, op.getBias(), 1);
  emit.loop(matrices, [&](Value m) {
    emit.loop(inputs, [&](Value j) {
      Value x = emit.loadNumber(signal, emit.flat(m, inputs, j));
      emit.when(emit.isNonZero(x), [&] {
        emit.loop(outputs, [&](Value o) {
          Value row = emit.flat(m, outputs, o);
          Value w = emit.loadWeight(weight, emit.flat(row, inputs, j));
          accumulate(emit, result, row, emit.mul(w, x));
        });
      });
    });
  });
}

namespace {

/// One dimension of a window that slides over a signal. A window of the result at p has at its
/// kernel position k the signal's position p * stride + k * dilation - pad.
struct Window {
  int64_t signal, result, kernel, stride, pad, dilation;
};

} // namespace

/// Calls body(kernel position, result position) for each window that has the signal's position
/// `at`.
static void forEachWindow(Emitter &emit, Location loc, const Window &w, Value at,
                          llvm::function_ref<void(Value, Value)> body) {
  OpBuilder &b = emit.builder;
  emit.loop(w.kernel, [&](Value k) {
    // p * stride = at + pad - k * dilation. As an unsigned number a negative one is too large, so
    // one test bounds both.
    Value offset = emit.mul(k, emit.index(w.dilation));
    Value scaled = arith::SubIOp::create(b, loc, emit.add(at, emit.index(w.pad)), offset);
    Value inRange = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, scaled,
                                          emit.index(w.result * w.stride));
    Value rest = arith::RemUIOp::create(b, loc, scaled, emit.index(w.stride));
    Value onGrid = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest, emit.index(0));
    emit.when(arith::AndIOp::create(b, loc, inRange, onGrid),
              [&] { body(k, arith::DivUIOp::create(b, loc, scaled, emit.index(w.stride))); });
  });
}

/// The two dimensions of a convolution or pool; one over one dimension is one of height 1.
static std::pair<Window, Window> windows(Type signal, Type result, ArrayRef<int64_t> kernel,
                                         ArrayRef<int64_t> strides, ArrayRef<int64_t> pads,
                                         ArrayRef<int64_t> dilations) {
  ArrayRef<int64_t> in = snn::shapeOf(signal), out = snn::shapeOf(result);
  auto window = [&](size_t d) {
    return Window{in[d + 1],  out[d + 1], kernel[d],
                  strides[d], pads[d],    dilations.empty() ? 1 : dilations[d]};
  };
  Window single{1, 1, 1, 1, 0, 1};
  return kernel.size() == 1 ? std::pair(single, window(0)) : std::pair(window(0), window(1));
}

void nirc::cpu::emitConv(Emitter &emit, snn::ConvOp op) {
  Type in = op.getSignal().getType(), out = op.getType();
  ArrayRef<int64_t> weightShape = op.getWeight().getShapedType().getShape();
  auto [rows, columns] =
      windows(in, out, weightShape.drop_front(2), op.getStrides(), op.getPads(), op.getDilations());
  auto groups = static_cast<int64_t>(op.getGroups());
  int64_t inChannels = snn::shapeOf(in)[0] / groups, outChannels = snn::shapeOf(out)[0] / groups;
  Value signal = emit.array(op.getSignal()), result = emit.array(op.getResult());
  Emitter::Weights weight = emit.weights(op.getWeight());
  startFromBias(emit, result, snn::elementsOf(out), op.getBias(), rows.result * columns.result);

  emit.loop(groups, [&](Value g) {
    emit.loop(inChannels, [&](Value c) {
      Value channel = emit.flat(g, inChannels, c);
      emit.loop(rows.signal, [&](Value y) {
        emit.loop(columns.signal, [&](Value x) {
          Value at = emit.flat(emit.flat(channel, rows.signal, y), columns.signal, x);
          Value value = emit.loadNumber(signal, at);
          emit.when(emit.isNonZero(value), [&] {
            emit.loop(outChannels, [&](Value o) {
              Value outChannel = emit.flat(g, outChannels, o);
              Value plane = emit.flat(outChannel, inChannels, c);
              forEachWindow(emit, op.getLoc(), rows, y, [&](Value ky, Value py) {
                forEachWindow(emit, op.getLoc(), columns, x, [&](Value kx, Value px) {
                  Value k = emit.flat(emit.flat(plane, rows.kernel, ky), columns.kernel, kx);
                  Value p = emit.flat(emit.flat(outChannel, rows.result, py), columns.result, px);
                  accumulate(emit, result, p, emit.mul(emit.loadWeight(weight, k), value));
                });
              });
            });
          });
        });
      });
    });
  });
}

void nirc::cpu::emitPool(Emitter &emit, snn::PoolOp op) {
  Type in = op.getSignal().getType(), out = op.getType();
  auto [rows, columns] = windows(in, out, op.getKernel(), op.getStrides(), op.getPads(), {});
  Value signal = emit.array(op.getSignal()), result = emit.array(op.getResult());
  int64_t elements = snn::elementsOf(out);
  startFromBias(emit, result, elements, std::nullopt, rows.result * columns.result);

  emit.loop(snn::shapeOf(in)[0], [&](Value c) {
    emit.loop(rows.signal, [&](Value y) {
      emit.loop(columns.signal, [&](Value x) {
        Value value =
            emit.loadNumber(signal, emit.flat(emit.flat(c, rows.signal, y), columns.signal, x));
        emit.when(emit.isNonZero(value), [&] {
          forEachWindow(emit, op.getLoc(), rows, y, [&](Value, Value py) {
            forEachWindow(emit, op.getLoc(), columns, x, [&](Value, Value px) {
              accumulate(emit, result, emit.flat(emit.flat(c, rows.result, py), columns.result, px),
                         value);
            });
          });
        });
      });
    });
  });
  if (op.getAverage()) {
    Value share = emit.number(1.0 / static_cast<double>(rows.kernel * columns.kernel));
    emit.loop(elements,
              [&](Value i) { emit.store(emit.mul(emit.load(result, i), share), result, i); });
  }
}

void nirc::cpu::emitScale(Emitter &emit, snn::ScaleOp op) {
  Value signal = emit.array(op.getSignal()), result = emit.array(op.getResult());
  Emitter::Weights scale = emit.weights(op.getScale());
  bool single = op.getScale().getNumElements() == 1;
  Value first = emit.index(0);
  emit.loop(snn::elementsOf(op.getType()), [&](Value i) {
    Value factor = emit.loadWeight(scale, single ? first : i);
    emit.store(emit.mul(emit.loadNumber(signal, i), factor), result, i);
  });
}

void nirc::cpu::emitAdd(Emitter &emit, snn::AddOp op) {
  SmallVector<Value> signals;
  for (Value signal : op.getSignals()) {
    signals.push_back(emit.array(signal));
  }
  Value result = emit.array(op.getResult());
  emit.loop(snn::elementsOf(op.getType()), [&](Value i) {
    Value sum;
    for (Value signal : signals) {
      Value x = emit.loadNumber(signal, i);
      sum = sum ? emit.add(sum, x) : x;
    }
    emit.store(sum ? sum : emit.number(0), result, i);
  });
}
