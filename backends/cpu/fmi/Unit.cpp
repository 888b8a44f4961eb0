//===- Unit.cpp - the variables of a network ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/fmi/Unit.h"

#include "backends/cpu/fmi/Markup.h"

#include "llvm/MC/MCSubtargetInfo.h"

#include <fmt/format.h>
#include <set>

using namespace nirc;
using namespace nirc::cpu;

namespace nirc::cpu::unit {
std::string_view embedded(std::string_view name);
}

std::vector<std::string> nirc::cpu::unitObjects() {
  std::vector<std::string> objects;
  for (const char *name : {"features", "instance", "state", "unsupported", "values"}) {
    objects.emplace_back(unit::embedded(fmt::format("{}.c.o", name)));
    assert(!objects.back().empty() && "a file of backends/cpu/CMakeLists.txt");
  }
  return objects;
}

std::string_view nirc::cpu::licenceOfHeaders() { return unit::embedded("LICENSE.txt"); }

std::string nirc::cpu::platformOf(const llvm::Triple &triple) {
  return fmt::format("{}-{}", triple.getArchName().str(), triple.getOSName().str());
}

/// The features of NIRC_FEATURES that the machine's code may use.
static int64_t featuresOf(const llvm::TargetMachine &machine) {
  if (!machine.getTargetTriple().isX86()) {
    return 0;
  }
  int64_t bits = 0, bit = 1;
  for (const char *name : {
#define NAME(NAME, LEAF, SUBLEAF, PLACE, BIT, KEEPS) NAME,
           NIRC_FEATURES(NAME)
#undef NAME
       }) {
    bits |= machine.getMCSubtargetInfo()->checkFeatures("+" + std::string(name)) ? bit : 0;
    bit <<= 1;
  }
  return bits;
}

namespace {

/// Adds variables to a unit, one after the other.
class Variables {
public:
  explicit Variables(Unit &unit) : unit(unit) {}

  void addTime();
  void addInput(const Port &port);
  void addState(const Port &port, Causality causality);

private:
  /// The row of a port's array.
  NircVariable rowOf(const Port &port, nirc_role role, nirc_type type);
  /// Room for values of an instance.
  int64_t hold(int64_t bytes) {
    int64_t at = unit.head.held_bytes;
    unit.head.held_bytes += (bytes + 7) / 8 * 8;
    return at;
  }
  /// Returns the name that it has.
  std::string add(const std::string &name, std::string description, Causality causality,
                  const nir::Shape &shape, const NircVariable &row);

  Unit &unit;
  std::set<std::string> names;
};

} // namespace

std::string Variables::add(const std::string &name, std::string description, Causality causality,
                           const nir::Shape &shape, const NircVariable &row) {
  std::string unique = name;
  for (int number = 2; !names.insert(unique).second; ++number) {
    unique = fmt::format("{}_{}", name, number);
  }
  unit.variables.push_back({unique, std::move(description), causality, shape, row});
  return unique;
}

void Variables::addTime() {
  NircVariable row = {};
  row.role = NIRC_TIME;
  row.type = NIRC_FLOAT64;
  row.elements = 1;
  add("time", "the time of the last step", Causality::Independent, {}, row);
}

static nirc_element elementTypeOf(const Port &port) {
  switch (port.slot.type) {
  case nir::DType::F32:
    return NIRC_F32;
  case nir::DType::F64:
    return NIRC_F64;
  case nir::DType::I32:
    return NIRC_I32;
  default:
    assert(port.slot.type == nir::DType::U8 && "code that is not compact");
    return NIRC_U8;
  }
}

NircVariable Variables::rowOf(const Port &port, nirc_role role, nirc_type type) {
  NircVariable row = {};
  row.role = role;
  row.type = type;
  row.elements = port.order ? port.order->channels * port.order->positions : port.slot.elements;
  row.element = elementTypeOf(port);
  row.offset = port.slot.offset;
  if (port.order) {
    row.positions = port.order->positions;
    row.pitch = port.order->pitch;
  }
  if (port.quantized) {
    row.first_scale = static_cast<int64_t>(unit.scales.size());
    row.scales = static_cast<int64_t>(port.quantized->scales.size());
    row.least = port.quantized->least;
    row.most = port.quantized->most;
    unit.scales.insert(unit.scales.end(), port.quantized->scales.begin(),
                       port.quantized->scales.end());
  }
  return row;
}

static nir::Shape shapeOf(const Port &port) { return {port.shape.begin(), port.shape.end()}; }

/// What a network of integers makes of an input.
static std::string roundingOf(const Port &port) {
  if (!port.quantized) {
    return {};
  }
  const Quantized &quantized = *port.quantized;
  return quantized.scales.size() == 1
             ? fmt::format("; rounded to multiples of {} from {} to {}", quantized.scales[0],
                           quantized.scales[0] * static_cast<double>(quantized.least),
                           quantized.scales[0] * static_cast<double>(quantized.most))
             : std::string("; rounded to what its number format has");
}

void Variables::addInput(const Port &port) {
  NircVariable row = rowOf(port, NIRC_INPUT, NIRC_FLOAT64);
  row.held = hold(row.elements * static_cast<int64_t>(sizeof(double)));
  add(nameForMarkup(port.node),
      fmt::format("what drives '{}' in each step until it is set again{}", nameForMarkup(port.node),
                  roundingOf(port)),
      Causality::Input, shapeOf(port), row);
}

void Variables::addState(const Port &port, Causality causality) {
  bool spikes = port.slot.type == nir::DType::U8, counts = port.count || spikes;
  std::string node = nameForMarkup(port.node);
  std::string name = causality == Causality::Output ? node : node + "." + port.observable;
  std::string latency = port.latency == 0
                            ? std::string()
                            : fmt::format("; {} steps behind the sequential network", port.latency);
  std::string what = spikes                       ? "1 where there is a spike"
                     : port.count                 ? "how many spikes there are"
                     : port.observable == "value" ? "the value"
                                                  : port.observable;
  name = add(name, fmt::format("{} of '{}' in the last step{}", what, node, latency), causality,
             shapeOf(port),
             rowOf(port, NIRC_STATE,
                   spikes       ? NIRC_UINT8
                   : port.count ? NIRC_INT32
                                : NIRC_FLOAT64));
  if (counts) {
    NircVariable row = rowOf(port, NIRC_COUNTER, NIRC_INT32);
    row.held = hold(row.elements * static_cast<int64_t>(sizeof(int32_t)));
    add(name + ".count",
        fmt::format("how many spikes of '{}' there were since the last communication point{}", node,
                    latency),
        causality, shapeOf(port), row);
  }
}

Unit nirc::cpu::unitOf(const std::string &identifier, const std::string &name, const Built &network,
                       const llvm::TargetMachine &machine) {
  Unit unit;
  unit.identifier = identifier;
  unit.name = name;
  unit.cpu = machine.getTargetCPU().str();
  unit.info = network.info;
  const Layout &layout = network.lowered.layout;
  unit.head.network_bytes = std::max<int64_t>(layout.bytes, 64);
  unit.head.features = featuresOf(machine);
  unit.head.dt = network.info.dtSeconds;
  Variables variables(unit);
  variables.addTime();
  for (const Port &port : layout.inputs) {
    variables.addInput(port);
  }
  size_t recorded = network.outputs + network.info.records.size();
  for (size_t i = 0; i < recorded; ++i) {
    variables.addState(layout.outputs[i],
                       i < network.outputs ? Causality::Output : Causality::Local);
  }
  unit.head.variables = static_cast<int64_t>(unit.variables.size());
  return unit;
}
