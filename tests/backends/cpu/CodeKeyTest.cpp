//===- CodeKeyTest.cpp - keys differ where code may differ ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/CodeKey.h"

#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/run/Machine.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>
#include <set>

using namespace nirc::cpu;

namespace {

struct CodeKey : testing::Test {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  std::unique_ptr<llvm::TargetMachine> machine = *hostMachine();

  std::string of(const std::string &text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
    return module ? keyOf(*module, *machine, "process") : "";
  }
};

TEST_F(CodeKey, IsOfTheWholeModule) {
  std::string body = "  %0 = arith.constant 1.0 : f32\n  return\n}\n";
  std::set<std::string> keys{
      of("func.func @step() {\n" + body),
      of("func.func @stage_0() {\n" + body),
      of("func.func private @other()\nfunc.func @step() {\n" + body),
      of("func.func @step(%a: memref<64xi8>) {\n" + body),
      of("func.func @step(%a: memref<64xi8> {llvm.align = 64 : i64}) {\n" + body),
      of("func.func @step() attributes {llvm.linkage = #llvm.linkage<internal>} {\n" + body),
      // The next float to 1, and -0 beside 0.
      of("func.func @step() {\n  %0 = arith.constant 0x3F800001 : f32\n  return\n}\n"),
      of("func.func @step() {\n  %0 = arith.constant 0.0 : f32\n  return\n}\n"),
      of("func.func @step() {\n  %0 = arith.constant -0.0 : f32\n  return\n}\n"),
      of("func.func @step() {\n  %0 = arith.constant 1.0 : f64\n  return\n}\n"),
      of("func.func @step() {\n  %0 = arith.constant dense<[1, 2]> : vector<2xi32>\n  return\n}\n"),
      of("func.func @step() {\n  %0 = arith.constant dense<[2, 1]> : vector<2xi32>\n  return\n}\n"),
  };
  EXPECT_EQ(keys.size(), 12U);
  EXPECT_FALSE(keys.contains(""));
  EXPECT_TRUE(keys.contains(of("func.func @step() {\n" + body)));
}

TEST_F(CodeKey, IsOfTheMachineAndTheProcess) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>("module {}", context.get());
  std::set<std::string> keys{keyOf(*module, *machine, "process"),
                             keyOf(*module, *machine, "processx"), keyOf(*module, *machine, "")};
  for (const nirc::EmitOptions &options :
       {nirc::EmitOptions{.cpu = "x86-64", .triple = "x86_64-linux-gnu"},
        nirc::EmitOptions{.cpu = "x86-64-v3", .triple = "x86_64-linux-gnu"},
        nirc::EmitOptions{.cpu = "x86-64", .triple = "x86_64-freebsd"}}) {
    auto other = machineFor(options);
    ASSERT_TRUE(other);
    keys.insert(keyOf(*module, **other, "process"));
  }
  EXPECT_EQ(keys.size(), 6U);
  // Features alone.
  auto plain = machineFor({.cpu = "generic", .triple = "riscv64-linux-gnu"});
  auto bare = machineFor({.cpu = "generic", .triple = "riscv64-freebsd"});
  ASSERT_TRUE(plain && bare);
  EXPECT_NE((*plain)->getTargetFeatureString(), (*bare)->getTargetFeatureString());
  EXPECT_NE(keyOf(*module, **plain, ""), keyOf(*module, **bare, ""));
}

TEST_F(CodeKey, KnowsWhatTheProcessIsMadeOf) {
  std::optional<std::string> process = identityOfProcess();
  ASSERT_TRUE(process);
  EXPECT_EQ(process, identityOfProcess());
  // Of this program, libMLIR, libLLVM and libc at least, 20 bytes each.
  EXPECT_GE(process->size(), 4U * 40);
}

} // namespace
