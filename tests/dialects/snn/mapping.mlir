// RUN: nir-opt %s -split-input-file -verify-diagnostics | nir-opt -split-input-file | FileCheck %s

// CHECK-LABEL: snn.network @mapped
snn.network @mapped of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  %a = snn.population "a" () states [] params [] [] -> !snn.spikes<4> {
  ^bb0(%u: i32):
    %yes = arith.constant true
    snn.yield %yes : i1
  }
  // CHECK: snn.mapping "loihi2" on chips of 2 by 1 inputs [1 : 7] {
  // CHECK:   snn.core 0 on chip 0 at(1, 0) neurons ["a" [0 to 1, 3 to 4]] routes [0 : 1, 1 : 2]
  // CHECK:   snn.core 1 on chip 0 at(0, 0) neurons ["a" [1 to 3], "of the target" [0 to 1]] routes []
  snn.mapping "loihi2" on chips of 2 by 1 inputs [1 : 7] {
    snn.core 0 on chip 0 at (1, 0) neurons ["a" [0 to 1, 3 to 4]] routes [0 : 1, 1 : 2]
    snn.core 1 on chip 0 at (0, 0) neurons ["a" [1 to 3], "of the target" [0 to 1]] routes []
  }
}

// -----

// mapping (C1)
snn.network @twice of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {}
  // expected-error @below {{is the second of its network, expected one}}
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {}
}

// -----

// mapping (C2)
snn.network @numbers of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  // expected-error @below {{holds something else where snn.core 0 is expected}}
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {
    snn.core 1 on chip 0 at (0, 0) neurons [] routes []
  }
}

// -----

// mapping (C3): all neurons,
snn.network @all of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  %a = snn.population "a" () states [] params [] [] -> !snn.spikes<4> {
  ^bb0(%u: i32):
    %yes = arith.constant true
    snn.yield %yes : i1
  }
  // expected-error @below {{places 3 neurons of node 'a', expected all 4}}
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {
    snn.core 0 on chip 0 at (0, 0) neurons ["a" [0 to 3]] routes []
  }
}

// -----

// none twice,
snn.network @again of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  %a = snn.population "a" () states [] params [] [] -> !snn.spikes<4> {
  ^bb0(%u: i32):
    %yes = arith.constant true
    snn.yield %yes : i1
  }
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {
    // expected-error @below {{core 0 has neuron 2 of node 'a', which is on another}}
    snn.core 0 on chip 0 at (0, 0) neurons ["a" [0 to 3, 2 to 4]] routes []
  }
}

// -----

// and none that is not there.
snn.network @beyond of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  %a = snn.population "a" () states [] params [] [] -> !snn.spikes<4> {
  ^bb0(%u: i32):
    %yes = arith.constant true
    snn.yield %yes : i1
  }
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {
    // expected-error @below {{core 0 has neurons 0 to 5 of node 'a', which has 4}}
    snn.core 0 on chip 0 at (0, 0) neurons ["a" [0 to 5]] routes []
  }
}

// -----

// mapping (C4)
snn.network @place of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  snn.mapping "loihi2" on chips of 2 by 1 inputs [] {
    snn.core 0 on chip 0 at (0, 0) neurons [] routes []
    // expected-error @below {{core 1 is at (0, 0), expected a place in the grid of 2 by 1 that no other core of the chip has}}
    snn.core 1 on chip 0 at (0, 0) neurons [] routes []
  }
}

// -----

snn.network @grid of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  // expected-error @below {{lies on grids of 99999999999 by 1, expected at most 65536 of each}}
  snn.mapping "loihi2" on chips of 99999999999 by 1 inputs [] {}
}

// -----

// mapping (C5)
snn.network @nowhere of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  // expected-error @below {{has a route to core 2, expected 0 to 0, those that there are}}
  snn.mapping "loihi2" on chips of 2 by 1 inputs [2 : 1] {
    snn.core 0 on chip 0 at (0, 0) neurons [] routes []
  }
}

// -----

// core (C1), (C2)
snn.network @core of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  snn.mapping "loihi2" on chips of 2 by 1 inputs [] {
    // expected-error @below {{core 0 has a range of node 'a' that is empty, expected its first neuron and its end}}
    snn.core 0 on chip 0 at (0, 0) neurons ["a" [2 to 2]] routes []
  }
}

// -----

snn.network @core of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  snn.mapping "loihi2" on chips of 2 by 1 inputs [] {
    // expected-error @below {{core 0 has a route of nobody, expected pairs of a core and how many send spikes there}}
    snn.core 0 on chip 0 at (0, 0) neurons [] routes [0 : 0]
  }
}

// -----

// mapping (C3): no two populations of one name.
snn.network @names of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  %a = snn.population "a" () states [] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: i32):
    %yes = arith.constant true
    snn.yield %yes : i1
  }
  // expected-error @below {{node 'a': is there twice, expected one population of a name to map}}
  %b = snn.population "a" () states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: i32):
    %yes = arith.constant true
    snn.yield %yes : i1
  }
  snn.mapping "loihi2" on chips of 1 by 1 inputs [] {}
}

// -----

// mapping (C5), of what comes from outside.
snn.network @inputs of i32 <"loihi2", dt = 1.0> in <"loihi2"> {
  // expected-error @below {{has a route of nobody, expected pairs of a core and how many send spikes there}}
  snn.mapping "loihi2" on chips of 2 by 1 inputs [0 : 0] {
    snn.core 0 on chip 0 at (0, 0) neurons [] routes []
  }
}
