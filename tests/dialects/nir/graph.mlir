// RUN: nir-opt %s --split-input-file | nir-opt --split-input-file | FileCheck %s
// Ports are spelled as in the file, and a body may use a value before the line that makes it.

// CHECK-LABEL: nir.graph "ports" attributes {edge_order = array<i64: 2, 0, 1, 3, 4>} {
nir.graph "ports" attributes {edge_order = array<i64: 2, 0, 1, 3, 4>} {
  %a = nir.input "a" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
  // CHECK: %enc.out, %enc.pre.out = nir.graph "enc" ("in": %a, "pre.in": %enc.out) -> ("out", "pre.out") {
  %enc:2 = nir.graph "enc" ("in": %a, "pre.in": %enc#0) -> ("out", "pre.out") {
    %in = nir.input "in" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
    // CHECK: %pre = nir.graph "pre" ("": %in, "": %pre) -> ("") {
    %pre = nir.graph "pre" ("": %in, "": %pre) -> ("") {
      %in = nir.input "in" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
      %d = nir.delay "d" (%in) {delay = dense<0.001> : tensor<f32>} : (!nir.signal<3>) -> !nir.signal<3>
      nir.output "out" (%d) {shape = dense<3> : tensor<1xi64>} : (!nir.signal<3>) -> ()
    // CHECK: } : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
    } : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
    nir.output "out" (%pre) {shape = dense<3> : tensor<1xi64>} : (!nir.signal<3>) -> ()
  } : (!nir.signal<3>, !nir.signal<3>) -> (!nir.signal<3>, !nir.signal<3>)
  %s = nir.scale "s" (%enc#1, %enc#0) {scale = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
  // CHECK: nir.output "out"
  nir.output "out" (%s) {shape = dense<3> : tensor<1xi64>} : (!nir.signal<3>) -> ()
}

// -----

// Names of any script, with quotes, dots, slashes and line ends; the empty graph.
// CHECK-LABEL: nir.graph "names" {
nir.graph "names" {
  // CHECK: nir.graph "ψ.ネ/1" {
  nir.graph "ψ.ネ/1" {
  }
  // CHECK: nir.graph "\22q\22\\\0A\C3" {
  nir.graph "\"q\"\\\0A\C3" {
  }
}

// -----

// A file that holds a lone node.
// CHECK: nir.graph {
nir.graph {
  // CHECK: nir.scale "" () {scale = dense<1.000000e+00> : tensor<3xf32>} : () -> !nir.signal<3>
  %0 = nir.scale "" () {scale = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
}

// -----

// A scalar signal; a resource.
// CHECK: nir.graph {
nir.graph {
  // CHECK: () -> !nir.signal<>
  %0 = nir.i "i" () {r = dense<1> : tensor<ui8>} : () -> !nir.signal<>
  // CHECK: () -> !nir.signal<analog>
  %1 = nir.i "i2" () {r = dense<true> : tensor<i1>} : () -> !nir.signal<analog>
  // CHECK: dense_resource<w> : tensor<3xi16>
  %2 = nir.i "i3" () {r = dense_resource<w> : tensor<3xi16>} : () -> !nir.signal<3>
}
// CHECK: w: "0x02000000010002000300"
{-# dialect_resources: { builtin: { w: "0x02000000010002000300" } } #-}
