//===- Run.h - recordings through the cores ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/chipfile/CoreNetwork.h"

namespace nirc::chipfile {

/// What runs the network. `file` is for errors.
std::unique_ptr<Executable> executableOf(CoreNetwork network, std::string file,
                                         double compileSeconds);

} // namespace nirc::chipfile
