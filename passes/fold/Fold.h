//===- Fold.h - what the rules of folding share -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A rule looks at a node and its only reader, and makes one node of the two where the result is the
// same: in every bit, or, with Folding::All, but for rounding. docs/folding.md has the proofs.

#pragma once

#include "passes/Folding.h"
#include "passes/Notice.h"
#include "passes/fold/SignalRanges.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace nirc {

/// One round of folding: the graph as it was analysed, and what has become of it since. Nodes that
/// were replaced stay in the IR until the round ends, so that the analysis holds for the others.
class Folder {
public:
  Folder(OpGraph flat, const nir::Semantics &semantics, Element element, Folding folding,
         const llvm::StringSet<> &recorded);
  ~Folder();

  const OpGraph &graph() const { return flat; }
  SignalRanges &ranges() { return numbers; }
  const Element &element() const { return numberType; }
  bool mayRound() const { return folding == Folding::All; }
  unsigned indexOf(mlir::Operation *node) const { return indices.lookup(node); }

  /// The node that alone reads `first`, once and within the same step, and reads nothing else; null
  /// where there is none, or where somebody else could tell that `first` is gone. Only stateless
  /// nodes are asked for and returned.
  mlir::Operation *onlyReader(mlir::Operation *first) const;
  /// The same of a node that computes nothing: its reader may have a state and read others.
  mlir::Operation *readerPast(mlir::Operation *first) const;

  /// Puts a node of type `type` with these attributes in the place of `first` and `second`: it
  /// reads what `first` reads, and passes on what `second` does, under its name. `result` is the
  /// type of what it passes on where that is another than that of `second`.
  mlir::Operation *merge(llvm::StringRef type, mlir::Operation *first, mlir::Operation *second,
                         mlir::NamedAttrList attributes, mlir::Type result = {});
  /// Gives `node` other attributes and another operand.
  void replace(mlir::Operation *node, mlir::Value operand, const mlir::NamedAttrList &attributes);
  /// Takes out a node that passes on its only operand.
  void bypass(mlir::Operation *node);

  /// A tensor with these values: of the run's element where `isExact`, else of the wider of the
  /// dtypes that `of` have. Large ones are blobs, named after `node`.
  mlir::ElementsAttr tensor(llvm::ArrayRef<int64_t> shape, std::vector<double> values, bool isExact,
                            llvm::ArrayRef<mlir::ElementsAttr> of, mlir::Operation *node) const;
  /// The values of a parameter, as a run reads them where `isExact`, else as they are in the file.
  std::vector<double> values(mlir::ElementsAttr parameter, bool isExact) const {
    return isExact ? elementsOf(parameter, numberType) : elementsOf(parameter);
  }

  /// Tells what was done. `rounding` says how results differ, empty where they do not; `proof` why.
  void report(mlir::Operation *first, mlir::Operation *second, llvm::StringRef proof,
              llvm::StringRef rounding);

  struct Report {
    mlir::Location location;
    Notice notice;
  };
  std::vector<Report> takeReports() { return std::move(reports); }

private:
  bool isPresent(mlir::Operation *node) const;
  void retire(mlir::Operation *node);

  OpGraph flat;
  Element numberType;
  Folding folding;
  const llvm::StringSet<> &recorded;
  llvm::DenseMap<mlir::Operation *, unsigned> indices;
  SignalRanges numbers;
  llvm::SetVector<mlir::Operation *> retired;
  std::vector<Report> reports;
};

/// A fold is not made where its weights are sums of more products than these: it would take longer
/// than a second.
inline constexpr int64_t mostProducts = int64_t{1} << 30;

/// The rules. Each says whether it made something of `first` and its reader.
bool foldIdentity(Folder &folder, mlir::Operation *first);
bool foldFlattens(Folder &folder, mlir::Operation *first);
bool foldScales(Folder &folder, mlir::Operation *first);
bool foldMatrices(Folder &folder, mlir::Operation *first);
bool foldPools(Folder &folder, mlir::Operation *first);

} // namespace nirc
