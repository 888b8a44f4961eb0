//===- Compose.cpp - connections as synapses ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/synapses/Compose.h"

#include "dialects/nir/Tensors.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <tuple>

using namespace mlir;
using namespace nirc;

void nirc::settle(std::vector<Synapse> &terms) {
  std::sort(terms.begin(), terms.end(), [](const Synapse &a, const Synapse &b) {
    return std::tie(a.source, a.delay) < std::tie(b.source, b.delay);
  });
  size_t kept = 0;
  for (size_t i = 0; i < terms.size();) {
    Synapse sum = terms[i++];
    for (; i < terms.size() && terms[i].source == sum.source && terms[i].delay == sum.delay; ++i) {
      sum.weight += terms[i].weight;
    }
    if (sum.weight != 0) {
      terms[kept++] = sum;
    }
  }
  terms.resize(kept);
}

std::map<int64_t, int64_t> nirc::takeBiases(std::vector<Synapse> &terms, int64_t start) {
  std::map<int64_t, int64_t> biases;
  std::erase_if(terms, [&](const Synapse &term) {
    if (term.source == biasSource) {
      biases[std::max<int64_t>(term.delay, start)] += term.weight;
    }
    return term.source == biasSource;
  });
  return biases;
}

LogicalResult nirc::asSynapses(snn::PopulationOp op, std::vector<Synapse> &terms,
                               const SynapseLimits &limits) {
  settle(terms); // two connections may have made the same one
  for (Synapse &term : terms) {
    term.delay -= 1; // the step that every spike takes
    if (term.delay < 0 || term.delay > limits.longestDelay) {
      InFlightDiagnostic error = snn::nodeError(op)
                                 << "is reached by a spike " << term.delay + 1
                                 << " steps late, expected 1 to " << limits.longestDelay + 1;
      if (term.delay < 0) {
        error.attachNote() << "--semantics " << limits.semantics
                           << ", under which a spike takes a step";
      } else {
        error.attachNote() << "take shorter Delays, or a larger --dt";
      }
      return error;
    }
    if (std::abs(term.weight) > limits.largestWeight) {
      InFlightDiagnostic error = snn::nodeError(op) << "has a synapse of the weight " << term.weight
                                                    << ", expected at most " << limits.largestWeight
                                                    << ", " << limits.weightForm;
      error.attachNote() << "several connections in a row multiply their weights: put neurons "
                            "between them";
      return error;
    }
  }
  return success();
}

/// to[element] += factor * from[other].
static void addTo(Composed &to, size_t element, const Composed &from, size_t other,
                  int64_t factor) {
  if (factor == 0) {
    return;
  }
  for (Synapse term : from.terms[other]) {
    term.weight *= factor;
    to.terms[element].push_back(term);
  }
}

static std::vector<int64_t> wholeNumbers(ElementsAttr values, size_t count) {
  auto numbers = nir::doublesOf(values);
  std::vector<int64_t> whole(numbers.begin(), numbers.end());
  whole.resize(count, whole.empty() ? 0 : whole.front()); // one may stand for all
  return whole;
}

static void addBias(Composed &to, std::optional<ElementsAttr> bias, size_t perBias) {
  if (bias) {
    std::vector<int64_t> numbers = wholeNumbers(*bias, to.terms.size() / perBias);
    for (size_t i = 0; i < to.terms.size(); ++i) {
      to.terms[i].push_back({biasSource, 0, numbers[i / perBias]});
    }
  }
}

static size_t sizeOf(Type signal) { return static_cast<size_t>(snn::elementsOf(signal)); }

FailureOr<const Composed *> Composer::compose(Value signal) {
  auto [place, isNew] = done.try_emplace(signal, nullptr);
  if (!isNew) {
    if (place->second) {
      return place->second.get();
    }
    InFlightDiagnostic error = snn::nodeError(signal.getDefiningOp())
                               << "is part of a loop without a neuron, which " << platform
                               << " has no place for";
    error.attachNote() << "put a spiking neuron into the loop";
    return error;
  }
  FailureOr<Composed> composed = make(signal);
  if (failed(composed)) {
    return failure();
  }
  for (std::vector<Synapse> &terms : composed->terms) {
    settle(terms);
  }
  auto kept = std::make_unique<Composed>(std::move(*composed));
  const Composed *result = kept.get();
  done[signal] = std::move(kept);
  return result;
}

FailureOr<Composed> Composer::driveOf(snn::PopulationOp op) {
  Composed drive(sizeOf(op.getType()));
  for (Value input : op.getInputs()) {
    FailureOr<const Composed *> composed = compose(input);
    if (failed(composed)) {
      return failure();
    }
    for (size_t n = 0; n < drive.terms.size(); ++n) {
      llvm::append_range(drive.terms[n], (*composed)->terms[n]);
    }
  }
  return drive;
}

FailureOr<Composed> Composer::make(Value signal) {
  if (auto source = sources.find(signal); source != sources.end()) {
    auto population = signal.getDefiningOp<snn::PopulationOp>();
    if (population && !snn::isSpikes(signal.getType())) {
      InFlightDiagnostic error = snn::nodeError(population)
                                 << "passes on numbers, expected spikes: on " << platform
                                 << " a neuron has nothing else for others";
      error.attachNote() << "take a spiking neuron, as LIF for LI or CubaLIF for CubaLI; numbers "
                            "can go straight to an Output alone";
      return error;
    }
    Composed spikes(sizeOf(signal.getType()));
    for (size_t i = 0; i < spikes.terms.size(); ++i) {
      spikes.terms[i] = {{source->second + static_cast<int32_t>(i), 0, 1}};
    }
    return spikes;
  }
  return llvm::TypeSwitch<Operation *, FailureOr<Composed>>(signal.getDefiningOp())
      .Case([&](snn::DenseOp op) { return dense(op); })
      .Case([&](snn::ConvOp op) { return conv(op); })
      .Case([&](snn::PoolOp op) { return pool(op); })
      .Case([&](snn::RescaleOp op) { return rescale(op); })
      .Case([&](snn::DelayOp op) { return delay(op); })
      .Case([&](snn::ReshapeOp op) -> FailureOr<Composed> {
        FailureOr<const Composed *> x = compose(op.getSignal());
        return failed(x) ? FailureOr<Composed>(failure()) : Composed(**x);
      })
      .Case([&](snn::AddOp op) -> FailureOr<Composed> {
        Composed out(sizeOf(op.getType()));
        for (Value each : op.getSignals()) {
          FailureOr<const Composed *> x = compose(each);
          if (failed(x)) {
            return failure();
          }
          for (size_t i = 0; i < out.terms.size(); ++i) {
            addTo(out, i, **x, i, 1);
          }
        }
        return out;
      })
      .Case([&](snn::ScaleOp op) -> FailureOr<Composed> {
        FailureOr<const Composed *> x = compose(op.getSignal());
        if (failed(x)) {
          return failure();
        }
        Composed out(sizeOf(op.getType()));
        std::vector<int64_t> scale = wholeNumbers(op.getScale(), out.terms.size());
        for (size_t i = 0; i < out.terms.size(); ++i) {
          addTo(out, i, **x, i, scale[i]);
        }
        return out;
      })
      .Default([&](Operation *op) -> FailureOr<Composed> {
        return snn::nodeError(op) << "has no synapses on " << platform << ": " << op->getName();
      });
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

FailureOr<Composed> Composer::dense(snn::DenseOp op) {
  FailureOr<const Composed *> x = compose(op.getSignal());
  if (failed(x)) {
    return failure();
  }
  auto rows = static_cast<size_t>(snn::shapeOf(op.getType()).back());
  auto columns = static_cast<size_t>(snn::shapeOf(op.getSignal().getType()).back());
  Composed out(sizeOf(op.getType()));
  std::vector<int64_t> weight = wholeNumbers(op.getWeight(), out.terms.size() * columns);
  for (size_t o = 0; o < out.terms.size(); ++o) {
    for (size_t c = 0; c < columns; ++c) {
      addTo(out, o, **x, o / rows * columns + c, weight[o * columns + c]);
    }
  }
  addBias(out, op.getBias(), 1);
  return out;
}

namespace {
/// What slides over the rows and columns of a signal. One over a single dimension has one row.
struct Sliding {
  struct Dimension {
    int64_t signal = 1, result = 1, kernel = 1, stride = 1, pad = 0, dilation = 1;
  };
  Dimension rows, columns;

  Sliding(Type signal, Type result, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
          ArrayRef<int64_t> pads, ArrayRef<int64_t> dilations) {
    for (size_t d = 0; d < kernel.size(); ++d) {
      (d + 1 == kernel.size() ? columns : rows) = {snn::shapeOf(signal)[d + 1],
                                                   snn::shapeOf(result)[d + 1],
                                                   kernel[d],
                                                   strides[d],
                                                   pads[d],
                                                   dilations.empty() ? 1 : dilations[d]};
    }
  }
  int64_t positions() const { return rows.result * columns.result; }
  int64_t plane() const { return rows.signal * columns.signal; }
  int64_t taps() const { return rows.kernel * columns.kernel; }

  /// visit(tap, position in the signal's plane) for what the window at `p` covers.
  template <typename Visit>
  void cover(int64_t p, Visit visit) const {
    int64_t endY = end(rows, p / columns.result), endX = end(columns, p % columns.result);
    for (int64_t ky = first(rows, p / columns.result); ky < endY; ++ky) {
      for (int64_t kx = first(columns, p % columns.result); kx < endX; ++kx) {
        visit(ky * columns.kernel + kx, at(rows, p / columns.result, ky) * columns.signal +
                                            at(columns, p % columns.result, kx));
      }
    }
  }

private:
  static int64_t at(const Dimension &d, int64_t p, int64_t k) {
    return p * d.stride + k * d.dilation - d.pad;
  }
  /// The kernel positions of the window p that lie on the signal, from the first to the end: a
  /// kernel may be far larger than it.
  static int64_t first(const Dimension &d, int64_t p) {
    int64_t before = std::max<int64_t>(d.pad - p * d.stride, 0);
    return (before + d.dilation - 1) / d.dilation;
  }
  static int64_t end(const Dimension &d, int64_t p) {
    int64_t left = d.signal + d.pad - p * d.stride; // positions from the window's first on
    return left <= 0 ? 0 : std::min(d.kernel, (left + d.dilation - 1) / d.dilation);
  }
};
} // namespace

FailureOr<Composed> Composer::conv(snn::ConvOp op) {
  FailureOr<const Composed *> x = compose(op.getSignal());
  if (failed(x)) {
    return failure();
  }
  ArrayRef<int64_t> kernel = op.getWeight().getShapedType().getShape();
  Sliding window(op.getSignal().getType(), op.getType(), kernel.drop_front(2), op.getStrides(),
                 op.getPads(), op.getDilations());
  int64_t inOfGroup = kernel[1], outOfGroup = kernel[0] / static_cast<int64_t>(op.getGroups());
  Composed out(sizeOf(op.getType()));
  std::vector<int64_t> weight =
      wholeNumbers(op.getWeight(), static_cast<size_t>(kernel[0] * inOfGroup * window.taps()));
  for (int64_t o = 0; o < kernel[0]; ++o) {
    for (int64_t p = 0; p < window.positions(); ++p) {
      for (int64_t c = 0; c < inOfGroup; ++c) {
        int64_t plane = (o / outOfGroup * inOfGroup + c) * window.plane();
        window.cover(p, [&](int64_t tap, int64_t position) {
          addTo(out, o * window.positions() + p, **x, plane + position,
                weight[(o * inOfGroup + c) * window.taps() + tap]);
        });
      }
    }
  }
  addBias(out, op.getBias(), static_cast<size_t>(window.positions()));
  return out;
}

FailureOr<Composed> Composer::pool(snn::PoolOp op) {
  if (op.getAverage()) {
    InFlightDiagnostic error = snn::nodeError(op) << "is an average, and synapses add up";
    error.attachNote() << "take SumPool2d; the number format makes sums of averages";
    return error;
  }
  FailureOr<const Composed *> x = compose(op.getSignal());
  if (failed(x)) {
    return failure();
  }
  Sliding window(op.getSignal().getType(), op.getType(), op.getKernel(), op.getStrides(),
                 op.getPads(), {});
  Composed out(sizeOf(op.getType()));
  for (int64_t c = 0; c < snn::shapeOf(op.getType())[0]; ++c) {
    for (int64_t p = 0; p < window.positions(); ++p) {
      window.cover(p, [&](int64_t, int64_t position) {
        addTo(out, c * window.positions() + p, **x, c * window.plane() + position, 1);
      });
    }
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Scales and delays
//===----------------------------------------------------------------------===//

FailureOr<Composed> Composer::rescale(snn::RescaleOp op) {
  FailureOr<const Composed *> x = compose(op.getSignal());
  if (failed(x)) {
    return failure();
  }
  Composed out(sizeOf(op.getType()));
  ArrayRef<int32_t> multipliers = op.getMultiplier();
  size_t perMultiplier = out.terms.size() / multipliers.size();
  int64_t one = int64_t{1} << op.getShift();
  snn::IntegerRange from = snn::integerRange(op.getSignal().getType());
  snn::IntegerRange to = snn::integerRange(op.getType());
  for (size_t i = 0; i < out.terms.size(); ++i) {
    int64_t m = multipliers[i / perMultiplier], factor = m / one;
    auto [least, most] = std::minmax(from.least * factor, from.most * factor);
    if (factor * one != m || least < to.least || most > to.most) {
      InFlightDiagnostic error = snn::nodeError(op)
                                 << "is multiplied by " << m << "/" << one << " and rounded";
      error.attachNote() << "between neurons " << platform
                         << " has weights alone, which add up exactly: let one connection lie "
                            "between two populations";
      return error;
    }
    addTo(out, i, **x, i, factor);
  }
  return out;
}

FailureOr<Composed> Composer::delay(snn::DelayOp op) {
  FailureOr<const Composed *> x = compose(op.getSignal());
  if (failed(x)) {
    return failure();
  }
  Composed out(**x);
  for (size_t i = 0; i < out.terms.size(); ++i) {
    int64_t steps = op.getSteps()[op.getSteps().size() == 1 ? 0 : i];
    auto start = static_cast<int64_t>(op.getStart());
    for (Synapse &term : out.terms[i]) {
      int64_t from = term.delay;
      if (term.source == biasSource) {
        from = std::max(from, start);
      } else if (start > 0) {
        late.emplace_back(op, term);
      }
      term.delay = static_cast<int32_t>(std::min<int64_t>(from + steps, INT32_MAX));
    }
  }
  return out;
}
