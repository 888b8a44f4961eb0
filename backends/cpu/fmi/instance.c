/*===- instance.c - the life of an instance, and its steps ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

#include "backends/cpu/fmi/instance.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===*/

static size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

size_t block_bytes(void) {
  return sizeof(struct block) + aligned((size_t)nirc_unit.held_bytes) +
         aligned((size_t)nirc_unit.network_bytes);
}

void *new_memory(size_t bytes) {
  void *memory = aligned_alloc(64, aligned(bytes));
  if (memory) {
    memset(memory, 0, aligned(bytes));
  }
  return memory;
}

char *held_of(struct block *block) { return (char *)(block + 1); }

char *network_of(struct block *block) {
  return held_of(block) + aligned((size_t)nirc_unit.held_bytes);
}

double time_of(const struct block *block) {
  return block->start + (double)block->steps * nirc_unit.dt;
}

/*===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===*/

static const char *const category_names[CATEGORIES] = {"logEvents", "logStatusError"};

static void say(struct instance *self, enum category category, fmi3Status status,
                const char *format, va_list arguments) {
  char text[512];
  if (self->log && self->logs[category]) {
    vsnprintf(text, sizeof text, format, arguments);
    self->log(self->environment, status, category_names[category], text);
  }
}

fmi3Status fail(struct instance *self, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(self, LOG_ERRORS, fmi3Error, format, arguments);
  va_end(arguments);
  self->block->mode = TERMINATED;
  return fmi3Error;
}

void note(struct instance *self, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(self, LOG_EVENTS, fmi3OK, format, arguments);
  va_end(arguments);
}

static const char *name_of(int64_t mode) {
  return mode == INSTANTIATED     ? "Instantiated"
         : mode == INITIALIZATION ? "Initialization Mode"
         : mode == STEP           ? "Step Mode"
                                  : "Terminated";
}

bool may(struct instance *self, const char *function, int modes) {
  if (!self) {
    return false;
  }
  if (!(self->block->mode & modes)) {
    fail(self, "%s: cannot be called in the state %s", function, name_of(self->block->mode));
    return false;
  }
  return true;
}

bool is_given(struct instance *self, const char *function, const char *argument,
              const void *value) {
  if (!value) {
    fail(self, "%s: found no %s", function, argument);
  }
  return value != NULL;
}

const char *fmi3GetVersion(void) { return fmi3Version; }

/* The category of that name; CATEGORIES where there is none. */
static int category_of(const char *name) {
  int at = 0;
  while (at < CATEGORIES && (!name || strcmp(name, category_names[at]) != 0)) {
    ++at;
  }
  return at;
}

fmi3Status fmi3SetDebugLogging(fmi3Instance instance, fmi3Boolean on, size_t count,
                               const fmi3String categories[]) {
  struct instance *self = instance;
  if (!may(self, "fmi3SetDebugLogging", ANY)) {
    return fmi3Error;
  }
  if (count == 0) {
    self->logs[LOG_EVENTS] = self->logs[LOG_ERRORS] = on;
    return fmi3OK;
  }
  if (!is_given(self, "fmi3SetDebugLogging", "categories", categories)) {
    return fmi3Error;
  }
  for (size_t i = 0; i < count; ++i) {
    if (category_of(categories[i]) == CATEGORIES) {
      return fail(self, "fmi3SetDebugLogging: category %zu is neither logEvents nor logStatusError",
                  i);
    }
  }
  for (size_t i = 0; i < count; ++i) {
    self->logs[category_of(categories[i])] = on;
  }
  return fmi3OK;
}

/*===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===*/

static bool is_blank(const char *text) {
  return !text || text[strspn(text, " \t\n\r\f\v")] == '\0';
}

/* Says why there is no instance. */
static fmi3Instance refuse(fmi3LogMessageCallback log, fmi3InstanceEnvironment environment, bool on,
                           const char *message) {
  if (log && on) {
    log(environment, fmi3Error, category_names[LOG_ERRORS], message);
  }
  return NULL;
}

/* What is wrong with the arguments; NULL where nothing is. */
static const char *problem_of(const char *name, const char *token, bool event_mode, size_t updates,
                              char *text, size_t size) {
  const char *missing = missing_feature();
  if (is_blank(name)) {
    return "fmi3InstantiateCoSimulation: found no instanceName, expected a text";
  }
  if (!token || strcmp(token, nirc_token) != 0) {
    return "fmi3InstantiateCoSimulation: the instantiationToken is not that of this unit: "
           "modelDescription.xml and the library are of different units";
  }
  if (event_mode) {
    return "fmi3InstantiateCoSimulation: found eventModeUsed, expected false: the unit has no "
           "event "
           "mode";
  }
  if (updates != 0) {
    return "fmi3InstantiateCoSimulation: found requiredIntermediateVariables, expected none: the "
           "unit has no intermediate updates";
  }
  if (missing) {
    snprintf(
        text, size,
        "fmi3InstantiateCoSimulation: this machine has no %s, which the unit was compiled for; "
        "`nirc compile --emit=fmu --cpu=generic` makes one for every machine",
        missing);
    return text;
  }
  return NULL;
}

fmi3Instance fmi3InstantiateCoSimulation(fmi3String name, fmi3String token, fmi3String resources,
                                         fmi3Boolean visible, fmi3Boolean logging,
                                         fmi3Boolean event_mode, fmi3Boolean early_return,
                                         const fmi3ValueReference required[], size_t updates,
                                         fmi3InstanceEnvironment environment,
                                         fmi3LogMessageCallback log,
                                         fmi3IntermediateUpdateCallback update) {
  char text[256];
  const char *problem = problem_of(name, token, event_mode, updates, text, sizeof text);
  if (problem) {
    return refuse(log, environment, logging, problem);
  }
  struct instance *self = new_memory(sizeof *self);
  struct block *block = new_memory(block_bytes());
  if (!self || !block) {
    free(self);
    free(block);
    return refuse(log, environment, logging, "fmi3InstantiateCoSimulation: out of memory");
  }
  self->log = log;
  self->environment = environment;
  self->logs_from_start = self->logs[LOG_EVENTS] = self->logs[LOG_ERRORS] = logging;
  self->block = block;
  block->mode = INSTANTIATED;
  reset_values(block);
  return self;
}

void fmi3FreeInstance(fmi3Instance instance) {
  struct instance *self = instance;
  if (self) {
    free(self->block);
    free(self);
  }
}

fmi3Status fmi3Reset(fmi3Instance instance) {
  struct instance *self = instance;
  if (!may(self, "fmi3Reset", ANY)) {
    return fmi3Error;
  }
  memset(self->block, 0, block_bytes());
  self->block->mode = INSTANTIATED;
  self->logs[LOG_EVENTS] = self->logs[LOG_ERRORS] = self->logs_from_start;
  reset_values(self->block);
  return fmi3OK;
}

fmi3Status fmi3EnterInitializationMode(fmi3Instance instance, fmi3Boolean has_tolerance,
                                       fmi3Float64 tolerance, fmi3Float64 start,
                                       fmi3Boolean has_stop, fmi3Float64 stop) {
  struct instance *self = instance;
  if (!may(self, "fmi3EnterInitializationMode", INSTANTIATED)) {
    return fmi3Error;
  }
  if (!isfinite(start) || (has_stop && !(stop >= start))) {
    return fail(self, "fmi3EnterInitializationMode: found the start %.17g s and the stop %.17g s",
                start, stop);
  }
  self->block->start = start;
  self->block->stop = stop;
  self->block->has_stop = has_stop;
  self->block->mode = INITIALIZATION;
  return fmi3OK;
}

fmi3Status fmi3ExitInitializationMode(fmi3Instance instance) {
  struct instance *self = instance;
  if (!may(self, "fmi3ExitInitializationMode", INITIALIZATION)) {
    return fmi3Error;
  }
  self->block->mode = STEP;
  note(self, "initialized at %.17g s", self->block->start);
  return fmi3OK;
}

fmi3Status fmi3Terminate(fmi3Instance instance) {
  struct instance *self = instance;
  if (!may(self, "fmi3Terminate", STEP)) {
    return fmi3Error;
  }
  self->block->mode = TERMINATED;
  note(self, "terminated at %.17g s, after %lld steps", time_of(self->block),
       (long long)self->block->steps);
  return fmi3OK;
}

/*===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===*/

/* The whole number of steps that a communication step is, to a millionth of a step and what adding
   it to the time rounds; 0 where it is none. */
static int64_t steps_in(double from, double duration) {
  double dt = nirc_unit.dt, most = 0x1p51;
  double rounding = 4 * 0x1p-52 * (fabs(from) + fabs(duration));
  if (!(duration > 0) || !(duration / dt < most) || rounding > 0.1 * dt) {
    return 0;
  }
  double count =
      (duration / dt + 0x1.8p52) - 0x1.8p52; /* which leaves no digits behind the point */
  return fabs(duration - count * dt) <= 1e-6 * dt + rounding ? (int64_t)count : 0;
}

fmi3Status fmi3DoStep(fmi3Instance instance, fmi3Float64 from, fmi3Float64 duration,
                      fmi3Boolean final, fmi3Boolean *event, fmi3Boolean *terminate,
                      fmi3Boolean *early, fmi3Float64 *last) {
  struct instance *self = instance;
  if (!may(self, "fmi3DoStep", STEP) ||
      !is_given(self, "fmi3DoStep", "eventHandlingNeeded", event) ||
      !is_given(self, "fmi3DoStep", "terminateSimulation", terminate) ||
      !is_given(self, "fmi3DoStep", "earlyReturn", early) ||
      !is_given(self, "fmi3DoStep", "lastSuccessfulTime", last)) {
    return fmi3Error;
  }
  struct block *block = self->block;
  double now = time_of(block), dt = nirc_unit.dt;
  /* Importers add up communication steps, so their time is off by some roundings. */
  if (!(fabs(from - now) <= 0.01 * dt)) {
    return fail(self,
                "fmi3DoStep: found the communication point %.17g s, expected %.17g s, which is the "
                "end of the last step",
                from, now);
  }
  int64_t steps = steps_in(from, duration);
  if (steps == 0) {
    return fail(self,
                "fmi3DoStep: found a communication step of %.17g s, expected a multiple of the "
                "network's step of %.17g s",
                duration, dt);
  }
  double end = block->start + (double)(block->steps + steps) * dt;
  if (block->has_stop && end > block->stop + 0.01 * dt) {
    return fail(self, "fmi3DoStep: found a step to %.17g s, expected at most the stop time %.17g s",
                end, block->stop);
  }
  advance(block, steps);
  *event = *terminate = *early = false;
  *last = end;
  return fmi3OK;
}
