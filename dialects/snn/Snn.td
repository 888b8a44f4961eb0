//===- Snn.td - all of the snn dialect for TableGen --------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "dialects/snn/Connections.td"
include "dialects/snn/Mapping.td"
