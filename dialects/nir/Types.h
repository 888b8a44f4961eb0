//===- Types.h - the signal type --------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/BuiltinTypes.h"

#include "dialects/nir/NirEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/nir/NirAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/nir/NirTypes.h.inc"
