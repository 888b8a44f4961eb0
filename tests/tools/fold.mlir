// Folds that round are told and stand in the results; the others are not worth a word.

// RUN: nirc run %s --input constant:0.7 --steps 20 --dt 1ms --fold all -o %t.npy 2>&1 | FileCheck %s --check-prefix=ALL
// ALL: fold.mlir: note: node 'fc2': takes in 'fc1', rounds differently: sums are in another order, products of weights are rounded once, to their dtype
// ALL: fold.mlir: 20 steps of 1 ms
// RUN: FileCheck %s --check-prefix=PROVENANCE --input-file=%t.npy.json
// PROVENANCE: "fold": "all",
// PROVENANCE-NEXT: "folds": [
// PROVENANCE-NEXT: "fc2: takes in 'fc1', rounds differently: {{.*}}"

// RUN: nirc run %s --input constant:0.7 --steps 20 --dt 1ms -o %t.exact.npy 2>&1 | FileCheck %s --check-prefix=EXACT --implicit-check-not=note
// EXACT: fold.mlir: 20 steps of 1 ms
// RUN: not grep fold\" %t.exact.npy.json
// RUN: nirc run %s --input constant:0.7 --steps 20 --dt 1ms --fold none -q -o %t.none.npy
// RUN: cmp %t.exact.npy %t.none.npy

// What is recorded stays.
// RUN: nirc run %s --input constant:0.7 --steps 20 --dt 1ms --fold all --record fc1:value 2>&1 | FileCheck %s --check-prefix=RECORD --implicit-check-not=note
// RECORD: fc1 value:

// RUN: nirc compare --model %s --input constant:0.7 --steps 20 --dt 1ms --outputs-only --tolerance 1e-5 target=reference fold=exact fold=all 2>&1 | FileCheck %s --check-prefix=COMPARE
// COMPARE: note: node 'fc2': takes in 'fc1'
// COMPARE: fold=exact against target=reference: equal
// COMPARE: fold=all against target=reference: equal

// RUN: not nirc run %s --input constant:0.7 --steps 20 --dt 1ms --fold some 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: --fold: there is no 'some', there are none, exact, all
// RUN: not nirc run %s --input constant:0.7 --steps 20 --dt 1ms --fold all --target reference 2>&1 | FileCheck %s --check-prefix=REFERENCE
// REFERENCE: fold.mlir: error: --fold all is of the compiler, and target 'reference' steps through the graph as it is
// REFERENCE-NEXT: fold.mlir: note: take --target cpu, or leave out --fold: exact folds change no bit

nir.graph "fold" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
  %fc1 = nir.linear "fc1" (%input) {weight = dense<[[0.1, 0.2, 0.2], [0.4, 0.4, 0.7]]> : tensor<2x3xf32>} : (!nir.signal<3>) -> !nir.signal<2>
  %fc2 = nir.affine "fc2" (%fc1) {bias = dense<0.32> : tensor<1xf32>, weight = dense<[[0.6, 0.4]]> : tensor<1x2xf32>} : (!nir.signal<2>) -> !nir.signal<1>
  %li = nir.li "li" (%fc2) {r = dense<1.0> : tensor<1xf32>, tau = dense<0.01> : tensor<1xf32>, v_leak = dense<0.0> : tensor<1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  nir.output "output" (%li) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}
