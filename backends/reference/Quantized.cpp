//===- Quantized.cpp - clocked networks, interpreted ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/Quantized.h"

#include "backends/FrontEnd.h"
#include "backends/reference/Stepped.h"
#include "backends/run/Recordable.h"
#include "dialects/snn/Records.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "passes/pipeline/Pipeline.h"

using namespace mlir;

namespace nirc::reference {

namespace {

/// A network that stays in its context, which is locked while it is worked in.
class Kept {
public:
  explicit Kept(NetworkCopy copy) : frontEnd(copy.frontEnd), module(std::move(copy.module)) {
    copy.lock.unlock();
  }
  Kept(const Kept &) = delete;
  Kept &operator=(const Kept &) = delete;
  ~Kept() {
    auto lock = frontEnd->lock();
    module = {};
  }

  snn::NetworkOp network() const {
    return *const_cast<OwningOpRef<ModuleOp> &>(module)->getOps<snn::NetworkOp>().begin();
  }
  FrontEnd &context() const { return *frontEnd; }

private:
  std::shared_ptr<FrontEnd> frontEnd;
  OwningOpRef<ModuleOp> module;
};

template <typename Number>
class NetworkStepper : public Stepped<snn::BasicInterpreter<Number>> {
public:
  using Interpreter = snn::BasicInterpreter<Number>;
  NetworkStepper(std::vector<Interpreter> interpreters, std::shared_ptr<const Kept> network)
      : Stepped<Interpreter>(std::move(interpreters)), kept(std::move(network)) {
    Block &body = kept->network().getBody().front();
    for (auto output : body.getOps<snn::OutputOp>()) {
      outputs.push_back(output.getSignal());
    }
    for (auto record : body.getOps<snn::RecordOp>()) {
      if (!record.getSignal()) {
        states.push_back(*snn::stateOf(record));
      }
    }
  }

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override {
    this->at(sample).setInput(input, values);
    return std::nullopt;
  }
  void readLast(size_t output, int64_t sample, std::span<double> values) const override {
    Value signal = outputs[output];
    read(this->at(sample).value(signal), signal.getType(), values);
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override {
    snn::State of = states[state];
    read(this->at(sample).state(of.population, of.index), of.type(), values);
  }
  nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) override {
    this->at(sample).setState(states[state].population, states[state].index, values);
    return std::nullopt;
  }

private:
  static void read(std::span<const Number> numbers, Type type, std::span<double> values) {
    std::copy(numbers.begin(), numbers.end(), values.begin());
    if (std::is_integral_v<Number> && isa_and_nonnull<RankedTensorType>(type)) {
      auto scales = snn::scalesOf(type);
      size_t perScale = std::max<size_t>(values.size() / std::max<size_t>(scales.size(), 1), 1);
      for (size_t i = 0; i < values.size(); ++i) {
        values[i] *= scales[i / perScale];
      }
    }
  }

  std::shared_ptr<const Kept> kept;
  std::vector<Value> outputs;
  std::vector<snn::State> states;
};

class Quantized : public Executable {
public:
  Quantized(std::shared_ptr<const Kept> kept, ProgramInfo info, std::string file)
      : kept(std::move(kept)), description(std::move(info)), file(std::move(file)) {}

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override;
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override {
    Type element = kept->network().getElement();
    return element.isF64()   ? startIn<double>(batch)
           : element.isF32() ? startIn<float>(batch)
                             : startIn<int64_t>(batch);
  }

private:
  template <typename Number>
  nir::Result<std::unique_ptr<Stepper>> startIn(int64_t batch) const {
    auto lock = kept->context().lock();
    DiagnosticCollector collector(kept->context().context(), nir::Cause::CannotQuantize);
    std::vector<snn::BasicInterpreter<Number>> samples;
    for (int64_t sample = 0; sample < batch; ++sample) {
      auto interpreter = snn::BasicInterpreter<Number>::create(kept->network());
      if (failed(interpreter)) {
        return collector.takeError();
      }
      samples.push_back(std::move(*interpreter));
    }
    return std::unique_ptr<Stepper>(
        std::make_unique<NetworkStepper<Number>>(std::move(samples), kept));
  }

  std::shared_ptr<const Kept> kept;
  ProgramInfo description;
  std::string file;
};

} // namespace

nir::Result<nir::Recording> Quantized::run(const nir::Recording &input, const RunOptions &options) {
  nir::Result<std::vector<size_t>> records = chosenRecords(description, options);
  if (!records) {
    return records.takeError();
  }
  auto lock = kept->context().lock();
  nir::Result<nir::Recording> recording = snn::interpret(kept->network(), input,
                                                         {.steps = options.steps,
                                                          .progress = options.progress,
                                                          .stop = options.stop,
                                                          .checkRanges = true});
  if (!recording) {
    return recording.takeError().in(file);
  }
  // It has the outputs and then all that can be recorded.
  std::vector<nir::Trace> all = std::move(recording->traces);
  recording->traces.assign(all.begin(),
                           all.begin() + static_cast<ptrdiff_t>(description.outputs.size()));
  for (size_t record : *records) {
    recording->traces.push_back(all[description.outputs.size() + record]);
  }
  return recording;
}

nir::Result<std::unique_ptr<Executable>> compileQuantized(const Job &job) {
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!copy) {
    return copy.takeError();
  }
  ProgramInfo info = infoOf("reference", job, *copy);
  return std::unique_ptr<Executable>(std::make_unique<Quantized>(
      std::make_shared<const Kept>(*std::move(copy)), std::move(info), job.file));
}

} // namespace nirc::reference
