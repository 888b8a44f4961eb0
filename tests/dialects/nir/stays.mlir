// RUN: nir-opt %s --canonicalize --cse --symbol-dce | FileCheck %s
// A node that nothing reads, and one that equals another, are in the file and stay.

nir.graph {
  // CHECK: nir.i "a"
  %a = nir.i "a" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
  // CHECK: nir.scale "b"
  %b = nir.scale "b" (%a) {scale = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: nir.scale "c"
  %c = nir.scale "c" (%a) {scale = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: nir.graph "g"
  nir.graph "g" {}
}
