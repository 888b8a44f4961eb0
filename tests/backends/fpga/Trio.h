//===- Trio.h - a design by hand --------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "dialects/snn/Snn.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace nirc::fpga::test {

inline std::string bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void writeBytes(const std::string &path, const std::string &bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string trioFolder() {
  return std::string(NIRC_SOURCE_DIR) + "/tests/backends/fpga/Inputs/trio/";
}

/// What a compiler would say of Inputs/trio.
inline Design trio() {
  Design design;
  ProgramInfo &info = design.info;
  info.target = "fpga";
  info.nirc = "0.1.0";
  info.model = "trio.nir";
  info.semantics = "nir";
  info.format = "int8";
  info.dtype = nir::DType::F64;
  info.dtSeconds = 1e-3;
  info.inputs = {{"in", "value", {3}, nir::DType::U8}, {"x", "value", {3}, nir::DType::F64}};
  info.outputs = {{"out", "spikes", {3}, nir::DType::U8}};
  info.records = {{"sum", "value", {3}, nir::DType::F64}, {"lif", "v", {3}, nir::DType::F64}};
  info.states = {{"lif", "v", {3}, nir::DType::F64}};
  design.top = "trio";
  design.in = {2, 1, 8};
  design.out = {2, 1, 10};
  design.controlAddressBits = 13;
  design.inputs = {{info.inputs[0], 0, {3}, 0, 1, {1.0}},
                   {info.inputs[1], 1, {3}, -128, 127, {0.25}}};
  design.outputs = {{info.outputs[0], 0, {3}, 0, 1, {1.0}},
                    {info.records[0], 1, {3}, -148, 202, {0.25}}};
  design.states = {{info.states[0], FirstState, {3}, {0}, INT32_MIN, INT32_MAX, {0.25}}};
  std::string image = bytesOf(trioFolder() + "mem/weights.hex");
  design.memories = {{"mem/weights.hex", 9, 8,
                      llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(image)), true)}};
  design.sources = {"rtl/trio.v"};
  return design;
}

/// rtl/ and mem/, and the file that says what is wrong with it (trio.v).
inline std::vector<Artifact::File> trioFiles() {
  std::vector<Artifact::File> files = {{"fault.hex", "0\n"}};
  for (const char *name : {"rtl/trio.v", "mem/weights.hex"}) {
    files.push_back({name, bytesOf(trioFolder() + name)});
  }
  return files;
}

/// The same as a network.
struct TrioNetwork {
  TrioNetwork() : context(mlir::MLIRContext::Threading::DISABLED) {
    context.loadDialect<snn::SnnDialect, mlir::arith::ArithDialect, mlir::quant::QuantDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(bytesOf(trioFolder() + "trio.mlir"), &context);
  }
  snn::NetworkOp network() { return *module->getOps<snn::NetworkOp>().begin(); }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

} // namespace nirc::fpga::test
