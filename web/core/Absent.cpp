//===- Absent.cpp - what a page has no use for ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// api/RunChoices.cpp and api/Execution.cpp serve the command line too. What they ask there of the
// registry of targets, of files of events and of clocked networks has one answer in a page: the
// interpreter is the only target, and there are none of the others.
//
//===----------------------------------------------------------------------===//

#include "api/ClockedModel.h"
#include "api/io/Framing.h"
#include "backends/Claim.h"
#include "backends/Target.h"

namespace nirc {

namespace {
class Interpreter : public Target {
public:
  std::string_view name() const override { return "reference"; }
  std::string_view summary() const override { return "an interpreter, step by step"; }
  const Constraints &describe() const override {
    static const Constraints constraints = {{}, {nir::DType::F64, nir::DType::F32}};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &) const override {
    return nir::Error::internal("found a job, expected a run in steps (web/core/Lane.h)");
  }
};
} // namespace

nir::Result<const Target *> findTarget(std::string_view) {
  static const Interpreter interpreter;
  return &interpreter;
}
nir::Status checkSettings(const Target &, const Settings &) { return std::nullopt; }

// Registry.cpp defines these, which a target may leave out.
static nir::Error noArtifact() {
  return nir::Error::internal("found a question about artifacts, expected none in a page");
}
nir::Result<Artifact> Target::emit(const Job &, const EmitOptions &) const { return noArtifact(); }
nir::Result<std::unique_ptr<Executable>> Target::load(const std::string &,
                                                      const LoadOptions &) const {
  return noArtifact();
}
nir::Result<Mapping> Target::map(const Job &, const MapOptions &) const { return noArtifact(); }
nir::Result<std::vector<Claim>> Target::claims(const Job &) const { return noArtifact(); }

bool isEventFile(const std::string &) { return false; }
std::string eventEndings() { return ""; }
nir::Tensor atMostOne(const nir::Tensor &counts) { return counts; }
std::string ClockedModel::text() const { return ""; }

} // namespace nirc

//===----------------------------------------------------------------------===//
// Exceptions
//===----------------------------------------------------------------------===//

// Debian's libc++abi for WebAssembly cannot unwind. What is thrown, such as for want of memory,
// ends the worker with a trap, which JavaScript catches and reports; the next file gets a new
// worker.
extern "C" void *__cxa_allocate_exception(size_t) { __builtin_trap(); }
extern "C" void __cxa_throw(void *, void *, void (*)(void *)) { __builtin_trap(); }
