//===- Hdl.td - circuits -----------------------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HDL
#define HDL

include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Hdl_Dialect : Dialect {
  let name = "hdl";
  let cppNamespace = "::hdl";
  let summary = "circuits of registers, memories and wires";
  let description = [{
    What arith says is combinational logic here: `arith.addi : i13` is an adder of 13 bits. This dialect adds what holds
    a number from one clock cycle to the next, and the boundaries between modules. There is one clock, and every
    register sees its rising edge. Integers have no sign of their own, as in arith: the ops say how they read them.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let hasConstantMaterializer = 1;
}

class Hdl_Op<string mnemonic, list<Trait> traits = []> : Op<Hdl_Dialect, mnemonic, traits>;

/// Wires. What has no bits is left out before it gets here.
def Hdl_Bits : Type<CPred<"$_self.isSignlessInteger() && $_self.getIntOrFloatBitWidth() > 0">, "an integer of one bit or more",
                    "::mlir::IntegerType">;
def Hdl_Bit : Type<CPred<"$_self.isSignlessInteger(1)">, "a bit", "::mlir::IntegerType">, BuildableType<"$_builder.getI1Type()">;

def Hdl_Number : Attr<CPred<"::llvm::isa<::mlir::IntegerAttr>($_self)">, "a number"> {
  let storageType = "::mlir::IntegerAttr";
  let returnType = "::mlir::IntegerAttr";
  let convertFromStorage = "$_self";
}

def Hdl_CircuitOp : Hdl_Op<"module", [
    Symbol, IsolatedFromAbove, NoTerminator, SingleBlock, DeclareOpInterfaceMethods<RegionKindInterface>]> {
  let summary = "a circuit with ports";
  let description = [{
    Its ports are the `hdl.input` and `hdl.output` ops of its body, in their order. A module that holds registers, directly or
    in its instances, has a clock before them. `doc` is a comment.

    Constraints: (C1) no two ports, and no two ops with a name, have the same name. (C2) the body has no loop through
    combinational logic alone. (C3) it holds ops of this dialect and of arith.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$clock, OptionalAttr<StrAttr>:$doc);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `clock` $clock (`doc` $doc^)? attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Hdl_InputOp : Hdl_Op<"input", [HasParent<"CircuitOp">]> {
  let summary = "what a module is given";
  let arguments = (ins StrAttr:$name);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def Hdl_OutputOp : Hdl_Op<"output", [HasParent<"CircuitOp">]> {
  let summary = "what a module gives";
  let arguments = (ins StrAttr:$name, Hdl_Bits:$value);
  let assemblyFormat = "$name $value attr-dict `:` type($value)";
}

def Hdl_RegOp : Hdl_Op<"reg", [AllTypesMatch<["next", "result"]>, AttrSizedOperandSegments]> {
  let summary = "a register";
  let description = [{
    Takes `next` at the clock's edge where `enable` holds, or at every edge without one. With `reset`, an edge at which
    that holds makes it `value`, whatever else holds.

    Constraints: (C1) a reset and its value come together.
  }];
  let arguments = (ins StrAttr:$name, Hdl_Bits:$next, Optional<Hdl_Bit>:$enable, Optional<Hdl_Bit>:$reset,
                       OptionalAttr<Hdl_Number>:$value);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = [{
    $name $next (`enable` $enable^)? (`reset` $reset^)? (`to` $value^)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Hdl_WireOp : Hdl_Op<"wire", [Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "a name for a value, which may be computed further below";
  let arguments = (ins StrAttr:$name, Hdl_Bits:$value);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = "$name $value attr-dict `:` type($result)";
}

def Hdl_MemoryOp : Hdl_Op<"memory", [AttrSizedOperandSegments]> {
  let summary = "words that are read at the clock's edge";
  let description = [{
    The result becomes the word at `address` at an edge at which `read` holds, and stays as it is at others. With a write
    port, an edge at which `write` holds sets a word to `data`; what a read of the same word then gives is undefined, and no
    circuit here does that. `init` is a file of hexadecimal words, one a line, in `mem/`. Without one the words are undefined
    before they are written.

    Constraints: (C1) the addresses have as many bits as number the words, one at least. (C2) data has the type of the
    result. (C3) the ports of a write come together, and a memory without them has an `init`.
  }];
  let arguments = (ins StrAttr:$name, I64Attr:$words, Hdl_Bits:$address, Hdl_Bit:$read, Optional<Hdl_Bits>:$target,
                       Optional<Hdl_Bits>:$data, Optional<Hdl_Bit>:$write, OptionalAttr<StrAttr>:$init);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = [{
    $name `of` $words `at` $address `:` type($address) `read` $read
    (`write` $data^ `:` type($data) `to` $target `:` type($target) `where` $write)? (`init` $init^)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Hdl_TableOp : Hdl_Op<"table", [Pure]> {
  let summary = "constants, looked up without a clock";
  let description = [{
    The value at `index`, or 0 beyond the last one. For a few words: they become logic.
    Constraints: (C1) values fit the result. (C2) there are no more of them than the index counts.
  }];
  let arguments = (ins Hdl_Bits:$index, DenseI64ArrayAttr:$values);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = "$index $values attr-dict `:` type($index) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Hdl_ConcatOp : Hdl_Op<"concat", [Pure]> {
  let summary = "values side by side, the first one in the highest bits";
  let description = [{ Constraints: (C1) the result has the bits of all of them. }];
  let arguments = (ins Variadic<Hdl_Bits>:$parts);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = "$parts attr-dict `:` type($parts) `->` type($result)";
  let hasVerifier = 1;
}

def Hdl_ExtractOp : Hdl_Op<"extract", [Pure]> {
  let summary = "some bits of a value";
  let description = [{ Constraints: (C1) the value has the bits from `low` on that the result has. }];
  let arguments = (ins Hdl_Bits:$value, I64Attr:$low);
  let results = (outs Hdl_Bits:$result);
  let assemblyFormat = "$value `from` $low attr-dict `:` type($value) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Hdl_InstanceOp : Hdl_Op<"instance"> {
  let summary = "a module within a module";
  let description = [{
    Constraints: (C1) operands and results are the inputs and outputs of the module of that name, in their order.
  }];
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$module, Variadic<Hdl_Bits>:$inputs);
  let results = (outs Variadic<Hdl_Bits>:$outputs);
  let assemblyFormat = "$name `of` $module `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)";
}

#endif // HDL
