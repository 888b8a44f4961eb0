//===- Interfaces.td - what every node says of itself ------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_INTERFACES_TD
#define NIRC_DIALECTS_NIR_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Nir_NodeOpInterface : OpInterface<"NodeOpInterface"> {
  let cppNamespace = "::nir";
  let description = [{
    A node of a NIR graph. Its operands are its incoming edges, which add up, in the order of the file's edge list.

    Constraints: (N1) a node has a name, except the only node of a file that holds no graph. (N2) the edges into a node
    other than `nir.graph` have one shape. (N3) parameters have values: a resource is there and as large as its type.
    (N4) a boolean is 0 or 1. (N5) the result has the shape that follows from parameters and input.
  }];
  let methods = [
    InterfaceMethod<"The node's name, unique in its graph.", "::llvm::StringRef", "getNodeName">,
    StaticInterfaceMethod<"NIR's name of the primitive: \"LIF\". Of a node that NIR does not have, a name for messages.",
                          "::llvm::StringRef", "getNirType">,
    InterfaceMethod<"What the file says beside the network, or null.", "::mlir::ArrayAttr", "getNodeMetadata">
  ];
  let verify = [{ return ::nir::verifyNode($_op); }];
}

def Nir_HybridSystemOpInterface : OpInterface<"HybridSystemOpInterface"> {
  let cppNamespace = "::nir";
  let description = [{
    A neuron as a linear system with an optional threshold: tau x' = M x + n u + c; where the membrane exceeds the
    threshold, a spike, which keeps, sets or adds to each state. It says what each state is (its role) and whose choices
    it follows (its family). Whoever turns continuous time into steps reads neurons through this interface alone, so that
    a new kind of neuron is one op and no new pass: docs/add-a-primitive.md.

    The equations follow from the op's attributes and nothing else.
  }];
  let methods = [
    InterfaceMethod<"The equations with their coefficients in float64.", "::nir::HybridSystem", "getHybridSystem">
  ];
}

#endif
