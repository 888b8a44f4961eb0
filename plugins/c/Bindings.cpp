//===- Bindings.cpp - buffers that every step reads and writes ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/c/Arrays.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Session.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <type_traits>

using namespace nirc;
using namespace nirc::c;

/// Calls `each` with the buffer as an array of its type.
template <typename Each>
static nir::Status asNumbers(const Binding &binding, Each each) {
  switch (binding.dtype) {
  case NIRC_FLOAT32:
    return each(static_cast<float *>(binding.data));
  case NIRC_FLOAT64:
    return each(static_cast<double *>(binding.data));
  default:
    return each(static_cast<uint8_t *>(binding.data));
  }
}

static nir::Status readInput(Session &session, const Binding &binding) {
  return asNumbers(binding, [&](auto *numbers) -> nir::Status {
    using Number = std::remove_pointer_t<decltype(numbers)>;
    for (int64_t sample = 0; sample < session.batch(); ++sample) {
      const Number *from = numbers + static_cast<size_t>(sample) * binding.elements;
      const double *values;
      if constexpr (std::is_same_v<Number, double>) {
        values = from;
      } else {
        double *wide = scratch(binding.elements);
        widen(from, wide, binding.elements);
        values = wide;
      }
      if (nir::Status failed = session.setInput(binding.port, {values, binding.elements}, sample)) {
        return failed;
      }
    }
    return {};
  });
}

/// `read`: readOutput or readState.
template <typename Read>
static nir::Status writeBuffer(const Session &session, const Binding &binding, Read read) {
  return asNumbers(binding, [&](auto *numbers) -> nir::Status {
    using Number = std::remove_pointer_t<decltype(numbers)>;
    for (int64_t sample = 0; sample < session.batch(); ++sample) {
      Number *to = numbers + static_cast<size_t>(sample) * binding.elements;
      double *wide;
      if constexpr (std::is_same_v<Number, double>) {
        wide = to;
      } else {
        wide = scratch(binding.elements);
      }
      std::span<double> values(wide, binding.elements);
      if (nir::Status failed = (session.*read)(binding.port, values, sample)) {
        return failed;
      }
      if constexpr (!std::is_same_v<Number, double>) {
        narrow(wide, to, binding.elements);
      }
    }
    return {};
  });
}

nir::Status nirc_session::step() {
  for (const Binding &binding : inputs) {
    if (nir::Status failed = readInput(session, binding)) {
      return failed;
    }
  }
  if (nir::Status failed = session.step()) {
    return failed;
  }
  for (const Binding &binding : outputs) {
    if (nir::Status failed = writeBuffer(session, binding, &Session::readOutput)) {
      return failed;
    }
  }
  for (const Binding &binding : states) {
    if (nir::Status failed = writeBuffer(session, binding, &Session::readState)) {
      return failed;
    }
  }
  return {};
}

/// Binds a buffer to a port, in place of the one that it had.
static nir::Status bind(nirc_session &session, const std::vector<PortInfo> &ports, const char *what,
                        const Binding &asked, size_t count, std::vector<Binding> &bindings) {
  if (asked.port >= ports.size()) {
    return nir::Error::usage(
        fmt::format("found {} {}, expected less than {}", what, asked.port, ports.size()));
  }
  auto isPorts = [&](const Binding &binding) { return binding.port == asked.port; };
  if (!asked.data) {
    std::erase_if(bindings, isPorts);
    return {};
  }
  if (asked.dtype != NIRC_FLOAT32 && asked.dtype != NIRC_FLOAT64 && asked.dtype != NIRC_UINT8) {
    return nir::Error::usage(
        nir::Cause::WrongType,
        fmt::format("found dtype {} for {} '{}', expected float32, float64 or uint8", asked.dtype,
                    what, ports[asked.port].node));
  }
  if (reinterpret_cast<uintptr_t>(asked.data) % nirc_dtype_size(asked.dtype) != 0) {
    return nir::Error::usage(fmt::format("found a buffer for {} '{}' that is not aligned, expected "
                                         "one at a multiple of {} bytes",
                                         what, ports[asked.port].node,
                                         nirc_dtype_size(asked.dtype)));
  }
  Binding binding = asked;
  binding.elements = static_cast<size_t>(nir::numElements(ports[asked.port].shape));
  size_t expected = binding.elements * static_cast<size_t>(session.session.batch());
  if (count != expected) {
    return nir::Error::usage(fmt::format("found a buffer of {} numbers for {} '{}', expected {}",
                                         count, what, ports[asked.port].node, expected));
  }
  bindings.reserve(bindings.size() + 1);
  std::erase_if(bindings, isPorts);
  bindings.push_back(binding);
  return {};
}

nirc_status nirc_session_bind_input(nirc_session *session, size_t input, nirc_dtype dtype,
                                    const void *data, size_t count, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(session, "session")) {
      return missing;
    }
    // Inputs are only read.
    return bind(*session, session->session.info().inputs, "input",
                {input, dtype, const_cast<void *>(data), 0}, count, session->inputs);
  });
}

nirc_status nirc_session_bind_output(nirc_session *session, size_t output, nirc_dtype dtype,
                                     void *data, size_t count, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(session, "session")) {
      return missing;
    }
    return bind(*session, session->session.info().outputs, "output", {output, dtype, data, 0},
                count, session->outputs);
  });
}

nirc_status nirc_session_bind_state(nirc_session *session, size_t state, nirc_dtype dtype,
                                    void *data, size_t count, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(session, "session")) {
      return missing;
    }
    return bind(*session, session->session.info().states, "state", {state, dtype, data, 0}, count,
                session->states);
  });
}
