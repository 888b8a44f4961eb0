//===- Neurons.cpp - neurons with numbers that are exact ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Neurons.h"

#include <algorithm>
#include <cassert>

namespace nirc::conformance {

bool hasSynapse(std::string_view type) { return type.starts_with("Cuba"); }

bool hasLeak(std::string_view type) { return type != "I" && type != "IF"; }

bool spikes(std::string_view type) { return type.ends_with("IF"); }

NeuronNumbers numbersOf(std::string_view type, const nir::Shape &shape) {
  constexpr double perTauMem = 8.0, perTauSyn = 4.0; // steps
  return {.tauMem = filled(shape, perTauMem * exactDt),
          .tauSyn = filled(shape, perTauSyn * exactDt),
          .r = filled(shape, hasLeak(type) ? perTauMem : 1.0),
          .vLeak = filled(shape, 0.0),
          .vThreshold = filled(shape, 1.0),
          .vReset = filled(shape, 0.0),
          .wIn = filled(shape, perTauSyn)};
}

nir::Params neuronOf(std::string_view type, const NeuronNumbers &n) {
  if (type == "I") {
    return nir::I{n.r};
  }
  if (type == "IF") {
    return nir::IF{n.r, n.vThreshold, n.vReset};
  }
  if (type == "LI") {
    return nir::LI{n.tauMem, n.r, n.vLeak};
  }
  if (type == "LIF") {
    return nir::LIF{n.tauMem, n.r, n.vLeak, n.vThreshold, n.vReset};
  }
  if (type == "CubaLI") {
    return nir::CubaLI{n.tauSyn, n.tauMem, n.r, n.vLeak, n.wIn};
  }
  assert(type == "CubaLIF" && "a neuron of NIR");
  return nir::CubaLIF{n.tauSyn, n.tauMem, n.r, n.vLeak, n.vThreshold, n.vReset, n.wIn};
}

std::string equationOf(std::string_view type) {
  std::string text(type);
  text += hasSynapse(type) ? ": tau_syn di/dt = -i + w_in u; tau_mem dv/dt = v_leak - v + r i"
          : hasLeak(type)  ? ": tau dv/dt = v_leak - v + r u"
                           : ": dv/dt = r u";
  return text + (spikes(type) ? "; v > v_threshold: spike, v := v_reset" : "");
}

std::string nodeCase(std::string_view type, std::string_view name) {
  std::string folder(type);
  std::transform(folder.begin(), folder.end(), folder.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return "nodes/" + folder + "/" + std::string(name);
}

std::vector<double> steps(std::vector<double> values, size_t count) {
  values.resize(std::max(values.size(), count), 0.0);
  return values;
}

} // namespace nirc::conformance
