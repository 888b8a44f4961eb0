//===- WriteUpdate.cpp - a neuron's update as C ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/model/WriteUpdate.h"

#include "backends/c/CBody.h"
#include "backends/c/CText.h"
#include "dialects/nir/Tensors.h"
#include "dialects/snn/Records.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::spinnaker2;

static bool fits(int64_t least, int64_t most, int bits) {
  return least >= -(int64_t{1} << (bits - 1)) && most < int64_t{1} << (bits - 1);
}

static Width widthFor(int64_t least, int64_t most) {
  return fits(least, most, 8) ? Width::Int8 : fits(least, most, 16) ? Width::Int16 : Width::Int32;
}

/// As narrow as the numbers let it be.
static Width widthOf(const std::vector<uint32_t> &bits) {
  int64_t least = 0, most = 0;
  for (uint32_t each : bits) {
    least = std::min<int64_t>(least, static_cast<int32_t>(each));
    most = std::max<int64_t>(most, static_cast<int32_t>(each));
  }
  return widthFor(least, most);
}

static std::vector<uint32_t> bitsOf(ElementsAttr values, bool isFloat) {
  std::vector<uint32_t> bits;
  for (double each : nir::doublesOf(values)) {
    bits.push_back(isFloat ? std::bit_cast<uint32_t>(static_cast<float>(each))
                           : static_cast<uint32_t>(static_cast<int64_t>(each)));
  }
  if (std::ranges::adjacent_find(bits, std::not_equal_to<>()) == bits.end() && !bits.empty()) {
    bits.resize(1);
  }
  return bits;
}

/// "int16_t".
static const char *typeOf(Width width) {
  switch (width) {
  case Width::Int8:
    return "int8_t";
  case Width::Int16:
    return "int16_t";
  case Width::Int32:
    return "int32_t";
  case Width::Float32:
    return "float";
  }
  return "";
}

namespace {
class UpdateWriter {
public:
  UpdateWriter(snn::PopulationOp op, std::vector<uint32_t> bias, bool mayChange)
      : op(op), bias(std::move(bias)), mayChange(mayChange),
        isFloat(op.getBody().front().getArgument(0).getType().isF32()) {}

  FailureOr<WrittenUpdate> write();

private:
  size_t addColumn(std::string name, Width width, std::vector<uint32_t> bits, bool isState);
  void addStates();
  void addParameters();
  void addBias();
  std::string loadOf(size_t column) const;
  std::string constantOf(uint32_t bits) const;

  snn::PopulationOp op;
  std::vector<uint32_t> bias;
  bool mayChange;
  bool isFloat;
  WrittenUpdate made;
  SmallVector<cpu::Expression> arguments;
  std::string loads;
};
} // namespace

size_t UpdateWriter::addColumn(std::string name, Width width, std::vector<uint32_t> bits,
                               bool isState) {
  made.columns.push_back({std::move(name), width, std::move(bits), isState});
  return made.columns.size() - 1;
}

/// A number of a column as the body has it: integers are unsigned of 32 bits.
std::string UpdateWriter::loadOf(size_t column) const {
  return isFloat ? fmt::format("c{}[n]", column) : fmt::format("(uint32_t)(int32_t)c{}[n]", column);
}

std::string UpdateWriter::constantOf(uint32_t bits) const {
  if (isFloat) {
    return cpu::numberLiteral(llvm::APFloat(std::bit_cast<float>(bits)));
  }
  auto value = static_cast<int32_t>(bits);
  return value < 0 ? fmt::format("(uint32_t)(INT32_C({}))", value) : std::to_string(value);
}

void UpdateWriter::addStates() {
  SmallVector<ElementsAttr> initial = snn::initialOf(op);
  for (snn::State state : snn::statesOf(op)) {
    std::vector<uint32_t> bits = {0};
    if (state.index < initial.size() && initial[state.index]) {
      bits = bitsOf(initial[state.index], isFloat);
    }
    Width width = Width::Float32;
    if (!isFloat) {
      snn::IntegerRange range = snn::integerRange(state.type());
      width = fits(range.least, range.most, 16) ? Width::Int16 : Width::Int32;
    }
    size_t column = addColumn(state.name().str(), width, std::move(bits), /*isState=*/true);
    loads += fmt::format("    const {} s{} = {};\n", isFloat ? "float" : "uint32_t", state.index,
                         loadOf(column));
    arguments.push_back({fmt::format("s{}", state.index)});
  }
}

/// A number that all neurons share stands in the program.
void UpdateWriter::addParameters() {
  for (auto [name, values] : llvm::zip_equal(op.getParamNames(), op.getParams())) {
    std::vector<uint32_t> bits = bitsOf(cast<ElementsAttr>(values), isFloat);
    if (bits.size() == 1) {
      arguments.push_back({constantOf(bits[0]), isFloat ? cpu::Conditional : cpu::Unary});
      continue;
    }
    Width width = isFloat ? Width::Float32 : widthOf(bits);
    size_t column =
        addColumn(cast<StringAttr>(name).str(), width, std::move(bits), /*isState=*/false);
    arguments.push_back({loadOf(column), isFloat ? cpu::Primary : cpu::Unary});
  }
}

void UpdateWriter::addBias() {
  std::string drive = isFloat ? "(float)ring[n]" : "(uint32_t)(int32_t)ring[n]";
  bool isSame = std::ranges::adjacent_find(bias, std::not_equal_to<>()) == bias.end();
  if (mayChange) {
    made.bias = addColumn("bias", isFloat ? Width::Float32 : Width::Int32, bias, /*isState=*/true);
    drive += " + " + loadOf(*made.bias);
  } else if (!isSame) {
    Width width = isFloat ? Width::Float32 : widthOf(bias);
    drive += " + " + loadOf(addColumn("bias", width, bias, /*isState=*/false));
  } else if (!bias.empty() && bias[0] != 0) {
    drive += " + " + constantOf(bias[0]);
  }
  loads += fmt::format("    const {} u = {};\n    ring[n] = 0;\n", isFloat ? "float" : "uint32_t",
                       drive);
}

FailureOr<WrittenUpdate> UpdateWriter::write() {
  arguments.push_back({"u"});
  addStates();
  addParameters();
  addBias();
  FailureOr<cpu::CBody> body = cpu::writeBody(op.getBody().front(), arguments, "    ");
  if (failed(body)) {
    return failure();
  }
  std::string stores;
  for (size_t state = 0; state < op.getStates().size(); ++state) {
    stores += fmt::format("    c{0}[n] = ({1}){2};\n", state, typeOf(made.columns[state].width),
                          body->yields[state + 1]);
  }
  Operation *yield = op.getBody().front().getTerminator();
  bool spikes = yield->getOperand(0).getType().isInteger(1);
  if (spikes) {
    stores += fmt::format("    list[count] = (uint16_t)(first + n);\n    count += {};\n",
                          body->yields[0]);
  } else {
    // One that waits passes on 0 until then, whatever its states begin with.
    bool waits = op.getStart() > 0;
    for (size_t state = 0; state < op.getStates().size() && !made.value && !waits; ++state) {
      if (yield->getOperand(0) == yield->getOperand(static_cast<unsigned>(state) + 1)) {
        made.value = state;
      }
    }
    if (!made.value) {
      made.value = addColumn("value", isFloat ? Width::Float32 : Width::Int32, {0}, true);
      stores += fmt::format("    c{}[n] = ({}){};\n", *made.value, isFloat ? "float" : "int32_t",
                            body->yields[0]);
    }
  }
  std::string columns;
  for (size_t i = 0; i < made.columns.size(); ++i) {
    const Column &column = made.columns[i];
    columns += fmt::format("  {0}{1} *const restrict c{2} = ({0}{1} *)(data + p->columns[{2}]); "
                           "/* {3} */\n",
                           column.isState ? "" : "const ", typeOf(column.width), i,
                           cpu::commentText(column.name));
  }
  made.update.text = fmt::format(
      "static uint32_t %s(uint8_t *data, const struct population *p, ring_t *restrict ring,\n"
      "                   uint16_t *restrict list) {{\n"
      "{0}{1}"
      "  const uint32_t neurons = p->neurons;\n"
      "  uint32_t count = 0;\n"
      "  for (uint32_t n = 0; n < neurons; ++n) {{\n{2}{3}{4}  }}\n"
      "  return count;\n}}\n",
      columns, spikes ? "  const uint32_t first = p->first;\n" : "  (void)list;\n", loads,
      body->statements, stores);
  made.update.helpers.assign(body->helpers.begin(), body->helpers.end());
  constexpr size_t mostColumns = 24; // of firmware/pe.h
  if (made.columns.size() > mostColumns) {
    return snn::nodeError(op) << "has " << made.columns.size()
                              << " states and parameters, expected at most " << mostColumns;
  }
  if (body->usesMath) {
    InFlightDiagnostic error = snn::nodeError(op)
                               << "computes with functions of C's library, expected arithmetic "
                                  "alone: a core of SpiNNaker2 has no others here";
    error.attachNote() << "--semantics spinnaker2";
    return error;
  }
  for (const Column &column : made.columns) {
    made.update.columns += letterOf(column.width);
  }
  // What the compiler makes of it, at most: an op is a few instructions of 4 bytes, and some loops
  // are unrolled.
  constexpr int64_t perUpdate = 128, perOp = 20, perColumn = 24;
  made.update.bytes = perUpdate + perOp * static_cast<int64_t>(body->ops) +
                      perColumn * static_cast<int64_t>(made.columns.size());
  return std::move(made);
}

FailureOr<WrittenUpdate> nirc::spinnaker2::writeUpdate(snn::PopulationOp op,
                                                       std::vector<uint32_t> bias, bool mayChange) {
  return UpdateWriter(op, std::move(bias), mayChange).write();
}
