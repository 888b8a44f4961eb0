//===- RunUpdate.cpp - code with a fault is run ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/mutants/RunUpdate.h"

#include "passes/bodies/BodyRanges.h"
#include "tests/support/TemporaryFolder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <regex>

using namespace nirc;
using namespace nirc::mutants;

constexpr const char *head = R"(#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
static uint64_t seed = 1, hash = 14695981039346656037u;
static int64_t between(int64_t least, int64_t most) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  uint64_t digits = seed >> 33;
  if (digits % 4 == 0) { /* ends are where most goes wrong */
    return digits % 8 == 0 ? least : most;
  }
  return least + (int64_t)(digits * (uint64_t)(most - least + 1) >> 31);
}
static void take(uint64_t number) { hash = (hash ^ number) * 1099511628211u; }
)";

std::string Run::fill() const {
  std::string made;
  for (const RunArray &array : arrays) {
    std::string value = fmt::format("between({}, {})", array.least, array.most), own;
    if (!array.numbers.empty()) {
      own = fmt::format("static const int64_t own[] = {{{}}}; ", fmt::join(array.numbers, ", "));
      value = "own[k]";
    }
    made += fmt::format("    {{ {}for (size_t k = 0; k < {}; ++k) {{ {}[k] = ({}){}; }} }}\n", own,
                        array.elements, array.text, array.type, value);
  }
  return made;
}

std::string Run::look() const {
  std::string made;
  for (const RunArray &array : arrays) {
    if (array.isResult) {
      made += fmt::format("    for (size_t k = 0; k < {}; ++k) {{ take((uint64_t){}[k]); }}\n",
                          array.elements, array.text);
    }
  }
  return made;
}

std::optional<std::string> Run::printed(const std::string &which) const {
  nir::test::TemporaryFolder folder;
  std::string at = folder.path + "/run";
  std::ofstream(at + ".c") << programOf(which);
  std::string command =
      fmt::format("cc -std=c11 -w -O1 -fwrapv -o {0} {0}.c 2> {0}.err && timeout 20 "
                  "{0} > {0}.txt",
                  at);
  if (std::system(command.c_str()) != 0) {
    return std::nullopt;
  }
  std::ifstream file(at + ".txt");
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::optional<bool> Run::differs(const std::string &other) const {
  std::optional<std::string> own = printed(text);
  return own ? std::optional(printed(other) != own) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// C
//===----------------------------------------------------------------------===//

RunOfC::RunOfC(snn::NetworkOp network, const cpu::CFile &file, size_t number)
    : network(file.network), function(file.source.populations[number]) {
  text = file.source.text;
  auto populations = llvm::to_vector(network.getBody().getOps<snn::PopulationOp>());
  snn::PopulationOp op = populations[number];
  auto add = [&](const std::string &name, int64_t elements, int64_t least, int64_t most,
                 bool isResult) {
    for (const cpu::CSource::Array &array : file.source.arrays) {
      if (array.name != name) {
        continue;
      }
      int64_t words = (elements + 31) / 32;
      arrays.push_back({array.text,
                        "uint64_t",
                        array.bits ? words : elements,
                        array.bits ? 0 : least,
                        array.bits ? 0xffffffff : most,
                        {},
                        isResult});
    }
  };
  int64_t elements = snn::elementsOf(op.getType());
  auto nodeOf = [](mlir::Value value) {
    auto node = value.getDefiningOp()->getAttrOfType<mlir::StringAttr>("node");
    return node ? node.str() : std::string();
  };
  for (mlir::Value input : op.getInputs()) {
    snn::IntegerRange range = snn::integerRange(input.getType());
    for (const char *suffix : {"", ".rescaled", ".sum", ".delayed"}) {
      add(nodeOf(input) + suffix, elements, range.least, range.most, false);
    }
  }
  for (auto [k, name] : llvm::enumerate(op.getStates().getAsValueRange<mlir::StringAttr>())) {
    snn::IntegerRange range =
        snn::integerRange(mlir::cast<mlir::TypeAttr>((*op.getStateTypes())[k]).getValue());
    add(op.getNode().str() + "." + name.str(), elements, range.least, range.most, true);
  }
  add(nodeOf(op.getResult()), elements, 0, 0, true);
}

std::string RunOfC::programOf(const std::string &which) const {
  std::string file = std::regex_replace(which, std::regex("#include \"[^\"]*\"\n"), "");
  return fmt::format("{}{}\nint main(void) {{\n  static {} memory, *net = &memory;\n"
                     "  for (int call = 0; call < 4000; ++call) {{\n"
                     "    memset(net, 0, sizeof *net);\n{}    {}(net);\n{}  }}\n"
                     "  printf(\"%llu\\n\", (unsigned long long)hash);\n  return 0;\n}}\n",
                     head, file, network, fill(), function, look());
}

//===----------------------------------------------------------------------===//
// Firmware
//===----------------------------------------------------------------------===//

RunOfUpdate::RunOfUpdate(snn::PopulationOp op, const spinnaker2::Population &population,
                         const spinnaker2::Update &update)
    : neurons(population.count), columns(std::ssize(population.columns)) {
  text = update.text;
  BodyRanges ranges(op);
  Interval drive = ranges.boundsOf(op.getBody().getArgument(0));
  int64_t bias = 0;
  for (int64_t each : population.biases) {
    bias = std::max(bias, std::abs(each));
  }
  arrays.push_back({"ring", "ring_t", neurons, drive.least + bias, drive.most - bias});
  for (size_t i = 0; i < population.columns.size(); ++i) {
    const spinnaker2::Column &column = population.columns[i];
    std::string type = fmt::format("int{}_t", 8 * spinnaker2::bytesOf(column.width));
    RunArray array{fmt::format("(({} *)(data + {}))", type, 64 * i), type, neurons};
    if (i < op.getStates().size()) {
      snn::IntegerRange range =
          snn::integerRange(mlir::cast<mlir::TypeAttr>((*op.getStateTypes())[i]).getValue());
      array.least = range.least;
      array.most = range.most;
    }
    array.isResult = column.isState;
    for (size_t n = 0; n < static_cast<size_t>(neurons) && !column.isState; ++n) {
      array.numbers.push_back(static_cast<int32_t>(column.at(n)));
    }
    arrays.push_back(std::move(array));
  }
}

std::string RunOfUpdate::programOf(const std::string &which) const {
  std::string update = which;
  update.replace(update.find("%s"), 2, "update");
  std::string offsets;
  for (int64_t i = 0; i < columns; ++i) {
    offsets += fmt::format("{}, ", 64 * i);
  }
  return fmt::format("{}typedef int32_t ring_t;\n"
                     "struct population {{ uint32_t first, neurons, columns[24]; }};\n{}\n"
                     "int main(void) {{\n  static _Alignas(64) uint8_t data[64 * 24];\n"
                     "  static ring_t ring[64];\n  static uint16_t list[64];\n"
                     "  const struct population p = {{5, {}, {{{}}}}};\n"
                     "  for (int call = 0; call < 4000; ++call) {{\n{}"
                     "    uint32_t count = update(data, &p, ring, list);\n{}    take(count);\n"
                     "    for (size_t k = 0; k < count && k < 64; ++k) {{ take(list[k]); }}\n"
                     "    for (size_t k = 0; k < {}; ++k) {{ take((uint64_t)ring[k]); }}\n  }}\n"
                     "  printf(\"%llu\\n\", (unsigned long long)hash);\n  return 0;\n}}\n",
                     head, update, neurons, offsets, fill(), look(), neurons);
}
