//===- Importer.h - a unit of FMI, loaded and stepped -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/recording/events/Zip.h"
#include "tests/support/TemporaryFolder.h"
#include "third_party/fmi/headers/fmi3FunctionTypes.h"

#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>

namespace nir::test {

/// The library of a .fmu, and what its description says of each value reference.
class ImportedUnit {
public:
  explicit ImportedUnit(const nirc::Artifact &artifact) {
    const std::string &bytes = artifact.files.at(0).bytes;
    auto *data = reinterpret_cast<const std::byte *>(bytes.data());
    auto members = unzip({data, bytes.size()}, uint64_t(1) << 28);
    if (!members) {
      ADD_FAILURE() << members.error().str();
      return;
    }
    std::string library;
    for (const ZipMember &member : *members) {
      std::string text(reinterpret_cast<const char *>(member.bytes.data()), member.bytes.size());
      if (member.name == "modelDescription.xml") {
        description = text;
      } else if (member.name.ends_with(".so")) {
        library = folder.path + "/unit.so";
        std::ofstream(library, std::ios::binary) << text;
      }
    }
    handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_TRUE(handle) << dlerror();
    readDescription();
  }
  ImportedUnit(const ImportedUnit &) = delete;
  ImportedUnit &operator=(const ImportedUnit &) = delete;
  ~ImportedUnit() {
    if (handle) {
      dlclose(handle);
    }
  }
  explicit operator bool() const { return handle != nullptr; }

  template <typename Function>
  Function *get(const char *name) const {
    auto *function = reinterpret_cast<Function *>(dlsym(handle, name));
    EXPECT_TRUE(function) << name;
    return function;
  }

  struct Variable {
    std::string type, name, causality;
  };
  std::string description, token;
  std::vector<Variable> variables; ///< by value reference

private:
  void readDescription() {
    std::smatch match;
    if (std::regex_search(description, match, std::regex("instantiationToken=\"([0-9a-f]*)\""))) {
      token = match[1];
    }
    std::regex variable("<(Float64|Int32|UInt8) name=\"([^\"]*)\" valueReference=\"([0-9]+)\" "
                        "causality=\"(\\w+)\"");
    for (std::sregex_iterator at(description.begin(), description.end(), variable), end; at != end;
         ++at) {
      EXPECT_EQ((*at)[3], std::to_string(variables.size()));
      variables.push_back({(*at)[1], (*at)[2], (*at)[4]});
    }
  }

  TemporaryFolder folder;
  void *handle = nullptr;
};

/// One instance, from its start on.
class UnitInstance {
public:
  explicit UnitInstance(const ImportedUnit &unit) : unit(unit) {
    instance = unit.get<fmi3InstantiateCoSimulationTYPE>("fmi3InstantiateCoSimulation")(
        "test", unit.token.c_str(), nullptr, false, true, false, false, nullptr, 0, this,
        [](fmi3InstanceEnvironment self, fmi3Status, fmi3String, fmi3String message) {
          static_cast<UnitInstance *>(self)->said = message;
        },
        nullptr);
    EXPECT_TRUE(instance) << said;
    expectOk(unit.get<fmi3EnterInitializationModeTYPE>("fmi3EnterInitializationMode")(
        instance, false, 0, 0, false, 0));
    expectOk(unit.get<fmi3ExitInitializationModeTYPE>("fmi3ExitInitializationMode")(instance));
  }
  UnitInstance(const UnitInstance &) = delete;
  UnitInstance &operator=(const UnitInstance &) = delete;
  ~UnitInstance() { unit.get<fmi3FreeInstanceTYPE>("fmi3FreeInstance")(instance); }

  void set(fmi3ValueReference reference, const std::vector<double> &values) {
    expectOk(unit.get<fmi3SetFloat64TYPE>("fmi3SetFloat64")(instance, &reference, 1, values.data(),
                                                            values.size()));
  }
  /// As numbers, by the function of the variable's type.
  std::vector<double> values(fmi3ValueReference reference, size_t count) {
    const std::string &type = unit.variables.at(reference).type;
    return type == "Float64" ? get<fmi3GetFloat64TYPE, double>("fmi3GetFloat64", reference, count)
           : type == "Int32" ? get<fmi3GetInt32TYPE, int32_t>("fmi3GetInt32", reference, count)
                             : get<fmi3GetUInt8TYPE, uint8_t>("fmi3GetUInt8", reference, count);
  }
  void step(double duration) {
    bool event = true, terminate = true, early = true;
    expectOk(unit.get<fmi3DoStepTYPE>("fmi3DoStep")(instance, time, duration, true, &event,
                                                    &terminate, &early, &time));
    EXPECT_FALSE(event || terminate || early);
  }

private:
  template <typename Function, typename Number>
  std::vector<double> get(const char *name, fmi3ValueReference reference, size_t count) {
    std::vector<Number> numbers(count);
    expectOk(unit.get<Function>(name)(instance, &reference, 1, numbers.data(), count));
    return {numbers.begin(), numbers.end()};
  }
  void expectOk(fmi3Status status) { EXPECT_EQ(status, fmi3OK) << said; }

  const ImportedUnit &unit;
  fmi3Instance instance = nullptr;
  double time = 0.0;
  std::string said; ///< the last message
};

} // namespace nir::test
