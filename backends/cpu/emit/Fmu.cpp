//===- Fmu.cpp - a network as a unit of FMI 3.0 ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Fmu.h"

#include "backends/cpu/emit/MachineCode.h"
#include "backends/cpu/fmi/ModelDescription.h"
#include "backends/cpu/fmi/UnitCode.h"
#include "backends/cpu/fmi/UnitPages.h"
#include "backends/cpu/run/Machine.h"
#include "backends/run/Digest.h"
#include "ir/Wording.h"
#include "ir/recording/events/Zip.h"

#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cpu;

std::string nirc::cpu::cpuOfUnits() {
  return llvm::Triple(llvm::sys::getProcessTriple()).isX86_64() ? "x86-64-v3" : "generic";
}

nir::Status nirc::cpu::checkUnitMachine(const EmitOptions &options,
                                        const llvm::TargetMachine &machine) {
  const llvm::Triple &triple = machine.getTargetTriple();
  llvm::Triple host(llvm::sys::getProcessTriple());
  if (triple.getArch() == host.getArch() && triple.getOS() == host.getOS() &&
      triple.isOSBinFormatELF()) {
    return std::nullopt;
  }
  return nir::Error::usage(
             nir::Cause::OptionConflict,
             fmt::format("found --triple={} with --emit=fmu, expected this platform, {}",
                         options.triple, platformOf(host)))
      .note("nirc puts functions into a unit that were compiled when nirc was; build nirc there");
}

/// The object of the network and its tables.
static nir::Result<std::string> networkObject(const Unit &unit, const Built &network,
                                              llvm::TargetMachine &machine) {
  llvm::LLVMContext context;
  nir::Result<std::unique_ptr<llvm::Module>> code =
      toLLVM(unit.identifier, network.lowered, network.module(), context, machine,
             [&](llvm::Module &module) { addUnit(module, unit); });
  return code ? objectOf(**code, machine) : code.takeError();
}

static nir::Result<std::string> tokenObject(const std::string &token,
                                            llvm::TargetMachine &machine) {
  llvm::LLVMContext context;
  llvm::Module module("token", context);
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  addToken(module, token);
  return objectOf(module, machine);
}

/// "1 input, 2 outputs" for the summary.
static std::string portsText(const Unit &unit) {
  size_t inputs = 0, outputs = 0, locals = 0;
  for (const UnitVariable &variable : unit.variables) {
    inputs += variable.causality == Causality::Input ? 1 : 0;
    outputs += variable.causality == Causality::Output ? 1 : 0;
    locals += variable.causality == Causality::Local ? 1 : 0;
  }
  std::string text = nir::counted(inputs, "input") + ", " + nir::counted(outputs, "output");
  return locals == 0 ? text : text + ", " + nir::counted(locals, "local variable");
}

static nir::Result<std::string> zipOf(const Unit &unit, const std::string &token,
                                      const std::string &library, const llvm::Triple &triple) {
  std::vector<nir::ZipMember> members;
  auto add = [&](const std::string &name, std::string_view bytes) {
    auto *data = reinterpret_cast<const std::byte *>(bytes.data());
    members.push_back({name, {data, data + bytes.size()}});
  };
  add("modelDescription.xml", modelDescription(unit, token));
  add(fmt::format("binaries/{}/{}.so", platformOf(triple), unit.identifier), library);
  add("documentation/index.html", indexPage(unit));
  add("documentation/externalDependencies.txt", dependenciesText(unit));
  add("documentation/licenses/license.txt", licenceText());
  nir::Result<std::vector<std::byte>> archive = nir::zipped(members, nir::ZipPacking::Deflated);
  if (!archive) {
    return archive.takeError();
  }
  return std::string(reinterpret_cast<const char *>(archive->data()), archive->size());
}

nir::Result<Artifact> nirc::cpu::asFmu(const EmitOptions &options, const Interface &interface,
                                       const Built &network, llvm::TargetMachine &machine) {
  const llvm::Triple &triple = machine.getTargetTriple();
  Unit unit =
      unitOf(interface.name,
             options.name.empty() ? llvm::sys::path::stem(interface.file).str() : options.name,
             network, machine);
  nir::Result<std::string> object = networkObject(unit, network, machine);
  if (!object) {
    return object.takeError();
  }
  // All that makes the unit, but for the functions that are the same in each.
  std::string token = sha256Of(*object + modelDescription(unit, ""));
  std::vector<std::string> objects = unitObjects();
  nir::Result<std::string> last = tokenObject(token, machine);
  if (!last) {
    return last.takeError();
  }
  objects.push_back(*std::move(object));
  objects.push_back(*std::move(last));
  nir::Result<std::string> library = linkShared(objects, unit.identifier + ".so", triple);
  if (!library) {
    return library.takeError();
  }
  nir::Result<std::string> archive = zipOf(unit, token, *library, triple);
  if (!archive) {
    return archive.takeError();
  }
  return Artifact{
      .files = {{unit.identifier + ".fmu", *std::move(archive)}},
      .summary = {fmt::format("unit: FMI 3.0 co-simulation, {} for {}; {}; communication steps are "
                              "multiples of {} s",
                              platformOf(triple), unit.cpu, portsText(unit), unit.head.dt)}};
}
