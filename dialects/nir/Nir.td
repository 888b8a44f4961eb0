//===- Nir.td - all of the nir dialect ---------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "dialects/nir/Convolution.td"
include "dialects/nir/Dialect.td"
include "dialects/nir/Graph.td"
include "dialects/nir/Linear.td"
include "dialects/nir/Neurons.td"
include "dialects/nir/Pooling.td"
include "dialects/nir/Signals.td"
include "dialects/nir/Types.td"
