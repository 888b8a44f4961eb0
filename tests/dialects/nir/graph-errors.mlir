// RUN: nir-opt %s --split-input-file -verify-diagnostics
// What nir.graph refuses, by the labels of its description.

// graph (G1): the body holds nodes.
// expected-error @below {{the body holds 'builtin.module', expected nodes}}
nir.graph {
  builtin.module {}
}

// -----

// graph (G1): their names differ.
nir.graph {
  // expected-note @below {{the other one}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
  // expected-error @below {{node 'i': two nodes have this name, expected one of a name}}
  %1 = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
}

// -----

// graph (G2): only the outermost graph has a version.
nir.graph version "1.0.8" {
  // expected-error @below {{node 'g': a subgraph has a version, expected it at the outermost graph}}
  nir.graph "g" version "1.0.8" {}
}

// -----

// graph (G2): the outermost graph has no ports in use.
// expected-error @below {{the outermost graph has 0 inputs and 1 results, expected none}}
%0 = nir.graph "g" () -> ("") {
  nir.output "out" () {shape = dense<3> : tensor<1xi64>} : () -> ()
} : () -> !nir.signal<3>

// -----

// graph (G3): one port an operand and a result.
nir.graph {
  // expected-error @below {{node 'g': has 0 and 2 ports, expected 0 and 1 like operands and results}}
  %0 = "nir.graph"() <{name = "g", input_ports = [], output_ports = ["a", "b"]}> ({
    ^bb0:
  }) : () -> !nir.signal<3>
}

// -----

// graph (G3): a port names an input of the body.
nir.graph {
  %in = nir.input "in" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
  // expected-error @below {{node 'g': input 'i' names no Input node}}
  // expected-note @below {{an empty name stands for the only Input node}}
  nir.graph "g" ("i": %in) -> () {
    %i = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
  } : (!nir.signal<3>) -> ()
}

// -----

// graph (G3): ... an empty one the only output.
nir.graph {
  // expected-error @below {{node 'g': output '' names no Output node}}
  // expected-note @below {{an empty name stands for the only Output node}}
  %0 = nir.graph "g" () -> ("") {
    nir.output "a" () {shape = dense<3> : tensor<1xi64>} : () -> ()
    nir.output "b" () {shape = dense<3> : tensor<1xi64>} : () -> ()
  } : () -> !nir.signal<3>
}

// -----

// graph (G3): ... with its shape.
nir.graph {
  %in = nir.input "in" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
  // expected-error @below {{node 'g': input 'a' has shape [3], expected [4]}}
  nir.graph "g" ("a": %in) -> () {
    // expected-note @below {{which node 'g.a' declares}}
    %a = nir.input "a" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  } : (!nir.signal<3>) -> ()
}

// -----

// graph (G3): a result stands for one spelling.
nir.graph {
  // expected-error @below {{node 'g': two results are called 'a', expected one of a spelling}}
  %0:2 = nir.graph "g" () -> ("a", "a") {
    nir.output "a" () {shape = dense<3> : tensor<1xi64>} : () -> ()
  } : () -> (!nir.signal<3>, !nir.signal<3>)
}

// -----

// graph (G3): a file has only names; this one would mean another node there.
nir.graph {
  // expected-error @below {{node 'g': output 'a' is spelled 'g.a' in a file, where it means node 'g.a'}}
  %0 = nir.graph "g" () -> ("a") {
    nir.output "a" () {shape = dense<3> : tensor<1xi64>} : () -> ()
  } : () -> !nir.signal<3>
  %1 = nir.i "g.a" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
}

// -----

// graph (G4): edge_order has a place for each edge.
// expected-error @below {{edge_order has 2 places, expected 1, one an edge}}
nir.graph attributes {edge_order = array<i64: 0, 1>} {
  %0 = nir.i "i" (%0) {r = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
}

// -----

// graph (G4): ... each once.
// expected-error @below {{edge_order has place 0, expected each from 0 to 1 once}}
nir.graph attributes {edge_order = array<i64: 0, 0>} {
  %0 = nir.i "i" (%0, %0) {r = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
}

// -----

// graph (G4): ... in the order of a node's operands.
// expected-error @below {{edge_order has place 0 after 1, expected the edges into a node in the order of its operands}}
nir.graph attributes {edge_order = array<i64: 1, 0>} {
  %0 = nir.i "i" (%0, %0) {r = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
}

// -----

// The body sees nothing of the graph around it.
nir.graph {
  %a = nir.input "a" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
  nir.graph "g" {
    // expected-error @below {{use of undeclared SSA value name}}
    %b = nir.i "b" (%a) {r = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  }
}
