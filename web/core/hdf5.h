//===- hdf5.h - what ir/file says of HDF5, without its library --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a browser a package of npm reads HDF5 and hands over the whole file as a tree of groups and
// data sets (Tree.h). The readers of ir/file are compiled for that as they are: here are the names
// that they use of HDF5. An identifier is an object's index in the tree.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>

using hid_t = int64_t;
using haddr_t = uint64_t;
using herr_t = int;
using H5E_auto2_t = herr_t (*)(hid_t, void *);
enum H5I_type_t { H5I_BADID = -1, H5I_GROUP = 2, H5I_DATASET = 5 };
constexpr hid_t H5I_INVALID_HID = -1;
constexpr hid_t H5P_DEFAULT = 0;

/// The tree lives as long as all that refers to it.
inline int H5Idec_ref(hid_t) { return 0; }
/// Whether an object has an attribute, or a group a member, of that name.
int H5Aexists(hid_t object, const char *name);
int H5Lexists(hid_t group, const char *name, hid_t access);
