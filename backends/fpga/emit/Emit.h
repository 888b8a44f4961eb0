//===- Emit.h - designs as files --------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/FrontEnd.h"
#include "backends/fpga/build/Unrolled.h"

#include <string>
#include <vector>

namespace nirc::fpga {

struct EmitChoices {
  std::string name; ///< of the top module
  PlanOptions plan;
  BuildOptions build;
  int64_t latency = 0; ///< other than 0: unrolled, in that many cycles at most
};

/// A design with the files that are it: rtl/ and mem/.
struct Written {
  Plan plan;
  std::optional<Timing> timing; ///< of an unrolled design, which has no plan
  Circuits circuits;            ///< `design` is complete
  std::vector<Artifact::File> files;
  mlir::OwningOpRef<mlir::ModuleOp> network; ///< that the plan and the datapaths refer to
};

/// The design of a network of integers, which stays as it is. `info` is what is said of it. Fails
/// with a diagnostic, by node.
llvm::FailureOr<Written> writeDesign(snn::NetworkOp network, const ProgramInfo &info,
                                     const EmitChoices &choices);

} // namespace nirc::fpga
