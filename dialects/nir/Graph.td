//===- Graph.td - graphs and their ports -------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_GRAPH_TD
#define NIRC_DIALECTS_NIR_GRAPH_TD

include "dialects/nir/Nodes.td"

def Nir_GraphOp : Op<Nir_Dialect, "graph", [
    IsolatedFromAbove, NoTerminator, SingleBlock,
    DeclareOpInterfaceMethods<RegionKindInterface>,
    DeclareOpInterfaceMethods<Nir_NodeOpInterface>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>
  ]> {
  let summary = "a graph of nodes, itself a node of the graph around it";
  let description = [{
    The body holds the nodes in the file's order; an edge is an operand, and a cycle is legal. The outermost graph carries
    the version of NIR that wrote the file; its name is the file's and goes nowhere.

    An inner graph is driven and read at its ports, which are its `nir.input` and `nir.output` nodes. Each operand and
    each result carries its port as the file spells it: `""` for an edge to plain `enc` (its only input), `"left"` for an
    edge to `enc.left`, `"pre.left"` for `enc.pre.left`, two graphs down. A result stands for one spelling.

        %enc:2 = nir.graph "enc" ("": %a, "left": %b) -> ("out", "aux") { ... }
            : (!nir.signal<3>, !nir.signal<2>) -> (!nir.signal<3>, !nir.signal<3>)

    The order of the edges within a node is that of its operands. The order across nodes follows the nodes; where the file
    has another one, `edge_order[k]` is the place which the file's k-th edge has among all operands of the body, counted
    node by node.

    Constraints: (G1) the body holds nodes, and their names differ. (G2) only the outermost graph has a version, and it
    has no ports in use. (G3) one port a operand and a result, each naming an input or an output of the body, with its
    number of elements. (G4) `edge_order` is a permutation that keeps each node's operands in order.
    Source: NIR 1.0.8 `NIRGraph`. Example: tests/dialects/nir/graph.mlir
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<StrAttr>:$version, Variadic<Nir_Signal>:$inputs,
                       DefaultValuedAttr<StrArrayAttr, "{}">:$input_ports,
                       DefaultValuedAttr<StrArrayAttr, "{}">:$output_ports,
                       OptionalAttr<DenseI64ArrayAttr>:$edge_order, OptionalAttr<Nir_Metadata>:$metadata);
  let results = (outs Variadic<Nir_Signal>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether this is the file's root graph, not a node of another.
    bool isOutermost();
  }];
  let extraClassDefinition = [{
    ::llvm::StringRef $cppClass::getNodeName() { return getName(); }
    ::llvm::StringRef $cppClass::getNirType() { return "NIRGraph"; }
    ::mlir::ArrayAttr $cppClass::getNodeMetadata() { return getMetadataAttr(); }
  }];
}

def Nir_InputOp : Nir_NodeOp<"input", "Input", (ins Nir_Tensor:$shape)> {
  let summary = "an entry point of a graph";
  let description = [{
    Passes on what reaches the graph at this port. The outermost graph is driven from outside; an inner one by the
    operands of its `nir.graph`, and by edges of its own graph where the file has such.

    Constraints: (I1) `shape` is a list of integers, and the signal has that shape.
    Source: NIR 1.0.8 `Input`. Example: tests/dialects/nir/graph.mlir
  }];
}

def Nir_OutputOp : Nir_NodeOp<"output", "Output", (ins Nir_Tensor:$shape)> {
  let summary = "an exit of a graph";
  let description = [{
    What reaches it leaves the graph. It has a result only where an edge of its own graph starts at it. Files exist whose
    `shape` has other dimensions than the signal; the number of elements has to agree.

    Constraints: (O1) `shape` is a list of integers with as many elements as the signal.
    Source: NIR 1.0.8 `Output`. Example: tests/dialects/nir/graph.mlir
  }];
  let results = (outs Optional<Nir_Signal>:$output);
}

#endif
