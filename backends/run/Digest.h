//===- Digest.h - the SHA-256 of bytes --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nirc {

/// In hexadecimal digits, small ones.
std::string sha256Of(std::string_view bytes);

} // namespace nirc
