//===- Session.cpp - a network in execution, step by step -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Session.h"

#include "ir/Wording.h"

#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <limits>

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

/// NaN, infinities, and what is infinite in float32. No branch in the loop: it is a vector's.
nir::Status Session::checkFinite(const PortInfo &port, std::string_view what,
                                 std::span<const double> values) const {
  bool isSingle = description->format.empty() && description->dtype == nir::DType::F32;
  double most = isSingle ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  bool isFinite = true;
  for (double value : values) {
    isFinite &= std::abs(value) <= most;
  }
  if (isFinite) {
    return {};
  }
  auto bad = std::find_if_not(values.begin(), values.end(),
                              [&](double value) { return std::abs(value) <= most; });
  return nir::Error::usage(nir::Cause::InputValue,
                           fmt::format("found {} for element {} of {} '{}', expected a number that "
                                       "is finite in {}",
                                       *bad, bad - values.begin(), what, port.node,
                                       isSingle ? "float32" : "float64"));
}

nir::Status Session::setInput(size_t input, std::span<const double> values, int64_t sample) {
  if (nir::Status wrong = check(description->inputs, "input", input, values.size(), sample)) {
    return wrong;
  }
  if (nir::Status wrong = checkFinite(description->inputs[input], "input", values)) {
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
  if (nir::Status wrong = checkFinite(description->states[state], "a state of", values)) {
    return wrong;
  }
  return stepper->writeState(state, sample, values);
}

void Session::reset() {
  stepper->reset();
  steps = 0;
}

namespace {
/// What stands before the bytes of a target.
struct SnapshotHead {
  uint64_t program;
  int64_t samples, steps;
  uint64_t checksum; ///< of the target's bytes and all before
};
} // namespace

static uint64_t checksumOf(const SnapshotHead &head, std::string_view bytes) {
  return llvm::xxh3_64bits(llvm::StringRef(bytes)) ^
         llvm::xxh3_64bits(llvm::StringRef(reinterpret_cast<const char *>(&head),
                                           offsetof(SnapshotHead, checksum)));
}

std::string Session::snapshot() const {
  std::string bytes = stepper->snapshot();
  SnapshotHead head{program, samples, steps, 0};
  head.checksum = checksumOf(head, bytes);
  return std::string(reinterpret_cast<const char *>(&head), sizeof head) + bytes;
}

nir::Status Session::restore(std::string_view snapshot) {
  SnapshotHead head{};
  if (snapshot.size() < sizeof head) {
    return nir::Error::usage(
        fmt::format("found {}, expected a snapshot", nir::counted(snapshot.size(), "byte")));
  }
  std::memcpy(&head, snapshot.data(), sizeof head);
  std::string_view bytes = snapshot.substr(sizeof head);
  if (head.checksum != checksumOf(head, bytes)) {
    return nir::Error::usage("found bytes that are no snapshot of this process, or a damaged one");
  }
  if (head.program != program || head.samples != samples) {
    return nir::Error::usage(head.program != program
                                 ? "found a snapshot of another program"
                                 : fmt::format("found a snapshot of {}, expected one of {}",
                                               nir::counted(head.samples, "sample"), samples));
  }
  if (nir::Status wrong = stepper->restore(bytes)) {
    return wrong;
  }
  steps = head.steps;
  return std::nullopt;
}

} // namespace nirc
