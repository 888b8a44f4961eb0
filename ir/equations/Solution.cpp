//===- Solution.cpp - the equations of NIR, solved ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Solution.h"

#include <string_view>

namespace nir {

static Expression in(std::string_view name) { return Expression::named(name); }

std::vector<ReadParameter> readParameters(Family family, bool spikes, const Ignored &ignored) {
  std::vector<ReadParameter> all;
  if (family == Family::LIF) {
    all.push_back({"tau"});
  } else if (family == Family::CubaLIF) {
    all.push_back({"tau_syn"});
    all.push_back({"tau_mem"});
  }
  all.push_back({"r", !ignored.r, 1.0});
  if (family != Family::IF) {
    all.push_back({"v_leak", !ignored.vLeak, 0.0});
  }
  if (spikes) {
    all.push_back({"v_threshold"});
    all.push_back({"v_reset", !ignored.vReset, 0.0});
  }
  if (family == Family::CubaLIF) {
    all.push_back({"w_in", !ignored.wIn, 1.0});
  }
  return all;
}

Expression shareOfCurrent() {
  Expression apart = call(Op::Absolute, in("a") - in("b"));
  Expression decays = in("a") * call(Op::Exp, -call(Op::Minimum, in("a"), in("b")));
  return choose(call(Op::Equal, in("a"), in("b")), in("a") * call(Op::Exp, -in("a")),
                decays * (-call(Op::Expm1, -apart) / apart));
}

EventEquations eventEquations(const NeuronRule &rule, Family family, bool spikes) {
  EventEquations result;
  result.primitive = primitiveOf(family, spikes);
  result.family = family;
  result.parameters = readParameters(family, spikes, Ignored());
  result.output = spikes ? "s" : "v";
  Expression start = rule.start == Start::VLeak && family != Family::IF ? in("v_leak")
                     : rule.start == Start::VReset && spikes            ? in("v_reset")
                                                                        : 0.0;
  if (family == Family::CubaLIF) {
    result.states.push_back({"i", 0.0});
  }
  result.states.push_back({"v", start});
  auto find = [&](const char *name, const Expression &value) {
    result.coefficients.push_back({name, value, true});
  };
  if (family == Family::IF) {
    result.impulse.push_back({Phase::Update, "v", in("v") + in("r") * in("u")});
  } else if (family == Family::LIF) {
    find("v_inf", in("v_leak") + in("r") * in("u"));
    Expression decay = call(Op::Exp, -(in("t") / in("tau")));
    result.flow.push_back({Phase::Update, "v", in("v_inf") + (in("v") - in("v_inf")) * decay});
  } else {
    find("a", in("t") / in("tau_mem"));
    find("b", in("t") / in("tau_syn"));
    find("g", shareOfCurrent());
    find("i_inf", in("w_in") * in("u"));
    find("v_inf", in("v_leak") + in("r") * in("i_inf"));
    Expression beyond = in("i") - in("i_inf");
    result.flow.push_back({Phase::Update, "v",
                           in("v_inf") + (in("v") - in("v_inf")) * call(Op::Exp, -in("a")) +
                               in("r") * beyond * in("g")});
    result.flow.push_back({Phase::Update, "i", in("i_inf") + beyond * call(Op::Exp, -in("b"))});
  }
  if (spikes) {
    result.crossing = in("v") > in("v_threshold");
    Expression v = rule.reset == Reset::Subtract ? in("v") - (in("v_threshold") - in("v_reset"))
                                                 : in("v_reset");
    result.reset.push_back({Phase::Reset, "v", v});
  }
  return result;
}

} // namespace nir
