/*===- values.c - the values of variables ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

/* What enters a network and what leaves it is converted as in a run of nirc
   (backends/cpu/run/Ports.cpp), to the bit. Tests compare both. */

#include "backends/cpu/fmi/instance.h"

#include <string.h>

/*===----------------------------------------------------------------------===//
// Into and out of the network
//===----------------------------------------------------------------------===*/

/* x / scale, rounded to nearest, ties to even, and limited; 0 for a NaN. */
static int32_t quantized(const struct NircVariable *variable, double x, double scale) {
  double least = (double)variable->least, most = (double)variable->most, q = x / scale;
  q = q == q ? (q < least ? least : q > most ? most : q) : 0.0;
  return (int32_t)((q + 0x1.8p52) - 0x1.8p52); /* which leaves no digits behind the point */
}

static double scale_at(const struct NircVariable *variable, int64_t place) {
  int64_t channel = variable->elements / variable->scales;
  return nirc_scales[variable->first_scale + place / channel];
}

/* Where an element lies in the network's array. */
static int64_t index_of(const struct NircVariable *variable, int64_t place) {
  return variable->positions == 0
             ? place
             : place % variable->positions * variable->pitch + place / variable->positions;
}

static void write_input(const struct NircVariable *variable, const double *values, char *network) {
  char *to = network + variable->offset;
  for (int64_t place = 0; place < variable->elements; ++place) {
    int64_t at = index_of(variable, place);
    switch (variable->element) {
    case NIRC_F32:
      ((float *)to)[at] = (float)values[place];
      break;
    case NIRC_F64:
      ((double *)to)[at] = values[place];
      break;
    default:
      ((int32_t *)to)[at] = quantized(variable, values[place], scale_at(variable, place));
    }
  }
}

/* The number that an element of the network's array stands for. */
static double number_at(const struct NircVariable *variable, const char *network, int64_t place) {
  const char *from = network + variable->offset;
  int64_t at = index_of(variable, place);
  switch (variable->element) {
  case NIRC_F32:
    return ((const float *)from)[at];
  case NIRC_F64:
    return ((const double *)from)[at];
  case NIRC_I32:
    return ((const int32_t *)from)[at] * scale_at(variable, place);
  default:
    return ((const uint8_t *)from)[at];
  }
}

/* Of numbers that count spikes. A network that runs away counts without end. */
static int32_t count_at(const struct NircVariable *variable, const char *network, int64_t place) {
  double count = number_at(variable, network, place);
  return !(count < INT32_MAX) ? INT32_MAX : count > 0 ? (int32_t)count : 0;
}

static void add_counts(const struct NircVariable *counter, const char *network, int32_t *counts) {
  for (int64_t place = 0; place < counter->elements; ++place) {
    int64_t sum = (int64_t)counts[place] + count_at(counter, network, place);
    counts[place] = sum < INT32_MAX ? (int32_t)sum : INT32_MAX;
  }
}

static void add_spikes(const struct NircVariable *counter, const char *network, int32_t *counts) {
  const uint8_t *spikes = (const uint8_t *)network + counter->offset;
  for (int64_t place = 0; place < counter->elements; ++place) {
    counts[place] += counts[place] < INT32_MAX ? spikes[index_of(counter, place)] : 0;
  }
}

void reset_values(struct block *block) {
  nirc_begin(network_of(block));
  for (int64_t i = 0; i < nirc_unit.variables; ++i) {
    const struct NircVariable *variable = &nirc_variables[i];
    if (variable->role == NIRC_INPUT) { /* whose start values are 0 */
      write_input(variable, (const double *)(held_of(block) + variable->held), network_of(block));
    }
  }
}

void advance(struct block *block, int64_t steps) {
  char *network = network_of(block), *held = held_of(block);
  for (int64_t i = 0; i < nirc_unit.variables; ++i) {
    const struct NircVariable *variable = &nirc_variables[i];
    if (variable->role == NIRC_COUNTER) {
      memset(held + variable->held, 0, (size_t)variable->elements * sizeof(int32_t));
    }
  }
  for (int64_t step = 0; step < steps; ++step) {
    nirc_step(network);
    for (int64_t i = 0; i < nirc_unit.variables; ++i) {
      const struct NircVariable *variable = &nirc_variables[i];
      if (variable->role == NIRC_COUNTER) {
        (variable->element == NIRC_U8 ? add_spikes : add_counts)(
            variable, network, (int32_t *)(held + variable->held));
      }
    }
  }
  block->steps += steps;
}

/*===----------------------------------------------------------------------===//
// Get and set
//===----------------------------------------------------------------------===*/

static const char *type_name(int64_t type) {
  return type == NIRC_FLOAT64 ? "Float64" : type == NIRC_INT32 ? "Int32" : "UInt8";
}

/* Whether all references are of variables of the type, which have `values` numbers together; and,
   where they are to be set, of inputs. Nothing is changed before that is known. */
static bool are_right(struct instance *self, const char *function, int64_t type, bool set,
                      const fmi3ValueReference references[], size_t count, const void *values,
                      size_t size) {
  size_t elements = 0;
  if (count == 0 && size == 0) {
    return true;
  }
  if (!is_given(self, function, "valueReferences", references) ||
      !is_given(self, function, "values", values)) {
    return false;
  }
  for (size_t i = 0; i < count; ++i) {
    if (references[i] >= nirc_unit.variables) {
      fail(self, "%s: found the value reference %lu, expected at most %lld", function,
           (unsigned long)references[i], (long long)nirc_unit.variables - 1);
      return false;
    }
    const struct NircVariable *variable = &nirc_variables[references[i]];
    if (variable->type != type) {
      fail(self, "%s: #%lu# is of type %s", function, (unsigned long)references[i],
           type_name(variable->type));
      return false;
    }
    if (set && variable->role != NIRC_INPUT) {
      fail(self, "%s: #%lu# is not an input, and only inputs can be set", function,
           (unsigned long)references[i]);
      return false;
    }
    elements += (size_t)variable->elements;
  }
  if (elements != size) {
    fail(self, "%s: found %zu values, expected %zu", function, size, elements);
    return false;
  }
  return true;
}

fmi3Status fmi3SetFloat64(fmi3Instance instance, const fmi3ValueReference references[],
                          size_t count, const fmi3Float64 values[], size_t size) {
  struct instance *self = instance;
  if (!may(self, "fmi3SetFloat64", INSTANTIATED | INITIALIZATION | STEP) ||
      !are_right(self, "fmi3SetFloat64", NIRC_FLOAT64, true, references, count, values, size)) {
    return fmi3Error;
  }
  for (size_t i = 0; i < count; ++i) {
    const struct NircVariable *variable = &nirc_variables[references[i]];
    memcpy(held_of(self->block) + variable->held, values,
           (size_t)variable->elements * sizeof *values);
    write_input(variable, values, network_of(self->block));
    values += variable->elements;
  }
  return fmi3OK;
}

fmi3Status fmi3GetFloat64(fmi3Instance instance, const fmi3ValueReference references[],
                          size_t count, fmi3Float64 values[], size_t size) {
  struct instance *self = instance;
  if (!may(self, "fmi3GetFloat64", ANY) ||
      !are_right(self, "fmi3GetFloat64", NIRC_FLOAT64, false, references, count, values, size)) {
    return fmi3Error;
  }
  for (size_t i = 0; i < count; ++i) {
    const struct NircVariable *variable = &nirc_variables[references[i]];
    if (variable->role == NIRC_TIME) {
      *values = time_of(self->block);
    } else if (variable->role == NIRC_INPUT) {
      memcpy(values, held_of(self->block) + variable->held,
             (size_t)variable->elements * sizeof *values);
    } else {
      for (int64_t place = 0; place < variable->elements; ++place) {
        values[place] = number_at(variable, network_of(self->block), place);
      }
    }
    values += variable->elements;
  }
  return fmi3OK;
}

fmi3Status fmi3GetInt32(fmi3Instance instance, const fmi3ValueReference references[], size_t count,
                        fmi3Int32 values[], size_t size) {
  struct instance *self = instance;
  if (!may(self, "fmi3GetInt32", ANY) ||
      !are_right(self, "fmi3GetInt32", NIRC_INT32, false, references, count, values, size)) {
    return fmi3Error;
  }
  for (size_t i = 0; i < count; ++i) {
    const struct NircVariable *variable = &nirc_variables[references[i]];
    if (variable->role == NIRC_COUNTER) {
      memcpy(values, held_of(self->block) + variable->held,
             (size_t)variable->elements * sizeof *values);
    } else {
      for (int64_t place = 0; place < variable->elements; ++place) {
        values[place] = count_at(variable, network_of(self->block), place);
      }
    }
    values += variable->elements;
  }
  return fmi3OK;
}

fmi3Status fmi3GetUInt8(fmi3Instance instance, const fmi3ValueReference references[], size_t count,
                        fmi3UInt8 values[], size_t size) {
  struct instance *self = instance;
  if (!may(self, "fmi3GetUInt8", ANY) ||
      !are_right(self, "fmi3GetUInt8", NIRC_UINT8, false, references, count, values, size)) {
    return fmi3Error;
  }
  for (size_t i = 0; i < count; ++i) {
    const struct NircVariable *variable = &nirc_variables[references[i]];
    const char *spikes = network_of(self->block) + variable->offset;
    for (int64_t place = 0; place < variable->elements; ++place) {
      values[place] = (fmi3UInt8)spikes[index_of(variable, place)];
    }
    values += variable->elements;
  }
  return fmi3OK;
}

/* Of the types that no variable has. A call for no variables is in order. */
#define NO_VARIABLES(NAME, TYPE, MODES)                                                            \
  fmi3Status NAME(fmi3Instance instance, const fmi3ValueReference references[], size_t count,      \
                  TYPE values[], size_t size) {                                                    \
    struct instance *self = instance;                                                              \
    if (!may(self, #NAME, MODES) ||                                                                \
        !are_right(self, #NAME, -1, false, references, count, (const void *)values, size)) {       \
      return fmi3Error;                                                                            \
    }                                                                                              \
    return fmi3OK;                                                                                 \
  }
#define NO_GET(TYPE) NO_VARIABLES(fmi3Get##TYPE, fmi3##TYPE, ANY)
#define NO_SET(TYPE)                                                                               \
  NO_VARIABLES(fmi3Set##TYPE, const fmi3##TYPE, INSTANTIATED | INITIALIZATION | STEP)

NO_GET(Float32)
NO_GET(Int8)
NO_GET(Int16)
NO_GET(UInt16)
NO_GET(UInt32)
NO_GET(Int64)
NO_GET(UInt64)
NO_GET(Boolean)
NO_GET(String)
NO_SET(Float32)
NO_SET(Int8)
NO_SET(UInt8)
NO_SET(Int16)
NO_SET(UInt16)
NO_SET(Int32)
NO_SET(UInt32)
NO_SET(Int64)
NO_SET(UInt64)
NO_SET(Boolean)
NO_SET(String)

fmi3Status fmi3GetBinary(fmi3Instance instance, const fmi3ValueReference references[], size_t count,
                         size_t sizes[], fmi3Binary values[], size_t size) {
  struct instance *self = instance;
  return may(self, "fmi3GetBinary", ANY) && are_right(self, "fmi3GetBinary", -1, false, references,
                                                      count, (const void *)values, size)
             ? fmi3OK
             : fmi3Error;
}

fmi3Status fmi3SetBinary(fmi3Instance instance, const fmi3ValueReference references[], size_t count,
                         const size_t sizes[], const fmi3Binary values[], size_t size) {
  struct instance *self = instance;
  return may(self, "fmi3SetBinary", INSTANTIATED | INITIALIZATION | STEP) &&
                 are_right(self, "fmi3SetBinary", -1, false, references, count,
                           (const void *)values, size)
             ? fmi3OK
             : fmi3Error;
}
