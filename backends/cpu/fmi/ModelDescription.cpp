//===- ModelDescription.cpp - a unit described in XML ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/fmi/ModelDescription.h"

#include "backends/cpu/fmi/Markup.h"
#include "ir/choices/Stored.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cpu;

std::string_view nirc::cpu::typeOf(const UnitVariable &variable) {
  switch (variable.row.type) {
  case NIRC_INT32:
    return "Int32";
  case NIRC_UINT8:
    return "UInt8";
  default:
    return "Float64";
  }
}

std::string_view nirc::cpu::nameOf(Causality causality) {
  switch (causality) {
  case Causality::Independent:
    return "independent";
  case Causality::Input:
    return "input";
  case Causality::Output:
    return "output";
  case Causality::Local:
    return "local";
  }
  return "local";
}

/// What differs between the variables beside their names. Outputs hold their values from one
/// communication point to the next, so they are discrete.
static std::string attributesOf(const UnitVariable &variable) {
  switch (variable.row.role) {
  case NIRC_TIME:
    return R"( variability="continuous" unit="s")";
  case NIRC_INPUT:
    return R"( variability="continuous" start="0")";
  default:
    return std::string(R"( variability="discrete" initial="calculated")") +
           (variable.row.type == NIRC_UINT8   ? R"( min="0" max="1")"
            : variable.row.type == NIRC_INT32 ? R"( min="0")"
                                              : "");
  }
}

static std::string variableText(const UnitVariable &variable, size_t reference) {
  std::string text = fmt::format(
      R"(    <{0} name="{1}" valueReference="{2}" causality="{3}"{4} description="{5}")",
      typeOf(variable), escaped(variable.name), reference, nameOf(variable.causality),
      attributesOf(variable), escaped(variable.description));
  if (variable.row.elements == 1) { // tools connect a scalar to more than an array of one
    return text + "/>\n";
  }
  text += ">\n";
  for (int64_t size : variable.shape) {
    text += fmt::format("      <Dimension start=\"{}\"/>\n", size);
  }
  return text + fmt::format("    </{}>\n", typeOf(variable));
}

/// No output depends on what is set at the same time: inputs act from the next step on. So a loop
/// through a unit is not an algebraic one.
static std::string structureText(const Unit &unit) {
  std::string text;
  for (const char *element : {"Output", "InitialUnknown"}) {
    for (size_t i = 0; i < unit.variables.size(); ++i) {
      if (unit.variables[i].causality == Causality::Output) {
        text += fmt::format("    <{} valueReference=\"{}\" dependencies=\"\"/>\n", element, i);
      }
    }
  }
  return text;
}

static std::string descriptionOf(const Unit &unit) {
  return fmt::format("a spiking network, in steps of {} s", unit.info.dtSeconds);
}

std::string nirc::cpu::modelDescription(const Unit &unit, const std::string &token) {
  std::string text = fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<fmiModelDescription fmiVersion="3.0" modelName="{0}" instantiationToken="{1}" description="{2}" generationTool="nirc {3}" variableNamingConvention="flat">
  <CoSimulation modelIdentifier="{4}" canHandleVariableCommunicationStepSize="true" fixedInternalStepSize="{5}" canGetAndSetFMUState="true" canSerializeFMUState="true" canBeInstantiatedOnlyOncePerProcess="false" needsExecutionTool="false"/>
  <UnitDefinitions>
    <Unit name="s">
      <BaseUnit s="1"/>
    </Unit>
  </UnitDefinitions>
  <LogCategories>
    <Category name="logEvents" description="begin and end of a simulation"/>
    <Category name="logStatusError" description="why a call failed"/>
  </LogCategories>
  <DefaultExperiment startTime="0" stepSize="{5}"/>
  <ModelVariables>
)",
      escaped(unit.name), token, escaped(descriptionOf(unit)), escaped(unit.info.nirc),
      unit.identifier, unit.info.dtSeconds);
  for (size_t i = 0; i < unit.variables.size(); ++i) {
    text += variableText(unit.variables[i], i);
  }
  return text + "  </ModelVariables>\n  <ModelStructure>\n" + structureText(unit) +
         "  </ModelStructure>\n</fmiModelDescription>\n";
}
