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
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/EnumAttr.td"

def Snn_Spikes : TypeDef<Snn_Dialect, "Spikes"> {
  let mnemonic = "spikes";
  let summary = "one bit an element a step";
  let description = [{
    The spikes of one step, e.g. `!snn.spikes<2x34x34>`; `!snn.spikes<>` is a single one. What several edges add up to, a
    count, is a tensor of the network's element type.

    Constraints: (C1) every dimension is at least 1, and there are at most 2^40 elements.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

/// A number of steps.
def Snn_Steps : ConfinedAttr<I64Attr, [IntNonNegative]>;

def Snn_Rounding : I32EnumAttr<"Rounding", "what becomes of the digits behind the last one", [
    I32EnumAttrCase<"Floor", 0, "floor">, I32EnumAttrCase<"TowardZero", 1, "toward_zero">,
    I32EnumAttrCase<"NearestEven", 2, "nearest_even">]> {
  let cppNamespace = "::snn";
  let genSpecializedAttr = 0;
}
def Snn_RoundingAttr : EnumAttr<Snn_Dialect, Snn_Rounding, "rounding"> {
  let assemblyFormat = "$value";
}

def Snn_Overflow : I32EnumAttr<"Overflow", "what becomes of a number beyond the range", [
    I32EnumAttrCase<"Saturate", 0, "saturate">, I32EnumAttrCase<"Wrap", 1, "wrap">,
    I32EnumAttrCase<"WrapLoihi", 2, "wrap_loihi">]> {
  let cppNamespace = "::snn";
  let genSpecializedAttr = 0;
}
def Snn_OverflowAttr : EnumAttr<Snn_Dialect, Snn_Overflow, "overflow"> {
  let assemblyFormat = "$value";
}

/// An integer number of a network of i32: its scale, and the range that is proven of it.
def Snn_Integer : Type<CPred<"::snn::isInteger($_self)">, "a signed quant.uniform of up to 32 bits with zero point 0">;

/// Numbers of the network's element type: 1 to 2^40 of them, and of scales that differ by channel one a channel.
def Snn_Numbers : ConfinedType<StaticShapeTensorOf<[F32, F64, Snn_Integer]>, [CPred<"::snn::isSoundTensor($_self)">],
    "tensor of f32, f64 or integers with a scale, of 1 to 2^40 elements", "::mlir::RankedTensorType">;
/// A signal: spikes, or such numbers.
def Snn_Signal : AnyTypeOf<[Snn_Spikes, Snn_Numbers], "spikes, or a tensor of numbers">;

def Snn_SemanticsAttr : AttrDef<Snn_Dialect, "Semantics"> {
  let mnemonic = "semantics";
  let summary = "the choices under which continuous time became steps";
  let description = [{
    `#snn.semantics<"norse,reset=subtract[v1,reset=subtract,...]", dt = 1.0e-04>`: the name of a preset and what differs
    from it; in brackets every choice, so that a change of the preset does not change the network (ir/choices/Stored.h); and
    dt in seconds. docs/semantics.md says what each choice does. Text may leave out the brackets: the name is then completed
    with what it means today. `choices` is the name, `complete` is what stands in the brackets.

    Constraints: (C1) dt is positive. (C2) the choices are known and do not contradict each other. (C3) they are written in
    the one way in which they are printed.
  }];
  let parameters = (ins StringRefParameter<>:$choices, StringRefParameter<>:$complete, "::mlir::FloatAttr":$dt);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static SemanticsAttr get(::mlir::MLIRContext *context, const ::nir::Semantics &semantics);
    ::nir::Semantics getSemantics() const;
    double getDtSeconds() const { return getDt().getValueAsDouble(); }
  }];
}

def Snn_FormatAttr : AttrDef<Snn_Dialect, "Format"> {
  let mnemonic = "format";
  let summary = "the number format in which numbers became integers";
  let description = [{
    `#snn.format<"int8,weight-bits=6[v1,weight-bits=6]">`: the name of a preset and what differs from it; in brackets every
    field, as of a `#snn.semantics`. docs/formats.md says what each field does. `fields` is the name, `complete` is what
    stands in the brackets.

    Constraints: (C1) the fields are known and do not contradict each other. (C2) they are written in the one way in which
    they are printed.
  }];
  let parameters = (ins StringRefParameter<>:$fields, StringRefParameter<>:$complete);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static FormatAttr get(::mlir::MLIRContext *context, const ::nir::NumberFormat &format);
    ::nir::NumberFormat getFormat() const;
  }];
}

def Snn_DialectVersionAttr : AttrDef<Snn_Dialect, "DialectVersion"> {
  let mnemonic = "dialect";
  let summary = "the version of the dialect in which a text is written";
  let description = [{
    `module attributes {snn.dialect = #snn.dialect<1, "0.1.0">}`: the version, and the nirc that wrote it. It stands before
    what it is about, so that a text of a later version is refused for that reason. Bytecode has the same in its header.

    Constraints: (C1) this nirc reads the version.
  }];
  let parameters = (ins "uint64_t":$number, StringRefParameter<>:$writer);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // SNN_TYPES
