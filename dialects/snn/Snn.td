//===----------------------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// All of the snn dialect, in one file for TableGen.

include "dialects/snn/Connections.td"
