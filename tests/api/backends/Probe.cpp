//===- Probe.cpp - a backend that does what a test asks for ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// $PROBE says what is wrong with it; without it, it is sound.
//
//===----------------------------------------------------------------------===//

#include "backends/Plugin.h"

#include <cstdlib>
#include <stdexcept>

using namespace nirc;

namespace {
class Probe : public Target {
public:
  Probe(std::string_view name, std::string_view option) : own(name), option(option) {}
  std::string_view name() const override { return own; }
  std::string_view summary() const override { return "runs nothing"; }
  const Constraints &describe() const override {
    static const Constraints constraints = {{"Input", "Output"}, {nir::DType::F32}};
    return constraints;
  }
  std::vector<TargetOption> options() const override {
    return {{option, "HOW", "how it runs nothing"}};
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &) const override {
    return nir::Error(nir::Cause::UnsupportedByTarget, "the probe was asked to compile");
  }

private:
  std::string_view own, option;
};
} // namespace

static void bring(Backend &backend) {
#ifdef PROBE_MISSING
  extern void nobodyHasThis();
  nobodyHasThis();
#endif
  const char *variable = std::getenv("PROBE");
  std::string_view asked = variable ? variable : "";
  if (asked == "throws") {
    throw std::runtime_error("the probe does not want to");
  }
  if (asked == "throws-a-number") {
    throw 7;
  }
  if (asked == "empty") {
    return;
  }
  backend.targets.push_back(std::make_shared<Probe>(asked == "taken"  ? "cpu"
                                                    : asked == "name" ? "Probe 1"
                                                                      : "probe",
                                                    asked == "option" ? "dt" : "probe-how"));
  backend.semantics.push_back({asked == "semantics" ? "norse" : "probe", "the probe's",
                               asked == "choices" ? "reset=never" : "reset=subtract", "none", ""});
  backend.formats.push_back({asked == "format" ? "q3.4" : "probe", "the probe's",
                             asked == "fields" ? "weight-bits=99" : "weight-bits=5", "none"});
  if (asked == "twice") {
    backend.targets.push_back(backend.targets.front());
  }
  if (asked == "null") {
    backend.targets.push_back(nullptr);
  }
}

NIRC_BACKEND(bring)
