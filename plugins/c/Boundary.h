//===- Boundary.h - where C ends and C++ begins -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function of the C API is a call of `guarded` or `lookedUp`, so that no exception leaves it.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "plugins/c/nirc.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <functional>
#include <new>
#include <stop_token>
#include <string>
#include <utility>

namespace nirc::c {

/// Gives the caller the error, where it asked for one, and returns its status.
nirc_status fail(nirc_error **error, nir::Error what) noexcept;
/// The same where there is no memory for one.
nirc_status failWithoutMemory(nirc_error **error) noexcept;

/// What a body of C++ gives, without its exceptions.
template <typename Body>
nirc_status guarded(nirc_error **error, Body body) noexcept {
  try {
    if (nir::Status failed = body()) {
      return fail(error, std::move(*failed));
    }
    if (error) {
      *error = nullptr;
    }
    return NIRC_OK;
  } catch (const std::bad_alloc &) {
    return failWithoutMemory(error);
  } catch (const std::exception &exception) {
    try {
      return fail(error, nir::Error::internal(exception.what()));
    } catch (...) {
      return failWithoutMemory(error);
    }
  } catch (...) {
    return failWithoutMemory(error);
  }
}

/// The same of what cannot fail but for want of memory: `otherwise` then.
template <typename Value, typename Body>
Value lookedUp(Value otherwise, Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
}

/// The error of usage where a pointer is NULL that must not be.
nir::Error isNull(const char *name);
template <typename Pointee>
nir::Status needed(Pointee *pointer, const char *name) {
  return pointer ? nir::Status() : nir::Status(isNull(name));
}

/// A handle out of a result: `make` gives a nir::Result<std::unique_ptr<Handle>>.
template <typename Handle, typename Make>
nirc_status made(Handle **out, const char *name, nirc_error **error, Make make) noexcept {
  if (out) {
    *out = nullptr;
  }
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(out, name)) {
      return missing;
    }
    auto handle = make();
    if (!handle) {
      return handle.takeError();
    }
    *out = (*handle).release();
    return {};
  });
}

/// An error of usage where a struct of options is of a size that no version of it had, or has
/// something set that this version does not know.
nir::Status checkSize(const void *options, size_t size, size_t first, size_t known);

/// The size that each struct of options had when it came. It never changes.
template <typename Options>
inline constexpr size_t firstSize = 0;
template <>
inline constexpr size_t firstSize<nirc_read_options> = 48;
template <>
inline constexpr size_t firstSize<nirc_plan_options> = 128;
template <>
inline constexpr size_t firstSize<nirc_emit_options> = 40;
template <>
inline constexpr size_t firstSize<nirc_compile_options> = 32;
template <>
inline constexpr size_t firstSize<nirc_load_options> = 48;
template <>
inline constexpr size_t firstSize<nirc_run_options> = 56;
template <>
inline constexpr size_t firstSize<nirc_compare_options> = 32;
template <>
inline constexpr size_t firstSize<nirc_match_options> = 40;

/// The options as this version knows them: what the caller's version lacks is 0.
template <typename Options>
nir::Result<Options> known(const Options *given) {
  constexpr size_t first = firstSize<Options>;
  static_assert(first != 0 && first <= sizeof(Options));
  Options options{};
  options.size = sizeof options;
  if (!given) {
    return options;
  }
  if (nir::Status wrong = checkSize(given, given->size, first, sizeof options)) {
    return std::move(*wrong);
  }
  std::memcpy(&options, given, std::min(given->size, sizeof options));
  return options;
}

/// The callback, whose false asks `stop` to stop. The source outlives what is given.
inline std::function<void(int64_t, int64_t)> progressOf(nirc_progress progress, void *user,
                                                        std::stop_source &stop) {
  if (!progress) {
    return {};
  }
  return [=, &stop](int64_t done, int64_t total) {
    if (!stop.stop_requested() && !progress(user, done, total)) {
      stop.request_stop();
    }
  };
}

/// A text that may be NULL.
inline std::string textOf(const char *text) { return text ? text : ""; }

/// Element `number` of something, or null.
template <typename Items>
auto at(const Items &items, size_t number) noexcept -> decltype(&items[0]) {
  return number < items.size() ? &items[number] : nullptr;
}

} // namespace nirc::c
