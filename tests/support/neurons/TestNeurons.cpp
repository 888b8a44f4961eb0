//===- TestNeurons.cpp - their equations ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/neurons/TestNeurons.h"

#include "mlir/IR/Builders.h"

using namespace nir;
using namespace nir::test;

static Coefficients of(mlir::ElementsAttr parameter) {
  return parameter ? Coefficients(doublesOf(parameter)) : Coefficients{0.0};
}

/// f of two parameters, neuron by neuron.
template <typename F>
static Coefficients both(F f, mlir::ElementsAttr first, mlir::ElementsAttr second) {
  Coefficients a = of(first), b = of(second), out(std::max(a.size(), b.size()));
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = f(a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
  }
  return out;
}

static Coefficients negative(Coefficients values) {
  for (double &value : values) {
    value = -value;
  }
  return values;
}

HybridSystem AdaptiveLIFOp::getHybridSystem() {
  auto lessLeak = [](double a, double leak) { return -(a * leak); };
  Coefficients r = of(getR());
  HybridSystem system;
  system.family = Family::LIF;
  system.states = {
      {"v", StateRole::Membrane, of(getTauMem()), {{-1.0}, negative(r)}, r, of(getVLeak())},
      {"w",
       StateRole::Adaptation,
       of(getTauW()),
       {of(getA()), {-1.0}},
       /*n=*/{},
       both(lessLeak, getA(), getVLeak())}};
  system.guard = SpikeGuard{
      of(getVThreshold()),
      {{StateReset::Kind::Set, of(getVResetAttr())}, {StateReset::Kind::Add, of(getB())}}};
  return system;
}

HybridSystem ResonateAndFireOp::getHybridSystem() {
  Coefficients decay = of(getDecay()), omega = of(getOmega());
  HybridSystem system; // of a family of its own
  system.states = {
      {"x", StateRole::Resonance, /*tau=*/{}, {decay, negative(omega)}, /*n=*/{1.0}, /*c=*/{}},
      {"y", StateRole::Membrane, /*tau=*/{}, {omega, decay}, /*n=*/{}, /*c=*/{}}};
  system.guard = SpikeGuard{
      of(getThreshold()),
      {{StateReset::Kind::Set, of(getXReset())}, {StateReset::Kind::Set, of(getYReset())}}};
  return system;
}

void TestDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "tests/support/neurons/TestOps.cpp.inc"
      >();
}

#include "tests/support/neurons/TestDialect.cpp.inc"
#define GET_OP_CLASSES
#include "tests/support/neurons/TestOps.cpp.inc"
