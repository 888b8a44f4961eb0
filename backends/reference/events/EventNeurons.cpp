//===- EventNeurons.cpp - neurons from event to event ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventNeurons.h"

#include "backends/reference/steps/InterpreterUnits.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cmath>

namespace nir {

template <typename Params>
constexpr static Dynamics::Form formOf() {
  if constexpr (requires(Params params) { params.tau_syn; }) {
    return Dynamics::Form::Cuba;
  }
  return requires(Params params) { params.tau; } ? Dynamics::Form::Leaky
                                                 : Dynamics::Form::Integrator;
}

/// The equations of `count` neurons of any of NIR's types.
template <typename Params>
static std::vector<Dynamics> dynamicsOf(const Params &params, size_t count) {
  std::vector<Dynamics> all(count, {.form = formOf<Params>()});
  auto set = [&](double Dynamics::*field, const Tensor &parameter) {
    std::vector<double> values = spread(parameter, count);
    for (size_t n = 0; n < count; ++n) {
      all[n].*field = values[n];
    }
  };
  set(&Dynamics::r, params.r);
  if constexpr (requires { params.v_leak; }) {
    set(&Dynamics::leak, params.v_leak);
  }
  if constexpr (requires { params.tau; }) {
    set(&Dynamics::tauMem, params.tau);
  }
  if constexpr (requires { params.tau_syn; }) {
    set(&Dynamics::tauMem, params.tau_mem);
    set(&Dynamics::tauSyn, params.tau_syn);
    set(&Dynamics::wIn, params.w_in.value_or(Tensor::scalar(1.0)));
  }
  return all;
}

EventNeurons::EventNeurons(const Node &node, size_t count, const Semantics &semantics)
    : first(count, 0.0), rule(semantics[familyOf(node)].reset), clock(semantics.dtSeconds),
      neurons(count) {
  Start from = semantics[familyOf(node)].start;
  std::visit(
      [&](const auto &params) {
        if constexpr (requires { params.r; }) {
          form = formOf<std::decay_t<decltype(params)>>();
          dynamics = dynamicsOf(params, count);
        }
        if constexpr (requires { params.v_threshold; }) {
          threshold = spread(params.v_threshold, count);
          resetTo = spread(params.v_reset.value_or(Tensor::scalar(0.0)), count);
          first = from == Start::VReset ? resetTo : first;
        }
        if constexpr (requires { params.v_leak; }) {
          first = from == Start::VLeak ? spread(params.v_leak, count) : first;
        }
      },
      node.params);
  assert(dynamics.size() == count && "not a neuron");
}

void EventNeurons::start() {
  std::fill(neurons.begin(), neurons.end(), Neuron{});
  for (size_t n = 0; n < neurons.size(); ++n) {
    neurons[n].state.v = first[n];
  }
}

NeuronState EventNeurons::at(size_t n, const Instant &time) const {
  const Neuron &neuron = neurons[n];
  if (neuron.since == time) {
    return neuron.state;
  }
  return after(dynamics[n], neuron.state, neuron.u, clock.between(neuron.since, time));
}

bool EventNeurons::hold(size_t n, double u, const Instant &now) {
  Neuron &neuron = neurons[n];
  if (neuron.u == u) {
    return false;
  }
  neuron.state = at(n, now);
  neuron.since = now;
  neuron.u = u;
  return true;
}

void EventNeurons::arrive(size_t n, const Instant &now) {
  Neuron &neuron = neurons[n];
  neuron.state = at(n, now);
  // Not what the closed form gives for it, which misses by a bit.
  neuron.state.v = threshold[n];
  neuron.since = now;
}

bool EventNeurons::plan(size_t n, const Instant &now) {
  Neuron &neuron = neurons[n];
  if (neuron.since != now) {
    neuron.state = at(n, now);
    neuron.since = now;
  }
  neuron.crossing =
      clock.after(now, firstCrossing(dynamics[n], neuron.state, neuron.u, threshold[n]));
  return neuron.crossing == now;
}

void EventNeurons::reset(size_t n) {
  double &v = neurons[n].state.v;
  v = rule == Reset::ToValue ? resetTo[n] : v - (threshold[n] - resetTo[n]);
}

} // namespace nir
