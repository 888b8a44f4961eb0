//===- TestNeurons.h - neurons that NIR does not have -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Ops.h"

#include "tests/support/neurons/TestDialect.h.inc"
#define GET_OP_CLASSES
#include "tests/support/neurons/TestOps.h.inc"
