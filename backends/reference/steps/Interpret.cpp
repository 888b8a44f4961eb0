//===- Interpret.cpp - recordings through the interpreter -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/InterpreterNetwork.h"
#include "ir/recording/RunInput.h"
#include "ir/recording/RunRecords.h"

#include <fmt/format.h>

namespace nir {

template <typename Number>
static Result<Recording> interpretIn(const Graph &graph, const Semantics &semantics,
                                     const Recording &input, const InterpretOptions &options) {
  using Interpreter = BasicInterpreter<Number>;
  Result<Interpreter> interpreter = Interpreter::create(graph, semantics);
  if (!interpreter) {
    return interpreter.takeError();
  }
  const typename Interpreter::Network &network = interpreter->inside();
  Extent extent;
  Result<std::vector<Drive>> drives =
      matchInput(entriesOf(network.flat, network.shapes), input, options.steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  if (Status bad = checkFits(*drives, dtypeOf<Number>())) {
    return std::move(*bad);
  }
  Result<std::vector<Record>> records = makeRecords(network.flat, network.kinds, network.shapes,
                                                    options.probes, extent, dtypeOf<Number>());
  if (!records) {
    return records.takeError();
  }

  for (int64_t b = 0; b < extent.batch; ++b) {
    interpreter->reset();
    for (int64_t t = 0; t < extent.steps; ++t) {
      for (Drive &drive : *drives) {
        readStep(drive, b, t);
        if (Status bad = interpreter->setInput(drive.path, drive.step)) {
          return std::move(*bad);
        }
      }
      interpreter->step();
      for (Record &record : *records) {
        write<Number>(record, network.values(record.node, record.trace.observable),
                      b * extent.steps + t);
      }
      if (options.progress) {
        options.progress(b * extent.steps + t + 1, extent.batch * extent.steps);
      }
      if (Status stopped = checkStop(options.stop)) {
        return std::move(*stopped);
      }
    }
  }

  Recording result{semantics.dtSeconds, {}};
  for (Record &record : *records) {
    result.traces.push_back(std::move(record.trace));
  }
  return result;
}

Result<Recording> interpret(const Graph &graph, const Semantics &semantics, const Recording &input,
                            const InterpretOptions &options) {
  switch (options.dtype) {
  case DType::F32:
    return interpretIn<float>(graph, semantics, input, options);
  case DType::F64:
    return interpretIn<double>(graph, semantics, input, options);
  default:
    return Error(Cause::UnsupportedByTarget,
                 fmt::format("found dtype {}, expected float32 or float64", name(options.dtype)));
  }
}

} // namespace nir
