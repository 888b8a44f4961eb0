//===- IntegerNetwork.h - what quantize makes of a model --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "api/MlirFile.h"
#include "passes/Notice.h"
#include "passes/Quantization.h"

#include <memory>
#include <string>

namespace snn {
class NetworkOp;
} // namespace snn

namespace nirc {

/// A network of integers, in the IR: what `nirc quantize` and `nirc map` write.
class IntegerNetwork {
public:
  /// Compiles the network under the choices, which have a format. An error is the model's fault.
  static nir::Result<IntegerNetwork> build(const Network &network, const Choices &choices);
  /// The one that the file holds, without a report.
  static IntegerNetwork of(const ClockedModel &model);
  /// The form that a file's name asks for; bytecode where there is none. An error is a fault of the
  /// command line.
  static nir::Result<MlirForm> formOf(const std::string &path);
  IntegerNetwork(IntegerNetwork &&) noexcept;
  IntegerNetwork &operator=(IntegerNetwork &&) noexcept;
  ~IntegerNetwork();

  snn::NetworkOp network() const;
  /// What holds the network, as a Job takes it.
  std::shared_ptr<FrontEnd> frontEnd() const;
  const QuantizationReport &report() const;
  /// Those that round.
  const std::vector<Notice> &notices() const;
  /// The module as text or bytecode, weights included.
  nir::Result<std::string> bytes(MlirForm form) const;
  nir::Status write(const std::string &path, MlirForm form) const;

private:
  struct Content;
  explicit IntegerNetwork(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content;
};

} // namespace nirc
