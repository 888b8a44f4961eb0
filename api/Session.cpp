//===- Session.cpp - a network in execution, step by step -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Session.h"

#include "ir/Wording.h"

#include <cstring>
#include <fmt/format.h>

namespace nirc {

/// The place of the port, or an error that lists them.
template <typename Matches>
static nir::Result<size_t> find(const std::vector<PortInfo> &ports, std::string_view what,
                                const std::string &name, bool withObservable, Matches matches) {
  std::string known;
  for (size_t i = 0; i < ports.size(); ++i) {
    if (matches(ports[i])) {
      return i;
    }
    known += fmt::format("{}'{}{}'", known.empty() ? "" : ", ", ports[i].node,
                         withObservable ? ":" + ports[i].observable : "");
  }
  return nir::Error::usage(nir::Cause::UnknownNode,
                           fmt::format("the program has no {} '{}', it has {}", what, name,
                                       known.empty() ? "none" : known));
}

nir::Result<size_t> Session::input(std::string_view node) const {
  return find(description->inputs, "input", std::string(node), false,
              [&](const PortInfo &port) { return port.node == node; });
}

nir::Result<size_t> Session::output(std::string_view node) const {
  return find(description->outputs, "output", std::string(node), false,
              [&](const PortInfo &port) { return port.node == node; });
}

nir::Result<size_t> Session::state(std::string_view node, std::string_view name) const {
  return find(description->states, "state", fmt::format("{}:{}", node, name), true,
              [&](const PortInfo &port) { return port.node == node && port.observable == name; });
}

nir::Status Session::check(const std::vector<PortInfo> &ports, std::string_view what, size_t number,
                           size_t values, int64_t sample) const {
  if (number >= ports.size()) {
    return nir::Error::usage(
        fmt::format("found {} {}, expected less than {}", what, number, ports.size()));
  }
  if (sample < 0 || sample >= samples) {
    return nir::Error::usage(fmt::format("found sample {}, expected 0 to {}", sample, samples - 1));
  }
  auto expected = static_cast<size_t>(nir::numElements(ports[number].shape));
  if (values != expected) {
    return nir::Error::usage(fmt::format("found {} for {} '{}', expected {}",
                                         nir::counted(values, "number"), what, ports[number].node,
                                         expected));
  }
  return std::nullopt;
}

nir::Status Session::setInput(size_t input, std::span<const double> values, int64_t sample) {
  if (nir::Status wrong = check(description->inputs, "input", input, values.size(), sample)) {
    return wrong;
  }
  return stepper->setInput(input, sample, values);
}

nir::Status Session::step() {
  nir::Status failed = stepper->step();
  steps += failed ? 0 : 1;
  return failed;
}

nir::Status Session::readOutput(size_t output, std::span<double> values, int64_t sample) const {
  if (nir::Status wrong = check(description->outputs, "output", output, values.size(), sample)) {
    return wrong;
  }
  stepper->readOutput(output, sample, values);
  return std::nullopt;
}

nir::Status Session::readState(size_t state, std::span<double> values, int64_t sample) const {
  if (nir::Status wrong = check(description->states, "state", state, values.size(), sample)) {
    return wrong;
  }
  stepper->readState(state, sample, values);
  return std::nullopt;
}

nir::Status Session::writeState(size_t state, std::span<const double> values, int64_t sample) {
  if (nir::Status wrong = check(description->states, "state", state, values.size(), sample)) {
    return wrong;
  }
  return stepper->writeState(state, sample, values);
}

void Session::reset() {
  stepper->reset();
  steps = 0;
}

/// The number of steps, then what the target gives.
std::string Session::snapshot() const {
  return std::string(reinterpret_cast<const char *>(&steps), sizeof steps) + stepper->snapshot();
}

nir::Status Session::restore(std::string_view snapshot) {
  if (snapshot.size() < sizeof steps) {
    return nir::Error::usage("found a snapshot of a few bytes, expected one of this program");
  }
  if (nir::Status wrong = stepper->restore(snapshot.substr(sizeof steps))) {
    return wrong;
  }
  std::memcpy(&steps, snapshot.data(), sizeof steps);
  return std::nullopt;
}

} // namespace nirc
