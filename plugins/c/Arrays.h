//===- Arrays.h - arrays of C and tensors of nirc ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"
#include "plugins/c/nirc.h"

#include <optional>
#include <string>

namespace nirc::c {

nirc_dtype dtypeOf(nir::DType dtype);
/// Nothing for an unknown dtype.
std::optional<nir::DType> dtypeOf(nirc_dtype dtype);

/// The tensor's memory, shape and dtype; valid as long as the tensor.
nirc_array viewOf(const nir::Tensor &tensor);

/// Whether the tensor has its own memory, or that of the caller, for the length of a call.
enum class Ownership { Copied, Borrowed };

/// An array of a caller, checked. `what` names it in errors: "parameter 'tau'".
nir::Result<nir::Tensor> tensorOf(const nirc_array &array, const std::string &what,
                                  Ownership ownership);

} // namespace nirc::c
