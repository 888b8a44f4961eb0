//===- Run.cpp - native code in memory, and its runs ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Run.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;

namespace {

/// The memory of the weights: that of the IR's blobs where there is one, else an expanded copy.
class ParameterMemory {
public:
  /// Null where a blob is missing: IR that was printed without its large weights.
  const void *addressOf(ElementsAttr values);

private:
  std::vector<std::vector<char>> copies;
};

class JitExecutable : public Executable {
public:
  JitExecutable(std::unique_ptr<MLIRContext> context, Lowered lowered, double dtSeconds)
      : context(std::move(context)), lowered(std::move(lowered)), dtSeconds(dtSeconds) {}

  nir::Status compile(ModuleOp module);
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override;

private:
  using StepFunction = void (*)(void *arena);

  std::unique_ptr<MLIRContext> context;
  Lowered lowered;
  double dtSeconds;
  ParameterMemory parameters;
  std::unique_ptr<ExecutionEngine> engine;
  StepFunction step = nullptr;
};

} // namespace

const void *ParameterMemory::addressOf(ElementsAttr values) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(values)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    size_t want = values.getNumElements() * values.getElementType().getIntOrFloatBitWidth() / 8;
    return blob && blob->getData().size() == want ? blob->getData().data() : nullptr;
  }
  auto dense = cast<DenseElementsAttr>(values);
  ArrayRef<char> raw = dense.getRawData();
  if (!dense.isSplat()) {
    return raw.data();
  }
  std::vector<char> &copy = copies.emplace_back();
  for (int64_t i = 0; i < dense.getNumElements(); ++i) {
    copy.insert(copy.end(), raw.begin(), raw.end());
  }
  return copy.data();
}

static nir::Error fault(llvm::Error error) {
  return nir::Error("the code generator failed: " + llvm::toString(std::move(error)));
}

/// The machine this process runs on, with all its features: without them the vectorizer sees the
/// oldest x86-64.
static llvm::Expected<std::unique_ptr<llvm::TargetMachine>> hostMachine() {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder) {
    return builder.takeError();
  }
  return builder->createTargetMachine();
}

nir::Status JitExecutable::compile(ModuleOp module) {
  registerBuiltinDialectTranslation(*context);
  registerLLVMDialectTranslation(*context);
  auto machine = hostMachine();
  if (!machine) {
    return fault(machine.takeError());
  }
  ExecutionEngineOptions options;
  auto optimize = makeOptimizingTransformer(/*optLevel=*/2, /*sizeLevel=*/0, machine->get());
  options.transformer = optimize;
  auto created = ExecutionEngine::create(module, options);
  if (!created) {
    return fault(created.takeError());
  }
  engine = std::move(*created);

  std::vector<std::pair<std::string, const void *>> addresses;
  for (const Parameter &parameter : lowered.parameters) {
    const void *address = parameters.addressOf(parameter.values);
    if (!address) {
      return nir::Error(
          "the IR lacks the numbers of a large parameter: it was printed without them");
    }
    addresses.emplace_back(parameter.symbol, address);
  }
  engine->registerSymbols([&](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap map;
    for (auto &[symbol, address] : addresses) {
      map[intern(symbol)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                             llvm::JITSymbolFlags::Exported};
    }
    return map;
  });
  auto found = engine->lookup("step");
  if (!found) {
    return fault(found.takeError());
  }
  step = reinterpret_cast<StepFunction>(*found);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

/// Writes step `at` of sample `sample` of `trace` to an array of the arena; zeros past the trace's
/// end.
static void writeInput(char *arena, const Port &port, const nir::Tensor &data, int64_t sample,
                       int64_t at) {
  int64_t steps = data.shape()[1], elements = port.slot.elements;
  char *out = arena + port.slot.offset;
  bool wide = port.slot.type.isF64();
  if (at >= steps) {
    std::memset(out, 0, elements * (wide ? 8 : 4));
    return;
  }
  int64_t start = (sample * steps + at) * elements;
  for (int64_t i = 0; i < elements; ++i) {
    double value = data.at(start + i);
    if (wide) {
      reinterpret_cast<double *>(out)[i] = value;
    } else {
      reinterpret_cast<float *>(out)[i] = static_cast<float>(value);
    }
  }
}

/// The dtype of a trace: spikes are bytes, counts of spikes 32-bit integers, the rest as it is
/// computed.
static nir::DType dtypeOf(const Port &port) {
  if (port.slot.type.isInteger(8)) {
    return nir::DType::U8;
  }
  if (port.count) {
    return nir::DType::I32;
  }
  return port.slot.type.isF64() ? nir::DType::F64 : nir::DType::F32;
}

static void readOutput(const char *arena, const Port &port, nir::DType dtype, std::byte *out) {
  const char *in = arena + port.slot.offset;
  if (!port.count) {
    std::memcpy(out, in, port.slot.elements * nir::sizeOf(dtype));
    return;
  }
  for (int64_t i = 0; i < port.slot.elements; ++i) {
    double count = port.slot.type.isF64() ? reinterpret_cast<const double *>(in)[i]
                                          : reinterpret_cast<const float *>(in)[i];
    // A network that runs away counts without end.
    constexpr double most = std::numeric_limits<int32_t>::max();
    reinterpret_cast<int32_t *>(out)[i] = static_cast<int32_t>(std::min(count, most));
  }
}

/// The trace that feeds `port`, if it fits.
static nir::Result<const nir::Tensor *> inputFor(const Port &port, const nir::Recording &input) {
  const nir::Trace *trace = input.find(port.node, "value");
  if (!trace) {
    return nir::Error::atNode(port.node, "the input holds nothing for this node");
  }
  const nir::Shape &shape = trace->data.shape();
  int64_t sample = shape.size() < 2 ? 0 : shape[0] * shape[1];
  if (shape.size() < 2 || trace->data.size() != sample * port.slot.elements) {
    return nir::Error::atNode(port.node,
                              fmt::format("the input has shape {}, expected [batch, steps, {}]",
                                          nir::str(shape), port.slot.elements));
  }
  return &trace->data;
}

nir::Result<nir::Recording> JitExecutable::run(const nir::Recording &input,
                                               const RunOptions &options) {
  std::vector<const nir::Tensor *> inputs;
  int64_t batch = 1, steps = options.steps;
  for (const Port &port : lowered.layout.inputs) {
    auto data = inputFor(port, input);
    if (!data) {
      return data.takeError();
    }
    batch = (*data)->shape()[0];
    steps = options.steps ? options.steps : std::max(steps, (*data)->shape()[1]);
    inputs.push_back(*data);
  }
  for (auto [port, data] : llvm::zip(lowered.layout.inputs, inputs)) {
    if (data->shape()[0] != batch) {
      return nir::Error::atNode(port.node,
                                fmt::format("the input has {} samples, expected {} like the others",
                                            data->shape()[0], batch));
    }
  }

  nir::Recording recording{dtSeconds, {}};
  std::vector<std::byte *> out;
  for (const Port &port : lowered.layout.outputs) {
    nir::Shape shape{batch, steps};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    auto [tensor, bytes] = nir::Tensor::allocate(dtypeOf(port), shape);
    recording.traces.push_back({port.node, port.observable, tensor, port.latency});
    out.push_back(bytes);
  }

  auto [arenaTensor, arenaBytes] =
      nir::Tensor::allocate(nir::DType::U8, {std::max<int64_t>(1, lowered.layout.bytes)});
  char *arena = reinterpret_cast<char *>(arenaBytes);
  for (int64_t sample = 0; sample < batch; ++sample) {
    std::memset(arena, 0, lowered.layout.bytes);
    for (int64_t t = 0; t < steps; ++t) {
      for (auto [port, data] : llvm::zip(lowered.layout.inputs, inputs)) {
        writeInput(arena, port, *data, sample, t);
      }
      step(arena);
      for (size_t o = 0; o < out.size(); ++o) {
        const Port &port = lowered.layout.outputs[o];
        nir::DType dtype = dtypeOf(port);
        readOutput(arena, port, dtype, out[o]);
        out[o] += port.slot.elements * nir::sizeOf(dtype);
      }
      if (options.progress) {
        options.progress(sample * steps + t + 1, batch * steps);
      }
    }
  }
  return recording;
}

nir::Result<std::unique_ptr<Executable>> nirc::cpu::load(std::unique_ptr<MLIRContext> context,
                                                         OwningOpRef<ModuleOp> module,
                                                         Lowered lowered, double dtSeconds) {
  auto executable =
      std::make_unique<JitExecutable>(std::move(context), std::move(lowered), dtSeconds);
  if (nir::Status failed = executable->compile(*module)) {
    return std::move(*failed);
  }
  // The module goes before the context that it is in.
  module = nullptr;
  return std::unique_ptr<Executable>(std::move(executable));
}
