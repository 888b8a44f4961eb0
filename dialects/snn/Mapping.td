//===- Mapping.td - neurons on cores -----------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What `partition` leaves of a network: which core computes which neurons.

#ifndef SNN_MAPPING
#define SNN_MAPPING

include "dialects/snn/Network.td"

def Snn_Ranges : TypedArrayAttrBase<DenseI32ArrayAttr, "the first neuron and the end of each range, in turn">;

def Snn_MappingOp : Snn_Op<"mapping", [HasParent<"NetworkOp">, NoTerminator, SingleBlock]> {
  let summary = "the cores of a platform, and which neurons each computes";
  let description = [{
    Says nothing of what the network computes. The cores of `target` lie on chips, on each in a grid of `columns` by `rows`.
    `inputs` are the routes from outside: for each core, how many of the elements of all inputs send spikes there.

    Constraints: (C1) a network has at most one mapping. (C2) the body holds `snn.core` alone, numbered from 0 in the order in
    which they stand. (C3) every neuron of every population is on exactly one core, and no two populations have one name;
    what is on a core and is no population is the target's own. (C4) no two cores have one place, and each lies in the grid. (C5) routes lead to cores that exist.
    Example: tests/dialects/snn/mapping.mlir
  }];
  let arguments = (ins StrAttr:$target, Snn_Steps:$columns, Snn_Steps:$rows, DenseI64ArrayAttr:$inputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $target `on` `chips` `of` $columns `by` $rows `inputs` custom<Routes>($inputs) attr-dict-with-keyword $body
  }];
}

def Snn_CoreOp : Snn_Op<"core", [HasParent<"MappingOp">]> {
  let summary = "the neurons of a core";
  let description = [{
    For each node ranges of its neurons, in row-major order of its shape; the core has them in the order in which they stand.
    A route says how many of the core's neurons send their spikes to that core.

    Constraints: (C1) ranges are not empty, and a node has some. (C2) routes come in pairs of a core and a number above 0.
    Example: tests/dialects/snn/mapping.mlir
  }];
  let arguments = (ins Snn_Steps:$number, Snn_Steps:$chip, Snn_Steps:$column, Snn_Steps:$row, StrArrayAttr:$nodes,
                       Snn_Ranges:$neurons, DenseI64ArrayAttr:$routes);
  let assemblyFormat = [{
    $number `on` `chip` $chip `at` `(` $column `,` $row `)` `neurons` custom<Neurons>($nodes, $neurons)
    `routes` custom<Routes>($routes) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // SNN_MAPPING
