//===- Neurons.cpp - the neurons' linear systems --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of docs/semantics.md: one function a neuron.
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Ops.h"

namespace nir {

/// The coefficients of a parameter; `absent` where the file lacks it.
static Coefficients of(mlir::ElementsAttr parameter, double absent = 0.0) {
  return parameter ? Coefficients(doublesOf(parameter)) : Coefficients{absent};
}

/// Of a state on itself.
static Coefficients decay() { return {-1.0}; }

/// dv/dt = r I, where I comes in impulses.
static HybridSystem integrator(mlir::ElementsAttr r) {
  HybridSystem system;
  system.states.push_back({"v", /*tau=*/{}, /*m=*/{}, /*n=*/of(r), /*c=*/{}});
  system.impulseInput = true;
  return system;
}

/// tau dv/dt = (v_leak - v) + r I
static HybridSystem leaky(mlir::ElementsAttr tau, mlir::ElementsAttr r, mlir::ElementsAttr leak) {
  HybridSystem system;
  system.states.push_back({"v", of(tau), /*m=*/{decay()}, /*n=*/of(r), /*c=*/of(leak)});
  return system;
}

/// tau_syn di/dt = -i + w_in I; tau_mem dv/dt = (v_leak - v) + r i
template <typename CubaOp>
static HybridSystem currentBased(CubaOp op) {
  HybridSystem system;
  system.states.push_back(
      {"i", of(op.getTauSyn()), /*m=*/{decay(), {}}, /*n=*/of(op.getWInAttr(), 1.0), /*c=*/{}});
  system.states.push_back(
      {"v", of(op.getTauMem()), /*m=*/{of(op.getR()), decay()}, /*n=*/{}, /*c=*/of(op.getVLeak())});
  system.output = 1;
  return system;
}

/// The same with a spike where v, which is passed on without one, exceeds its threshold.
template <typename SpikingOp>
static HybridSystem spiking(HybridSystem system, SpikingOp op) {
  system.guard = HybridSystem::Guard{system.output, of(op.getVThreshold()), of(op.getVResetAttr())};
  return system;
}

HybridSystem IOp::getHybridSystem() { return integrator(getR()); }

HybridSystem IFOp::getHybridSystem() { return spiking(integrator(getR()), *this); }

HybridSystem LIOp::getHybridSystem() { return leaky(getTau(), getR(), getVLeak()); }

HybridSystem LIFOp::getHybridSystem() {
  return spiking(leaky(getTau(), getR(), getVLeak()), *this);
}

HybridSystem CubaLIOp::getHybridSystem() { return currentBased(*this); }

HybridSystem CubaLIFOp::getHybridSystem() { return spiking(currentBased(*this), *this); }

} // namespace nir
