//===- Types.td - the signal type --------------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_TYPES_TD
#define NIRC_DIALECTS_NIR_TYPES_TD

include "dialects/nir/Dialect.td"
include "mlir/IR/EnumAttr.td"

def Nir_SignalFlow : I32Enum<"SignalFlow", "what a signal carries", [
  I32EnumCase<"Unknown", 0, "unknown">,
  I32EnumCase<"Event", 1, "event">,
  I32EnumCase<"Analog", 2, "analog">
]> {
  let cppNamespace = "::nir";
}

def Nir_Signal : TypeDef<Nir_Dialect, "Signal"> {
  let mnemonic = "signal";
  let summary = "what flows along an edge";
  let description = [{
    One signal in continuous time for each element of a shape. `event`: a train of Dirac impulses, a spike each, of one
    node or of several added up. `analog`: a continuous signal. Neither: not known yet; the pass `infer-kinds` fills it in. Dimensions are positive,
    and a signal has at most 2^40 elements.

    Example: `!nir.signal<2x34x34>`, `!nir.signal<38, event>`, `!nir.signal<>` for a scalar.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::nir::SignalFlow":$kind);
  let builders = [
    TypeBuilder<(ins "::llvm::ArrayRef<int64_t>":$shape), [{
      return $_get($_ctxt, shape, ::nir::SignalFlow::Unknown);
    }]>
  ];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The same shape, carrying `kind`.
    SignalType withKind(::nir::SignalFlow kind) const;
  }];
}

def Nir_DialectVersionAttr : AttrDef<Nir_Dialect, "DialectVersion"> {
  let mnemonic = "dialect";
  let summary = "the version of the dialect in which a text is written";
  let description = [{
    `module attributes {nir.dialect = #nir.dialect<1, "0.1.0">}`: the version of the dialect (`version` of `nir.graph` is
    that of NIR), and the nirc that wrote it. It stands before what it is about, so that a text of a later version is
    refused for that reason. Bytecode has the same in its header.

    Constraints: (C1) this nirc reads the version.
  }];
  let parameters = (ins "uint64_t":$number, StringRefParameter<>:$writer);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif
