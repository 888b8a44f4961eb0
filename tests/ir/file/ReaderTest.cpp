//===- ReaderTest.cpp - what the reader says to bad files -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every error of the reader, with the words it prints. Each file is read confined and in process,
// and both must say the same. What good files give is judged in WriterTest and by the Python tests.
//
//===----------------------------------------------------------------------===//

#include "ir/file/Reader.h"

#include "Hdf5Fixture.h"
#include "ir/file/Writer.h"

#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>

using namespace nir;
using namespace nir::test;

namespace {

struct Case {
  const char *name;
  std::function<void(hid_t file)> change;
  const char *message; ///< as printed, without the file's name in front of each line
  std::function<void(ReadLimits &limits)> limit = {};
};

void PrintTo(const Case &c, std::ostream *os) { *os << c.name; }

std::string withoutFile(std::string text, const std::string &path) {
  for (size_t at = text.find(path + ": "); at != std::string::npos; at = text.find(path + ": ")) {
    text.erase(at, path.size() + 2);
  }
  return text;
}

class ReaderErrors : public testing::TestWithParam<Case> {};

TEST_P(ReaderErrors, says) {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");
  ASSERT_FALSE(write(smallModel(), path));
  edit(path, GetParam().change);
  ReadLimits limits;
  if (GetParam().limit) {
    GetParam().limit(limits);
  }
  Result<Model> inProcess = readInProcess(path, limits);
  ASSERT_FALSE(inProcess) << "the file was read";
  EXPECT_EQ(withoutFile(inProcess.error().str(), path), GetParam().message);
  Result<Model> confined = read(path, limits);
  ASSERT_FALSE(confined) << "the file was read";
  EXPECT_EQ(withoutFile(confined.error().str(), path), GetParam().message);
}

std::string nameOf(const testing::TestParamInfo<Case> &info) { return info.param.name; }

void remove(hid_t file, const char *path) { ASSERT_GE(H5Ldelete(file, path, H5P_DEFAULT), 0); }

void link(hid_t file, const char *from, const char *to) {
  ASSERT_GE(H5Lcreate_hard(file, from, file, to, H5P_DEFAULT, H5P_DEFAULT), 0);
}

void commit(hid_t file, const char *path) {
  H5Ldelete(file, path, H5P_DEFAULT);
  hdf5::Id type(H5Tcopy(H5T_STD_I32LE));
  ASSERT_GE(H5Tcommit2(file, path, type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), 0);
}

const Case structure[] = {
    {"noNode", [](hid_t f) { remove(f, "node"); },
     "error: has no group 'node', which every NIR file has\n"
     "note: the file holds: version"},
    {"nodeIsDataset", [](hid_t f) { replace(f, "node", H5T_STD_I8LE, {}); },
     "error: has no group 'node', which every NIR file has\n"
     "note: the file holds: node, version"},
    {"recordedData",
     [](hid_t f) {
       remove(f, "node");
       hdf5::Id type = textType(3);
       H5Acreate2(f, "__type__", type, spaceOf({}), H5P_DEFAULT, H5P_DEFAULT);
     },
     "error: has no group 'node', which every NIR file has\n"
     "note: the file holds: version\n"
     "note: this looks like recorded data (NIRData), not a graph"},
    {"versionIsNumber", [](hid_t f) { replace(f, "version", H5T_STD_I8LE, {2}); },
     "error: version holds int8 [2], expected one text"},
    {"versionIsGroup", [](hid_t f) { replaceGroup(f, "version"); },
     "error: version is not a dataset, expected one text"},
    {"rootWithoutType", [](hid_t f) { remove(f, "node/type"); },
     "error: the root node has no type\n"
     "note: the node holds: edges, metadata, nodes"},
    {"typeIsNumber", [](hid_t f) { replace(f, "node/nodes/lif/type", H5T_IEEE_F32BE, {}); },
     "error: node 'lif': type holds float32 [], expected one text"},
    {"typeIsList", [](hid_t f) { replace(f, "node/nodes/lif/type", textType(4), {1}); },
     "error: node 'lif': type holds text [1], expected one text"},
    {"typeIsNull",
     [](hid_t f) {
       remove(f, "node/nodes/lif/type");
       hdf5::Id space(H5Screate(H5S_NULL));
       hdf5::Id(H5Dcreate2(f, "node/nodes/lif/type", textType(4), space, H5P_DEFAULT, H5P_DEFAULT,
                           H5P_DEFAULT));
     },
     "error: node 'lif': type holds nothing, expected one text"},
    {"typeIsGroup", [](hid_t f) { replaceGroup(f, "node/nodes/lif/type"); },
     "error: node 'lif': has no type\n"
     "note: the node holds: metadata, r, tau, type, v_leak, v_reset, v_threshold"},
    {"unknownType", [](hid_t f) { replaceText(f, "node/nodes/lif/type", "Lif"); },
     "error: node 'lif': has the unknown type 'Lif'\n"
     "note: the types of NIR are: Input, Output, Affine, Linear, Scale, Conv1d, Conv2d, SumPool2d, "
     "AvgPool2d, Flatten, Delay, Threshold, I, IF, LI, LIF, CubaLI, CubaLIF, NIRGraph"},
    {"typeIsNotUtf8", [](hid_t f) { replaceText(f, "node/nodes/lif/type", "L\xE9"); },
     "error: node 'lif': type holds text that is not UTF-8"},
    {"nodeWithoutType", [](hid_t f) { remove(f, "node/nodes/sub/nodes/s/type"); },
     "error: node 'sub.s': has no type\n"
     "note: the node holds: scale"},
    {"nodeWithNothing", [](hid_t f) { replaceGroup(f, "node/nodes/lif"); },
     "error: node 'lif': has no type\n"
     "note: the node holds: nothing"},
    {"memberIsDataset", [](hid_t f) { replace(f, "node/nodes/lif", H5T_STD_I8LE, {}); },
     "error: node 'lif': is not a group, expected a node"},
    {"memberIsType", [](hid_t f) { commit(f, "node/nodes/lif"); },
     "error: node 'lif': is not a group, expected a node"},
    {"noNodes", [](hid_t f) { remove(f, "node/nodes/sub/nodes"); },
     "error: node 'sub': has no nodes, which a NIRGraph needs\n"
     "note: the node holds: edges, type"},
    {"nodesIsDataset", [](hid_t f) { replace(f, "node/nodes", H5T_STD_I8LE, {}); },
     "error: nodes is not a group, expected one with a group for each node"},
    {"noEdges", [](hid_t f) { remove(f, "node/edges"); },
     "error: has no edges, which a NIRGraph needs\n"
     "note: the node holds: metadata, nodes, type"},
    {"edgesIsGroup", [](hid_t f) { replaceGroup(f, "node/edges"); },
     "error: edges is not a dataset, expected one of shape [edges, 2]"},
    {"edgesIsFlat", [](hid_t f) { replace(f, "node/edges", textType(4), {2}); },
     "error: edges holds text [2], expected text [edges, 2]"},
    {"edgesIsTriples", [](hid_t f) { replace(f, "node/nodes/sub/edges", textType(4), {2, 3}); },
     "error: node 'sub': edges holds text [2, 3], expected text [edges, 2]"},
    {"edgesIsNumbers", [](hid_t f) { replace(f, "node/edges", H5T_STD_U16BE, {3, 2}); },
     "error: edges holds uint16 [3, 2], expected text [edges, 2]"},
    {"edgesIsNull",
     [](hid_t f) {
       remove(f, "node/nodes/sub/edges");
       hdf5::Id space(H5Screate(H5S_NULL));
       hdf5::Id(H5Dcreate2(f, "node/nodes/sub/edges", textType(4), space, H5P_DEFAULT, H5P_DEFAULT,
                           H5P_DEFAULT));
     },
     "error: node 'sub': edges holds nothing, expected text [edges, 2]\n"
     "note: a graph without edges has an empty list of them, of shape [0, 2]"},
    {"unknownMember", [](hid_t f) { replaceGroup(f, "node/nodes/sub/inputs"); },
     "error: node 'sub': has an unknown member 'inputs'\n"
     "note: the members of a NIRGraph are: nodes, edges, [metadata]"},
    {"nameIsNotUtf8",
     [](hid_t f) { H5Lmove(f, "node/nodes/lif", f, "node/nodes/l\xFF", H5P_DEFAULT, H5P_DEFAULT); },
     "error: nodes has a member whose name is not UTF-8"},
};
INSTANTIATE_TEST_SUITE_P(Structure, ReaderErrors, testing::ValuesIn(structure), nameOf);

const Case parameters[] = {
    {"missing", [](hid_t f) { remove(f, "node/nodes/lif/tau"); },
     "error: node 'lif': has no tau, which a LIF needs\n"
     "note: the node holds: metadata, r, type, v_leak, v_reset, v_threshold"},
    {"null",
     [](hid_t f) {
       remove(f, "node/nodes/lif/tau");
       hdf5::Id space(H5Screate(H5S_NULL));
       hdf5::Id(H5Dcreate2(f, "node/nodes/lif/tau", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT,
                           H5P_DEFAULT));
     },
     "error: node 'lif': has no tau, which a LIF needs\n"
     "note: the node holds: metadata, r, tau, type, v_leak, v_reset, v_threshold"},
    {"unknown", [](hid_t f) { replace(f, "node/nodes/lif/tau_mem", H5T_IEEE_F32LE, {3}); },
     "error: node 'lif': has an unknown parameter 'tau_mem'\n"
     "note: the parameters of a LIF are: tau, r, v_leak, v_threshold, [v_reset]"},
    {"group", [](hid_t f) { replaceGroup(f, "node/nodes/lif/tau"); },
     "error: node 'lif': tau is a group, expected a dataset"},
    {"committedType", [](hid_t f) { commit(f, "node/nodes/lif/tau"); },
     "error: node 'lif': tau is a committed datatype, expected a dataset"},
    {"text", [](hid_t f) { replaceText(f, "node/nodes/lif/tau", "fast"); },
     "error: node 'lif': tau holds text [], expected numbers"},
    {"optionalText", [](hid_t f) { replaceText(f, "node/nodes/lif/v_reset", "fast"); },
     "error: node 'lif': v_reset holds text [], expected numbers"},
    {"paddingTexts", [](hid_t f) { replace(f, "node/nodes/conv/padding", textType(4), {2}); },
     "error: node 'conv': padding holds text [2], expected numbers or one text"},
    {"compound",
     [](hid_t f) {
       hdf5::Id type(H5Tcreate(H5T_COMPOUND, 8));
       H5Tinsert(type, "re", 0, H5T_IEEE_F32LE);
       H5Tinsert(type, "im", 4, H5T_IEEE_F32LE);
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds a compound type, expected integers of 8 to 64 bits, floats of "
     "16, "
     "32 or 64 bits, booleans or text"},
    {"references", [](hid_t f) { replace(f, "node/nodes/lif/tau", H5T_STD_REF_DSETREG, {3}); },
     "error: node 'lif': tau holds references, expected integers of 8 to 64 bits, floats of 16, 32 "
     "or 64 bits, booleans or text"},
    {"lists",
     [](hid_t f) {
       hdf5::Id type(H5Tvlen_create(H5T_IEEE_F32LE));
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds lists of variable length, expected integers of 8 to 64 bits, "
     "floats of 16, 32 or 64 bits, booleans or text"},
    {"opaque",
     [](hid_t f) {
       hdf5::Id type(H5Tcreate(H5T_OPAQUE, 3));
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds opaque bytes, expected integers of 8 to 64 bits, floats of 16, "
     "32 "
     "or 64 bits, booleans or text"},
    {"bitField", [](hid_t f) { replace(f, "node/nodes/lif/tau", H5T_STD_B8LE, {3}); },
     "error: node 'lif': tau holds bit fields, expected integers of 8 to 64 bits, floats of 16, 32 "
     "or "
     "64 bits, booleans or text"},
    {"arrays",
     [](hid_t f) {
       hsize_t two = 2;
       hdf5::Id type(H5Tarray_create2(H5T_IEEE_F32LE, 1, &two));
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds an array type, expected integers of 8 to 64 bits, floats of 16, "
     "32 "
     "or 64 bits, booleans or text"},
    {"enumeration",
     [](hid_t f) {
       hdf5::Id type(H5Tenum_create(H5T_STD_I8LE));
       int8_t value = 0;
       H5Tenum_insert(type, "RED", &value);
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds an enumeration, expected integers of 8 to 64 bits, floats of "
     "16, "
     "32 or 64 bits, booleans or text"},
    {"bfloat16",
     [](hid_t f) {
       hdf5::Id type(H5Tcopy(H5T_IEEE_F32LE));
       H5Tset_fields(type, 15, 7, 8, 0, 7);
       H5Tset_size(type, 2);
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds 16-bit floats of an unusual format, expected integers of 8 to "
     "64 "
     "bits, floats of 16, 32 or 64 bits, booleans or text"},
    {"integersOf24Bits",
     [](hid_t f) {
       hdf5::Id type(H5Tcopy(H5T_STD_I32LE));
       H5Tset_precision(type, 24);
       H5Tset_size(type, 3);
       replace(f, "node/nodes/lif/tau", type, {3});
     },
     "error: node 'lif': tau holds 24-bit integers, expected integers of 8 to 64 bits, floats of "
     "16, "
     "32 or 64 bits, booleans or text"},
    {"booleanOfTwo",
     [](hid_t f) {
       hdf5::Id type = hdf5::typeOf(DType::Bool);
       hdf5::Id dataset = replace(f, "node/nodes/lif/tau", type, {3});
       int8_t values[] = {0, 1, 2};
       H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
     },
     "error: node 'lif': tau holds booleans that are neither 0 nor 1: the file is damaged"},
    {"metadataIsDataset", [](hid_t f) { replace(f, "node/metadata", H5T_STD_I8LE, {}); },
     "error: metadata is not a group, expected one with an entry for each name"},
    {"metadataCompound",
     [](hid_t f) {
       hdf5::Id type(H5Tcreate(H5T_COMPOUND, 8));
       H5Tinsert(type, "re", 0, H5T_IEEE_F32LE);
       replace(f, "node/nodes/lif/metadata/note", type, {});
     },
     "error: node 'lif': metadata 'note' holds a compound type, expected integers of 8 to 64 bits, "
     "floats of 16, 32 or 64 bits, booleans or text"},
    {"metadataType", [](hid_t f) { commit(f, "node/nodes/lif/metadata/note"); },
     "error: node 'lif': metadata 'note' is neither a group nor a dataset"},
};
INSTANTIATE_TEST_SUITE_P(Parameters, ReaderErrors, testing::ValuesIn(parameters), nameOf);

/// Metadata inside metadata, `levels` deep.
void nest(hid_t file, int levels) {
  hdf5::Id group(H5Gopen2(file, "node/metadata", H5P_DEFAULT));
  for (int i = 0; i < levels; ++i) {
    group = hdf5::Id(H5Gcreate2(group, "m", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  }
}

hdf5::Id chunked(const std::vector<hsize_t> &chunk) {
  hdf5::Id properties(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  return properties;
}

/// With gzip, in which nothing but the shape takes room.
hdf5::Id packed(const std::vector<hsize_t> &chunk) {
  hdf5::Id properties = chunked(chunk);
  H5Pset_deflate(properties, 4);
  return properties;
}

void replaceByBomb(hid_t file, const char *path, const std::vector<hsize_t> &dims) {
  replace(file, path, H5T_IEEE_F32LE, dims, packed({1 << 16}));
}

const Case hostile[] = {
    {"softLink",
     [](hid_t f) { H5Lcreate_soft("/node", f, "node/nodes/again", H5P_DEFAULT, H5P_DEFAULT); },
     "error: nodes member 'again' is a soft link, expected a group or a dataset"},
    {"danglingLink",
     [](hid_t f) {
       remove(f, "node/nodes/lif/tau");
       H5Lcreate_soft("/nowhere", f, "node/nodes/lif/tau", H5P_DEFAULT, H5P_DEFAULT);
     },
     "error: node 'lif': member 'tau' is a soft link, expected a group or a dataset"},
    {"externalLink",
     [](hid_t f) {
       remove(f, "node/nodes/lif/tau");
       H5Lcreate_external("/etc/passwd", "/", f, "node/nodes/lif/tau", H5P_DEFAULT, H5P_DEFAULT);
     },
     "error: node 'lif': member 'tau' is a link to another file, expected a group or a dataset"},
    {"graphInItself", [](hid_t f) { link(f, "node/nodes/sub", "node/nodes/sub/nodes/sub"); },
     "error: node 'sub.sub': contains itself: the links of the file form a cycle"},
    {"nodesInItself", [](hid_t f) { link(f, "node/nodes", "node/nodes/more"); },
     "error: node 'more': contains itself: the links of the file form a cycle"},
    {"metadataInItself", [](hid_t f) { link(f, "node/metadata", "node/metadata/more"); },
     "error: contains itself: the links of the file form a cycle"},
    {"externalStorage",
     [](hid_t f) {
       hdf5::Id properties(H5Pcreate(H5P_DATASET_CREATE));
       H5Pset_external(properties, "/etc/passwd", 0, 12);
       replace(f, "node/nodes/lif/tau", H5T_IEEE_F32LE, {3}, properties);
     },
     "error: node 'lif': tau lies in another file (external storage), expected it in this one"},
    {"virtualDataset",
     [](hid_t f) {
       hdf5::Id properties(H5Pcreate(H5P_DATASET_CREATE));
       H5Pset_virtual(properties, spaceOf({3}), "/etc/passwd", "x", spaceOf({3}));
       replace(f, "node/nodes/lif/tau", H5T_IEEE_F32LE, {3}, properties);
     },
     "error: node 'lif': tau is a virtual dataset, expected one that holds its own data"},
    {"unknownFilter",
     [](hid_t f) {
       hdf5::Id properties = chunked({3});
       H5Pset_filter(properties, 32000, H5Z_FLAG_OPTIONAL, 0, nullptr);
       replace(f, "node/nodes/lif/tau", H5T_IEEE_F32LE, {3}, properties);
     },
     "error: node 'lif': tau is packed with lzf (filter 32000), which is not available here\n"
     "note: write the file with gzip, or unpacked: nir.write(path, nir.read(path)) does, or where "
     "HDF5 has the filter h5repack -f NONE old.nir new.nir"},
    {"bombInANode", [](hid_t f) { replaceByBomb(f, "node/nodes/lif/v_reset", {1 << 28}); },
     "error: node 'lif': v_reset has shape [268435456], expected [3] like tau\n"
     "note: a node of type LIF has one value per neuron; write v_reset with shape [3]"},
    {"bombBesideANode",
     [](hid_t f) { replaceByBomb(f, "node/nodes/sub/nodes/s/scale", {1 << 28}); },
     "error: node 'sub.s': input has shape [3], expected [268435456]\n"
     "note: node 'sub.in': passes on a signal of shape [3]\n"
     "note: the port of a subgraph declares the other shape: --shape sub.in=268435456 reads it so"},
    {"bombOfDimensions", [](hid_t f) { replaceByBomb(f, "node/nodes/input/shape", {1 << 28}); },
     "error: node 'input': shape has shape [268435456], expected a few whole numbers"},
    {"bombOfEdges",
     [](hid_t f) { replace(f, "node/edges", textType(4), {1 << 28, 2}, packed({1 << 16, 2})); },
     "error: edges brings the file to 268435458 edges, expected at most 10000000 (limit maxEdges)"},
    {"bombOfText",
     [](hid_t f) { replace(f, "version", textType(4), {1 << 28}, packed({1 << 16})); },
     "error: version holds text [268435456], expected one text"},
    {"hugeDimension",
     [](hid_t f) {
       replace(f, "node/nodes/lif/tau", H5T_IEEE_F32LE, {hsize_t(1) << 62}, chunked({1024}));
     },
     "error: node 'lif': tau has a dimension of 4611686018427387904, which makes it larger than "
     "2147483648 bytes (limit maxTensorBytes)"},
    {"productOverflows",
     [](hid_t f) {
       replace(f, "node/nodes/lif/tau", H5T_IEEE_F32LE, {hsize_t(1) << 31, hsize_t(1) << 31},
               chunked({1, 1024}));
     },
     "error: node 'lif': tau has a dimension of 2147483648, which makes it larger than 2147483648 "
     "bytes (limit maxTensorBytes)"},
    {"hugeEmpty",
     [](hid_t f) {
       hdf5::Id properties(H5Pcreate(H5P_DATASET_CREATE));
       replace(f, "node/nodes/lif/tau", H5T_IEEE_F32LE,
               {hsize_t(1) << 30, hsize_t(1) << 30, hsize_t(1) << 30, 0}, properties);
     },
     "error: node 'lif': tau has a dimension of 1073741824, which makes it larger than 2147483648 "
     "bytes (limit maxTensorBytes)"},
    {"tensorLimit", [](hid_t f) { replace(f, "node/nodes/lif/tau", H5T_IEEE_F64LE, {10, 10}); },
     "error: node 'lif': tau has shape [10, 10] of float64, more than 799 bytes (limit "
     "maxTensorBytes)",
     [](ReadLimits &limits) { limits.maxTensorBytes = 799; }},
    {"textLimit", [](hid_t f) { replace(f, "node/edges", textType(400), {10, 2}); },
     "error: edges has shape [10, 2] of text, more than 4000 bytes (limit maxTensorBytes)",
     [](ReadLimits &limits) { limits.maxTensorBytes = 4000; }},
    {"chunkLimit",
     [](hid_t f) {
       hdf5::Id properties = chunked({hsize_t(1) << 20, hsize_t(1) << 11});
       hsize_t dims[] = {3, 3}, most[] = {H5S_UNLIMITED, H5S_UNLIMITED};
       hdf5::Id space(H5Screate_simple(2, dims, most));
       remove(f, "node/nodes/lif/tau");
       hdf5::Id(H5Dcreate2(f, "node/nodes/lif/tau", H5T_STD_I8LE, space, H5P_DEFAULT, properties,
                           H5P_DEFAULT));
     },
     "error: node 'lif': tau is stored in chunks larger than 2147483647 bytes (limit "
     "maxTensorBytes)",
     [](ReadLimits &limits) { limits.maxTensorBytes = (int64_t(1) << 31) - 1; }},
    {"totalLimit", [](hid_t) {},
     "error: node 'lif': r with shape [3] of float32 brings the parameters to more than 176 "
     "bytes (limit maxTotalBytes)",
     [](ReadLimits &limits) { limits.maxTotalBytes = 176; }},
    {"fileLimit", [](hid_t) {}, "error: has 27472 bytes, expected at most 100 (limit maxFileBytes)",
     [](ReadLimits &limits) { limits.maxFileBytes = 100; }},
    {"nodeLimit", [](hid_t) {}, "error: has more than 8 nodes (limit maxNodes)",
     [](ReadLimits &limits) { limits.maxNodes = 8; }},
    {"edgeLimit", [](hid_t) {},
     "error: edges brings the file to 5 edges, expected at most 4 (limit maxEdges)",
     [](ReadLimits &limits) { limits.maxEdges = 4; }},
    {"objectLimit", [](hid_t) {},
     "error: node 'lif': brings more objects than allowed (limit maxObjects)",
     [](ReadLimits &limits) { limits.maxObjects = 22; }},
    {"nesting", [](hid_t f) { nest(f, 1500); },
     "error: is nested deeper than 256 groups (limit maxNesting)"},
    {"nestingCapped", [](hid_t f) { nest(f, 1500); },
     "error: is nested deeper than 1000 groups (limit maxNesting)",
     [](ReadLimits &limits) { limits.maxNesting = 1'000'000'000; }},
};
INSTANTIATE_TEST_SUITE_P(Hostile, ReaderErrors, testing::ValuesIn(hostile), nameOf);

//===----------------------------------------------------------------------===//
// Files that are no HDF5 files
//===----------------------------------------------------------------------===//

struct NoFile : testing::Test {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");

  void expect(const std::string &message) {
    for (auto *reader : {&readInProcess, &nir::read}) {
      Result<Model> model = reader(path, ReadLimits());
      ASSERT_FALSE(model) << "the file was read";
      EXPECT_EQ(withoutFile(model.error().str(), path), message);
    }
  }
};

TEST_F(NoFile, absent) { expect("error: cannot be opened: No such file or directory"); }

TEST_F(NoFile, folder) {
  path = folder.file("");
  expect("error: is a folder, expected a file");
}

TEST_F(NoFile, pipe) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  expect("error: is not a regular file");
}

TEST_F(NoFile, empty) {
  std::ofstream empty(path);
  expect("error: is not an HDF5 file that can be read, expected a .nir file\n"
         "note: HDF5 says: file signature not found");
}

TEST_F(NoFile, text) {
  std::ofstream(path) << "nodes: []\n";
  expect("error: is not an HDF5 file that can be read, expected a .nir file\n"
         "note: HDF5 says: file signature not found");
}

TEST_F(NoFile, truncated) {
  ASSERT_FALSE(write(smallModel(), path));
  auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, size / 2);
  expect(fmt::format("error: is not an HDF5 file that can be read, expected a .nir file\n"
                     "note: HDF5 says: truncated file: eof = {}, sblock->base_addr = 0, "
                     "stored_eof = {}",
                     size / 2, size));
}

//===----------------------------------------------------------------------===//
// Large and deep, and still good
//===----------------------------------------------------------------------===//

TEST(Reader, readsHundredThousandNodes) {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");
  Model model;
  Tensor threshold = Tensor::vector<float>({1.0F});
  for (int i = 0; i < 100'000; ++i) {
    model.graph.nodes.push_back({fmt::format("n{:06}", i), Threshold{threshold}, {}});
  }
  for (int i = 0; i + 1 < 100'000; ++i) {
    model.graph.edges.push_back({fmt::format("n{:06}", i), fmt::format("n{:06}", i + 1)});
  }
  model.version = "1.0.8";
  ASSERT_FALSE(write(model, path));
  Result<Model> back = read(path);
  ASSERT_TRUE(back) << back.error().str();
  EXPECT_TRUE(*back == model);
}

TEST(Reader, readsDeepGraphs) {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");
  Model model = smallModel();
  for (int i = 0; i < 120; ++i) {
    Graph outer;
    outer.nodes.push_back({"g", std::move(model.graph), {}});
    model.graph = std::move(outer);
  }
  ASSERT_FALSE(write(model, path));
  Result<Model> back = read(path);
  ASSERT_TRUE(back) << back.error().str();
  EXPECT_TRUE(*back == model);
}

TEST(Reader, readsSharedObjectsTwice) {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");
  ASSERT_FALSE(write(smallModel(), path));
  edit(path, [](hid_t f) { link(f, "node/nodes/lif", "node/nodes/lif2"); });
  Result<Model> model = read(path);
  ASSERT_TRUE(model) << model.error().str();
  EXPECT_NE(model->graph.find("lif2"), nullptr);
}

TEST(Reader, tensorsLiveOnTheirOwn) {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");
  ASSERT_FALSE(write(smallModel(), path));
  Tensor tau;
  {
    Result<Model> model = read(path);
    ASSERT_TRUE(model) << model.error().str();
    tau = model->graph.find("lif")->as<LIF>()->tau;
  }
  EXPECT_EQ(tau, Tensor::vector<float>({0.5F, 0.5F, 0.5F}));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tau.bytes()) % 64, 0U);
}

} // namespace
