// RUN: not nir-opt %s --fold="dt=1e-3 folds=some" 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not nir-opt %s --fold 2>&1 | FileCheck %s --check-prefix=STEP
// RUN: not nir-opt %s --fold="dt=1e-3 element=f16" 2>&1 | FileCheck %s --check-prefix=ELEMENT
// RUN: nir-opt %s --fold=dt=1e-3 | FileCheck %s
// RUN: nir-opt %s --fold="dt=1e-3 folds=none" | FileCheck %s --check-prefix=NONE
// Options that cannot be understood, and the one that asks for nothing.

// NAME: error: there is no fold 'some', expected none, exact or all
// STEP: error: dt is 0, expected a positive number of seconds: pass fold{dt=1e-4}
// ELEMENT: error: the element type is 'f16', expected f32 or f64

// CHECK-LABEL: nir.graph "one"
// CHECK-NOT: nir.scale
// NONE-LABEL: nir.graph "one"
// NONE: nir.scale "one"
nir.graph "one" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %one = nir.scale "one" (%input) {scale = dense<1.0> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  %i = nir.i "i" (%one) {r = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%i) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
