//===- ProofTest.cpp - solvers say that Verilog is the body ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/ConstantProducts.h"
#include "backends/fpga/datapath/RescaleAsPopulation.h"
#include "backends/fpga/proof/BodyQuery.h"
#include "backends/fpga/verilog/Names.h"
#include "ir/choices/Choices.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/backends/fpga/VerilogText.h"
#include "tests/support/TemporaryFolder.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>

using namespace nirc;
using namespace nirc::fpga;
using namespace nirc::fpga::test;

namespace {

//===----------------------------------------------------------------------===//
// An artifact's folder
//===----------------------------------------------------------------------===//

struct Said {
  std::string text;
  int code = -1;
};

Said run(const std::string &command) {
  Said said;
  FILE *pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  for (size_t got = 0; pipe && (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.text.append(buffer.data(), got);
  }
  said.code = pipe ? WEXITSTATUS(pclose(pipe)) : -1;
  return said;
}

class Proof : public testing::Test {
protected:
  void SetUp() override {
    if (run("command -v yosys && command -v cvc5 && command -v python3").code != 0) {
      GTEST_SKIP() << "needs yosys and cvc5";
    }
    write("formal/prove.py", proveScript().str());
  }

  void write(const std::string &file, const std::string &text) {
    std::filesystem::path path = std::filesystem::path(folder.path) / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  /// The module and its question, with an edit of the Verilog.
  void writeDatapath(snn::PopulationOp op, const Datapath &datapath, const ProductRule &rule = {},
                     const std::function<void(std::string &)> &edit = {}) {
    auto function = functionOf(op, datapath);
    expandConstantProducts(function->getBody().front(), rule);
    std::string verilog = VerilogText(*function, datapath).text();
    if (edit) {
      edit(verilog);
    }
    write("rtl/" + datapath.module + ".v", verilog);
    write("formal/" + datapath.module + ".smt2", bodyQuery(op, datapath, rule));
  }

  /// All populations of a network, of which each module begins with `label`; and how many.
  int writeNetwork(const std::string &label, const nir::Graph &graph, const std::string &semantics,
                   const std::string &format, const ProductRule &rule = {}) {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    context.loadDialect<mlir::func::FuncDialect>();
    DiagnosticCollector collector(context);
    NetworkOptions options{*nir::semanticsOf(semantics), nir::DType::F64, {}};
    options.semantics.dtSeconds = 1e-3;
    options.quantization = QuantizationOptions{*nir::numberFormatOf(format)};
    auto module = buildNetwork(graph, "test", options, context);
    EXPECT_TRUE(module) << collector.takeError().str();
    auto network = *module->getOps<snn::NetworkOp>().begin();
    for (auto op : llvm::make_early_inc_range(network.getBody().getOps<snn::RescaleOp>())) {
      rescaleAsPopulation(op);
    }
    int count = 0;
    for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
      auto datapath = planDatapath(op);
      EXPECT_TRUE(mlir::succeeded(datapath));
      datapath->module = verilogName(label + "_" + datapath->module);
      writeDatapath(op, *datapath, rule);
      ++count;
    }
    return count;
  }

  Said prove(const std::string &arguments = "") {
    return run("python3 " + folder.path + "/formal/prove.py " + arguments);
  }

  nir::test::TemporaryFolder folder;
};

int countOf(const std::string &text, const std::string &part) {
  int count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
    ++count;
  }
  return count;
}

//===----------------------------------------------------------------------===//
// What the script says
//===----------------------------------------------------------------------===//

const std::string leak = R"(%k = arith.constant 5 : i32
                            %d = arith.shrsi %v, %k : i32
                            %l = arith.subi %v, %d : i32
                            %x = arith.addi %l, %u : i32
                            %s = arith.cmpi sgt, %x, %ten : i32
                            %y = arith.muli %u, %a : i32)";

TEST_F(Proof, IsFound) {
  Neurons neurons(leak);
  writeDatapath(neurons.op(), *planDatapath(neurons.op()));
  Said said = prove();
  EXPECT_THAT(said.text, testing::MatchesRegex("a_b_1_update +proven +cvc5 [0-9.]+ s\n"));
  EXPECT_EQ(said.code, 0);
}

/// The script shows inputs for which they differ, and a person can follow them.
TEST_F(Proof, IsNotFoundOfAnotherModule) {
  Neurons neurons(leak);
  writeDatapath(neurons.op(), *planDatapath(neurons.op()), {}, [](std::string &verilog) {
    size_t at = verilog.find(" > ");
    ASSERT_NE(at, std::string::npos);
    verilog.replace(at, 3, " >= ");
  });
  Said said = prove();
  EXPECT_EQ(said.code, 1);
  std::smatch found;
  std::regex where("a_b_1_update +DIFFERS +cvc5 [^\n]*\n *where u = (-?[0-9]+), v = (-?[0-9]+)");
  ASSERT_TRUE(std::regex_search(said.text, found, where)) << said.text;
  int u = std::stoi(found[1]), v = std::stoi(found[2]);
  EXPECT_EQ(v - (v >> 5) + u, 10) << "where > and >= differ";
  EXPECT_THAT(said.text, testing::HasSubstr("    spike is 1, expected 0\n"));
  EXPECT_EQ(countOf(said.text, "expected"), 1);
}

TEST_F(Proof, SaysWhyThereIsNoAnswer) {
  Neurons neurons(leak);
  writeDatapath(neurons.op(), *planDatapath(neurons.op()));
  write("formal/other.smt2", "");
  Said said = prove("other --time-limit 1");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.text,
              testing::StartsWith("other                            no answer  no module"));
  write("rtl/a_b_1_update.v", "module a_b_1_update (input [7:0] u);\nnonsense\nendmodule\n");
  said = prove("a_b_1_update");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.text, testing::HasSubstr("yosys: "));
}

//===----------------------------------------------------------------------===//
// What the question rests on
//===----------------------------------------------------------------------===//

/// Ranges narrow products; that they hold is part of the question.
TEST_F(Proof, RangesThatAreClaimedAreProven) {
  Neurons neurons("%x = arith.muli %v, %a : i32\n%s = arith.cmpi sgt, %x, %ten : i32\n"
                  "%y = arith.addi %r, %zero : i32");
  Datapath datapath = *planDatapath(neurons.op());
  datapath.inputs[0].most = 1001; // of v, whose type ends with 1000
  writeDatapath(neurons.op(), datapath);
  Said said = prove();
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.text, testing::HasSubstr("v = 1001"));
}

/// BodyTerms::quotient, of all integers: of x moved away from zero by b - 1, the quotient toward
/// zero is that of x rounded down, or up.
TEST_F(Proof, QuotientsAreMovedAndCut) {
  write("quotient.smt2", R"((set-logic ALL)
    (declare-const a Int)
    (declare-const b Int)
    (assert (> b 0))
    (define-fun cut ((x Int)) Int (ite (< x 0) (- (div (- x) b)) (div x b)))
    (define-fun down () Int (cut (ite (< a 0) (- a (- b 1)) a)))
    (define-fun up () Int (cut (ite (> a 0) (+ a (- b 1)) a)))
    (assert (or (distinct down (div a b)) (distinct up (- (div (- a) b)))))
    (check-sat)
)");
  Said said = run("cvc5 --tlimit=60000 " + folder.path + "/quotient.smt2");
  EXPECT_EQ(said.text, "unsat\n");
}

/// Each op that a body may hold, as the interpreter has it: the datapath agrees with that by
/// DatapathTest, and with the question here.
TEST_F(Proof, KnowsAllOps) {
  int number = 0;
  for (const char *body :
       {"%y = arith.maxsi %r, %v : i32", "%y = arith.minsi %v, %r : i32",
        "%y = arith.ori %r, %v : i32", "%y = arith.xori %r, %v : i32", "%y = math.absi %r : i32",
        "%y = math.ctlz %r : i32", "%y = arith.shrui %r, %ten : i32",
        "%y = arith.shli %r, %ten : i32", "%y = arith.muli %r, %a : i32",
        "%y = arith.divsi %v, %a : i32", "%y = arith.remsi %v, %a : i32",
        "%y = arith.floordivsi %v, %a : i32", "%y = arith.ceildivsi %v, %a : i32",
        "%n = arith.trunci %r : i32 to i8\n%y = arith.extui %n : i8 to i32",
        "%n = arith.trunci %r : i32 to i1\n%y = arith.extsi %n : i1 to i32",
        "%c = arith.cmpi ult, %v, %r : i32\n%y = arith.select %c, %u, %v : i32",
        "%c = arith.cmpi uge, %v, %r : i32\n%y = arith.extui %c : i1 to i32"}) {
    Neurons neurons(std::string(body) + "\n%x = arith.addi %v, %zero : i32\n"
                                        "%s = arith.cmpi eq, %u, %zero : i32");
    Datapath datapath = *planDatapath(neurons.op());
    datapath.module = fmt::format("op{}", number++);
    writeDatapath(neurons.op(), datapath);
  }
  Said said = prove();
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_EQ(countOf(said.text, " proven "), number);
}

//===----------------------------------------------------------------------===//
// What quantize writes
//===----------------------------------------------------------------------===//

/// A choice of all kinds of neurons, formats and presets, so that it takes seconds.
TEST_F(Proof, IsFoundOfNeurons) {
  int modules = 0;
  const std::vector<std::pair<std::string, std::string>> choices = {
      {"int8", "nir"},
      {"int4", "norse"},
      {"loihi2", "loihi2"},
      {"int16", "sinabs"},
      {"q3.4", "snntorch"},
      {"int8,rounding=stochastic", "rockpool"},
      {"int8,kept-bits=6", "nengo"}};
  size_t next = 0;
  for (Parameters parameters : {Parameters::Uniform, Parameters::Own}) {
    for (const auto &neuron : neuronKinds(parameters)) {
      const auto &[format, semantics] = choices[next++ % choices.size()];
      modules += writeNetwork(fmt::format("p{}_{}", modules, neuron.name), networkOf(neuron),
                              semantics, format);
    }
  }
  Said said = prove();
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_EQ(countOf(said.text, " proven "), modules) << said.text;
}

/// A leak in round numbers takes few terms. Of four and more solvers find no proof.
TEST_F(Proof, IsFoundOfProductsAsSums) {
  const ProductRule sums{3, true};
  for (int keep : {61440, 63456}) { // 2^16 - 2^12, 2^16 - 2^11 - 2^5
    Neurons neurons(fmt::format(R"(%wide = arith.extsi %v : i32 to i64
                                   %keep = arith.constant {} : i64
                                   %product = arith.muli %wide, %keep : i64
                                   %by = arith.constant 16 : i64
                                   %down = arith.shrsi %product, %by : i64
                                   %less = arith.trunci %down : i64 to i32
                                   %x = arith.addi %less, %u : i32
                                   %s = arith.cmpi sgt, %x, %ten : i32
                                   %y = arith.addi %r, %zero : i32)",
                                keep));
    Datapath datapath = *planDatapath(neurons.op());
    datapath.module = fmt::format("keep{}", keep);
    writeDatapath(neurons.op(), datapath, sums, [](std::string &verilog) {
      EXPECT_EQ(verilog.find('*'), std::string::npos) << verilog;
    });
  }
  Said said = prove();
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_EQ(countOf(said.text, " proven "), 2) << said.text;
}

} // namespace
