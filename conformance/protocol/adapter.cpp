//===- adapter.cpp - the file protocol of nirc conform, for C++ -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For a simulator in C or C++ (docs/conformance.md): MODEL INPUT OUTPUT, with the C library of HDF5
// and nothing else. Copy it, write your own simulate(), and build it with
//
//     c++ -std=c++17 adapter.cpp $(pkg-config --cflags --libs hdf5) -o simulator
//
// The simulate() at the end takes one network, an Input "input", a LIF "lif" and an Output
// "output", and refuses all others.

#include <cstdio>
#include <cstdlib>
#include <hdf5.h>
#include <string>
#include <vector>

/// Numbers by sample, then step, then element.
struct Grid {
  hsize_t shape[3] = {0, 0, 0};
  std::vector<double> data;
};

[[noreturn]] static void unsupported(const char *why) {
  std::fprintf(stderr, "unsupported: %s\n", why);
  std::exit(3);
}

/// The numbers of a dataset; for a grid also its shape. Empty if the dataset does not exist.
static std::vector<double> numbers(hid_t file, const std::string &path, Grid *grid = nullptr) {
  bool isThere = H5Lexists(file, path.c_str(), H5P_DEFAULT) > 0;
  hid_t set = isThere ? H5Dopen2(file, path.c_str(), H5P_DEFAULT) : -1;
  hid_t space = isThere ? H5Dget_space(set) : -1;
  std::vector<double> values(isThere ? H5Sget_simple_extent_npoints(space) : 0);
  if (!isThere ||
      H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    return {};
  }
  if (grid && H5Sget_simple_extent_ndims(space) == 3) {
    H5Sget_simple_extent_dims(space, grid->shape, nullptr);
  }
  return values;
}

static void attribute(hid_t group, const char *name, hid_t type, const void *value) {
  hid_t space = H5Screate(H5S_SCALAR);
  H5Awrite(H5Acreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT), type, value);
}

/// The group of that name, made where it is missing; `type` is what NIRData says that it is.
static hid_t group(hid_t parent, const char *name, const char *type = nullptr) {
  if (name[0] == '/' || H5Lexists(parent, name, H5P_DEFAULT) > 0) {
    return H5Gopen2(parent, name, H5P_DEFAULT);
  }
  hid_t made = H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (type) {
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    attribute(made, "__type__", text, &type);
  }
  return made;
}

/// Writes what a node did: "spikes" or "value" of an Output, "v", "i" and "spikes" of a neuron.
static void record(hid_t output, const char *node, const char *observable, const Grid &grid,
                   double dt) {
  hid_t all = group(group(group(output, "nodes"), node, "NIRNodeData"), "observables");
  hid_t one = group(all, observable, "TimeGriddedData");
  attribute(one, "dt", H5T_NATIVE_DOUBLE, &dt);
  hid_t space = H5Screate_simple(3, grid.shape, nullptr);
  hid_t set =
      H5Dcreate2(one, "data", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, grid.data.data());
}

static void simulate(hid_t model, const Grid &in, double dt, hid_t output);

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: simulator MODEL INPUT OUTPUT\n");
    return 2;
  }
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // what is not there is asked for, too
  hid_t model = H5Fopen(argv[1], H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t input = H5Fopen(argv[2], H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t output = H5Fcreate(argv[3], H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const char *grid = "nodes/input/observables/value", *type = "NIRGraphData";
  if (H5Lexists(input, "nodes/input", H5P_DEFAULT) <= 0) {
    unsupported("no Input is called input");
  }
  Grid in;
  in.data = numbers(input, std::string(grid) + "/data", &in);
  double dt = 0.0;
  H5Aread(H5Aopen_by_name(input, grid, "dt", H5P_DEFAULT, H5P_DEFAULT), H5T_NATIVE_DOUBLE, &dt);
  hid_t text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, H5T_VARIABLE);
  attribute(group(output, "/"), "__type__", text, &type);
  simulate(model, in, dt, output);
  return H5Fflush(output, H5F_SCOPE_GLOBAL) < 0;
}

// Your simulator.

static void simulate(hid_t model, const Grid &in, double dt, hid_t output) {
  const std::string lif = "node/nodes/lif/";
  hid_t nodes = group(group(model, "node"), "nodes");
  H5G_info_t info;
  H5Gget_info(nodes, &info);
  std::vector<double> tau = numbers(model, lif + "tau"), r = numbers(model, lif + "r"),
                      leak = numbers(model, lif + "v_leak"),
                      reset = numbers(model, lif + "v_reset"),
                      threshold = numbers(model, lif + "v_threshold");
  if (info.nlinks != 3 || tau.size() != in.shape[2]) {
    unsupported("a network other than input, lif and output");
  }
  Grid v = in, spikes = in;
  for (size_t i = 0; i < in.data.size(); ++i) {
    size_t n = i % in.shape[2], step = i / in.shape[2] % in.shape[1];
    double k = dt / tau[n], before = step == 0 ? 0.0 : v.data[i - in.shape[2]];
    double now = (1 - k) * before + k * r[n] * in.data[i] + k * leak[n];
    spikes.data[i] = now > threshold[n] ? 1.0 : 0.0;
    v.data[i] = now > threshold[n] ? (reset.empty() ? 0.0 : reset[n]) : now;
  }
  record(output, "lif", "v", v, dt);
  record(output, "output", "spikes", spikes, dt);
}
