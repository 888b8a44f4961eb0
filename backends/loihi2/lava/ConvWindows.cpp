//===- ConvWindows.cpp - connections that slide over a signal -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/ConvWindows.h"

#include "dialects/snn/Snn.h"

#include <numeric>

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;

//===----------------------------------------------------------------------===//
// What the network says
//===----------------------------------------------------------------------===//

/// A signal of one dimension and channels has one row.
static std::optional<ConvWindow::Sizes> sizesOf(Type signal) {
  ArrayRef<int64_t> shape = snn::shapeOf(signal);
  if (shape.size() == 2) {
    return ConvWindow::Sizes{shape[0], 1, shape[1]};
  }
  return shape.size() == 3 ? std::optional(ConvWindow::Sizes{shape[0], shape[1], shape[2]})
                           : std::nullopt;
}

/// `last` after `first`.
static ConvWindow::Dimension composed(const ConvWindow::Dimension &first,
                                      const ConvWindow::Dimension &last) {
  ConvWindow::Dimension both;
  both.stride = first.stride * last.stride;
  both.pad = first.pad + last.pad * first.stride;
  // Steps of one kernel, and of the other, in elements of the signal.
  int64_t small = first.dilation, large = last.dilation * first.stride;
  both.dilation = last.kernel == 1 ? small : first.kernel == 1 ? large : std::gcd(small, large);
  both.kernel = ((first.kernel - 1) * small + (last.kernel - 1) * large) / both.dilation + 1;
  return both;
}

static bool keepsChannelsApart(const ConvWindow &window) {
  return window.groups == window.from[0] && window.groups == window.to[0];
}

static ConvWindow composed(const ConvWindow &first, const ConvWindow &last) {
  return {first.from, last.to, composed(first.rows, last.rows),
          composed(first.columns, last.columns),
          keepsChannelsApart(first)  ? last.groups
          : keepsChannelsApart(last) ? first.groups
                                     : 1};
}

/// Of an op that slides, or whose elements each see one.
static std::optional<ConvWindow> windowOf(Value signal, Value result, ArrayRef<int64_t> kernel,
                                          ArrayRef<int64_t> strides, ArrayRef<int64_t> pads,
                                          ArrayRef<int64_t> dilations, int64_t groups) {
  std::optional<ConvWindow::Sizes> from = sizesOf(signal.getType()), to = sizesOf(result.getType());
  if (!from || !to) {
    return std::nullopt;
  }
  ConvWindow window{*from, *to, {}, {}, groups > 0 ? groups : (*from)[0]};
  for (size_t d = 0; d < kernel.size(); ++d) {
    (d + 1 == kernel.size() ? window.columns : window.rows) = {
        kernel[d], strides[d], pads[d], dilations.empty() ? 1 : dilations[d]};
  }
  return window;
}

static std::optional<ConvWindow> windowOf(snn::PopulationOp population) {
  if (population.getInputs().size() != 1) {
    return std::nullopt;
  }
  Value signal = population.getInputs().front();
  std::optional<ConvWindow> total = windowOf(signal, signal, {}, {}, {}, {}, 0);
  while (total) {
    Operation *op = signal.getDefiningOp();
    std::optional<ConvWindow> window;
    if (isa_and_nonnull<snn::InputOp, snn::PopulationOp>(op)) {
      return total;
    }
    if (auto conv = dyn_cast_if_present<snn::ConvOp>(op)) {
      window =
          windowOf(conv.getSignal(), signal,
                   conv.getWeight().getShapedType().getShape().drop_front(2), conv.getStrides(),
                   conv.getPads(), conv.getDilations(), static_cast<int64_t>(conv.getGroups()));
    } else if (auto pool = dyn_cast_if_present<snn::PoolOp>(op)) {
      window = windowOf(pool.getSignal(), signal, pool.getKernel(), pool.getStrides(),
                        pool.getPads(), {}, 0);
    } else if (isa_and_nonnull<snn::RescaleOp, snn::ScaleOp, snn::DelayOp, snn::ReshapeOp>(op)) {
      window = windowOf(op->getOperand(0), signal, {}, {}, {}, {}, 0);
      if (window && window->from != window->to) {
        return std::nullopt;
      }
    }
    if (!window) {
      return std::nullopt;
    }
    total = composed(*window, *total);
    signal = op->getOperand(0);
  }
  return std::nullopt;
}

std::vector<std::optional<ConvWindow>> loihi2::windowsOf(snn::NetworkOp network) {
  std::vector<std::optional<ConvWindow>> windows;
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    windows.push_back(windowOf(population));
  }
  return windows;
}

//===----------------------------------------------------------------------===//
// What the synapses say
//===----------------------------------------------------------------------===//

namespace {

class KernelFit {
public:
  KernelFit(const ConvWindow &window, int32_t first)
      : window(window), first(first),
        kernel(static_cast<size_t>(window.to[0] * window.channelsOfGroup() * window.taps())),
        known(kernel.size()) {}

  /// Takes the weights of a place's synapses; false where they are none of the window.
  bool take(int64_t channel, int64_t y, int64_t x, const std::vector<Synapse> &synapses);
  /// How many synapses the place has by the kernel.
  int64_t count(int64_t channel, int64_t y, int64_t x) const;
  std::vector<int64_t> result() { return std::move(kernel); }

private:
  /// The tap by which place p sees `at`; negative for none.
  static int64_t tapOf(const ConvWindow::Dimension &d, int64_t p, int64_t at) {
    int64_t offset = at - (p * d.stride - d.pad);
    bool isTap = offset >= 0 && offset % d.dilation == 0 && offset / d.dilation < d.kernel;
    return isTap ? offset / d.dilation : -1;
  }
  static bool isInside(const ConvWindow::Dimension &d, int64_t p, int64_t tap, int64_t size) {
    int64_t at = p * d.stride - d.pad + tap * d.dilation;
    return at >= 0 && at < size;
  }
  /// Where the kernel has the weight of the group's channel c.
  size_t indexOf(int64_t channel, int64_t c, int64_t row, int64_t column) const {
    return static_cast<size_t>(
        ((channel * window.channelsOfGroup() + c) * window.rows.kernel + row) *
            window.columns.kernel +
        column);
  }

  const ConvWindow &window;
  int32_t first;
  std::vector<int64_t> kernel;
  std::vector<bool> known;
};

} // namespace

bool KernelFit::take(int64_t channel, int64_t y, int64_t x, const std::vector<Synapse> &synapses) {
  int64_t plane = window.from[1] * window.from[2];
  int64_t group = channel / (window.to[0] / window.groups);
  for (const Synapse &synapse : synapses) {
    int64_t source = synapse.source - first;
    if (source < 0 || source >= window.from[0] * plane || synapse.delay != 0) {
      return false;
    }
    int64_t c = source / plane - group * window.channelsOfGroup();
    int64_t row = tapOf(window.rows, y, source % plane / window.from[2]);
    int64_t column = tapOf(window.columns, x, source % window.from[2]);
    if (c < 0 || c >= window.channelsOfGroup() || row < 0 || column < 0) {
      return false;
    }
    size_t index = indexOf(channel, c, row, column);
    if (known[index] && kernel[index] != synapse.weight) {
      return false;
    }
    known[index] = true;
    kernel[index] = synapse.weight;
  }
  return true;
}

int64_t KernelFit::count(int64_t channel, int64_t y, int64_t x) const {
  int64_t count = 0;
  for (int64_t row = 0; row < window.rows.kernel; ++row) {
    for (int64_t column = 0; column < window.columns.kernel; ++column) {
      if (isInside(window.rows, y, row, window.from[1]) &&
          isInside(window.columns, x, column, window.from[2])) {
        for (int64_t c = 0; c < window.channelsOfGroup(); ++c) {
          count += known[indexOf(channel, c, row, column)] ? 1 : 0;
        }
      }
    }
  }
  return count;
}

/// What a convolution without a size of its own makes of the signal.
static bool givesSize(const ConvWindow::Dimension &d, int64_t from, int64_t to) {
  int64_t room = from + 2 * d.pad - d.dilation * (d.kernel - 1) - 1;
  return room >= 0 && room / d.stride + 1 == to;
}

std::optional<std::vector<int64_t>> loihi2::kernelOf(const ConvWindow &window,
                                                     std::span<const std::vector<Synapse>> synapses,
                                                     int32_t first) {
  if (!givesSize(window.rows, window.from[1], window.to[1]) ||
      !givesSize(window.columns, window.from[2], window.to[2])) {
    return std::nullopt;
  }
  KernelFit fit(window, first);
  auto all = [&](auto holds) {
    size_t at = 0;
    for (int64_t channel = 0; channel < window.to[0]; ++channel) {
      for (int64_t y = 0; y < window.to[1]; ++y) {
        for (int64_t x = 0; x < window.to[2]; ++x) {
          if (!holds(channel, y, x, synapses[at++])) {
            return false;
          }
        }
      }
    }
    return true;
  };
  // No place has a synapse twice, so the same number of them is all of them.
  bool fits = all([&](int64_t channel, int64_t y, int64_t x, const std::vector<Synapse> &each) {
                return fit.take(channel, y, x, each);
              }) &&
              all([&](int64_t channel, int64_t y, int64_t x, const std::vector<Synapse> &each) {
                return fit.count(channel, y, x) == std::ssize(each);
              });
  return fits ? std::optional(fit.result()) : std::nullopt;
}
