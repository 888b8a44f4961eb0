//===- Dialect.td - networks that advance in steps of dt ---*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SNN_DIALECT
#define SNN_DIALECT

include "mlir/IR/OpBase.td"

def Snn_Dialect : Dialect {
  let name = "snn";
  let cppNamespace = "::snn";
  let summary = "spiking networks that advance in steps of dt";
  let description = [{
    A `snn.network` is one step function: populations of neurons and the connections between them, evaluated in the
    order in which they are listed. What a step hands to the next one is explicit: the states of populations, and
    `snn.delay`.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

#endif // SNN_DIALECT
