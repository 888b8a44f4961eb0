//===- EqualFunctions.h - one function for many nodes -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A function takes LLVM milliseconds, however little it does. Nodes of one kind and shape have
// functions that differ only in where their arrays lie and in some numbers. Where there are many,
// one of the functions is kept, which reads what differs from a table.

#pragma once

#include "backends/cpu/lower/Emitter.h"

namespace nirc::cpu {

class EqualFunctions {
public:
  /// Functions become one where `least` of them or more are equal; 0: never. `parameters` are the
  /// emitter's.
  EqualFunctions(Emitter &emit, std::vector<Parameter> &parameters, int64_t least)
      : emit(emit), parameters(parameters), least(least) {}

  /// Adds a function that is complete and that nothing calls yet. It may be erased.
  void add(mlir::func::FuncOp function);
  /// Adds one that stays as it is.
  void addDistinct(mlir::func::FuncOp function) { callees.push_back({function}); }
  size_t size() const { return callees.size(); }
  /// What to call for each function, in the order in which they were added.
  std::vector<Callee> finish();

private:
  /// What may differ, in the order of the ops.
  using Values = llvm::SmallVector<mlir::Attribute>;
  struct Member {
    size_t callee;
    Values values;
  };
  /// What has the same value in each function of a group, but another one in another function.
  struct Column {
    llvm::SmallVector<size_t> places; ///< in `Values`
    std::vector<int64_t> numbers;     ///< one a member, as the table has them
  };
  struct Group {
    std::vector<Member> members;
    std::vector<Column> columns;
  };

  bool isSmallParameter(mlir::memref::GetGlobalOp op) const;
  bool mayDiffer(mlir::Operation *op) const;
  std::string signatureOf(mlir::func::FuncOp function, Values &values) const;
  void findColumns(Group &group);
  int64_t numberOf(mlir::Attribute value);
  int64_t pool(llvm::StringRef symbol);
  void addRows(Group &group);
  void makeArrays(mlir::func::FuncOp first);
  void readFromTable(Group &group);
  mlir::Value asRead(mlir::Operation *op, mlir::Value number);
  void erasePooled();

  Emitter &emit;
  std::vector<Parameter> &parameters;
  int64_t least;
  std::vector<Callee> callees;
  llvm::StringMap<size_t> numberOfGroup; ///< by what must be equal
  std::vector<Group> groups;
  llvm::StringMap<size_t> numberOfParameter; ///< by symbol
  llvm::StringMap<int64_t> pooled;           ///< where a parameter's bytes lie in the pool
  std::vector<size_t> pooledInOrder;
  int64_t poolBytes = 0;
  std::vector<int64_t> table;
  mlir::memref::GetGlobalOp tableArray, poolArray; ///< in the first function that reads them
};

} // namespace nirc::cpu
