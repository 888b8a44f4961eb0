//===- InterpreterConnections.cpp - dense, conv and pool at work ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// An input that is 0 adds no term to the sums of dense and conv (docs/semantics.md, "Zeros"), and
// most are 0 in a step. So both go from input to input in ascending order and add what each one
// gives to all the sums that it is in: every sum still has its terms in its own order.

#include "dialects/snn/interpreter/InterpreterUnits.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <utility>

using namespace mlir;
using namespace snn;

namespace {

/// What weights are kept as. Those of integers have up to 32 bits.
template <typename Number>
using Weight = std::conditional_t<std::is_integral_v<Number>, int32_t, Number>;

/// sums[i] += weights[i] x.
template <typename Number>
void addTerms(const Weight<Number> *weights, Number x, Number *sums, int64_t count) {
  if (x == Number(1)) { // mostly it is a spike
    for (int64_t i = 0; i < count; ++i) {
      sums[i] = added<Number>(sums[i], weights[i]);
    }
    return;
  }
  for (int64_t i = 0; i < count; ++i) {
    sums[i] = added<Number>(sums[i], multiplied<Number>(weights[i], x));
  }
}

/// The bias, or zeros.
template <typename Number>
FailureOr<std::vector<Number>> biasOf(Operation *op, std::optional<ElementsAttr> bias,
                                      int64_t count) {
  if (bias) {
    return numbersOf<Number>(op, "bias", *bias);
  }
  return std::vector<Number>(static_cast<size_t>(count), Number(0));
}

//===----------------------------------------------------------------------===//
// dense
//===----------------------------------------------------------------------===//

template <typename Number>
class Dense : public Unit<Number> {
public:
  static UnitOr<Number> create(DenseOp op) {
    auto unit = std::make_unique<Dense>(op);
    auto weights = numbersOf<Weight<Number>>(op, "weight", op.getWeight());
    auto bias = biasOf<Number>(op, op.getBias(), elementsOf(op.getType()));
    if (failed(weights) || failed(bias)) {
      return failure();
    }
    unit->bias = std::move(*bias);
    unit->transpose(*weights);
    return std::unique_ptr<Unit<Number>>(std::move(unit));
  }

  explicit Dense(DenseOp op)
      : Unit<Number>(op), rows(shapeOf(op.getType()).back()),
        columns(shapeOf(op.getSignal().getType()).back()),
        matrices(elementsOf(op.getType()) / rows) {}

  void evaluate(int64_t) override {
    const std::vector<Number> &x = *this->inputs[0];
    this->output = bias;
    for (int64_t m = 0; m < matrices; ++m) {
      for (int64_t c = 0; c < columns; ++c) {
        Number value = x[m * columns + c];
        if (value != Number(0)) {
          addTerms(&byColumn[(m * columns + c) * rows], value, &this->output[m * rows], rows);
        }
      }
    }
  }

private:
  /// [matrix, row, column] to [matrix, column, row].
  void transpose(const std::vector<Weight<Number>> &weights) {
    byColumn.resize(weights.size());
    for (int64_t m = 0; m < matrices; ++m) {
      for (int64_t r = 0; r < rows; ++r) {
        for (int64_t c = 0; c < columns; ++c) {
          byColumn[(m * columns + c) * rows + r] = weights[(m * rows + r) * columns + c];
        }
      }
    }
  }

  int64_t rows, columns, matrices;
  std::vector<Number> bias;
  std::vector<Weight<Number>> byColumn;
};

//===----------------------------------------------------------------------===//
// conv
//===----------------------------------------------------------------------===//

/// One dimension of a window that slides over a signal. A window of the result at p has at its
/// kernel position k the signal's position p stride + k dilation - pad.
struct Window {
  int64_t signal = 1, result = 1, kernel = 1, stride = 1, pad = 0, dilation = 1;

  /// The p whose window has the signal's `position` at k, or -1.
  int64_t resultAt(int64_t position, int64_t k) const {
    int64_t start = position + pad - k * dilation;
    return start < 0 || start % stride || start / stride >= result ? -1 : start / stride;
  }
  /// The signal's positions in the window p of a pool, from the first to the end: kernels may be
  /// far larger than the signal.
  std::pair<int64_t, int64_t> covered(int64_t p) const {
    int64_t start = p * stride - pad;
    return {std::max<int64_t>(start, 0), std::min(start + kernel, signal)};
  }
};

/// Rows and columns. A signal over one dimension has one row.
struct Windows {
  Windows(Type signal, Type result, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
          ArrayRef<int64_t> pads, ArrayRef<int64_t> dilations) {
    size_t dims = kernel.size();
    for (size_t d = 0; d < dims; ++d) {
      (d + 1 == dims ? columns : rows) = {shapeOf(signal)[d + 1],
                                          shapeOf(result)[d + 1],
                                          kernel[d],
                                          strides[d],
                                          pads[d],
                                          dilations.empty() ? 1 : dilations[d]};
    }
  }
  int64_t kernel() const { return rows.kernel * columns.kernel; }
  int64_t positions() const { return rows.result * columns.result; }
  Window rows, columns;
};

template <typename Number>
class Conv : public Unit<Number> {
public:
  static UnitOr<Number> create(ConvOp op) {
    auto unit = std::make_unique<Conv>(op);
    auto weights = numbersOf<Weight<Number>>(op, "weight", op.getWeight());
    auto bias = biasOf<Number>(op, op.getBias(), unit->outChannels);
    if (failed(weights) || failed(bias)) {
      return failure();
    }
    unit->bias = std::move(*bias);
    unit->transpose(*weights);
    return std::unique_ptr<Unit<Number>>(std::move(unit));
  }

  explicit Conv(ConvOp op)
      : Unit<Number>(op), windows(op.getSignal().getType(), op.getType(),
                                  op.getWeight().getShapedType().getShape().drop_front(2),
                                  op.getStrides(), op.getPads(), op.getDilations()),
        inChannels(shapeOf(op.getSignal().getType())[0]), outChannels(shapeOf(op.getType())[0]),
        inOfGroup(inChannels / static_cast<int64_t>(op.getGroups())),
        outOfGroup(outChannels / static_cast<int64_t>(op.getGroups())),
        sums(windows.positions() * outChannels) {}

  void evaluate(int64_t) override {
    for (int64_t p = 0; p < windows.positions(); ++p) {
      std::copy(bias.begin(), bias.end(), sums.begin() + p * outChannels);
    }
    const Number *x = this->inputs[0]->data();
    for (int64_t channel = 0; channel < inChannels; ++channel) {
      for (int64_t row = 0; row < windows.rows.signal; ++row) {
        for (int64_t column = 0; column < windows.columns.signal; ++column, ++x) {
          if (*x != Number(0)) {
            spread(*x, channel, row, column);
          }
        }
      }
    }
    for (int64_t o = 0; o < outChannels; ++o) {
      for (int64_t p = 0; p < windows.positions(); ++p) {
        this->output[o * windows.positions() + p] = sums[p * outChannels + o];
      }
    }
  }

private:
  /// Adds x to the sums of all windows that hold its position.
  void spread(Number x, int64_t channel, int64_t row, int64_t column) {
    int64_t firstOut = channel / inOfGroup * outOfGroup;
    for (int64_t ky = 0; ky < windows.rows.kernel; ++ky) {
      int64_t py = windows.rows.resultAt(row, ky);
      for (int64_t kx = 0; py >= 0 && kx < windows.columns.kernel; ++kx) {
        int64_t px = windows.columns.resultAt(column, kx);
        if (px >= 0) {
          int64_t k = channel * windows.kernel() + ky * windows.columns.kernel + kx;
          int64_t p = py * windows.columns.result + px;
          addTerms(&byInput[k * outOfGroup], x, &sums[p * outChannels + firstOut], outOfGroup);
        }
      }
    }
  }

  /// [out, in / groups, kernel] to [in, kernel, out / groups].
  void transpose(const std::vector<Weight<Number>> &weights) {
    byInput.resize(weights.size());
    int64_t taps = inOfGroup * windows.kernel(); // of an output
    for (int64_t o = 0; o < outChannels; ++o) {
      int64_t group = o / outOfGroup;
      for (int64_t tap = 0; tap < taps; ++tap) {
        byInput[(group * taps + tap) * outOfGroup + o % outOfGroup] = weights[o * taps + tap];
      }
    }
  }

  Windows windows;
  int64_t inChannels, outChannels, inOfGroup, outOfGroup;
  std::vector<Number> bias;
  std::vector<Number> sums; ///< [position, out]
  std::vector<Weight<Number>> byInput;
};

//===----------------------------------------------------------------------===//
// pool
//===----------------------------------------------------------------------===//

template <typename Number>
class Pool : public Unit<Number> {
public:
  static UnitOr<Number> create(PoolOp op) {
    if (std::is_integral_v<Number> && op.getAverage()) {
      return nodeError(op) << "averages integers, expected a sum and the factor in its scale";
    }
    return std::unique_ptr<Unit<Number>>(std::make_unique<Pool>(op));
  }

  explicit Pool(PoolOp op)
      : Unit<Number>(op), windows(op.getSignal().getType(), op.getType(), op.getKernel(),
                                  op.getStrides(), op.getPads(), {}),
        channels(shapeOf(op.getType())[0]), average(op.getAverage()),
        share(static_cast<Number>(1.0 / static_cast<double>(windows.kernel()))) {}

  void evaluate(int64_t) override {
    const Number *plane = this->inputs[0]->data();
    Number *to = this->output.data();
    for (int64_t c = 0; c < channels; ++c) {
      for (int64_t py = 0; py < windows.rows.result; ++py) {
        for (int64_t px = 0; px < windows.columns.result; ++px, ++to) {
          *to = sumOver(plane, py, px);
          if (average) {
            *to *= share;
          }
        }
      }
      plane += windows.rows.signal * windows.columns.signal;
    }
  }

private:
  Number sumOver(const Number *plane, int64_t py, int64_t px) const {
    Number sum(0);
    auto [top, bottom] = windows.rows.covered(py);
    auto [left, right] = windows.columns.covered(px);
    for (int64_t y = top; y < bottom; ++y) {
      for (int64_t x = left; x < right; ++x) {
        sum = added<Number>(sum, plane[y * windows.columns.signal + x]);
      }
    }
    return sum;
  }

  Windows windows;
  int64_t channels;
  bool average;
  Number share;
};

} // namespace

template <typename Number>
UnitOr<Number> snn::makeConnection(Operation *op) {
  return llvm::TypeSwitch<Operation *, UnitOr<Number>>(op)
      .Case([](DenseOp dense) { return Dense<Number>::create(dense); })
      .Case([](ConvOp conv) { return Conv<Number>::create(conv); })
      .Case([](PoolOp pool) { return Pool<Number>::create(pool); })
      .Default([](Operation *) { return std::unique_ptr<Unit<Number>>(); });
}

template UnitOr<float> snn::makeConnection<float>(Operation *);
template UnitOr<double> snn::makeConnection<double>(Operation *);
template UnitOr<int64_t> snn::makeConnection<int64_t>(Operation *);
