//===- MachineInterface.cpp - the functions that C calls ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The interface in LLVM IR, so that no C compiler is needed for machine code. A network is its
// arena: NAME_network in C is a pointer to it.

#include "backends/cpu/emit/MachineCode.h"

#include "backends/cpu/run/Description.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#include <fmt/format.h>

using namespace llvm;
using namespace nirc::cpu;

namespace {

class InterfaceWriter {
public:
  /// `prefix`: of the functions' names.
  InterfaceWriter(Module &module, const Interface &interface, std::string prefix,
                  int64_t arenaBytes)
      : module(module), interface(interface), prefix(std::move(prefix)),
        arenaBytes(std::max<int64_t>(arenaBytes, 64)), b(module.getContext()),
        pointer(b.getPtrTy()), size(module.getDataLayout().getIntPtrType(module.getContext())),
        number(interface.isInteger()          ? static_cast<Type *>(b.getInt32Ty())
               : interface.number == "double" ? b.getDoubleTy()
                                              : b.getFloatTy()) {}

  void write();
  void writeExports();

private:
  Function *begin(const char *name, Type *result, ArrayRef<Type *> arguments);
  /// Types of the inputs' and outputs' pointers, after `first`.
  SmallVector<Type *> portTypes(ArrayRef<Type *> first) const;
  void writeTable(const char *name, const std::vector<InterfacePort> &ports);
  void makeInternal();
  void writeReset();
  void writeCreate();
  void writeDestroy();
  void writeStep();
  void writeRun();
  void writeReadState();
  Value *slot(Value *net, const InterfacePort &port);
  void copyOut(Value *net, const InterfacePort &port, Value *to);
  Value *times(Value *at, int64_t factor) {
    return b.CreateMul(at, ConstantInt::get(size, factor));
  }
  /// A loop over 0 ... count - 1.
  void forEach(int64_t count, function_ref<void(Value *at)> body);

  Module &module;
  const Interface &interface;
  std::string prefix;
  int64_t arenaBytes;
  IRBuilder<> b;
  Type *pointer, *size, *number;
  Function *advance = nullptr, *reset = nullptr, *step = nullptr;
};

} // namespace

Function *InterfaceWriter::begin(const char *name, Type *result, ArrayRef<Type *> arguments) {
  Function *function = Function::Create(FunctionType::get(result, arguments, false),
                                        Function::ExternalLinkage, prefix + name, module);
  b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
  return function;
}

SmallVector<Type *> InterfaceWriter::portTypes(ArrayRef<Type *> first) const {
  SmallVector<Type *> types(first);
  types.append(interface.inputs.size() + interface.outputs.size(), pointer);
  return types;
}

void InterfaceWriter::writeTable(const char *name, const std::vector<InterfacePort> &ports) {
  size_t rank = largestRank(interface);
  ArrayType *shapeType = ArrayType::get(size, rank);
  StructType *type = StructType::get(pointer, pointer, pointer, size, size, shapeType, size);
  SmallVector<Constant *> rows;
  for (const InterfacePort &one : ports) {
    SmallVector<Constant *> shape;
    for (size_t i = 0; i < rank; ++i) {
      shape.push_back(ConstantInt::get(size, i < one.port.shape.size() ? one.port.shape[i] : 0));
    }
    rows.push_back(ConstantStruct::get(
        type, {b.CreateGlobalString(one.port.node, "", 0, &module),
               b.CreateGlobalString(one.port.observable, "", 0, &module),
               b.CreateGlobalString(one.type, "", 0, &module), ConstantInt::get(size, one.elements),
               ConstantInt::get(size, one.port.shape.size()), ConstantArray::get(shapeType, shape),
               ConstantInt::get(size, one.port.latency)}));
  }
  if (rows.empty()) {
    rows.push_back(Constant::getNullValue(type));
  }
  ArrayType *table = ArrayType::get(type, rows.size());
  new GlobalVariable(module, table, /*isConstant=*/true, GlobalValue::ExternalLinkage,
                     ConstantArray::get(table, rows), interface.name + "_" + name);
}

Value *InterfaceWriter::slot(Value *net, const InterfacePort &port) {
  return b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), net, port.port.slot.offset);
}

void InterfaceWriter::forEach(int64_t count, function_ref<void(Value *)> body) {
  BasicBlock *before = b.GetInsertBlock();
  Function *function = before->getParent();
  BasicBlock *loop = BasicBlock::Create(module.getContext(), "", function);
  BasicBlock *after = BasicBlock::Create(module.getContext(), "", function);
  b.CreateCondBr(b.getInt1(count > 0), loop, after);
  b.SetInsertPoint(loop);
  PHINode *at = b.CreatePHI(size, 2);
  at->addIncoming(ConstantInt::get(size, 0), before);
  body(at);
  Value *next = b.CreateAdd(at, ConstantInt::get(size, 1));
  at->addIncoming(next, b.GetInsertBlock());
  b.CreateCondBr(b.CreateICmpULT(next, ConstantInt::get(size, count)), loop, after);
  b.SetInsertPoint(after);
}

/// Copies an output or a state to the caller's array, as the port's type says.
void InterfaceWriter::copyOut(Value *net, const InterfacePort &port, Value *to) {
  Value *from = slot(net, port);
  int64_t elements = port.elements;
  bool spikes = port.port.slot.type == nir::DType::U8;
  if (port.type == "int32_t" && !interface.isInteger()) {
    // A network that runs away counts without end.
    Constant *most = ConstantFP::get(number, 2147483647.0);
    forEach(elements, [&](Value *at) {
      Value *count = b.CreateLoad(number, b.CreateInBoundsGEP(number, from, at));
      Value *few = b.CreateFCmpOLT(count, most);
      Value *whole =
          b.CreateFPToSI(b.CreateSelect(few, count, ConstantFP::get(number, 0)), b.getInt32Ty());
      b.CreateStore(b.CreateSelect(few, whole, b.getInt32(0x7FFFFFFF)),
                    b.CreateInBoundsGEP(b.getInt32Ty(), to, at));
    });
  } else if (spikes && port.type != "uint8_t") {
    forEach(elements, [&](Value *at) {
      Value *spike = b.CreateLoad(b.getInt8Ty(), b.CreateInBoundsGEP(b.getInt8Ty(), from, at));
      Value *value =
          interface.isInteger() ? b.CreateZExt(spike, number) : b.CreateUIToFP(spike, number);
      b.CreateStore(value, b.CreateInBoundsGEP(number, to, at));
    });
  } else if (port.port.order) {
    const ChannelsLast &order = *port.port.order;
    forEach(order.channels, [&](Value *channel) {
      forEach(order.positions, [&](Value *position) {
        Value *at = b.CreateAdd(times(position, order.pitch), channel);
        Value *place = b.CreateAdd(times(channel, order.positions), position);
        b.CreateStore(b.CreateLoad(number, b.CreateInBoundsGEP(number, from, at)),
                      b.CreateInBoundsGEP(number, to, place));
      });
    });
  } else {
    uint64_t width = spikes ? 1 : number->getPrimitiveSizeInBits() / 8;
    b.CreateMemCpy(to, Align(width), from, Align(64), elements * width);
  }
}

void InterfaceWriter::writeReset() {
  reset = begin("reset", b.getVoidTy(), {pointer});
  b.CreateMemSet(reset->getArg(0), b.getInt8(0), arenaBytes, Align(64));
  if (Function *start = module.getFunction("begin")) {
    b.CreateCall(start, {reset->getArg(0)});
  }
  b.CreateRetVoid();
}

void InterfaceWriter::writeCreate() {
  FunctionCallee allocate = module.getOrInsertFunction("aligned_alloc", pointer, size, size);
  Function *create = begin("create", pointer, {});
  Value *net = b.CreateCall(
      allocate, {ConstantInt::get(size, 64), ConstantInt::get(size, alignTo(arenaBytes, 64))});
  BasicBlock *there = BasicBlock::Create(module.getContext(), "", create);
  BasicBlock *end = BasicBlock::Create(module.getContext(), "", create);
  b.CreateCondBr(b.CreateIsNull(net), end, there);
  b.SetInsertPoint(there);
  b.CreateCall(reset, net);
  b.CreateBr(end);
  b.SetInsertPoint(end);
  b.CreateRet(net);
}

void InterfaceWriter::writeDestroy() {
  FunctionCallee release = module.getOrInsertFunction("free", b.getVoidTy(), pointer);
  Function *destroy = begin("destroy", b.getVoidTy(), {pointer});
  b.CreateCall(release, destroy->getArg(0));
  b.CreateRetVoid();
}

void InterfaceWriter::writeStep() {
  step = begin("step", b.getVoidTy(), portTypes(pointer));
  Value *net = step->getArg(0);
  unsigned argument = 1;
  uint64_t width = number->getPrimitiveSizeInBits() / 8;
  for (const InterfacePort &port : interface.inputs) {
    b.CreateMemCpy(slot(net, port), Align(64), step->getArg(argument++), Align(width),
                   port.elements * width);
  }
  b.CreateCall(advance, net);
  for (const InterfacePort &port : interface.outputs) {
    copyOut(net, port, step->getArg(argument++));
  }
  b.CreateRetVoid();
}

void InterfaceWriter::writeRun() {
  Function *run = begin("run", b.getVoidTy(), portTypes({pointer, size}));
  BasicBlock *start = b.GetInsertBlock();
  auto block = [&] { return BasicBlock::Create(module.getContext(), "", run); };
  BasicBlock *head = block(), *loop = block(), *end = block();
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *at = b.CreatePHI(size, 2);
  at->addIncoming(ConstantInt::get(size, 0), start);
  b.CreateCondBr(b.CreateICmpULT(at, run->getArg(1)), loop, end);
  b.SetInsertPoint(loop);
  SmallVector<Value *> arguments{run->getArg(0)};
  unsigned argument = 2;
  for (const auto *ports : {&interface.inputs, &interface.outputs}) {
    for (const InterfacePort &port : *ports) {
      Type *type = port.type == "uint8_t"   ? b.getInt8Ty()
                   : port.type == "int32_t" ? static_cast<Type *>(b.getInt32Ty())
                                            : number;
      Value *first = times(at, port.elements);
      arguments.push_back(b.CreateInBoundsGEP(type, run->getArg(argument++), first));
    }
  }
  b.CreateCall(step, arguments);
  at->addIncoming(b.CreateAdd(at, ConstantInt::get(size, 1)), loop);
  b.CreateBr(head);
  b.SetInsertPoint(end);
  b.CreateRetVoid();
}

void InterfaceWriter::writeReadState() {
  Function *read = begin("read_state", b.getVoidTy(), {pointer, size, pointer});
  BasicBlock *start = b.GetInsertBlock();
  BasicBlock *end = BasicBlock::Create(module.getContext(), "", read);
  SwitchInst *choice = SwitchInst::Create(read->getArg(1), end, interface.states.size(), start);
  for (size_t i = 0; i < interface.states.size(); ++i) {
    BasicBlock *here = BasicBlock::Create(module.getContext(), "", read);
    choice->addCase(cast<ConstantInt>(ConstantInt::get(size, i)), here);
    b.SetInsertPoint(here);
    copyOut(read->getArg(0), interface.states[i], read->getArg(2));
    b.CreateBr(end);
  }
  b.SetInsertPoint(end);
  b.CreateRetVoid();
}

/// What was lowered.
void InterfaceWriter::makeInternal() {
  for (Function &function : module) {
    if (!function.isDeclaration()) {
      function.setLinkage(GlobalValue::InternalLinkage);
    }
  }
  advance = module.getFunction("step");
}

void InterfaceWriter::writeExports() {
  makeInternal();
  advance->setName("advance"); // its own name is that of what is exported
  advance->setLinkage(GlobalValue::ExternalLinkage);
  writeReset();
  writeStep();
  writeRun();
}

void InterfaceWriter::write() {
  makeInternal();
  writeTable("inputs", interface.inputs);
  writeTable("outputs", interface.outputs);
  writeTable("states", interface.states);
  writeReset();
  writeCreate();
  writeDestroy();
  writeStep();
  writeRun();
  writeReadState();
}

void nirc::cpu::addInterface(Module &module, const Interface &interface, int64_t arenaBytes) {
  InterfaceWriter(module, interface, interface.name + "_", arenaBytes).write();
}

void nirc::cpu::addExports(Module &module, const Interface &interface, int64_t arenaBytes) {
  InterfaceWriter(module, interface, "", arenaBytes).writeExports();
}

void nirc::cpu::addDescription(Module &module, const Interface &interface,
                               const std::string &description) {
  IRBuilder<> b(module.getContext());
  auto *type = FunctionType::get(b.getVoidTy(), {b.getPtrTy()}, /*isVarArg=*/false);
  Function *advance =
      Function::Create(type, GlobalValue::ExternalLinkage, interface.name + "_advance", module);
  b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", advance));
  b.CreateCall(module.getFunction("step"), {advance->getArg(0)});
  b.CreateRetVoid();
  Constant *text = ConstantDataArray::getString(module.getContext(), description,
                                                /*AddNull=*/false);
  auto *global = new GlobalVariable(module, text->getType(), /*isConstant=*/true,
                                    GlobalValue::PrivateLinkage, text, "nirc_description");
  global->setSection(StringRef(descriptionSection));
  global->setAlignment(Align(1));
  appendToUsed(module, {global});
}
