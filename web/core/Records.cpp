//===- Records.cpp - what is kept of a run, and where two differ ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "web/core/Records.h"

#include <algorithm>

namespace nirc::web {

static bool isState(const Quantity &quantity) {
  return quantity.observable != "spikes" && quantity.observable != "value";
}

/// A node whose kind is a port's or a neuron's: what lies between passes on sums of weights. What
/// is both "value" and "spikes" is shown as spikes.
static bool isShown(const std::vector<Quantity> &all, size_t index) {
  const Quantity &quantity = all[index];
  bool isPort = quantity.kind == "Input" || quantity.kind == "Output";
  bool hasSpikes = std::any_of(all.begin(), all.end(), [&](const Quantity &other) {
    return other.node == quantity.node && other.observable == "spikes";
  });
  return quantity.observable == "spikes" || isState(quantity) || (isPort && !hasSpikes);
}

std::vector<KeptQuantity>
chooseKept(const Lane &lane, const std::vector<std::string> &inputsWithSpikes, int64_t mostTraces) {
  std::vector<KeptQuantity> kept;
  const std::vector<Quantity> &all = lane.quantities();
  for (size_t i = 0; i < all.size(); ++i) {
    const Quantity &quantity = all[i];
    bool isSpikingInput =
        quantity.kind == "Input" && std::find(inputsWithSpikes.begin(), inputsWithSpikes.end(),
                                              quantity.node) != inputsWithSpikes.end();
    if (!isShown(all, i)) {
      continue;
    }
    KeptQuantity &one = kept.emplace_back();
    one.quantity = i;
    one.isEvents = quantity.observable == "spikes" || isSpikingInput;
    one.kept = one.isEvents ? 0 : std::min(mostTraces, quantity.elements);
  }
  return kept;
}

void keep(const Lane &lane, int64_t step, std::vector<KeptQuantity> &kept,
          std::vector<double> &scratch) {
  for (KeptQuantity &one : kept) {
    lane.read(one.quantity, scratch);
    if (!one.isEvents) {
      one.values.insert(one.values.end(), scratch.begin(),
                        scratch.begin() + static_cast<ptrdiff_t>(one.kept));
      continue;
    }
    for (size_t i = 0; i < scratch.size(); ++i) {
      if (scratch[i] == 0.0) {
        continue;
      }
      one.total += scratch[i];
      // A count is that many events; no more than a picture can show.
      for (double left = std::min(scratch[i], 255.0); left > 0.0; --left) {
        one.isCut = one.isCut || one.steps.size() == mostEvents;
        if (!one.isCut) {
          one.steps.push_back(static_cast<uint32_t>(step));
          one.elements.push_back(static_cast<uint32_t>(i));
        }
      }
    }
  }
}

std::optional<Difference> differenceOf(const Lane &first, const Lane &second, int64_t step,
                                       bool onlySpikes) {
  const std::vector<Quantity> &all = first.quantities(), &others = second.quantities();
  std::vector<double> a, b;
  for (size_t i = 0; i < all.size(); ++i) {
    if (onlySpikes && all[i].observable != "spikes") {
      continue;
    }
    auto isSame = [&](const Quantity &other) {
      return other.node == all[i].node && other.observable == all[i].observable;
    };
    // Where both visit the nodes in one order it is the same index.
    size_t j = i < others.size() && isSame(others[i])
                   ? i
                   : static_cast<size_t>(std::ranges::find_if(others, isSame) - others.begin());
    if (j == others.size()) {
      continue; // what one semantics has no name for, as a Threshold's "value"
    }
    first.read(i, a);
    second.read(j, b);
    for (size_t element = 0; element < std::min(a.size(), b.size()); ++element) {
      bool bothNan = std::isnan(a[element]) && std::isnan(b[element]);
      if (a[element] != b[element] && !bothNan) {
        return Difference{step,        static_cast<int64_t>(element),
                          all[i].node, all[i].observable,
                          a[element],  b[element]};
      }
    }
  }
  return std::nullopt;
}

} // namespace nirc::web
