//===- Interpret.cpp - recordings through a clocked network ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Records.h"
#include "dialects/snn/interpreter/InterpreterUnits.h"
#include "ir/recording/RunInput.h"
#include "ir/recording/RunRecords.h"

#include "mlir/IR/Diagnostics.h"

#include <fmt/format.h>

using namespace mlir;
using namespace snn;

namespace {

/// A recorded quantity: where it is in the interpreter, and where it goes.
template <typename Number>
struct Kept {
  const std::vector<Number> *values;
  SmallVector<double> scales; ///< in a network of i32: one, or one a channel
  nir::Record record;
};

/// What an output or a record keeps.
struct Quantity {
  std::string node, observable;
  nir::Shape shape;
  Type type;
  bool isCount;
  int64_t latency;
};

/// The records of a run, in the order of the result.
template <typename Number>
class Records {
public:
  Records(const typename BasicInterpreter<Number>::Network &network, const nir::Extent &extent)
      : network(network), extent(extent) {}

  nir::Status add(NetworkOp op);
  void writeAll(int64_t row);
  std::vector<nir::Trace> take();

private:
  nir::Status add(OutputOp op);
  nir::Status add(RecordOp op);
  nir::Status add(const Quantity &quantity, const std::vector<Number> &values);

  const typename BasicInterpreter<Number>::Network &network;
  nir::Extent extent;
  std::vector<Kept<Number>> all;
};

} // namespace

static nir::Shape shapeVector(ArrayRef<int64_t> shape) { return {shape.begin(), shape.end()}; }

template <typename Number>
nir::Status Records<Number>::add(const Quantity &quantity, const std::vector<Number> &values) {
  constexpr bool isWhole = std::is_integral_v<Number>;
  nir::DType dtype = quantity.isCount                ? nir::DType::I32
                     : isSpikes(quantity.type)       ? nir::DType::U8
                     : std::is_same_v<Number, float> ? nir::DType::F32
                                                     : nir::DType::F64;
  nir::Result<nir::Record> record =
      nir::makeRecord(quantity.node, quantity.observable, dtype, quantity.shape, extent);
  if (!record) {
    return record.takeError();
  }
  record->trace.latency = quantity.latency;
  all.push_back(
      {&values, isWhole ? scalesOf(quantity.type) : SmallVector<double>(), std::move(*record)});
  return {};
}

template <typename Number>
nir::Status Records<Number>::add(OutputOp op) {
  Type type = op.getSignal().getType();
  bool isCount = op.getCount();
  return add({op.getNode().str(), isCount ? "spikes" : observableOf(type).str(),
              shapeVector(op.getShape()), type, isCount, static_cast<int64_t>(op.getLatency())},
             network.unit(op.getSignal().getDefiningOp()).output);
}

template <typename Number>
nir::Status Records<Number>::add(RecordOp op) {
  Quantity quantity{op.getNode().str(),
                    op.getObservable().str(),
                    {},
                    {},
                    op.getCount(),
                    static_cast<int64_t>(op.getLatency())};
  if (Value signal = op.getSignal()) {
    quantity.type = signal.getType();
    quantity.shape = shapeVector(shapeOf(quantity.type));
    return add(quantity, network.unit(signal.getDefiningOp()).output);
  }
  if (std::optional<State> state = stateOf(op)) {
    quantity.type = state->type();
    quantity.shape = shapeVector(shapeOf(quantity.type));
    return add(quantity, network.unit(state->population).states[state->index]);
  }
  return nir::Error::atNode(
      nir::Cause::UnknownNode, quantity.node,
      fmt::format("cannot record '{}', expected a state of a population", quantity.observable));
}

template <typename Number>
nir::Status Records<Number>::add(NetworkOp op) {
  for (auto output : op.getBody().getOps<OutputOp>()) {
    if (nir::Status bad = add(output)) {
      return bad;
    }
  }
  for (auto record : op.getBody().getOps<RecordOp>()) {
    if (nir::Status bad = add(record)) {
      return bad;
    }
  }
  return {};
}

/// What integers stand for.
static std::vector<double> scaled(const std::vector<int64_t> &values, ArrayRef<double> scales) {
  std::vector<double> numbers(values.size());
  size_t perScale = values.size() / scales.size();
  for (size_t i = 0; i < values.size(); ++i) {
    numbers[i] = static_cast<double>(values[i]) * scales[i / perScale];
  }
  return numbers;
}

template <typename Number>
void Records<Number>::writeAll(int64_t row) {
  for (Kept<Number> &one : all) {
    if constexpr (std::is_integral_v<Number>) {
      nir::write(one.record, scaled(*one.values, one.scales), row);
    } else {
      nir::write(one.record, *one.values, row);
    }
  }
}

template <typename Number>
std::vector<nir::Trace> Records<Number>::take() {
  std::vector<nir::Trace> traces;
  for (Kept<Number> &one : all) {
    traces.push_back(std::move(one.record.trace));
  }
  return traces;
}

template <typename Number>
nir::Result<nir::Recording> snn::interpret(BasicInterpreter<Number> &interpreter, NetworkOp network,
                                           const nir::Recording &input,
                                           const InterpretOptions &options,
                                           const Observer<Number> &observer) {
  std::vector<nir::Entry> entries;
  for (auto op : network.getBody().getOps<InputOp>()) {
    entries.push_back({op.getNode().str(), shapeVector(shapeOf(op.getType()))});
  }
  nir::Extent extent;
  nir::Result<std::vector<nir::Drive>> drives =
      nir::matchInput(entries, input, options.steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  Records<Number> records(interpreter.inside(), extent);
  if (nir::Status bad = records.add(network)) {
    return std::move(*bad);
  }
  for (int64_t b = 0; b < extent.batch; ++b) {
    interpreter.reset();
    for (int64_t t = 0; t < extent.steps; ++t) {
      for (auto [index, drive] : llvm::enumerate(*drives)) {
        nir::readStep(drive, b, t);
        interpreter.setInput(index, drive.step);
      }
      interpreter.step();
      interpreter.observe(observer);
      if (nir::Status bad = options.checkRanges ? interpreter.outOfRange() : nir::Status()) {
        return std::move(*bad).note(fmt::format("in step {} of sample {}", t, b));
      }
      records.writeAll(b * extent.steps + t);
      if (options.progress) {
        options.progress(b * extent.steps + t + 1, extent.batch * extent.steps);
      }
      if (nir::Status stopped = nir::checkStop(options.stop)) {
        return std::move(*stopped);
      }
    }
  }
  return nir::Recording{network.getSemantics().getDtSeconds(), records.take()};
}

/// With the first diagnostic as its error.
template <typename Number>
static nir::Result<nir::Recording> createAndRun(NetworkOp network, const nir::Recording &input,
                                                const InterpretOptions &options) {
  std::string message;
  std::optional<BasicInterpreter<Number>> interpreter;
  {
    ScopedDiagnosticHandler handler(network.getContext(), [&](Diagnostic &diagnostic) {
      message = message.empty() ? diagnostic.str() : message;
      return success();
    });
    FailureOr<BasicInterpreter<Number>> made = BasicInterpreter<Number>::create(network);
    if (failed(made)) {
      return nir::Error(nir::Cause::UnsupportedByTarget, message);
    }
    interpreter = std::move(*made);
  }
  return interpret(*interpreter, network, input, options);
}

nir::Result<nir::Recording> snn::interpret(NetworkOp network, const nir::Recording &input,
                                           const InterpretOptions &options) {
  if (network.getElement().isF64()) {
    return createAndRun<double>(network, input, options);
  }
  return network.getElement().isF32() ? createAndRun<float>(network, input, options)
                                      : createAndRun<int64_t>(network, input, options);
}

template nir::Result<nir::Recording> snn::interpret(BasicInterpreter<float> &, NetworkOp,
                                                    const nir::Recording &,
                                                    const InterpretOptions &,
                                                    const Observer<float> &);
template nir::Result<nir::Recording> snn::interpret(BasicInterpreter<double> &, NetworkOp,
                                                    const nir::Recording &,
                                                    const InterpretOptions &,
                                                    const Observer<double> &);
template nir::Result<nir::Recording> snn::interpret(BasicInterpreter<int64_t> &, NetworkOp,
                                                    const nir::Recording &,
                                                    const InterpretOptions &,
                                                    const Observer<int64_t> &);
