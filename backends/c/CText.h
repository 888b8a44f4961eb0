//===- CText.h - names, numbers and comments of C ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace nirc::cpu {

/// A C identifier that reads like `text`, for any bytes: what C does not take becomes '_', a
/// character beyond ASCII its number, as u795e; before a digit at the start comes n_, behind a
/// keyword of C or C++ '_'. Never reserved, at most 48 letters.
std::string identifierFor(llvm::StringRef text);
/// The same for what only begins identifiers, as `net` does net_step: it can be a name that the
/// generated functions use alone.
std::string prefixFor(llvm::StringRef text);

/// Identifiers of one scope. Two that differ only in case do not go together: macros are upper
/// case.
class Identifiers {
public:
  /// identifierFor(text), with a number at its end where that is taken.
  std::string add(llvm::StringRef text);

private:
  llvm::StringSet<> taken;
};

/// `text` for a comment between /* and */: one line that cannot end the comment, and nothing that
/// changes the direction of writing.
std::string commentText(llvm::StringRef text);
/// `text` as a string literal with its quotes, in ASCII, for C and C++.
std::string stringLiteral(llvm::StringRef text);
/// The same number to the bit, of type float or double: in decimal where that is short and exact,
/// else in hexadecimal. NAN and INFINITY are math.h's.
std::string numberLiteral(const llvm::APFloat &number);

} // namespace nirc::cpu
