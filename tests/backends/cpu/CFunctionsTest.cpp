//===- CFunctionsTest.cpp - loops and lists as C --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a step function may hold beside plain loops: lists of events made of bit masks, values that
// loops carry, branches with results, calls. The C is compiled and run.
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/CFunctions.h"
#include "backends/cpu/lower/BuildNetwork.h"

#include "mlir/Parser/Parser.h"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace nirc::cpu;

namespace {

constexpr const char *program = R"(
func.func private @twice(%x: f32, %y: f32) -> f32 {
  %sum = arith.addf %x, %y : f32
  return %sum : f32
}
func.func private @node_0(%arena: memref<320xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c10 = arith.constant 10 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c192 = arith.constant 192 : index
  %c256 = arith.constant 256 : index
  %no_bit = arith.constant 0 : i64
  %one_bit = arith.constant 1 : i64
  %minus = arith.constant -1 : i64
  %masks = memref.view %arena[%c0][] : memref<320xi8> to memref<2xi64>
  %list = memref.view %arena[%c64][] : memref<320xi8> to memref<8xi32>
  %numbers = memref.view %arena[%c128][] : memref<320xi8> to memref<4xi64>
  %sums = memref.view %arena[%c192][] : memref<320xi8> to memref<4xf32>
  %flags = memref.view %arena[%c256][] : memref<320xi8> to memref<4xi8>

  // The positions of all set bits.
  %count = scf.for %w = %c0 to %c2 step %c1 iter_args(%n = %c0) -> index {
    %mask = memref.load %masks[%w] : memref<2xi64>
    %rest:2 = scf.while (%m = %mask, %k = %n) : (i64, index) -> (i64, index) {
      %more = arith.cmpi ne, %m, %no_bit : i64
      scf.condition(%more) %m, %k : i64, index
    } do {
    ^bb0(%m: i64, %k: index):
      %low = math.cttz %m : i64
      %bit = arith.index_cast %low : i64 to index
      %base = arith.muli %w, %c64 : index
      %at = arith.addi %base, %bit : index
      %entry = arith.index_cast %at : index to i32
      memref.store %entry, %list[%k] : memref<8xi32>
      %below = arith.subi %m, %one_bit : i64
      %cleared = arith.andi %m, %below : i64
      %next = arith.addi %k, %c1 : index
      scf.yield %cleared, %next : i64, index
    }
    scf.yield %rest#1 : index
  }

  // Both at once, or the second would see the first's new value.
  %pair:2 = scf.for %i = %c0 to %c10 step %c1 iter_args(%a = %no_bit, %b = %one_bit) -> (i64, i64) {
    %sum = arith.addi %a, %b : i64
    scf.yield %b, %sum : i64, i64
  }
  memref.store %pair#0, %numbers[%c0] : memref<4xi64>
  memref.store %pair#1, %numbers[%c1] : memref<4xi64>

  // A sum from left to right, over what the list points at.
  %zero = arith.constant 0.0 : f32
  %total = scf.for %i = %c0 to %count step %c1 iter_args(%s = %zero) -> f32 {
    %entry = memref.load %list[%i] : memref<8xi32>
    %x = arith.uitofp %entry : i32 to f32
    %half = arith.constant 0.5 : f32
    %term = arith.mulf %x, %half : f32
    %new = arith.addf %s, %term : f32
    scf.yield %new : f32
  }
  memref.store %total, %sums[%c0] : memref<4xf32>

  // A branch with a result; a negative number; a read that must not move behind a write.
  %n64 = arith.index_cast %count : index to i64
  %positive = arith.cmpi sgt, %n64, %minus : i64
  %chosen = scf.if %positive -> f32 {
    scf.yield %total : f32
  } else {
    scf.yield %zero : f32
  }
  %old = memref.load %sums[%c0] : memref<4xf32>
  memref.store %zero, %sums[%c0] : memref<4xf32>
  %twice = func.call @twice(%chosen, %old) : (f32, f32) -> f32
  memref.store %twice, %sums[%c1] : memref<4xf32>

  // Bytes wrap, and a test is a byte.
  %byte = arith.constant 255 : i8
  %first = memref.load %flags[%c0] : memref<4xi8>
  %wrapped = arith.addi %first, %byte : i8
  %is_zero = arith.cmpi ult, %wrapped, %first : i8
  %flag = arith.extui %is_zero : i1 to i8
  memref.store %flag, %flags[%c1] : memref<4xi8>
  return
}
)";

constexpr const char *around = R"(#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
typedef struct {{
  uint64_t masks[2];
  uint32_t list[8];
  uint64_t numbers[4];
  float sums[4];
  uint8_t flags[4];
}} network;
{}
{}
int main(void) {{
  static network net = {{.masks = {{11, UINT64_C(1) << 63 | 32}}, .flags = {{3}}}};
  node(&net);
  for (int i = 0; i < 5; ++i) {{
    printf("%u ", (unsigned)net.list[i]);
  }}
  printf("%d %d %g %g %d\n", (int)net.numbers[0], (int)net.numbers[1], net.sums[0], net.sums[1],
         net.flags[1]);
  return 0;
}}
)";

/// The functions of the module in C, over the arrays that `around` has.
struct Written {
  std::string helpers, text;
};

Written write(const char *program) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(program, context.get());
  Layout layout;
  auto add = [&](int64_t offset, int64_t elements, nir::DType type, std::string name) {
    layout.slots.push_back({std::move(name), {offset, elements, elements, type}});
  };
  add(0, 2, nir::DType::I64, "masks");
  add(64, 8, nir::DType::I32, "list");
  add(128, 4, nir::DType::I64, "numbers");
  add(192, 4, nir::DType::F32, "sums");
  add(256, 4, nir::DType::U8, "flags");
  CNames names;
  names.network = "network";
  for (const NamedSlot &named : layout.slots) {
    names.members[named.slot.offset] = named.name;
  }
  names.functions["node_0"] = "node";
  names.functions["twice"] = "twice";
  FunctionWriter writer(layout, names);
  for (auto function : module->getOps<mlir::func::FuncOp>()) {
    EXPECT_TRUE(mlir::succeeded(writer.write(function, "a test")));
  }
  Written written{"", writer.text};
  for (const std::string &helper : writer.values.helpers) {
    written.helpers += helperText(helper);
  }
  return written;
}

/// What the program around the functions prints.
std::string run(const Written &written) {
  auto base = std::filesystem::temp_directory_path() / fmt::format("nirc-c-{}", getpid());
  std::string file = base.string() + ".c";
  std::ofstream(file) << fmt::format(around, written.helpers, written.text);
  std::string compile =
      fmt::format("gcc -std=c11 -O1 -Wall -Wextra -Werror '{}' -o '{}'", file, base.string());
  EXPECT_EQ(std::system(compile.c_str()), 0) << written.text;
  char line[200] = "";
  if (FILE *output = popen(base.c_str(), "r")) {
    EXPECT_TRUE(std::fgets(line, sizeof line, output));
    pclose(output);
  }
  std::filesystem::remove(file);
  std::filesystem::remove(base);
  return line;
}

bool hasGcc() { return std::system("gcc --version > /dev/null 2>&1") == 0; }

TEST(CFunctions, ListsBranchesCallsAndCarriedValues) {
  Written written = write(program);
  if (!hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  EXPECT_EQ(run(written), "0 1 3 69 127 55 89 0 200 1\n") << written.text;
}

/// A branch that counts changes the loop's own variable, but not where the old value is read later.
TEST(CFunctions, CarriedValuesChangeInPlace) {
  Written written = write(R"(
    func.func private @node_0(%arena: memref<320xi8>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c5 = arith.constant 5 : index
      %c10 = arith.constant 10 : index
      %c64 = arith.constant 64 : index
      %c128 = arith.constant 128 : index
      %minus = arith.constant -3 : index
      %list = memref.view %arena[%c64][] : memref<320xi8> to memref<8xi32>
      %numbers = memref.view %arena[%c128][] : memref<320xi8> to memref<4xi64>

      %listed = scf.for %i = %c0 to %c10 step %c1 iter_args(%n = %c0) -> index {
        %rest = arith.remui %i, %c2 : index
        %odd = arith.cmpi eq, %rest, %c1 : index
        %next = scf.if %odd -> index {
          %entry = arith.index_cast %i : index to i32
          memref.store %entry, %list[%n] : memref<8xi32>
          %more = arith.addi %n, %c1 : index
          scf.yield %more : index
        } else {
          scf.yield %n : index
        }
        scf.yield %next : index
      }

      // The old count, of which C's text comes after the branch.
      %pair:2 = scf.for %i = %c0 to %c10 step %c1 iter_args(%n = %c0, %m = %c0) -> (index, index) {
        %rest = arith.remui %i, %c2 : index
        %odd = arith.cmpi eq, %rest, %c1 : index
        %tens = arith.muli %n, %c10 : index
        %next = scf.if %odd -> index {
          %more = arith.addi %n, %c1 : index
          scf.yield %more : index
        } else {
          scf.yield %n : index
        }
        %last = arith.addi %tens, %i : index
        scf.yield %next, %last : index, index
      }
      %last = arith.addi %pair#1, %listed : index
      %last64 = arith.index_cast %last : index to i64
      memref.store %last64, %numbers[%c0] : memref<4xi64>

      // The smaller and the larger of signed numbers.
      %sum = scf.for %i = %c0 to %c10 step %c1 iter_args(%s = %c0) -> index {
        %less = arith.addi %i, %minus : index
        %low = arith.maxsi %less, %c0 : index
        %both = arith.minsi %low, %c5 : index
        %new = arith.addi %s, %both : index
        scf.yield %new : index
      }
      %sum64 = arith.index_cast %sum : index to i64
      memref.store %sum64, %numbers[%c1] : memref<4xi64>
      return
    })");
  EXPECT_NE(written.text.find("net->list[count] = (uint32_t)i;\n      count += 1;\n"),
            std::string::npos)
      << written.text;
  EXPECT_NE(written.text.find("i - 3"), std::string::npos) << written.text;
  if (!hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  EXPECT_EQ(run(written), "1 3 5 7 9 54 20 0 0 0\n") << written.text;
}

/// What has no form in C is an error at its place.
TEST(CFunctions, SayWhatHasNoForm) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(R"(
    func.func private @node_0(%arena: memref<64xi8>) {
      %c0 = arith.constant 0 : index
      %x = memref.view %arena[%c0][] : memref<64xi8> to memref<4xf32>
      return
    })",
                                                        context.get());
  ASSERT_TRUE(module);
  std::string said;
  mlir::ScopedDiagnosticHandler handler(
      context.get(), [&](mlir::Diagnostic &diagnostic) { said = diagnostic.str(); });
  Layout layout; // without that array
  CNames names;
  FunctionWriter writer(layout, names);
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  EXPECT_TRUE(mlir::failed(writer.write(function, "")));
  EXPECT_NE(said.find("is not an array of the layout"), std::string::npos) << said;
}

} // namespace
