//===- Types.td - what flows, and the semantics ------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What flows in a network, and the choices under which it was discretized.

#ifndef SNN_TYPES
#define SNN_TYPES

include "dialects/snn/Dialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/EnumAttr.td"

def Snn_Spikes : TypeDef<Snn_Dialect, "Spikes"> {
  let mnemonic = "spikes";
  let summary = "one bit an element a step";
  let description = [{
    The spikes of one step, e.g. `!snn.spikes<2x34x34>`; `!snn.spikes<>` is a single one. What several edges add up to, a
    count, is a tensor of the network's element type.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

/// A signal: spikes, or numbers of the network's element type.
def Snn_Signal : AnyTypeOf<[Snn_Spikes, StaticShapeTensorOf<[F32, F64]>], "spikes, or a tensor of f32 or f64">;
def Snn_Numbers : StaticShapeTensorOf<[F32, F64]>;

def Snn_Integrator : I32EnumAttr<"Integrator", "how differential equations become an update", [
    I32EnumAttrCase<"Euler", 0, "euler">,
    I32EnumAttrCase<"ExpEuler", 1, "exp-euler">,
    I32EnumAttrCase<"Exact", 2, "exact">]> {
  let cppNamespace = "::snn";
  let genSpecializedAttr = 0;
}

def Snn_Reset : I32EnumAttr<"Reset", "what a spike does to the membrane", [
    I32EnumAttrCase<"ToValue", 0, "to-value">,
    I32EnumAttrCase<"Subtract", 1, "subtract">]> {
  let cppNamespace = "::snn";
  let genSpecializedAttr = 0;
}

def Snn_SemanticsAttr : AttrDef<Snn_Dialect, "Semantics"> {
  let mnemonic = "semantics";
  let summary = "the choices under which continuous time became steps";
  let description = [{
    `#snn.semantics<dt = 1.0e-04, integrator = euler, reset = "to-value">`. docs/semantics.md says what each value does.
    `dt` is in seconds.
  }];
  let parameters = (ins "::mlir::FloatAttr":$dt, "::snn::Integrator":$integrator, "::snn::Reset":$reset);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    double getDtSeconds() const { return getDt().getValueAsDouble(); }
  }];
}

#endif // SNN_TYPES
