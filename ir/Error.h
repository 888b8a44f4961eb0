//===- Error.h - what went wrong, where, and how to fix it ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Cause.h"

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nir {

/// A note on its own states a fact; nothing is wrong.
enum class Severity { Error, Warning, Note };

/// "error", "warning", "note".
std::string_view name(Severity severity);

/// A second place involved, or the fix. Printed under the diagnostic it belongs to.
struct Note {
  std::string node; ///< path of the node, empty where the note is about no node
  std::string message;
};

/// One thing to tell the user. `message` is lower case, without a full stop, and says what was
/// found before what was expected. Fields that do not apply are empty.
struct Diagnostic {
  Severity severity = Severity::Error;
  std::string file;
  std::string node; ///< path of the node: "lif1", or "encoder.lif1" inside the subgraph "encoder"
  std::string message;
  std::vector<Note> notes;
  std::string code = {}; ///< "no-step", see Cause.h; of advice its name, see docs/advice.md

  /// "braille.nir: error: node 'lif1': v_threshold has shape [38], expected [40] like tau", and a
  /// line for each note.
  std::string str() const;
};

/// Who is at fault: what was read, what was asked for, or nirc.
enum class ErrorKind { Input, Usage, Internal };

/// An error: a diagnostic that ends what was being done. None is made without its cause. A mistake
/// on the command line is a BadOption unless it is something else.
struct Error : Diagnostic {
  ErrorKind kind = ErrorKind::Input;

  Error() = default;
  Error(Cause cause, std::string text) {
    message = std::move(text);
    code = kindOf(cause).code;
  }
  static Error usage(Cause cause, std::string text) {
    return Error(cause, std::move(text)).as(ErrorKind::Usage);
  }
  static Error usage(std::string text) { return usage(Cause::BadOption, std::move(text)); }
  static Error internal(std::string text) {
    return Error(Cause::Internal, std::move(text)).as(ErrorKind::Internal);
  }
  static Error atNode(Cause cause, std::string path, std::string text) {
    Error error(cause, std::move(text));
    error.node = std::move(path);
    return error;
  }
  /// A diagnostic that is advice, to be given its severity.
  static Error advice(std::string_view name, std::string text) {
    Error error;
    error.message = std::move(text);
    error.code = name;
    return error;
  }
  Error &&as(ErrorKind whose) && {
    kind = whose;
    return std::move(*this);
  }
  Error &&in(std::string path) && {
    file = std::move(path);
    return std::move(*this);
  }
  Error &&note(std::string text, std::string path = {}) && {
    notes.push_back({std::move(path), std::move(text)});
    return std::move(*this);
  }
};

/// A value, or the error that took its place. Test it before use: `if (!result) return
/// result.takeError();`
template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : content(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return content.index() == 0; }
  T &operator*() & { return value(); }
  const T &operator*() const & { return value(); }
  /// By value: in `for (x : *f())` a reference would outlive the result it points into.
  T operator*() && { return std::move(value()); }
  T *operator->() { return &value(); }
  const T *operator->() const { return &value(); }

  const Error &error() const {
    assert(content.index() == 1 && "a result that holds a value has no error");
    return std::get<1>(content);
  }
  Error takeError() {
    assert(content.index() == 1 && "a result that holds a value has no error");
    return std::move(std::get<1>(content));
  }

private:
  T &value() {
    assert(content.index() == 0 && "the result holds an error: test it before use");
    return std::get<0>(content);
  }
  const T &value() const { return const_cast<Result *>(this)->value(); }

  std::variant<T, Error> content;
};

/// The result of something that gives no value: empty when all went well.
using Status = std::optional<Error>;

} // namespace nir
