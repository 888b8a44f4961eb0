//===- NewNeuronsTest.cpp - one op is a neuron ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two neurons that NIR does not have (tests/support/neurons) go through every pass and onto every
// target, none of which knows them: under every preset and every choice they are what a plain loop
// over their equations gives, or are refused with the choice that has no meaning for them.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "dialects/snn/Snn.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Random.h"
#include "tests/support/neurons/TestNeurons.h"

#include "mlir/Parser/Parser.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::HasSubstr;

namespace {

constexpr double dt = 1e-3;
constexpr int64_t steps = 300, neurons = 3;

using Three = std::array<double, neurons>;
using Pair = std::array<double, 2>;

/// dx_i/dt = own_i x_i + other_i x_(1-i) + in_i u + rest_i. v is the one that is tested.
struct Equations {
  Pair own, other, in, rest;
  unsigned v;
  double threshold, vReset;
  Pair add{0, 0};             ///< for each spike
  std::array<bool, 2> sets{}; ///< whether a spike sets the state that is not v
  Pair setTo{0, 0};
  double vLeak = 0; ///< as parameters of these names; 0 where there is none
  bool hasVReset = false;
};

/// A neuron that is tested: its text, and its equations for neuron `n`, read by hand.
struct Kind {
  const char *op, *parameters;
  std::vector<const char *> states;
  double current, charge; ///< that make it fire now and then
  Equations (*equations)(size_t n, const Ignored &ignored);
};

constexpr Three tauMem{0.01, 0.02, 0.015}, tauW{0.1, 0.05, 0.015}, r{2, 1.5, 1}, a{0.05, 0, 0.4},
    b{0.1, 0.2, 0.05}, vLeak{0.1, -0.05, 0.02}, vThreshold{1, 0.8, 0.6}, vReset{0.05, -0.1, 0.01};
constexpr Three decay{-20, -5, -1}, omega{200, 100, 300}, threshold{1, 1, 0.5},
    xReset{0, 0.1, -0.3}, yReset{0.5, 0, -0.2};

Equations adaptive(size_t n, const Ignored &ignored) {
  double gain = ignored.r ? 1 : r[n], leak = ignored.vLeak ? 0 : vLeak[n];
  Equations e;
  e.own = {-1 / tauMem[n], -1 / tauW[n]};
  e.other = {-gain / tauMem[n], a[n] / tauW[n]};
  e.in = {gain / tauMem[n], 0};
  e.rest = {leak / tauMem[n], -a[n] * leak / tauW[n]};
  e.v = 0;
  e.threshold = vThreshold[n];
  e.vReset = ignored.vReset ? 0 : vReset[n];
  e.add = {0, b[n]};
  e.vLeak = leak;
  e.hasVReset = true;
  return e;
}

Equations resonant(size_t n, const Ignored &) {
  Equations e;
  e.own = {decay[n], decay[n]};
  e.other = {-omega[n], omega[n]};
  e.in = {1, 0};
  e.rest = {0, 0};
  e.v = 1;
  e.threshold = threshold[n];
  e.vReset = yReset[n];
  e.sets = {true, false};
  e.setTo = {xReset[n], 0};
  return e;
}

const Kind kinds[] = {
    {"test.adaptive_lif",
     "tau_mem = dense<[0.01, 0.02, 0.015]> : tensor<3xf64>, "
     "tau_w = dense<[0.1, 0.05, 0.015]> : tensor<3xf64>, r = dense<[2.0, 1.5, 1.0]> : "
     "tensor<3xf64>, a = dense<[0.05, 0.0, 0.4]> : tensor<3xf64>, b = dense<[0.1, 0.2, 0.05]> : "
     "tensor<3xf64>, v_leak = dense<[0.1, -0.05, 0.02]> : tensor<3xf64>, v_threshold = "
     "dense<[1.0, 0.8, 0.6]> : tensor<3xf64>, v_reset = dense<[0.05, -0.1, 0.01]> : tensor<3xf64>",
     {"v", "w"},
     2.0,
     0.02,
     adaptive},
    {"test.resonate_and_fire",
     "decay = dense<[-20.0, -5.0, -1.0]> : tensor<3xf64>, omega = dense<[200.0, 100.0, 300.0]> : "
     "tensor<3xf64>, threshold = dense<[1.0, 1.0, 0.5]> : tensor<3xf64>, x_reset = "
     "dense<[0.0, 0.1, -0.3]> : tensor<3xf64>, y_reset = dense<[0.5, 0.0, -0.2]> : tensor<3xf64>",
     {"x", "y"},
     200.0,
     0.5,
     resonant}};

//===----------------------------------------------------------------------===//
// The plain loop
//===----------------------------------------------------------------------===//

/// The solution after dt of the equations for a held u: Runge and Kutta in many small steps.
Pair solved(const Equations &e, Pair x, double u) {
  constexpr int parts = 400;
  constexpr double h = dt / parts;
  auto slope = [&](const Pair &at) {
    return Pair{e.own[0] * at[0] + e.other[0] * at[1] + e.in[0] * u + e.rest[0],
                e.own[1] * at[1] + e.other[1] * at[0] + e.in[1] * u + e.rest[1]};
  };
  auto along = [&](const Pair &s, double by) { return Pair{x[0] + by * s[0], x[1] + by * s[1]}; };
  for (int i = 0; i < parts; ++i) {
    Pair s1 = slope(x), s2 = slope(along(s1, h / 2)), s3 = slope(along(s2, h / 2)),
         s4 = slope(along(s3, h));
    x = along({s1[0] + 2 * s2[0] + 2 * s3[0] + s4[0], s1[1] + 2 * s2[1] + 2 * s3[1] + s4[1]},
              h / 6);
  }
  return x;
}

Pair advanced(const Equations &e, const Pair &x, double u, const NeuronRule &rule) {
  bool held = rule.input == InputMeaning::Held;
  if (rule.integrator == Integrator::Exact) {
    if (held) {
      return solved(e, x, u);
    }
    if (rule.enters == Enters::BeforeDecay) {
      return solved(e, {x[0] + e.in[0] * u, x[1] + e.in[1] * u}, 0);
    }
    Pair after = solved(e, x, 0);
    return {after[0] + e.in[0] * u, after[1] + e.in[1] * u};
  }
  Pair next;
  for (unsigned i = 0; i < 2; ++i) {
    bool euler = rule.integrator == Integrator::Euler;
    double stays = euler ? 1 + dt * e.own[i] : std::exp(dt * e.own[i]);
    double comes = euler ? dt : std::expm1(dt * e.own[i]) / e.own[i];
    double factor = rule.gain == Gain::Euler ? dt : comes;
    next[i] = stays * x[i] + factor * e.other[i] * x[1 - i] + comes * e.rest[i] +
              (held ? factor : 1) * e.in[i] * u;
  }
  return next;
}

double spikesOf(const Equations &e, double v, const NeuronRule &rule) {
  bool strict = rule.spikeWhen == SpikeWhen::Greater;
  if (!(strict ? v > e.threshold : v >= e.threshold)) {
    return 0;
  }
  double fits = (v - e.vReset) / (e.threshold - e.vReset);
  return rule.spikesPerStep == SpikesPerStep::Single
             ? 1
             : std::max(1.0, strict ? std::ceil(fits) - 1 : std::floor(fits));
}

void resetBy(double spikes, const Equations &e, Pair &x, const NeuronRule &rule) {
  if (spikes == 0) {
    return;
  }
  for (unsigned i = 0; i < 2; ++i) {
    x[i] = i == e.v && rule.reset == Reset::Subtract ? x[i] - spikes * (e.threshold - e.vReset)
           : i == e.v                                ? e.vReset
           : e.sets[i]                               ? e.setTo[i]
                                                     : x[i] + spikes * e.add[i];
  }
}

/// What a step records of one neuron.
struct Moment {
  Pair x{0, 0};
  double spikes = 0;
};

/// docs/semantics.md, "Spikes", line by line.
Moment stepped(const Equations &e, Pair x, double u, const NeuronRule &rule) {
  bool old = rule.spikeTest == SpikeTest::Old;
  double late = old || rule.resetDelay == 1 ? spikesOf(e, x[e.v], rule) : 0;
  if (rule.lateReset == LateReset::BeforeUpdate) {
    resetBy(late, e, x, rule);
  }
  x = advanced(e, x, u, rule);
  if (rule.lateReset == LateReset::AfterUpdate) {
    resetBy(late, e, x, rule);
  }
  if (rule.floor.kind != Floor::Kind::None) {
    bool isValue = rule.floor.kind == Floor::Kind::Value;
    x[e.v] = std::max(x[e.v], isValue ? rule.floor.value : -e.threshold);
  }
  double spikes = old ? late : spikesOf(e, x[e.v], rule);
  if (!old && rule.resetDelay == 0) {
    resetBy(spikes, e, x, rule);
  }
  return {x, spikes};
}

//===----------------------------------------------------------------------===//
// The same through nirc
//===----------------------------------------------------------------------===//

/// Currents that come in bursts, so that neurons rest, too.
std::vector<double> drive(double size) {
  Random random(7);
  std::vector<double> values(steps * neurons);
  for (size_t i = 0; i < values.size(); ++i) {
    bool isBurst = i / neurons % 50 < 30;
    values[i] = isBurst ? size * random.uniform(-0.2, 1.5) : 0.0;
  }
  return values;
}

/// The clocked network of one neuron, or the first error.
class Clocked {
public:
  Clocked(const Kind &kind, const Semantics &semantics,
          std::optional<nirc::QuantizationOptions> quantization = {}) {
    context.loadDialect<NirDialect, TestDialect>();
    context.printOpOnDiagnostic(false);
    nirc::DiagnosticCollector collector(context);
    std::string text = fmt::format(
        "nir.graph \"net\" {{\n"
        "  %in = nir.input \"in\" () {{shape = dense<3> : tensor<1xi64>}} : () -> !nir.signal<3>\n"
        "  %n = {} \"n\" (%in) {{{}}} : (!nir.signal<3>) -> !nir.signal<3>\n"
        "  nir.output \"out\" (%n) {{shape = dense<3> : tensor<1xi64>}} : (!nir.signal<3>) -> ()\n"
        "}}\n",
        kind.op, kind.parameters);
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    nirc::NetworkOptions options;
    options.semantics = semantics;
    options.dtype = DType::F64;
    options.quantization = std::move(quantization);
    for (const char *state : kind.states) {
      options.probes.push_back({"n", state});
    }
    if (!module || mlir::failed(nirc::clockNetwork(*module, options))) {
      error = collector.takeError();
    }
  }

  snn::NetworkOp network() { return *module->getOps<snn::NetworkOp>().begin(); }
  std::string text() {
    std::string out;
    llvm::raw_string_ostream stream(out);
    module->print(stream);
    return out;
  }

  std::optional<Error> error;

private:
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

Recording inputOf(const std::vector<double> &values) {
  return {dt, {{"in", "value", Tensor::of<double>({1, steps, neurons}, values)}}};
}

/// Expects what a run recorded to be what the loop gives.
void expectLoop(const Recording &got, const Kind &kind, const Semantics &semantics,
                const NeuronRule &rule, const std::vector<double> &values) {
  bool pipelined = semantics.timing == Timing::Pipelined;
  std::vector<double> spikes = got.find("out", "spikes")->data.toDoubles();
  std::array<std::vector<double>, 2> states{got.find("n", kind.states[0])->data.toDoubles(),
                                            got.find("n", kind.states[1])->data.toDoubles()};
  double fired = 0;
  for (size_t n = 0; n < neurons; ++n) {
    Equations equations = kind.equations(n, rule.ignore);
    Pair x{0, 0};
    x[equations.v] = rule.start == Start::VLeak                           ? equations.vLeak
                     : rule.start == Start::VReset && equations.hasVReset ? equations.vReset
                                                                          : 0;
    for (size_t t = 0; t < steps; ++t) {
      size_t at = t * neurons + n;
      double u = pipelined ? (t == 0 ? 0 : values[at - neurons]) : values[at];
      Moment want = stepped(equations, x, u, rule);
      x = want.x;
      fired += want.spikes;
      ASSERT_EQ(spikes[at], want.spikes) << "neuron " << n << ", step " << t;
      for (unsigned i = 0; i < 2; ++i) {
        ASSERT_NEAR(states[i][at], x[i], 1e-9 * (1 + std::abs(x[i])))
            << kind.states[i] << " of neuron " << n << ", step " << t;
      }
    }
  }
  EXPECT_GT(fired, 3) << "a neuron that never fires shows nothing";
}

/// Runs the neuron on every target that takes it; the error where the semantics is refused.
std::optional<Error> compare(const Kind &kind, const Semantics &semantics) {
  SCOPED_TRACE(fmt::format("{} under {}", kind.op, semantics.str()));
  Clocked clocked(kind, semantics);
  if (clocked.error) {
    return clocked.error;
  }
  const NeuronRule &rule = semantics[Family::LIF];
  std::vector<double> values = drive(rule.input == InputMeaning::Held ? kind.current : kind.charge);
  Result<Recording> want = snn::interpret(clocked.network(), inputOf(values));
  if (!want) {
    ADD_FAILURE() << want.error().str();
    return {};
  }
  expectLoop(*want, kind, semantics, rule, values);
  nirc::Job job;
  job.network = clocked.text();
  job.file = "clocked.mlir";
  size_t runs = 0;
  for (const nirc::Target *target : nirc::targets()) {
    auto executable = target->compile(job);
    if (!executable) { // of floats
      EXPECT_THAT(executable.error().str(), HasSubstr("expected integers")) << target->name();
      continue;
    }
    Result<Recording> got = (*executable)->run(inputOf(values), {});
    if (!got) {
      ADD_FAILURE() << target->name() << ": " << got.error().str();
      continue;
    }
    ++runs;
    for (const Trace &trace : want->traces) {
      const Trace *other = got->find(trace.node, trace.observable);
      EXPECT_TRUE(other && other->data == trace.data)
          << target->name() << ": " << trace.node << " " << trace.observable;
    }
  }
  EXPECT_GE(runs, 1u) << "cpu takes every network";
  return {};
}

Semantics read(std::string_view text) {
  Result<Semantics> semantics = semanticsOf(text);
  EXPECT_TRUE(semantics) << text << ": " << semantics.error().str();
  semantics->dtSeconds = dt;
  return *semantics;
}

//===----------------------------------------------------------------------===//
// The tests
//===----------------------------------------------------------------------===//

TEST(NewNeurons, EveryPresetIsTheLoopOrNamesItsReason) {
  const std::map<std::string_view, const char *> refused = {
      {"snntorch", "gain=unit takes 1 for the factors of what drives a state"},
      {"snntorch-native", "gain=raw takes 1 for the factors of what drives a state"},
      {"sinabs", "gain=raw takes 1 for the factors of what drives a state"},
      {"rockpool", "gain=raw takes 1 for the factors of what drives a state"},
      {"spyx", "gain=raw takes 1 for the factors of what drives a state"},
      {"spinnaker2", "gain=unit takes 1 for the factors of what drives a state"},
      {"exact", "schedule=events has no steps"}};
  for (const Kind &kind : kinds) {
    for (const Preset &preset : presets()) {
      SCOPED_TRACE(fmt::format("{} {}", kind.op, preset.name));
      std::optional<Error> error = compare(kind, read(preset.name));
      auto reason = refused.find(preset.name);
      if (reason == refused.end()) {
        EXPECT_FALSE(error) << error->str();
      } else if (error) {
        EXPECT_THAT(error->message, HasSubstr(reason->second));
      } else {
        ADD_FAILURE() << "expected a refusal: " << reason->second;
      }
    }
  }
}

/// The values of every choice, one at a time, beside each integrator.
TEST(NewNeurons, EveryChoiceIsTheLoopOrIsNamed) {
  using Texts = std::vector<std::string>;
  const std::map<std::string_view, Texts> expected = {
      {"euler",
       {"gain=unit", "gain=raw", "enters=before-decay", "after-spike=rest", "schedule=events"}},
      {"exp-euler",
       {"gain=unit", "gain=raw", "enters=before-decay", "after-spike=rest", "schedule=events"}},
      {"exact",
       {"gain=euler", "gain=unit", "gain=raw", "enters=before-decay", "after-spike=rest",
        "schedule=events"}}};
  for (const Kind &kind : kinds) {
    for (const auto &[integrator, refusals] : expected) {
      Texts refused;
      for (const Choice &choice : choices()) {
        for (const Choice::Value &value : choice.values) {
          std::string text = fmt::format("{}={}", choice.name, value.name);
          if (choice.name == "integrator") {
            continue;
          }
          // Of LIF alone: both neurons follow its choices, and Cuba neurons refuse some of them.
          std::string semantics = fmt::format("LIF.integrator={},{}{}", integrator,
                                              choice.perFamily ? "LIF." : "", text);
          if (std::optional<Error> error = compare(kind, read(semantics))) {
            refused.push_back(text);
            EXPECT_THAT(error->message, HasSubstr(std::string(choice.name)));
          }
        }
      }
      EXPECT_EQ(refused, refusals) << kind.op << ", " << integrator;
    }
  }
}

/// Choices together: a charge that enters before or after an exact step, late resets of several
/// spikes.
TEST(NewNeurons, SeveralChoices) {
  for (const Kind &kind : kinds) {
    for (const char *text :
         {"integrator=exact,drive=impulse", "integrator=exact,drive=impulse,enters=before-decay",
          "integrator=exp-euler,drive=impulse", "drive=impulse,gain=euler",
          "spikes-per-step=multi,reset=subtract,reset-delay=1",
          "spikes-per-step=multi,reset-delay=1,late-reset=before-update,floor=-0.1",
          "integrator=exact,spike-test=old,late-reset=before-update,reset=subtract",
          "integrator=exact,schedule=pipelined,ignore=r+v_leak+v_reset"}) {
      std::optional<Error> error = compare(kind, read(text));
      EXPECT_FALSE(error) << text << ": " << error->str();
    }
  }
}

/// Their states drive each other, for which quantize has no units: it says so.
TEST(NewNeurons, HaveNoIntegerForm) {
  for (const Kind &kind : kinds) {
    Result<NumberFormat> format = numberFormatOf("int8");
    ASSERT_TRUE(format);
    Clocked clocked(kind, read("nir"), nirc::QuantizationOptions{*format});
    ASSERT_TRUE(clocked.error) << kind.op;
    EXPECT_THAT(clocked.error->message,
                HasSubstr(fmt::format("node 'n': state {} is driven by {}, which comes after it",
                                      kind.states[0], kind.states[1])));
  }
}

} // namespace
