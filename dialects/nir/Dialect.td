//===- Dialect.td - the nir dialect ------------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_DIALECT_TD
#define NIRC_DIALECTS_NIR_DIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def Nir_Dialect : Dialect {
  let name = "nir";
  let cppNamespace = "::nir";
  let summary = "spiking neural networks in continuous time, as NIR holds them";
  let description = [{
    One op for each primitive of NIR 1.0.8, with NIR's own parameter names, and `nir.graph` for the graph that nests.
    What a `.nir` file says the dialect says, no more and no less: names, edges with their order and multiplicity, dtypes,
    metadata and version survive import and export.

    An edge of the file is an operand. The edges into a node add up, so that every op takes as many operands as the node
    has incoming edges, in the file's order. The body of `nir.graph` is a graph region: cycles are legal and the order of
    ops is that of the file's nodes.

    Source: NIR 1.0.8; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    /// The memory that resources of this context share with tensors outside of it.
    ::nir::SharedBlobs &sharedBlobs() { return *blobs; }

  private:
    void registerTypes();
    std::shared_ptr<::nir::SharedBlobs> blobs;

  public:
  }];
}

#endif
