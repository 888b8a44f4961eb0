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

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OwningOpRef.h"

#include <tuple>

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
  system.family = Family::IF;
  system.states.push_back({"v", StateRole::Membrane, /*tau=*/{}, /*m=*/{}, /*n=*/of(r), /*c=*/{}});
  return system;
}

/// tau dv/dt = (v_leak - v) + r I
static HybridSystem leaky(mlir::ElementsAttr tau, mlir::ElementsAttr r, mlir::ElementsAttr leak) {
  HybridSystem system;
  system.family = Family::LIF;
  system.states.push_back(
      {"v", StateRole::Membrane, of(tau), /*m=*/{decay()}, /*n=*/of(r), /*c=*/of(leak)});
  return system;
}

/// tau_syn di/dt = -i + w_in I; tau_mem dv/dt = (v_leak - v) + r i
template <typename CubaOp>
static HybridSystem currentBased(CubaOp op) {
  HybridSystem system;
  system.family = Family::CubaLIF;
  system.states.push_back({"i", StateRole::SynapticCurrent, of(op.getTauSyn()),
                           /*m=*/{decay(), {}}, /*n=*/of(op.getWInAttr(), 1.0), /*c=*/{}});
  system.states.push_back({"v", StateRole::Membrane, of(op.getTauMem()),
                           /*m=*/{of(op.getR()), decay()}, /*n=*/{}, /*c=*/of(op.getVLeak())});
  return system;
}

/// The same with a spike where v, which is passed on without one, exceeds its threshold.
template <typename SpikingOp>
static HybridSystem spiking(HybridSystem system, SpikingOp op) {
  SpikeGuard guard{of(op.getVThreshold()), {}};
  guard.resets.resize(system.states.size());
  guard.resets[system.membrane()] = {StateReset::Kind::Set, of(op.getVResetAttr())};
  system.guard = std::move(guard);
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

/// Gives a parameter of `neuron` one value, where the neuron has it.
static void setParameter(mlir::Operation *neuron, llvm::StringRef name, double value) {
  auto old = neuron->getAttrOfType<mlir::ElementsAttr>(name);
  if (old) {
    auto type = mlir::RankedTensorType::get(old.getShapedType().getShape(),
                                            mlir::Float64Type::get(neuron->getContext()));
    neuron->setAttr(name, mlir::DenseElementsAttr::get(type, value));
  }
}

/// The parameter that `start` names, where the neuron has it.
static Coefficients startOf(mlir::Operation *neuron, const NeuronRule &rule) {
  if (rule.start == Start::Zero) {
    return {};
  }
  bool isLeak = rule.start == Start::VLeak;
  bool isIgnored = isLeak ? rule.ignore.vLeak : rule.ignore.vReset;
  auto values = neuron->getAttrOfType<mlir::ElementsAttr>(isLeak ? "v_leak" : "v_reset");
  return values && !isIgnored ? Coefficients(doublesOf(values)) : Coefficients();
}

HybridSystem systemOf(HybridSystemOpInterface neuron, const Semantics &semantics) {
  HybridSystem system = neuron.getHybridSystem();
  const NeuronRule &rule = system.rule(semantics);
  system.start = startOf(neuron, rule);
  const Ignored &ignored = rule.ignore;
  if (ignored == Ignored()) {
    return system;
  }
  // The equations follow from the attributes: those of a copy with other ones are what is wanted,
  // whatever the op makes of them.
  mlir::OwningOpRef<mlir::Operation *> copy = neuron->clone();
  const std::tuple<llvm::StringRef, bool, double> parameters[] = {{"r", ignored.r, 1.0},
                                                                  {"w_in", ignored.wIn, 1.0},
                                                                  {"v_leak", ignored.vLeak, 0.0},
                                                                  {"v_reset", ignored.vReset, 0.0}};
  for (const auto &[name, isIgnored, value] : parameters) {
    if (isIgnored) {
      setParameter(*copy, name, value);
    }
  }
  Coefficients start = std::move(system.start);
  system = llvm::cast<HybridSystemOpInterface>(*copy).getHybridSystem();
  system.start = std::move(start);
  return system;
}

} // namespace nir
