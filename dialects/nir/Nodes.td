//===- Nodes.td - what all nodes share ---------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_NODES_TD
#define NIRC_DIALECTS_NIR_NODES_TD

include "dialects/nir/Dialect.td"
include "dialects/nir/Interfaces.td"
include "dialects/nir/Types.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"

// A parameter as the file holds it: dense<...> where it is small or uniform, else a dense_resource that shares the
// memory it was read into.
def Nir_Tensor : ElementsAttrBase<CPred<"::nir::isTensor($_self)">,
    "tensor of bool (i1), signed (i8 to i64) or unsigned (ui8 to ui64) integers, f16, f32 or f64, dense or dense_resource">;

def Nir_Metadata : Attr<CPred<"::nir::isMetadata($_self)">,
    "list of [name, value] with text, a tensor, texts as [array<i64: shape>, \"text\"...] or such a list as value"> {
  let storageType = "::mlir::ArrayAttr";
  let returnType = "::mlir::ArrayAttr";
  let convertFromStorage = "$_self";
}

def Nir_Padding : Attr<CPred<"::nir::isTensor($_self) || ::llvm::isa<::mlir::StringAttr>($_self)">,
    "numbers, \"same\" or \"valid\""> {
  let storageType = "::mlir::Attribute";
  let returnType = "::mlir::Attribute";
  let convertFromStorage = "$_self";
}

def Nir_OptionalTensor : OptionalAttr<Nir_Tensor>;

// No node is pure: one that nothing reads is still in the file, and stays. A subclass of type T says so in `nirType`,
// and `params` lists NIR's parameters under NIR's names. `dialect` is another one for nodes that NIR does not have; its C++
// namespace lies in ::nir.
class Nir_NodeOpOf<Dialect dialect, string mnemonic, string nirType, dag params, list<Trait> traits = []>
    : Op<dialect, mnemonic, !listconcat([
        HasParent<"::nir::GraphOp">,
        DeclareOpInterfaceMethods<Nir_NodeOpInterface>,
        DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>
      ], traits)> {
  let arguments = !con((ins StrAttr:$name, Variadic<Nir_Signal>:$inputs), params,
                       (ins OptionalAttr<Nir_Metadata>:$metadata));
  let results = (outs Nir_Signal:$output);
  let assemblyFormat = [{
    custom<NodeName>($name) ` ` `(` $inputs `)` attr-dict `:` functional-type($inputs, results)
  }];
  let extraClassDefinition = [{
    ::llvm::StringRef $cppClass::getNodeName() { return getName(); }
    ::llvm::StringRef $cppClass::getNirType() { return "}] # nirType # [{"; }
    ::mlir::ArrayAttr $cppClass::getNodeMetadata() { return getMetadataAttr(); }
    void $cppClass::getAsmResultNames(::mlir::OpAsmSetValueNameFn setName) { ::nir::nameResults(*this, setName); }
  }];
}

class Nir_NodeOp<string mnemonic, string nirType, dag params, list<Trait> traits = []>
    : Nir_NodeOpOf<Nir_Dialect, mnemonic, nirType, params, traits>;

// A neuron. Below, I is the sum of the inputs; a parameter of rank 0 holds for every neuron of the node.
class Nir_NeuronOpOf<Dialect dialect, string mnemonic, string nirType, dag params>
    : Nir_NodeOpOf<dialect, mnemonic, nirType, params, [DeclareOpInterfaceMethods<Nir_HybridSystemOpInterface>]>;

#endif
