// RUN: nir-opt %s '--discretize=dt=1e-3 record=n:v,t:value' | tee %t | FileCheck %s
// RUN: nir-opt %t | FileCheck %s
// What makes a record's signal stands before all records: behind one of a state its name would be read as that state's signal.
// Found by nirc-fuzz.
// CHECK: %[[VALUE:.*]] = snn.add "t"
// CHECK-NEXT: snn.record "n" "v"
// CHECK-NEXT: snn.record "t" "value" %[[VALUE]]
nir.graph "two" {
  %in = nir.input "in" () {shape = dense<[2]> : tensor<1xi64>} : () -> !nir.signal<2>
  %n = nir.if "n" (%in) {r = dense<1.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %t = nir.threshold "t" (%in) {threshold = dense<0.5> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "o" (%n, %t) {shape = dense<[2]> : tensor<1xi64>} : (!nir.signal<2>, !nir.signal<2>) -> ()
}
