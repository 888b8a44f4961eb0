//===- IntegerNetwork.h - what quantize makes of a model --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/Quantization.h"
#include "tools/nirc/Execution.h"
#include "tools/nirc/MlirFile.h"

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
  static nir::Result<IntegerNetwork> load(const ClockedModel &model, const std::string &file);
  /// The form that a file's name asks for; bytecode where there is none. An error is a fault of the
  /// command line.
  static nir::Result<MlirForm> formOf(const std::string &path);
  IntegerNetwork(IntegerNetwork &&) noexcept;
  IntegerNetwork &operator=(IntegerNetwork &&) noexcept;
  ~IntegerNetwork();

  snn::NetworkOp network() const;
  const QuantizationReport &report() const;
  /// Those that round.
  const std::vector<FoldNotice> &folds() const;
  /// The module as text or bytecode, weights included.
  nir::Result<std::string> bytes(MlirForm form) const;
  nir::Status write(const std::string &path, MlirForm form) const;

private:
  struct Content;
  explicit IntegerNetwork(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content;
};

} // namespace nirc
