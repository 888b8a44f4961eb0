//===- RunUpdate.h - code with a fault is run -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/emit/Artifact.h"
#include "backends/spinnaker2/model/Model.h"
#include "dialects/snn/Snn.h"

#include <optional>
#include <string>
#include <vector>

namespace nirc::mutants {

/// An array that a function takes, filled with random numbers of its range or with its own.
struct RunArray {
  std::string text, type; ///< "net->lif1_v", "uint32_t"
  int64_t elements = 0;
  int64_t least = 0, most = 0;
  std::vector<int64_t> numbers = {}; ///< one for each, of a table
  bool isResult = false;             ///< is looked at afterwards
};

/// Calls of one function with random numbers, in a program of C.
class Run {
public:
  /// Whether any of some thousand calls gives other numbers with the other text, or that cannot be
  /// compiled or does not end as it should; nothing where the text without a fault does not run.
  std::optional<bool> differs(const std::string &other) const;

protected:
  virtual ~Run() = default;
  virtual std::string programOf(const std::string &text) const = 0;
  /// Statements that fill the arrays, and that take them into `hash`.
  std::string fill() const;
  std::string look() const;
  std::optional<std::string> printed(const std::string &text) const;

  std::string text; ///< without a fault
  std::vector<RunArray> arrays;
};

/// A population's function in a C file.
class RunOfC : public Run {
public:
  RunOfC(snn::NetworkOp network, const cpu::CFile &file, size_t population);

private:
  std::string programOf(const std::string &text) const override;
  std::string network, function, header;
};

/// A population's update in the firmware.
class RunOfUpdate : public Run {
public:
  RunOfUpdate(snn::PopulationOp op, const spinnaker2::Population &population,
              const spinnaker2::Update &update);

private:
  std::string programOf(const std::string &text) const override;
  int64_t neurons, columns;
};

} // namespace nirc::mutants
