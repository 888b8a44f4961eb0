//===- SessionBinding.cpp - sessions for Python ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Session.h"

#include "ir/Wording.h"
#include "plugins/python/bindings/Arrays.h"
#include "plugins/python/bindings/Bindings.h"
#include "plugins/python/bindings/Errors.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <type_traits>

namespace py = pybind11;

namespace nirc::python {

namespace {

/// An array that steps read or write in place: of numbers in a row, [batch, shape...] or, of one
/// sample, [shape...].
struct Bound {
  py::array array; ///< keeps the memory
  nir::DType dtype = nir::DType::F32;
  void *data = nullptr;
  py::ssize_t bytes = 0;
  size_t port = 0;
};

/// What Python steps: the session and the arrays that it is bound to.
class Stepping {
public:
  explicit Stepping(Session session) : session(std::move(session)) {
    const ProgramInfo &info = this->session.info();
    size_t most = 1;
    for (const auto *ports : {&info.inputs, &info.outputs, &info.states}) {
      for (const PortInfo &port : *ports) {
        most = std::max(most, elementsOf(port));
      }
    }
    numbers.resize(most);
    size_t work = 0;
    for (const PortInfo &state : info.states) {
      work += elementsOf(state);
    }
    isLong = (work + most) * static_cast<size_t>(this->session.batch()) > longWork;
  }

  void bind(const py::dict &in, const py::dict &out, const py::list &states);
  py::object step(py::handle input, py::handle output);
  void advance(int64_t count);
  py::object run(py::handle given, const std::string &layout, py::handle recorded);

  py::array output(const std::string &node);
  py::array state(const std::string &node, const std::string &name);
  void writeState(const std::string &node, const std::string &name, py::handle values);
  py::list events(const std::string &node);

  Session session;

private:
  /// Where a step takes as long as giving the interpreter to others does.
  static constexpr size_t longWork = 1 << 14;

  static size_t elementsOf(const PortInfo &port) {
    return static_cast<size_t>(nir::numElements(port.shape));
  }
  /// Of an array for the port that can be used in place; an exception where it cannot.
  Bound boundTo(py::handle array, const PortInfo &port, size_t number, const char *what,
                bool isWritten) const;
  bool fits(py::handle array, const PortInfo &port) const;
  /// These two touch no object of Python.
  nir::Status give(const Bound &bound);
  nir::Status take(const Bound &bound, const PortInfo &port, bool isState);
  nir::Status stepBound();
  void stepOnce();
  void checkBound() const;
  void advanceFreely(int64_t count);
  nir::Shape outer(const PortInfo &port) const;
  py::array newArray(const PortInfo &port, const char *dtype) const;

  std::vector<double> numbers; ///< of one port and sample
  std::vector<Bound> inputs, outputs, states;
  bool isLong = false;
};

} // namespace

template <typename T>
static void widen(const void *from, double *to, size_t count) {
  std::copy_n(static_cast<const T *>(from), count, to);
}

template <typename T>
static void narrow(const double *from, void *to, size_t count) {
  std::transform(from, from + count, static_cast<T *>(to), [](double value) {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(value);
    } else { // clipped; the largest int64 that is a double is 2^63 - 1024
      constexpr double least = std::numeric_limits<T>::min();
      constexpr double most = sizeof(T) == 8 ? 9223372036854774784.0
                                             : static_cast<double>(std::numeric_limits<T>::max());
      return static_cast<T>(value == value ? std::min(std::max(value, least), most) : 0.0);
    }
  });
}

static void toNumbers(nir::DType dtype, const void *from, double *to, size_t count) {
  switch (dtype) {
  case nir::DType::F32:
    return widen<float>(from, to, count);
  case nir::DType::F64:
    return widen<double>(from, to, count);
  case nir::DType::I8:
    return widen<int8_t>(from, to, count);
  case nir::DType::I32:
    return widen<int32_t>(from, to, count);
  case nir::DType::I64:
    return widen<int64_t>(from, to, count);
  default: // bool and uint8
    return widen<uint8_t>(from, to, count);
  }
}

static void fromNumbers(nir::DType dtype, const double *from, void *to, size_t count) {
  switch (dtype) {
  case nir::DType::F32:
    return narrow<float>(from, to, count);
  case nir::DType::F64:
    return narrow<double>(from, to, count);
  case nir::DType::I8:
    return narrow<int8_t>(from, to, count);
  case nir::DType::I32:
    return narrow<int32_t>(from, to, count);
  case nir::DType::I64:
    return narrow<int64_t>(from, to, count);
  case nir::DType::Bool:
    std::transform(from, from + count, static_cast<uint8_t *>(to),
                   [](double value) { return value != 0.0; });
    return;
  default:
    return narrow<uint8_t>(from, to, count);
  }
}

/// Those that the two above know.
static std::optional<nir::DType> usable(const py::dtype &dtype) {
  for (nir::DType one : {nir::DType::F32, nir::DType::F64, nir::DType::Bool, nir::DType::U8,
                         nir::DType::I8, nir::DType::I32, nir::DType::I64}) {
    bool isSigned = one == nir::DType::I8 || one == nir::DType::I32 || one == nir::DType::I64;
    char kind = nir::isFloat(one) ? 'f' : isSigned ? 'i' : one == nir::DType::Bool ? 'b' : 'u';
    if (dtype.kind() == kind && static_cast<size_t>(dtype.itemsize()) == nir::sizeOf(one)) {
      return one;
    }
  }
  return std::nullopt;
}

nir::Shape Stepping::outer(const PortInfo &port) const {
  nir::Shape shape = port.shape;
  if (session.batch() > 1) {
    shape.insert(shape.begin(), session.batch());
  }
  return shape;
}

py::array Stepping::newArray(const PortInfo &port, const char *dtype) const {
  return py::array(py::dtype(dtype), outer(port));
}

bool Stepping::fits(py::handle given, const PortInfo &port) const {
  const auto *array = py::detail::array_proxy(given.ptr());
  nir::Shape shape(array->dimensions, array->dimensions + array->nd);
  nir::Shape batched = port.shape;
  batched.insert(batched.begin(), session.batch());
  return shape == outer(port) || shape == batched;
}

Bound Stepping::boundTo(py::handle given, const PortInfo &port, size_t number, const char *what,
                        bool isWritten) const {
  auto wrong = [&](const std::string &found, const std::string &expected) {
    raise(nir::Error::usage(
        nir::Cause::InputShape,
        fmt::format("the array for {} '{}' {}, expected {}", what, port.node, found, expected)));
  };
  if (!py::isinstance<py::array>(given)) {
    wrong("is a " + py::str(py::type::of(given)).cast<std::string>(), "a NumPy array");
  }
  auto array = py::reinterpret_borrow<py::array>(given);
  if (!fits(array, port)) {
    wrong("has shape " + nir::str({array.shape(), array.shape() + array.ndim()}),
          nir::str(outer(port)));
  }
  std::optional<nir::DType> dtype = usable(array.dtype());
  if (!dtype || !array.dtype().attr("isnative").cast<bool>()) {
    wrong("has dtype " + py::str(array.dtype()).cast<std::string>(),
          "float32, float64, int64, int32, int8, uint8 or bool");
  }
  if (!(array.flags() & py::array::c_style)) {
    wrong("has numbers that do not lie in a row", "a C-contiguous array");
  }
  if (isWritten && !array.writeable()) {
    wrong("cannot be written", "one that can");
  }
  return {array, *dtype, const_cast<void *>(array.data()), array.nbytes(), number};
}

nir::Status Stepping::give(const Bound &bound) {
  size_t count = elementsOf(session.info().inputs[bound.port]);
  const char *from = static_cast<const char *>(bound.data);
  for (int64_t sample = 0; sample < session.batch(); ++sample) {
    toNumbers(bound.dtype, from, numbers.data(), count);
    from += count * nir::sizeOf(bound.dtype);
    if (nir::Status failed = session.setInput(bound.port, {numbers.data(), count}, sample)) {
      return failed;
    }
  }
  return {};
}

nir::Status Stepping::take(const Bound &bound, const PortInfo &port, bool isState) {
  size_t count = elementsOf(port);
  char *to = static_cast<char *>(bound.data);
  for (int64_t sample = 0; sample < session.batch(); ++sample) {
    std::span<double> values(numbers.data(), count);
    nir::Status failed = isState ? session.readState(bound.port, values, sample)
                                 : session.readOutput(bound.port, values, sample);
    if (failed) {
      return failed;
    }
    fromNumbers(bound.dtype, values.data(), to, count);
    to += count * nir::sizeOf(bound.dtype);
  }
  return {};
}

void Stepping::stepOnce() {
  if (!isLong) {
    orRaise(session.step());
    return;
  }
  nir::Status failed;
  {
    Unlocked others;
    failed = session.step();
  }
  orRaise(failed);
}

void Stepping::bind(const py::dict &in, const py::dict &out, const py::list &stateArrays) {
  std::vector<Bound> newInputs, newOutputs, newStates;
  const ProgramInfo &info = session.info();
  for (auto [key, value] : in) {
    size_t number = orRaise(session.input(key.cast<std::string>()));
    newInputs.push_back(boundTo(value, info.inputs[number], number, "input", false));
  }
  for (auto [key, value] : out) {
    size_t number = orRaise(session.output(key.cast<std::string>()));
    newOutputs.push_back(boundTo(value, info.outputs[number], number, "output", true));
  }
  for (py::handle each : stateArrays) {
    auto parts = each.cast<py::tuple>();
    size_t number =
        orRaise(session.state(parts[0].cast<std::string>(), parts[1].cast<std::string>()));
    newStates.push_back(boundTo(parts[2], info.states[number], number, "state of", true));
  }
  inputs = std::move(newInputs);
  outputs = std::move(newOutputs);
  states = std::move(newStates);
}

void Stepping::checkBound() const {
  for (const auto *all : {&inputs, &outputs, &states}) {
    for (const Bound &bound : *all) {
      if (bound.array.data() != bound.data || bound.array.nbytes() != bound.bytes) {
        raise(nir::Error::usage("an array that is bound was resized: bind it again"));
      }
    }
  }
}

void Stepping::advance(int64_t count) {
  if (count < 0) {
    raise(nir::Error::usage(fmt::format("found {} steps, expected 0 or more", count)));
  }
  checkBound();
  if (count == 1 && !isLong) {
    return orRaise(stepBound());
  }
  advanceFreely(count);
}

nir::Status Stepping::stepBound() {
  const ProgramInfo &info = session.info();
  nir::Status failed;
  for (size_t i = 0; i < inputs.size() && !failed; ++i) {
    failed = give(inputs[i]);
  }
  failed = failed ? std::move(failed) : session.step();
  for (size_t i = 0; i < outputs.size() && !failed; ++i) {
    failed = take(outputs[i], info.outputs[outputs[i].port], false);
  }
  for (size_t i = 0; i < states.size() && !failed; ++i) {
    failed = take(states[i], info.states[states[i].port], true);
  }
  return failed;
}

/// Without the interpreter, and with a look at signals now and then.
void Stepping::advanceFreely(int64_t count) {
  constexpr int64_t often = 16; // the clock takes as long as half a short step
  LongRun longRun;
  nir::Status failed;
  {
    Unlocked others;
    for (int64_t i = 0; i < count && !failed && !longRun.token().stop_requested(); ++i) {
      failed = stepBound();
      if (isLong || i % often == often - 1) {
        longRun.look();
      }
    }
  }
  longRun.rethrow();
  orRaise(failed);
}

/// Of one input and one output, or none of either.
py::object Stepping::step(py::handle input, py::handle output) {
  const ProgramInfo &info = session.info();
  auto needOne = [&](const std::vector<PortInfo> &ports, const char *what) {
    if (ports.size() != 1) {
      raise(nir::Error::usage(fmt::format("the program has {}: bind arrays to them by name",
                                          nir::counted(ports.size(), what))));
    }
  };
  if (!input.is_none()) {
    needOne(info.inputs, "input");
    bool isReady = py::isinstance<py::array>(input) &&
                   (py::detail::array_proxy(input.ptr())->flags & py::array::c_style);
    if (isReady) {
      orRaise(give(boundTo(input, info.inputs[0], 0, "input", false)));
    } else { // lists, tensors, what is strided
      nir::Tensor tensor = copyOf(input, "the input");
      py::array made = arrayOf(nir::Tensor::of<double>(tensor.shape(), tensor.toDoubles()), false);
      orRaise(give(boundTo(made, info.inputs[0], 0, "input", false)));
    }
  }
  stepOnce();
  needOne(info.outputs, "output");
  if (output.is_none()) {
    py::array made =
        newArray(info.outputs[0], std::string(nir::name(info.outputs[0].dtype)).c_str());
    orRaise(take(boundTo(made, info.outputs[0], 0, "output", true), info.outputs[0], false));
    return made;
  }
  orRaise(take(boundTo(output, info.outputs[0], 0, "output", true), info.outputs[0], false));
  return py::reinterpret_borrow<py::object>(output);
}

/// Steps through arrays [T, ...] or [batch, T, ...], from where the session is. (node, observable,
/// array, latency) of each output and of what `recorded` names.
py::object Stepping::run(py::handle given, const std::string &layout, py::handle recorded) {
  const ProgramInfo &info = session.info();
  GivenInputs arrays = inputsOf(given, portsOf(info.inputs), layout);
  if (arrays.batch != session.batch()) {
    raise(nir::Error::usage(nir::Cause::InputShape,
                            fmt::format("found {}, expected the session's {}",
                                        nir::counted(arrays.batch, "sample"), session.batch())));
  }
  struct Sink {
    const PortInfo *port;
    size_t number;
    bool isState;
    nir::Tensor data;
    std::byte *bytes;
  };
  std::vector<Sink> sinks;
  auto add = [&](const PortInfo &port, size_t number, bool isState) {
    nir::Shape shape = {session.batch(), arrays.steps};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    auto [tensor, bytes] = nir::Tensor::allocate(isState ? nir::DType::F32 : port.dtype, shape);
    sinks.push_back({&port, number, isState, tensor, bytes});
  };
  for (size_t i = 0; i < info.outputs.size(); ++i) {
    add(info.outputs[i], i, false);
  }
  for (py::handle each : recorded) {
    auto parts = each.cast<py::tuple>();
    size_t number =
        orRaise(session.state(parts[0].cast<std::string>(), parts[1].cast<std::string>()));
    add(info.states[number], number, true);
  }
  std::vector<size_t> numberOf;
  for (nir::Trace &trace : arrays.recording.traces) {
    bool isKnown = trace.data.dtype() != nir::DType::F16 &&
                   (nir::sizeOf(trace.data.dtype()) == 1 || nir::isFloat(trace.data.dtype()) ||
                    trace.data.dtype() == nir::DType::I32 || trace.data.dtype() == nir::DType::I64);
    if (!isKnown) {
      trace.data = nir::Tensor::of<double>(trace.data.shape(), trace.data.toDoubles());
    }
    numberOf.push_back(orRaise(session.input(trace.node)));
  }
  LongRun longRun;
  nir::Status failed;
  {
    Unlocked others;
    for (int64_t t = 0; t < arrays.steps && !failed && !longRun.token().stop_requested(); ++t) {
      for (size_t i = 0; i < numberOf.size() && !failed; ++i) {
        const nir::Tensor &data = arrays.recording.traces[i].data;
        auto count = static_cast<int64_t>(elementsOf(info.inputs[numberOf[i]]));
        for (int64_t sample = 0; sample < session.batch() && !failed; ++sample) {
          int64_t from = (sample * arrays.steps + t) * count;
          toNumbers(data.dtype(),
                    data.bytes() + from * static_cast<int64_t>(nir::sizeOf(data.dtype())),
                    numbers.data(), static_cast<size_t>(count));
          failed =
              session.setInput(numberOf[i], {numbers.data(), static_cast<size_t>(count)}, sample);
        }
      }
      failed = failed ? std::move(failed) : session.step();
      for (Sink &sink : sinks) {
        size_t count = elementsOf(*sink.port);
        for (int64_t sample = 0; sample < session.batch() && !failed; ++sample) {
          std::span<double> values(numbers.data(), count);
          failed = sink.isState ? session.readState(sink.number, values, sample)
                                : session.readOutput(sink.number, values, sample);
          std::byte *to = sink.bytes + static_cast<size_t>(sample * arrays.steps + t) * count *
                                           nir::sizeOf(sink.data.dtype());
          fromNumbers(sink.data.dtype(), values.data(), to, count);
        }
      }
      longRun.look();
    }
  }
  longRun.rethrow();
  orRaise(failed);
  nir::Recording recording{info.dtSeconds, {}};
  for (Sink &sink : sinks) {
    recording.traces.push_back(
        {sink.port->node, sink.port->observable, sink.data, sink.port->latency});
  }
  return tracesOf(recording, arrays.batched);
}

py::array Stepping::output(const std::string &node) {
  size_t number = orRaise(session.output(node));
  const PortInfo &port = session.info().outputs[number];
  py::array made = newArray(port, std::string(nir::name(port.dtype)).c_str());
  orRaise(take(boundTo(made, port, number, "output", true), port, false));
  return made;
}

py::array Stepping::state(const std::string &node, const std::string &name) {
  size_t number = orRaise(session.state(node, name));
  const PortInfo &port = session.info().states[number];
  py::array made = newArray(port, "float64");
  orRaise(take(boundTo(made, port, number, "state of", true), port, true));
  return made;
}

void Stepping::writeState(const std::string &node, const std::string &name, py::handle values) {
  size_t number = orRaise(session.state(node, name));
  const PortInfo &port = session.info().states[number];
  py::module_ numpy = py::module_::import("numpy");
  py::array array = numpy.attr("ascontiguousarray")(
      numpy.attr("broadcast_to")(numpy.attr("asarray")(values, "float64"), outer(port)));
  size_t count = elementsOf(port);
  const auto *numbersOf = static_cast<const double *>(array.data());
  for (int64_t sample = 0; sample < session.batch(); ++sample) {
    orRaise(session.writeState(number, {numbersOf + static_cast<size_t>(sample) * count, count},
                               sample));
  }
}

/// Of the last step: the elements of the output that are not 0, for each sample.
py::list Stepping::events(const std::string &node) {
  size_t number = orRaise(session.output(node));
  size_t count = elementsOf(session.info().outputs[number]);
  py::list out;
  for (int64_t sample = 0; sample < session.batch(); ++sample) {
    orRaise(session.readOutput(number, {numbers.data(), count}, sample));
    std::vector<int64_t> found;
    for (size_t i = 0; i < count; ++i) {
      if (numbers[i] != 0.0) {
        found.push_back(static_cast<int64_t>(i));
      }
    }
    out.append(py::array_t<int64_t>(static_cast<py::ssize_t>(found.size()), found.data()));
  }
  return out;
}

void bindSessions(py::module_ &module) {
  py::class_<Stepping>(module, "Session")
      .def_static("start",
                  [](const Program &program, int64_t batch) {
                    return std::make_unique<Stepping>(orRaise(program.start(batch)));
                  })
      .def("step", &Stepping::step, py::arg("x") = py::none(), py::arg("out") = py::none())
      .def("advance", &Stepping::advance, py::arg("count") = 1)
      .def("bind", &Stepping::bind)
      .def("run", &Stepping::run)
      .def("output", &Stepping::output)
      .def("state", &Stepping::state)
      .def("write_state", &Stepping::writeState)
      .def("events", &Stepping::events)
      .def("reset", [](Stepping &stepping) { stepping.session.reset(); })
      .def("snapshot",
           [](const Stepping &stepping) { return py::bytes(stepping.session.snapshot()); })
      .def("restore",
           [](Stepping &stepping, const py::bytes &bytes) {
             orRaise(stepping.session.restore(std::string(bytes)));
           })
      .def_property_readonly("batch",
                             [](const Stepping &stepping) { return stepping.session.batch(); })
      .def_property_readonly("steps_done",
                             [](const Stepping &stepping) { return stepping.session.stepsDone(); });
}

} // namespace nirc::python
