/*===- nirc.h - nirc for programs in C, and in all that call C --*- C -*-===*\
|*
|* Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

// nirc compiles and runs spiking neural networks that are written down in NIR. The road is
//
//     nirc_model  ->  nirc_plan  ->  nirc_program  ->  nirc_session
//     what was read   every choice   compiled          executes, a step at a time
//
// Beside it: nirc_graph, a network as nodes, edges and parameters, to be walked or built;
// nirc_recording, what a run gives; nirc_compare and nirc_match. docs/c-api.md is an introduction.
//
// Calls. A call that can fail returns a nirc_status and takes `nirc_error **error` last. `error`
// may be NULL. Else every such call writes it: NULL after NIRC_OK, otherwise a new error that the
// caller frees. What a failed call would have made is NULL, or 0. The handles that it was given are
// as they were, unless the call says otherwise.
//
// Handles. Objects of opaque types. Who makes one frees it, in any order: handles share what they
// hold. Every *_free takes NULL. NULL where a handle or a pointer is needed is an error of usage;
// calls that return no status then return NULL, 0 or an empty text.
//
// Pointers. Texts are UTF-8, end in a NUL, and are never NULL where nothing else is said. A text,
// an array or a struct that a call returns belongs to the handle that it was asked of. It stays as
// it is until that handle is freed, or, where the call says so, until the handle changes. What is
// passed in is read during the call alone, except bound buffers.
//
// Structs. Those with a `size` are options: clear them, and set `size` to sizeof the struct
// (NIRC_OPTIONS does both). 0 or NULL in a member is the default. Options, and structs that "grow
// at their end", may have more members in later versions; all others never change.
//
// Numbers. Arrays are dense and row-major, the last dimension fastest. Times are in seconds.
//
// Threads. Every call may be made from any thread. A handle that a call takes as const may be used
// by several threads at once. While a call has a handle that is not const, no other thread may use
// that handle. Each handle is freed once, when no other call uses it. No call touches what is the
// whole process's: streams, signals, the locale, the working folder.
//
// Versions. A program that was compiled with one version of this header runs with every later
// libnirc.so.1. Each function says since which NIRC_API_VERSION it is there.

#ifndef NIRC_H
#define NIRC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) || defined(__clang__)
#define NIRC_EXPORT __attribute__((visibility("default")))
#else
#define NIRC_EXPORT
#endif

//===----------------------------------------------------------------------===//
// Versions
//===----------------------------------------------------------------------===//

/// The version of this header. It grows by one whenever something is added to it.
#define NIRC_API_VERSION 1

/// The version of nirc, "0.1.0". Lives as long as the process. Since 1.
NIRC_EXPORT const char *nirc_version(void);

/// The NIRC_API_VERSION of the library that is loaded: at least that of the header, or what is
/// newer in the header is missing. Since 1.
NIRC_EXPORT uint32_t nirc_api_version(void);

//===----------------------------------------------------------------------===//
// Errors and diagnostics
//===----------------------------------------------------------------------===//

/// How a call went, by whose fault it is. The first four are the exit codes of the program `nirc`.
typedef int32_t nirc_status;
enum {
  NIRC_OK = 0,
  NIRC_E_INPUT = 1,    ///< a file, a network or an array of numbers
  NIRC_E_USAGE = 2,    ///< what was asked for: an option, a name or a number that does not exist
  NIRC_E_INTERNAL = 3, ///< nirc itself, or there was no memory
  NIRC_E_STOPPED = 4   ///< a callback ended the call
};

/// Why a call failed.
typedef struct nirc_error nirc_error;

/// A fix, or a second place involved.
typedef struct nirc_note {
  const char *message;
  const char *node; ///< its path; empty: of none
} nirc_note;

typedef int32_t nirc_severity;
enum { NIRC_ERROR = 0, NIRC_WARNING = 1, NIRC_NOTE = 2 };

/// One thing to tell the user. Texts that do not apply are empty. Grows at its end.
typedef struct nirc_diagnostic {
  nirc_severity severity;
  const char *code;    ///< "wrong-shape": what nirc_explain takes
  const char *message; ///< lower case, no full stop: found before expected
  const char *node; ///< path of the node: "lif1", or "encoder.lif1" inside the subgraph "encoder"
  const char *file;
  /// The two halves of a message that says both, "found 3 numbers, expected 2"; else empty.
  const char *found;
  const char *expected;
  const char *text; ///< all of it: "x.nir: error: node 'lif1': …", and a line for each note
  size_t note_count;
  const nirc_note *notes; ///< how to fix it
} nirc_diagnostic;

/// The status that the failed call returned; NIRC_OK for NULL. Since 1.
NIRC_EXPORT nirc_status nirc_error_status(const nirc_error *error);

/// All of an error. Never NULL; of NULL all texts are empty. Since 1.
NIRC_EXPORT const nirc_diagnostic *nirc_error_diagnostic(const nirc_error *error);

/// nirc_error_diagnostic(error)->text. Since 1.
NIRC_EXPORT const char *nirc_error_text(const nirc_error *error);

/// Since 1.
NIRC_EXPORT void nirc_error_free(nirc_error *error);

/// What there is to know of a code. Grows at its end.
typedef struct nirc_explanation {
  const char *code;    ///< "wrong-shape", or an advice: "unstable-step"
  const char *summary; ///< one line
  const char *found;   ///< when it is said
  const char *why;     ///< why it matters
  const char *fix;
  const char *example; ///< a command that finds or fixes it; may be empty
} nirc_explanation;

/// Of a diagnostic's code. NULL: there is none of that name. Lives as long as the process. Since 1.
NIRC_EXPORT const nirc_explanation *nirc_explain(const char *code);

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

/// The type of an element. 0 is none, so that a dtype that was forgotten is an error.
typedef int32_t nirc_dtype;
enum {
  NIRC_BOOL = 1, ///< a byte of 0 or 1
  NIRC_INT8 = 2,
  NIRC_UINT8 = 3,
  NIRC_INT16 = 4,
  NIRC_UINT16 = 5,
  NIRC_INT32 = 6,
  NIRC_UINT32 = 7,
  NIRC_INT64 = 8,
  NIRC_UINT64 = 9,
  NIRC_FLOAT16 = 10,
  NIRC_FLOAT32 = 11,
  NIRC_FLOAT64 = 12
};

/// A dense array of numbers, row-major, aligned as its dtype is in C.
typedef struct nirc_array {
  const void *data;     ///< may be NULL where there are no elements
  const int64_t *shape; ///< `rank` dimensions; may be NULL where there are none
  int32_t rank;         ///< 0: one number
  nirc_dtype dtype;
} nirc_array;

/// Bytes of an element; 0 for an unknown dtype. Since 1.
NIRC_EXPORT size_t nirc_dtype_size(nirc_dtype dtype);

/// NumPy's name, "float32"; empty for an unknown dtype. Since 1.
NIRC_EXPORT const char *nirc_dtype_name(nirc_dtype dtype);

/// An array of one quantity of one node: what goes into a run, or what is compared.
typedef struct nirc_signal {
  const char *node;       ///< its path; NULL: the only one there is
  const char *observable; ///< "value", "spikes", "v"; NULL: what the node has
  nirc_array array;
} nirc_signal;

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

/// A NIR graph as it is in a file: nodes, edges, parameters, nothing inferred or checked.
typedef struct nirc_graph nirc_graph;

/// A parameter of a node: an array, or a text as a convolution's padding "same".
typedef struct nirc_parameter {
  const char *name; ///< as NIR spells it: "v_threshold"
  const char *text; ///< NULL: an array
  nirc_array array; ///< where `text` is NULL
} nirc_parameter;

/// From the output of one node to the input of another. A name is that of a node, or "G.B" for the
/// node B of the subgraph G.
typedef struct nirc_edge {
  const char *source;
  const char *target;
} nirc_edge;

typedef int32_t nirc_metadata_kind;
enum {
  NIRC_METADATA_ARRAY = 1,
  NIRC_METADATA_TEXT = 2,
  NIRC_METADATA_TEXTS = 3, ///< an array of texts
  NIRC_METADATA_GROUP = 4
};

/// What a file says beside the network: text, numbers, or a group of such.
typedef struct nirc_metadata {
  const char *name;
  nirc_metadata_kind kind;
  const char *text;                    ///< TEXT
  nirc_array array;                    ///< ARRAY; of TEXTS the shape alone
  const char *const *texts;            ///< TEXTS: `count` of them, row-major
  const struct nirc_metadata *members; ///< GROUP: `count` of them
  size_t count;
} nirc_metadata;

/// A node of a graph. Grows at its end.
typedef struct nirc_node {
  const char *name;
  const char *type; ///< NIR's name of the primitive, "LIF"; "NIRGraph" for a subgraph
  size_t parameter_count;
  const nirc_parameter *parameters; ///< in NIR's order; what a file lacks is left out
  size_t metadata_count;
  const nirc_metadata *metadata;
  const nirc_graph *graph; ///< of a subgraph; else NULL
} nirc_node;

/// How files are read. 0: a bound that lets through all that fits a workstation.
typedef struct nirc_read_options {
  size_t size;
  int64_t max_file_bytes;
  int64_t max_tensor_bytes; ///< of one parameter, unpacked
  int64_t max_total_bytes;  ///< of all parameters, unpacked
  double max_seconds;
  const char *time_unit; ///< "s", "ms", "steps": what times are counted in; NULL: as the file says.
                         ///< It is for models: nirc_graph_read leaves numbers as they are
} nirc_read_options;

/// A graph without nodes. Since 1.
NIRC_EXPORT nirc_status nirc_graph_create(nirc_graph **graph, nirc_error **error);

/// The graph of a .nir file as it is, of any version of NIR. The file is not trusted: it is read in
/// a process of its own. Since 1.
NIRC_EXPORT nirc_status nirc_graph_read(const char *path, const nirc_read_options *options,
                                        nirc_graph **graph, nirc_error **error);

/// Another graph with the same content, to be changed. Parameters are shared. Since 1.
NIRC_EXPORT nirc_status nirc_graph_copy(const nirc_graph *graph, nirc_graph **copy,
                                        nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_graph_free(nirc_graph *graph);

/// Nodes in the file's order. Since 1.
NIRC_EXPORT size_t nirc_graph_node_count(const nirc_graph *graph);

/// The node of that number; NULL where there is none. It and all that it points to, the numbers of
/// its parameters among them, is nirc's own memory, valid until the graph is freed, or, for a node
/// itself, until its metadata is set. Since 1.
NIRC_EXPORT const nirc_node *nirc_graph_node(const nirc_graph *graph, size_t number);

/// The node of that name; NULL where there is none. Takes time in proportion to the number of
/// nodes. Since 1.
NIRC_EXPORT const nirc_node *nirc_graph_find(const nirc_graph *graph, const char *name);

/// Edges in the file's order. Since 1.
NIRC_EXPORT size_t nirc_graph_edge_count(const nirc_graph *graph);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_edge *nirc_graph_edge(const nirc_graph *graph, size_t number);

/// Entries of the root's metadata; of a subgraph they are its node's. Since 1.
NIRC_EXPORT size_t nirc_graph_metadata_count(const nirc_graph *graph);

/// NULL where there is none of that number. Valid until metadata of the graph is set. Since 1.
NIRC_EXPORT const nirc_metadata *nirc_graph_metadata(const nirc_graph *graph, size_t number);

/// The version of NIR that wrote the file, "1.0.8"; empty where it does not say. Since 1.
NIRC_EXPORT const char *nirc_graph_nir_version(const nirc_graph *graph);

/// Appends a node of a NIR primitive: "LIF", "Affine", "Conv2d", "Input". The arrays are copied.
/// Errors: no such primitive, a name that is taken or empty, a parameter that the primitive has
/// not, twice or not at all. What else is wrong with a network is found when a model is made of it.
/// Since 1.
NIRC_EXPORT nirc_status nirc_graph_add_node(nirc_graph *graph, const char *name, const char *type,
                                            const nirc_parameter *parameters, size_t count,
                                            nirc_error **error);

/// Appends a copy of a graph as a node, a subgraph. Since 1.
NIRC_EXPORT nirc_status nirc_graph_add_graph(nirc_graph *graph, const char *name,
                                             const nirc_graph *subgraph, nirc_error **error);

/// Appends an edge. That its nodes exist is checked when a model is made. Since 1.
NIRC_EXPORT nirc_status nirc_graph_add_edge(nirc_graph *graph, const char *source,
                                            const char *target, nirc_error **error);

/// Sets metadata of a node, or with NULL of the graph: a text. In `name` each '/' enters a group.
/// An entry of that name is replaced. Since 1.
NIRC_EXPORT nirc_status nirc_graph_set_text(nirc_graph *graph, const char *node, const char *name,
                                            const char *text, nirc_error **error);

/// The same of an array, which is copied. Since 1.
NIRC_EXPORT nirc_status nirc_graph_set_array(nirc_graph *graph, const char *node, const char *name,
                                             const nirc_array *array, nirc_error **error);

/// Writes a .nir file in the layout of NIR 1.0.8, whole or not at all. Since 1.
NIRC_EXPORT nirc_status nirc_graph_write(const nirc_graph *graph, const char *path,
                                         nirc_error **error);

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

/// A network that passed every check.
typedef struct nirc_model nirc_model;

/// An input, an output or a state. Grows at its end.
typedef struct nirc_port {
  const char *node;       ///< path of the node
  const char *observable; ///< "value", "spikes", "v"
  const int64_t *shape;   ///< of one step of one sample
  int32_t rank;
  nirc_dtype dtype; ///< of a recording's trace; 0 where that is not settled yet
  int64_t elements; ///< the product of the shape
  int64_t latency;  ///< of a balanced network: steps behind the sequential one
} nirc_port;

/// From a .nir, .mlir or .mlirbc file, told apart by content. Since 1.
NIRC_EXPORT nirc_status nirc_model_open(const char *path, const nirc_read_options *options,
                                        nirc_model **model, nirc_error **error);

/// The same of a file's bytes. `name` stands for the file in errors and results. Since 1.
NIRC_EXPORT nirc_status nirc_model_from_bytes(const void *bytes, size_t size, const char *name,
                                              const nirc_read_options *options, nirc_model **model,
                                              nirc_error **error);

/// Of a graph in memory, which may be changed or freed afterwards. Since 1.
NIRC_EXPORT nirc_status nirc_model_from_graph(const nirc_graph *graph, const char *name,
                                              const nirc_read_options *options, nirc_model **model,
                                              nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_model_free(nirc_model *model);

/// The path, or what stands for it. Since 1.
NIRC_EXPORT const char *nirc_model_name(const nirc_model *model);

/// In a few words: "as Norse writes it, time in seconds". Since 1.
NIRC_EXPORT const char *nirc_model_text(const nirc_model *model);

/// Whether the file holds a clocked network, as `nirc quantize` writes it. Since 1.
NIRC_EXPORT bool nirc_model_is_clocked(const nirc_model *model);

/// The graph, with Input and Output nodes where it had none; without nodes where it is clocked. It
/// belongs to the model and is not freed. Since 1.
NIRC_EXPORT const nirc_graph *nirc_model_graph(const nirc_model *model);

/// Warnings and notes of the checks. Since 1.
NIRC_EXPORT size_t nirc_model_diagnostic_count(const nirc_model *model);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_diagnostic *nirc_model_diagnostic(const nirc_model *model, size_t number);

/// Since 1.
NIRC_EXPORT size_t nirc_model_input_count(const nirc_model *model);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_port *nirc_model_input(const nirc_model *model, size_t number);

/// Since 1.
NIRC_EXPORT size_t nirc_model_output_count(const nirc_model *model);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_port *nirc_model_output(const nirc_model *model, size_t number);

//===----------------------------------------------------------------------===//
// What can be chosen
//===----------------------------------------------------------------------===//

/// A name and what it stands for, a line.
typedef struct nirc_named {
  const char *name;
  const char *summary;
} nirc_named;

/// A form in which a target writes a network to disk.
typedef struct nirc_artifact_kind {
  const char *name; ///< "shared"
  const char *summary;
  bool runs; ///< nirc_program_load executes it
} nirc_artifact_kind;

/// A platform. Grows at its end.
typedef struct nirc_target {
  const char *name; ///< "cpu"
  const char *summary;
  size_t artifact_count;
  const nirc_artifact_kind *artifacts; ///< the first is the default
  size_t setting_count;
  const nirc_named *settings; ///< options of its own: "lanes"
  size_t primitive_count;
  const char *const *primitives; ///< NIR's names of what it takes
  size_t dtype_count;
  const nirc_dtype *dtypes; ///< of a run; the first is the default
} nirc_target;

/// Targets by name, and then those of backends that were loaded. Since 1.
NIRC_EXPORT size_t nirc_target_count(void);

/// NULL where there is none of that number. Lives as long as the process. Since 1.
NIRC_EXPORT const nirc_target *nirc_target_at(size_t number);

/// Loads a backend, a library (docs/add-your-chip.md) or a chip file, for all of the process and as
/// long as it lives: its targets, semantics and formats can be chosen afterwards. A file that was
/// loaded already is no error. The code of a library runs with all rights of the process. Since 1.
NIRC_EXPORT nirc_status nirc_load_backend(const char *path, nirc_error **error);

/// The same of the paths in $NIRC_BACKENDS, with colons between them, in their order. The first
/// that cannot be loaded is the error. nirc reads the variable in no other call. Since 1.
NIRC_EXPORT nirc_status nirc_load_backends_of_environment(nirc_error **error);

/// Presets of semantics, each of a platform. Since 1.
NIRC_EXPORT size_t nirc_semantics_count(void);

/// NULL where there is none of that number. Lives as long as the process. Since 1.
NIRC_EXPORT const nirc_named *nirc_semantics_at(size_t number);

/// Number formats. Since 1.
NIRC_EXPORT size_t nirc_format_count(void);

/// NULL where there is none of that number. Lives as long as the process. Since 1.
NIRC_EXPORT const nirc_named *nirc_format_at(size_t number);

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

/// A model with every choice made.
typedef struct nirc_plan nirc_plan;

/// A value of one of the target's own settings.
typedef struct nirc_setting {
  const char *name;
  const char *value;
} nirc_setting;

/// What is chosen. Texts are as the options of `nirc run` of the same name take them; NULL is the
/// model's own, or the target's.
typedef struct nirc_plan_options {
  size_t size;
  const char *target;        ///< "cpu"
  const char *dt;            ///< "1ms", or in seconds "1e-3"
  const char *semantics;     ///< "norse,reset=subtract"
  const char *format;        ///< "int8,weight-bits=6": in integers; NULL or "none": in floats
  const char *dtype;         ///< "f32" or "f64"
  const char *fold;          ///< "none", "exact" or "all"
  const char *const *record; ///< "lif1:v,spikes": what runs record beside the outputs
  size_t record_count;
  const char *const *accept; ///< names of advice that is known: "unstable-step"
  size_t accept_count;
  const nirc_setting *settings;
  size_t setting_count;
  /// What the ranges of a number format are found from, [batch, steps, shape...] for each input;
  /// none: they are proven from the weights alone.
  const nirc_signal *calibration;
  size_t calibration_count;
  bool balance_latency;
} nirc_plan_options;

/// Errors are of usage where the options are at fault, and list what there is. What `nirc check`
/// calls an error of these choices is one here. Since 1.
NIRC_EXPORT nirc_status nirc_plan_make(const nirc_model *model, const nirc_plan_options *options,
                                       nirc_plan **plan, nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_plan_free(nirc_plan *plan);

/// A line: "steps of 1 ms, semantics nir, target cpu in float32". Since 1.
NIRC_EXPORT const char *nirc_plan_text(const nirc_plan *plan);

/// Every choice, as JSON. Since 1.
NIRC_EXPORT const char *nirc_plan_json(const nirc_plan *plan);

/// Since 1.
NIRC_EXPORT const char *nirc_plan_target(const nirc_plan *plan);

/// As nirc_plan_options takes it. Since 1.
NIRC_EXPORT const char *nirc_plan_semantics(const nirc_plan *plan);

/// As nirc_plan_options takes it; empty for floats. Since 1.
NIRC_EXPORT const char *nirc_plan_format(const nirc_plan *plan);

/// The length of a step; 0 for NULL. Since 1.
NIRC_EXPORT double nirc_plan_dt_seconds(const nirc_plan *plan);

/// What there is to know of running the model so. Since 1.
NIRC_EXPORT size_t nirc_plan_advice_count(const nirc_plan *plan);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_diagnostic *nirc_plan_advice(const nirc_plan *plan, size_t number);

/// What a target wrote of a network, in memory.
typedef struct nirc_artifact nirc_artifact;

typedef struct nirc_emit_options {
  size_t size;
  const char *kind;   ///< one of the target's; NULL: its first
  const char *name;   ///< of the network in the artifact; NULL: made of the model's
  const char *cpu;    ///< what code is for; NULL: the target's default
  const char *triple; ///< the same
} nirc_emit_options;

/// A file of an artifact.
typedef struct nirc_file {
  const char *name; ///< relative, with '/' for folders
  const void *bytes;
  size_t size;
} nirc_file;

/// The same plan and options give the same bytes. Since 1.
NIRC_EXPORT nirc_status nirc_plan_emit(const nirc_plan *plan, const nirc_emit_options *options,
                                       nirc_artifact **artifact, nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_artifact_free(nirc_artifact *artifact);

/// Since 1.
NIRC_EXPORT size_t nirc_artifact_file_count(const nirc_artifact *artifact);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_file *nirc_artifact_file(const nirc_artifact *artifact, size_t number);

/// What there is to know of it at once, a line each: "size: about 700 LUTs"; may be empty. Since 1.
NIRC_EXPORT const char *nirc_artifact_summary(const nirc_artifact *artifact);

/// Writes all files below a folder, which is made where it is missing. Each appears under its name
/// when it is whole. Since 1.
NIRC_EXPORT nirc_status nirc_artifact_write(const nirc_artifact *artifact, const char *folder,
                                            nirc_error **error);

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// A network that is compiled. Several threads may use one at once: its runs take turns, and its
/// sessions are independent of it and of each other.
typedef struct nirc_program nirc_program;

/// Where machine code is kept from one process to the next.
typedef int32_t nirc_cache;
enum {
  NIRC_CACHE_NONE = 0,
  NIRC_CACHE_USER = 1,  ///< where `nirc` keeps it ($NIRC_CACHE_DIR, $XDG_CACHE_HOME/nirc)
  NIRC_CACHE_FOLDER = 2 ///< in cache_folder, which nobody else may write: code in it is executed
};

typedef struct nirc_compile_options {
  size_t size;
  nirc_cache cache;
  bool hide_states; ///< states cannot be read and written, beside those that are recorded
  const char *cache_folder;
  int64_t cache_max_bytes; ///< 0: 256 MiB
} nirc_compile_options;

typedef struct nirc_load_options {
  size_t size;
  nirc_cache cache;
  const char *cache_folder;
  int64_t cache_max_bytes;
  const nirc_setting *settings; ///< of the target, those that are of runs
  size_t setting_count;
} nirc_load_options;

/// What a program says of itself. Grows at its end.
typedef struct nirc_program_info {
  const char *target;
  const char *nirc;      ///< the version that compiled it
  const char *model;     ///< the file's name, without its folder
  const char *semantics; ///< as files hold it: with every choice
  const char *format;    ///< the same; empty for floats
  nirc_dtype dtype;      ///< of floats
  double dt_seconds;
  size_t input_count;
  size_t output_count;
  size_t record_count; ///< what runs record beside the outputs
  size_t state_count;  ///< what sessions read and write
} nirc_program_info;

/// Compiles for the plan's target. Since 1.
NIRC_EXPORT nirc_status nirc_program_compile(const nirc_plan *plan,
                                             const nirc_compile_options *options,
                                             nirc_program **program, nirc_error **error);

/// From a file, or a folder, that nirc_program_save or `nirc compile` wrote, told apart by content.
/// A library of machine code is code that this process then executes: load what you trust. Since 1.
NIRC_EXPORT nirc_status nirc_program_load(const char *path, const nirc_load_options *options,
                                          nirc_program **program, nirc_error **error);

/// As one file, whole or not at all; as a folder where the target's programs are folders. An error
/// where the target writes nothing that runs. Since 1.
NIRC_EXPORT nirc_status nirc_program_save(const nirc_program *program, const char *path,
                                          nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_program_free(nirc_program *program);

/// NULL for NULL. Since 1.
NIRC_EXPORT const nirc_program_info *nirc_program_describe(const nirc_program *program);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_port *nirc_program_input(const nirc_program *program, size_t number);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_port *nirc_program_output(const nirc_program *program, size_t number);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_port *nirc_program_record(const nirc_program *program, size_t number);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_port *nirc_program_state(const nirc_program *program, size_t number);

/// Called now and then while a call works, one call at a time, from any thread. false ends the call
/// soon, with NIRC_E_STOPPED. It must not throw, and must not use handles of the call.
typedef bool (*nirc_progress)(void *user, int64_t done, int64_t total);

typedef struct nirc_run_options {
  size_t size;
  int64_t steps;   ///< 0: as many as the input has; past the input's end the inputs are 0
  int32_t threads; ///< 0: as many as the machine has cores. No result depends on it
  /// "lif1:v" each: what to record beside the outputs in place of the program's own records.
  const char *const *record;
  size_t record_count;
  nirc_progress progress; ///< of steps of all samples; may be NULL
  void *user;             ///< for it
} nirc_run_options;

/// What a run gives, or what other programs recorded.
typedef struct nirc_recording nirc_recording;

/// A whole run, every sample from the silent state. `inputs`: for each Input of the network an
/// array [batch, steps, shape...], or [steps, shape...] of one sample; the dimensions of the shape
/// may be one, flattened. bool, uint8, int32, float32 and float64 are read in place, other dtypes
/// are converted. The result has a trace for each Output and each record. Since 1.
NIRC_EXPORT nirc_status nirc_program_run(const nirc_program *program, const nirc_signal *inputs,
                                         size_t count, const nirc_run_options *options,
                                         nirc_recording **recording, nirc_error **error);

//===----------------------------------------------------------------------===//
// Recordings
//===----------------------------------------------------------------------===//

/// One quantity of one node over a run. Grows at its end.
typedef struct nirc_trace {
  const char *node;       ///< path of the node
  const char *observable; ///< "value", "spikes", or a state: "v"
  nirc_array array;       ///< [batch, steps, shape...]; spikes are uint8, counts of them int32
  int64_t latency;        ///< steps behind the sequential network, of one that is balanced
} nirc_trace;

/// Spikes of one neuron in one step.
typedef struct nirc_event {
  int64_t sample;
  int64_t step;
  int64_t element; ///< the neuron, row-major in the shape of the node
  int64_t count;   ///< of spikes: 1, unless several edges add up
} nirc_event;

/// From arrays [batch, steps, shape...] with a node and an observable each, as what another program
/// recorded. They are copied. `dt_seconds` may be 0: not known. Since 1.
NIRC_EXPORT nirc_status nirc_recording_create(const nirc_signal *signals, size_t count,
                                              double dt_seconds, nirc_recording **recording,
                                              nirc_error **error);

/// From a file or a folder of results: .npy, .npz, .csv, NIRData. Since 1.
NIRC_EXPORT nirc_status nirc_recording_read(const char *path, nirc_recording **recording,
                                            nirc_error **error);

/// As a file or a folder of results, by the path's ending: .npy, .npz, .csv, .nird, or none for a
/// folder. Since 1.
NIRC_EXPORT nirc_status nirc_recording_write(const nirc_recording *recording, const char *path,
                                             nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_recording_free(nirc_recording *recording);

/// 0 where it is not known. Since 1.
NIRC_EXPORT double nirc_recording_dt_seconds(const nirc_recording *recording);

/// Since 1.
NIRC_EXPORT size_t nirc_recording_trace_count(const nirc_recording *recording);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_trace *nirc_recording_trace(const nirc_recording *recording, size_t number);

/// The trace of a node; with NULL for `observable` its first. NULL where there is none. Since 1.
NIRC_EXPORT const nirc_trace *nirc_recording_find(const nirc_recording *recording, const char *node,
                                                  const char *observable);

/// The elements of a trace that are not 0, by sample, then step, then element; of numbers that are
/// no spikes `count` is 1. Made when they are asked for; they belong to the recording. Since 1.
NIRC_EXPORT nirc_status nirc_recording_events(const nirc_recording *recording, size_t trace,
                                              const nirc_event **events, size_t *count,
                                              nirc_error **error);

/// A spike with its time.
typedef struct nirc_spike {
  int64_t sample;
  int64_t element;
  double seconds; ///< from the start of the sample
} nirc_spike;

/// Of an event-driven run (semantics `exact`), which knows when a neuron spikes: the spikes of a
/// node, by sample, then time, then element. An error where the run has no times of the node. They
/// belong to the recording. Since 1.
NIRC_EXPORT nirc_status nirc_recording_times(const nirc_recording *recording, const char *node,
                                             const nirc_spike **spikes, size_t *count,
                                             nirc_error **error);

//===----------------------------------------------------------------------===//
// Sessions
//===----------------------------------------------------------------------===//

/// Samples of one program that advance together, a step at a time. Inputs, outputs and states are
/// numbered as those of the program. It may outlive the program, and is for one thread at a time.
typedef struct nirc_session nirc_session;

/// As a sample: all of them. Arrays are then [batch, shape...].
#define NIRC_ALL_SAMPLES ((int64_t)-1)

/// `batch` samples before their first step: inputs and outputs are 0. Since 1.
NIRC_EXPORT nirc_status nirc_session_create(const nirc_program *program, int64_t batch,
                                            nirc_session **session, nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_session_free(nirc_session *session);

/// Since 1.
NIRC_EXPORT int64_t nirc_session_batch(const nirc_session *session);

/// Since the start, the last reset, or those of the snapshot that was restored. Since 1.
NIRC_EXPORT int64_t nirc_session_steps_done(const nirc_session *session);

/// The number of the input of that node; the error lists those that exist. Since 1.
NIRC_EXPORT nirc_status nirc_session_find_input(const nirc_session *session, const char *node,
                                                size_t *number, nirc_error **error);

/// The same of an output. Since 1.
NIRC_EXPORT nirc_status nirc_session_find_output(const nirc_session *session, const char *node,
                                                 size_t *number, nirc_error **error);

/// The same of a state of a node: "v". Since 1.
NIRC_EXPORT nirc_status nirc_session_find_state(const nirc_session *session, const char *node,
                                                const char *name, size_t *number,
                                                nirc_error **error);

/// What drives an input from the next step on, until it is set again. `count` is the number of
/// values: that of the input's elements, times the batch for NIRC_ALL_SAMPLES. An error where the
/// target cannot take the numbers, as a chip that takes spikes alone; of all samples those before
/// the one at fault are set then. Since 1.
NIRC_EXPORT nirc_status nirc_session_set_input_f32(nirc_session *session, size_t input,
                                                   int64_t sample, const float *values,
                                                   size_t count, nirc_error **error);
/// Since 1.
NIRC_EXPORT nirc_status nirc_session_set_input_f64(nirc_session *session, size_t input,
                                                   int64_t sample, const double *values,
                                                   size_t count, nirc_error **error);

/// The same of spikes: the elements that have one, a number each in any order, and as often as it
/// has spikes. All others are 0. Of one sample. Since 1.
NIRC_EXPORT nirc_status nirc_session_set_input_events(nirc_session *session, size_t input,
                                                      int64_t sample, const int64_t *elements,
                                                      size_t count, nirc_error **error);

/// Advances all samples by `steps` steps: reads bound inputs before each, and writes bound outputs
/// and states after each. An error ends it after the steps that nirc_session_steps_done then says.
/// Since 1.
NIRC_EXPORT nirc_status nirc_session_step(nirc_session *session, int64_t steps, nirc_error **error);

/// Of the last step; before the first one outputs are 0. Of states, what they are after it. `count`
/// as above. Since 1.
NIRC_EXPORT nirc_status nirc_session_read_output_f32(const nirc_session *session, size_t output,
                                                     int64_t sample, float *values, size_t count,
                                                     nirc_error **error);
/// Since 1.
NIRC_EXPORT nirc_status nirc_session_read_output_f64(const nirc_session *session, size_t output,
                                                     int64_t sample, double *values, size_t count,
                                                     nirc_error **error);

/// The elements of an output of one sample that are not 0, ascending: after a step those that
/// spiked. Writes the first `capacity` of them to `elements`, which may be NULL for a capacity of
/// 0, and to `*count` how many there are. Since 1.
NIRC_EXPORT nirc_status nirc_session_read_output_events(const nirc_session *session, size_t output,
                                                        int64_t sample, int64_t *elements,
                                                        size_t capacity, size_t *count,
                                                        nirc_error **error);
/// Since 1.
NIRC_EXPORT nirc_status nirc_session_read_state_f32(const nirc_session *session, size_t state,
                                                    int64_t sample, float *values, size_t count,
                                                    nirc_error **error);
/// Since 1.
NIRC_EXPORT nirc_status nirc_session_read_state_f64(const nirc_session *session, size_t state,
                                                    int64_t sample, double *values, size_t count,
                                                    nirc_error **error);

/// What a state is before the next step. In a network of integers it is rounded to one of them and
/// brought into the range that is proven of the state. Since 1.
NIRC_EXPORT nirc_status nirc_session_write_state_f32(nirc_session *session, size_t state,
                                                     int64_t sample, const float *values,
                                                     size_t count, nirc_error **error);
/// Since 1.
NIRC_EXPORT nirc_status nirc_session_write_state_f64(nirc_session *session, size_t state,
                                                     int64_t sample, const double *values,
                                                     size_t count, nirc_error **error);

/// Binds a buffer [batch, shape...] of float32, float64 or uint8 to an input: every step reads it.
/// The buffer is the caller's, stays where it is while it is bound, and is read by
/// nirc_session_step alone. NULL for `data` unbinds. Since 1.
NIRC_EXPORT nirc_status nirc_session_bind_input(nirc_session *session, size_t input,
                                                nirc_dtype dtype, const void *data, size_t count,
                                                nirc_error **error);

/// The same of an output: every step writes it. As uint8 what is not 0 to 255 is clipped. Since 1.
NIRC_EXPORT nirc_status nirc_session_bind_output(nirc_session *session, size_t output,
                                                 nirc_dtype dtype, void *data, size_t count,
                                                 nirc_error **error);

/// The same of a state. Since 1.
NIRC_EXPORT nirc_status nirc_session_bind_state(nirc_session *session, size_t state,
                                                nirc_dtype dtype, void *data, size_t count,
                                                nirc_error **error);

/// Back to before the first step. Buffers stay bound. Since 1.
NIRC_EXPORT nirc_status nirc_session_reset(nirc_session *session, nirc_error **error);

/// All that steps change.
typedef struct nirc_snapshot nirc_snapshot;

/// Since 1.
NIRC_EXPORT nirc_status nirc_session_snapshot(const nirc_session *session, nirc_snapshot **snapshot,
                                              nirc_error **error);

/// Takes a snapshot of any session of the same program and batch in this process. Since 1.
NIRC_EXPORT nirc_status nirc_session_restore(nirc_session *session, const nirc_snapshot *snapshot,
                                             nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_snapshot_free(nirc_snapshot *snapshot);

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

/// Where two recordings differ, and how far.
typedef struct nirc_comparison nirc_comparison;

typedef struct nirc_compare_options {
  size_t size;
  double tolerance;       ///< by which values may differ; spikes may not
  double tau_seconds;     ///< of van Rossum's filter; 0: 0.01
  double cost_per_second; ///< of moving a spike, Victor and Purpura's q; 0: 100
} nirc_compare_options;

/// One quantity of one node on both sides. Grows at its end.
typedef struct nirc_difference {
  const char *node;
  const char *observable;
  bool is_spikes;
  bool is_equal;   ///< within the tolerance
  int64_t unequal; ///< values, of all steps and samples, that differ
  int64_t sample;  ///< of the first value that differs; -1: none does
  int64_t step;
  int64_t element;
  double base; ///< that value on either side
  double other;
  double base_spikes; ///< of spikes: how many
  double other_spikes;
  double van_rossum;     ///< of spikes; NaN where it is not known
  double victor_purpura; ///< the same
  double cosine;         ///< 1: the same direction
  double largest;        ///< absolute difference of two values
} nirc_difference;

/// Compares `other` with `base`, trace by trace. An error where they have no trace in common, or
/// differ in their samples, steps, dt or elements. Since 1.
NIRC_EXPORT nirc_status nirc_compare(const nirc_recording *base, const nirc_recording *other,
                                     const nirc_compare_options *options,
                                     nirc_comparison **comparison, nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_comparison_free(nirc_comparison *comparison);

/// Whether nothing differs, and both have the same traces. Since 1.
NIRC_EXPORT bool nirc_comparison_is_equal(const nirc_comparison *comparison);

/// Traces that both have, in the order of the base. Since 1.
NIRC_EXPORT size_t nirc_comparison_count(const nirc_comparison *comparison);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_difference *nirc_comparison_at(const nirc_comparison *comparison,
                                                      size_t number);

/// Every preset beside what a platform recorded.
typedef struct nirc_match_report nirc_match_report;

typedef struct nirc_match_options {
  size_t size;
  int32_t threads;        ///< 0: as many as the machine has cores
  int32_t max_shift;      ///< steps by which a recording may be early or late; 0: 3; -1: none
  double tolerance;       ///< of values; 0: 1e-5 of the largest one expected
  nirc_progress progress; ///< of runs; may be NULL
  void *user;             ///< for it
} nirc_match_options;

/// A semantics and how it did. Grows at its end.
typedef struct nirc_candidate {
  const char *semantics; ///< as nirc_plan_options takes it
  const char *preset;
  const char *changed; ///< "reset-delay=0"; empty for the preset itself
  bool is_full;        ///< it reproduces all of every recording
  int64_t shift;       ///< steps by which the recordings come later
  double share;        ///< of the spikes of both sides those that are common, 0 to 1
  double expected;     ///< spikes of the recordings
  double agree;        ///< of them, those that the run has as well
  double extra;        ///< spikes of the run alone
  int64_t unequal;     ///< values that are not within the tolerance
  double largest;      ///< difference of two values
} nirc_candidate;

/// Which semantics gives what was recorded. `inputs`: as for nirc_program_run. `expected`: for each
/// recording an array of the same samples and of as many steps, more or less the shift, with the
/// node that it is of (NULL: the only Output) and the observable (NULL: spikes, where it can be
/// spikes). Of `plan` dt, target, dtype and settings count; dt may be needed. Since 1.
NIRC_EXPORT nirc_status nirc_match(const nirc_model *model, const nirc_signal *inputs,
                                   size_t input_count, const nirc_signal *expected,
                                   size_t expected_count, const nirc_plan_options *plan,
                                   const nirc_match_options *options, nirc_match_report **report,
                                   nirc_error **error);

/// Since 1.
NIRC_EXPORT void nirc_match_free(nirc_match_report *report);

/// Candidates that ran, the best first. Since 1.
NIRC_EXPORT size_t nirc_match_count(const nirc_match_report *report);

/// NULL where there is none of that number. Since 1.
NIRC_EXPORT const nirc_candidate *nirc_match_at(const nirc_match_report *report, size_t number);

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

/// A cleared struct of options: `nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);`
#ifdef __cplusplus
} // extern "C"

template <typename Options>
inline Options nirc_cleared_options() {
  Options options = Options();
  options.size = sizeof(Options);
  return options;
}
#define NIRC_OPTIONS(type) nirc_cleared_options<type>()
#else
#define NIRC_OPTIONS(type) {.size = sizeof(type)}
#endif

#endif // NIRC_H
