//===- Session.cpp - networks, a step at a time ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/c/Session.h"

#include "plugins/c/Boundary.h"
#include "plugins/c/Handles.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <type_traits>

using namespace nirc;
using namespace nirc::c;

double *nirc::c::scratch(size_t count) {
  static thread_local std::vector<double> numbers;
  if (numbers.size() < count) {
    numbers.resize(count);
  }
  return numbers.data();
}

static nir::Error wrongCount(const char *what, size_t count, size_t expected) {
  return nir::Error::usage(
      fmt::format("found {} values for {} of all samples, expected {}", count, what, expected));
}

/// Calls `each` with the values of each sample that is meant, and its number. That the port, the
/// sample and the number of values are there is checked by what is called.
template <typename Number, typename Each>
static nir::Status forSamples(const nirc_session &session, const std::vector<PortInfo> &ports,
                              size_t port, int64_t sample, Number *values, size_t count,
                              Each each) {
  if (sample != NIRC_ALL_SAMPLES || port >= ports.size()) {
    return each(std::span<Number>(values, count), std::max<int64_t>(sample, 0));
  }
  auto elements = static_cast<size_t>(nir::numElements(ports[port].shape));
  auto batch = static_cast<size_t>(session.session.batch());
  if (count != elements * batch) {
    return wrongCount(ports[port].node.c_str(), count, elements * batch);
  }
  for (size_t i = 0; i < batch; ++i) {
    if (nir::Status failed =
            each(std::span<Number>(values + i * elements, elements), static_cast<int64_t>(i))) {
      return failed;
    }
  }
  return {};
}

/// Negative samples but NIRC_ALL_SAMPLES, and NULLs.
static nir::Status checkAccess(const void *session, const void *values, size_t count,
                               int64_t sample) {
  if (nir::Status missing = needed(session, "session")) {
    return missing;
  }
  if (sample < NIRC_ALL_SAMPLES) {
    return nir::Error::usage(
        fmt::format("found sample {}, expected 0 or more, or NIRC_ALL_SAMPLES", sample));
  }
  return count ? needed(values, "values") : nir::Status();
}

/// What numbers go into: `write(span of float64, sample)`.
template <typename Number, typename Write>
static nirc_status writeNumbers(nirc_session *session, std::vector<PortInfo> ProgramInfo::*ports,
                                size_t port, int64_t sample, const Number *values, size_t count,
                                nirc_error **error, Write write) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status wrong = checkAccess(session, values, count, sample)) {
      return wrong;
    }
    return forSamples(*session, session->session.info().*ports, port, sample, values, count,
                      [&](std::span<const Number> part, int64_t number) -> nir::Status {
                        if constexpr (std::is_same_v<Number, double>) {
                          return write(part, number);
                        } else {
                          double *wide = scratch(part.size());
                          widen(part.data(), wide, part.size());
                          return write({wide, part.size()}, number);
                        }
                      });
  });
}

/// What numbers come out of: `read(span of float64, sample)`.
template <typename Number, typename Read>
static nirc_status
readNumbers(const nirc_session *session, std::vector<PortInfo> ProgramInfo::*ports, size_t port,
            int64_t sample, Number *values, size_t count, nirc_error **error, Read read) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status wrong = checkAccess(session, values, count, sample)) {
      return wrong;
    }
    return forSamples(*session, session->session.info().*ports, port, sample, values, count,
                      [&](std::span<Number> part, int64_t number) -> nir::Status {
                        if constexpr (std::is_same_v<Number, double>) {
                          return read(part, number);
                        } else {
                          double *wide = scratch(part.size());
                          if (nir::Status failed = read({wide, part.size()}, number)) {
                            return failed;
                          }
                          narrow(wide, part.data(), part.size());
                          return {};
                        }
                      });
  });
}

nirc_status nirc_session_create(const nirc_program *program, int64_t batch, nirc_session **session,
                                nirc_error **error) {
  return made(session, "session", error, [&]() -> nir::Result<std::unique_ptr<nirc_session>> {
    if (nir::Status missing = needed(program, "program")) {
      return std::move(*missing);
    }
    constexpr int64_t most = int64_t(1) << 32;
    if (batch > most) {
      return nir::Error::usage(
          fmt::format("found a batch of {}, expected at most {}", batch, most));
    }
    nir::Result<Session> content = program->program.start(batch);
    if (!content) {
      return content.takeError();
    }
    return std::make_unique<nirc_session>(*std::move(content));
  });
}

void nirc_session_free(nirc_session *session) { delete session; }

int64_t nirc_session_batch(const nirc_session *session) {
  return session ? session->session.batch() : 0;
}

int64_t nirc_session_steps_done(const nirc_session *session) {
  return session ? session->session.stepsDone() : 0;
}

/// The number that `find` gives.
template <typename Find>
static nirc_status findPort(const nirc_session *session, const char *node, size_t *number,
                            nirc_error **error, Find find) {
  if (number) {
    *number = 0;
  }
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(session, "session"), needed(node, "node"), needed(number, "number")}) {
      if (missing) {
        return missing;
      }
    }
    nir::Result<size_t> found = find(session->session);
    if (!found) {
      return found.takeError();
    }
    *number = *found;
    return {};
  });
}

nirc_status nirc_session_find_input(const nirc_session *session, const char *node, size_t *number,
                                    nirc_error **error) {
  return findPort(session, node, number, error,
                  [&](const Session &content) { return content.input(node); });
}

nirc_status nirc_session_find_output(const nirc_session *session, const char *node, size_t *number,
                                     nirc_error **error) {
  return findPort(session, node, number, error,
                  [&](const Session &content) { return content.output(node); });
}

nirc_status nirc_session_find_state(const nirc_session *session, const char *node, const char *name,
                                    size_t *number, nirc_error **error) {
  return findPort(session, node, number, error, [&](const Session &content) -> nir::Result<size_t> {
    if (nir::Status missing = needed(name, "name")) {
      return std::move(*missing);
    }
    return content.state(node, name);
  });
}

template <typename Number>
static nirc_status setInput(nirc_session *session, size_t input, int64_t sample,
                            const Number *values, size_t count, nirc_error **error) {
  return writeNumbers(session, &ProgramInfo::inputs, input, sample, values, count, error,
                      [&](std::span<const double> part, int64_t number) {
                        return session->session.setInput(input, part, number);
                      });
}

nirc_status nirc_session_set_input_f32(nirc_session *session, size_t input, int64_t sample,
                                       const float *values, size_t count, nirc_error **error) {
  return setInput(session, input, sample, values, count, error);
}

nirc_status nirc_session_set_input_f64(nirc_session *session, size_t input, int64_t sample,
                                       const double *values, size_t count, nirc_error **error) {
  return setInput(session, input, sample, values, count, error);
}

/// Events are of one sample: a number of an element says nothing of which.
static nir::Status checkEvents(const nirc_session *session, const std::vector<PortInfo> &ports,
                               size_t port, int64_t sample) {
  if (port >= ports.size()) {
    return nir::Error::usage(
        fmt::format("found port {}, expected less than {}", port, ports.size()));
  }
  if (sample < 0 || sample >= session->session.batch()) {
    return nir::Error::usage(
        fmt::format("found sample {}, expected 0 to {}", sample, session->session.batch() - 1));
  }
  return {};
}

nirc_status nirc_session_set_input_events(nirc_session *session, size_t input, int64_t sample,
                                          const int64_t *elements, size_t count,
                                          nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(session, "session"), count ? needed(elements, "elements") : nir::Status()}) {
      if (missing) {
        return missing;
      }
    }
    const std::vector<PortInfo> &ports = session->session.info().inputs;
    if (nir::Status wrong = checkEvents(session, ports, input, sample)) {
      return wrong;
    }
    auto size = static_cast<size_t>(nir::numElements(ports[input].shape));
    double *values = scratch(size);
    std::fill_n(values, size, 0.0);
    for (size_t i = 0; i < count; ++i) {
      if (elements[i] < 0 || static_cast<size_t>(elements[i]) >= size) {
        return nir::Error::usage(fmt::format("found element {} for input '{}', expected 0 to {}",
                                             elements[i], ports[input].node,
                                             static_cast<int64_t>(size) - 1));
      }
      values[elements[i]] += 1.0;
    }
    return session->session.setInput(input, {values, size}, sample);
  });
}

nirc_status nirc_session_step(nirc_session *session, int64_t steps, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(session, "session")) {
      return missing;
    }
    if (steps < 0) {
      return nir::Error::usage(fmt::format("found {} steps, expected 0 or more", steps));
    }
    for (int64_t i = 0; i < steps; ++i) {
      if (nir::Status failed = session->step()) {
        return failed;
      }
    }
    return {};
  });
}

template <typename Number>
static nirc_status readOutput(const nirc_session *session, size_t output, int64_t sample,
                              Number *values, size_t count, nirc_error **error) {
  return readNumbers(session, &ProgramInfo::outputs, output, sample, values, count, error,
                     [&](std::span<double> part, int64_t number) {
                       return session->session.readOutput(output, part, number);
                     });
}

nirc_status nirc_session_read_output_f32(const nirc_session *session, size_t output, int64_t sample,
                                         float *values, size_t count, nirc_error **error) {
  return readOutput(session, output, sample, values, count, error);
}

nirc_status nirc_session_read_output_f64(const nirc_session *session, size_t output, int64_t sample,
                                         double *values, size_t count, nirc_error **error) {
  return readOutput(session, output, sample, values, count, error);
}

nirc_status nirc_session_read_output_events(const nirc_session *session, size_t output,
                                            int64_t sample, int64_t *elements, size_t capacity,
                                            size_t *count, nirc_error **error) {
  if (count) {
    *count = 0;
  }
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(session, "session"), needed(count, "count"),
                                capacity ? needed(elements, "elements") : nir::Status()}) {
      if (missing) {
        return missing;
      }
    }
    const std::vector<PortInfo> &ports = session->session.info().outputs;
    if (nir::Status wrong = checkEvents(session, ports, output, sample)) {
      return wrong;
    }
    auto size = static_cast<size_t>(nir::numElements(ports[output].shape));
    double *values = scratch(size);
    if (nir::Status failed = session->session.readOutput(output, {values, size}, sample)) {
      return failed;
    }
    size_t found = 0;
    for (size_t i = 0; i < size; ++i) {
      if (values[i] != 0.0) {
        if (found < capacity) {
          elements[found] = static_cast<int64_t>(i);
        }
        ++found;
      }
    }
    *count = found;
    return {};
  });
}

template <typename Number>
static nirc_status readState(const nirc_session *session, size_t state, int64_t sample,
                             Number *values, size_t count, nirc_error **error) {
  return readNumbers(session, &ProgramInfo::states, state, sample, values, count, error,
                     [&](std::span<double> part, int64_t number) {
                       return session->session.readState(state, part, number);
                     });
}

nirc_status nirc_session_read_state_f32(const nirc_session *session, size_t state, int64_t sample,
                                        float *values, size_t count, nirc_error **error) {
  return readState(session, state, sample, values, count, error);
}

nirc_status nirc_session_read_state_f64(const nirc_session *session, size_t state, int64_t sample,
                                        double *values, size_t count, nirc_error **error) {
  return readState(session, state, sample, values, count, error);
}

template <typename Number>
static nirc_status writeState(nirc_session *session, size_t state, int64_t sample,
                              const Number *values, size_t count, nirc_error **error) {
  return writeNumbers(session, &ProgramInfo::states, state, sample, values, count, error,
                      [&](std::span<const double> part, int64_t number) {
                        return session->session.writeState(state, part, number);
                      });
}

nirc_status nirc_session_write_state_f32(nirc_session *session, size_t state, int64_t sample,
                                         const float *values, size_t count, nirc_error **error) {
  return writeState(session, state, sample, values, count, error);
}

nirc_status nirc_session_write_state_f64(nirc_session *session, size_t state, int64_t sample,
                                         const double *values, size_t count, nirc_error **error) {
  return writeState(session, state, sample, values, count, error);
}

nirc_status nirc_session_reset(nirc_session *session, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(session, "session")) {
      return missing;
    }
    session->session.reset();
    return {};
  });
}

nirc_status nirc_session_snapshot(const nirc_session *session, nirc_snapshot **snapshot,
                                  nirc_error **error) {
  return made(snapshot, "snapshot", error, [&]() -> nir::Result<std::unique_ptr<nirc_snapshot>> {
    if (nir::Status missing = needed(session, "session")) {
      return std::move(*missing);
    }
    return std::make_unique<nirc_snapshot>(nirc_snapshot{session->session.snapshot()});
  });
}

nirc_status nirc_session_restore(nirc_session *session, const nirc_snapshot *snapshot,
                                 nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(session, "session"), needed(snapshot, "snapshot")}) {
      if (missing) {
        return missing;
      }
    }
    return session->session.restore(snapshot->bytes);
  });
}

void nirc_snapshot_free(nirc_snapshot *snapshot) { delete snapshot; }
