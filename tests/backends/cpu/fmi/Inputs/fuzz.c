/* Calls the functions of a unit in any order, with right and wrong arguments, on a small network
   that is made up here. Built with the sanitizers: no order and no argument may touch memory that
   is not the unit's, overflow, or leave memory behind. */
#include "backends/cpu/fmi/tables.h"
#include "third_party/fmi/headers/fmi3Functions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Arrays of the network, in bytes: floats at 0, integers with their channels innermost at 64,
   spikes at 128, counts at 192, a clock at 300. */
enum { VARIABLES = 8, BYTES = 320 };
const struct NircVariable nirc_variables[] = {
    {.role = NIRC_TIME, .type = NIRC_FLOAT64, .elements = 1},
    {.role = NIRC_INPUT, .type = NIRC_FLOAT64, .elements = 4, .held = 0, .element = NIRC_F32},
    {.role = NIRC_INPUT,
     .type = NIRC_FLOAT64,
     .elements = 6,
     .held = 32,
     .element = NIRC_I32,
     .offset = 64,
     .positions = 3,
     .pitch = 4,
     .scales = 2,
     .least = -128,
     .most = 127},
    {.role = NIRC_STATE, .type = NIRC_UINT8, .elements = 5, .element = NIRC_U8, .offset = 128},
    {.role = NIRC_COUNTER,
     .type = NIRC_INT32,
     .elements = 5,
     .held = 80,
     .element = NIRC_U8,
     .offset = 128},
    {.role = NIRC_STATE, .type = NIRC_INT32, .elements = 3, .element = NIRC_F32, .offset = 192},
    {.role = NIRC_COUNTER,
     .type = NIRC_INT32,
     .elements = 3,
     .held = 104,
     .element = NIRC_F32,
     .offset = 192},
    {.role = NIRC_STATE,
     .type = NIRC_FLOAT64,
     .elements = 6,
     .element = NIRC_I32,
     .offset = 64,
     .positions = 3,
     .pitch = 4,
     .scales = 2,
     .least = -128,
     .most = 127},
};
const struct NircUnit nirc_unit = {
    .variables = VARIABLES, .held_bytes = 120, .network_bytes = BYTES, .dt = 1e-3};
const double nirc_scales[] = {0.5, 0.25};
const char nirc_token[NIRC_TOKEN_LENGTH + 1] =
    "0123456789012345678901234567890123456789012345678901234567890123";

void nirc_begin(void *network) { (void)network; }

void nirc_step(void *network) {
  char *bytes = network;
  const float *input = network;
  float *counts = (float *)(bytes + 192);
  for (int i = 0; i < 5; ++i) {
    bytes[128 + i] = (i + bytes[300]) % 3 == 0;
  }
  bytes[300] = (char)((bytes[300] + 1) % 7);
  for (int i = 0; i < 3; ++i) {
    counts[i] = counts[i] * 1.5F + input[i];
  }
}

static uint64_t random_state = 1;

static uint32_t below(uint32_t end) {
  random_state = random_state * 6364136223846793005U + 1442695040888963407U;
  return (uint32_t)(random_state >> 33) % end;
}

static double odd_number(void) {
  static const double numbers[] = {0,        1,     -1,    1e308,  -1e308, NAN,
                                   INFINITY, 0.001, 0.002, 5e-324, 0.0015, 1e-300};
  return numbers[below(12)] * (below(3) ? 1 : 0.5);
}

static size_t said = 0;

static void take(fmi3InstanceEnvironment environment, fmi3Status status, fmi3String category,
                 fmi3String message) {
  (void)environment, (void)status;
  said += strlen(category) + strlen(message);
}

struct run {
  fmi3Instance unit;
  fmi3FMUState states[3];
  fmi3Byte *written;
  size_t size;
  double time;
};

static void start(struct run *run) {
  fmi3Reset(run->unit);
  fmi3EnterInitializationMode(run->unit, false, 0, 0, false, 0);
  fmi3ExitInitializationMode(run->unit);
  run->time = 0;
}

/* Gets or sets some variables, mostly as many values as they have. */
static void access_values(struct run *run) {
  fmi3ValueReference references[5];
  double numbers[40];
  int32_t whole[40];
  uint8_t bytes[40];
  size_t count = below(6), size = 0;
  for (size_t i = 0; i < count; ++i) {
    references[i % 5] = below(10) ? below(VARIABLES) : below(UINT32_MAX);
    size += references[i % 5] < VARIABLES ? (size_t)nirc_variables[references[i % 5]].elements : 1;
  }
  count = count > 5 ? 5 : count;
  size = below(5) == 0 ? below(30) : size > 40 ? 40 : size;
  for (int i = 0; i < 40; ++i) {
    numbers[i] = odd_number();
  }
  switch (below(6)) {
  case 0:
    references[0] = 1 + below(2);
    fmi3SetFloat64(run->unit, references, 1, numbers, references[0] == 1 ? 4 : 6);
    break;
  case 1:
    fmi3SetFloat64(run->unit, references, count, numbers, size);
    break;
  case 2:
    fmi3GetFloat64(run->unit, references, count, numbers, size);
    break;
  case 3:
    fmi3GetInt32(run->unit, references, count, whole, size);
    break;
  case 4:
    fmi3GetUInt8(run->unit, references, count, bytes, size);
    break;
  default:
    fmi3GetBoolean(run->unit, references, count, (bool *)bytes, size);
  }
}

static void access_states(struct run *run) {
  fmi3FMUState *state = &run->states[below(3)];
  static const fmi3ValueReference time = 0;
  switch (below(5)) {
  case 0:
    fmi3GetFMUState(run->unit, state);
    break;
  case 1:
    if (*state && fmi3SetFMUState(run->unit, *state) == fmi3OK) {
      fmi3GetFloat64(run->unit, &time, 1, &run->time, 1);
    }
    break;
  case 2:
    fmi3FreeFMUState(run->unit, state);
    break;
  case 3:
    if (*state && fmi3SerializedFMUStateSize(run->unit, *state, &run->size) == fmi3OK) {
      free(run->written);
      run->written = malloc(run->size);
      fmi3SerializeFMUState(run->unit, *state, run->written, run->size);
    }
    break;
  default:
    if (run->written) {
      size_t size = below(4) ? run->size : below((uint32_t)run->size);
      fmi3Byte *copy = malloc(run->size);
      memcpy(copy, run->written, run->size);
      copy[below((uint32_t)run->size)] ^= (fmi3Byte)(below(2) << below(8));
      fmi3DeserializeFMUState(run->unit, copy, size, state);
      free(copy);
    }
  }
}

static void step(struct run *run) {
  bool event, terminate, early;
  double last, duration = below(5) ? 0.001 * (1 + below(50)) : fmin(odd_number(), 1);
  if (fmi3DoStep(run->unit, below(20) ? run->time : odd_number(), duration, true, &event,
                 &terminate, &early, &last) == fmi3OK) {
    run->time = last;
  }
}

static void other(struct run *run) {
  static const char *const names[] = {"logEvents", "logStatusError", "x", NULL};
  const char *categories[2] = {names[below(4)], names[below(4)]};
  switch (below(5)) {
  case 0:
    fmi3EnterInitializationMode(run->unit, false, 0, below(4) ? 0 : odd_number(), below(4) == 0,
                                odd_number());
    run->time = 0;
    break;
  case 1:
    fmi3ExitInitializationMode(run->unit);
    break;
  case 2:
    fmi3Terminate(run->unit);
    break;
  case 3:
    fmi3SetDebugLogging(run->unit, below(2), below(3), categories);
    break;
  default:
    fmi3EnterEventMode(run->unit);
  }
}

int main(void) {
  size_t steps = 0;
  for (int round = 0; round < 4000; ++round) {
    struct run run = {.unit = fmi3InstantiateCoSimulation("fuzz", nirc_token, NULL, false, below(2),
                                                          false, false, NULL, 0, NULL,
                                                          below(2) ? take : NULL, NULL)};
    if (!run.unit) {
      return 1;
    }
    for (int call = 0; call < 60; ++call) {
      void (*const calls[])(struct run *) = {
          start, step, step, access_values, access_values, access_states, access_states, other};
      calls[below(8)](&run);
    }
    steps += (size_t)(run.time / nirc_unit.dt);
    for (int i = 0; i < 3; ++i) {
      fmi3FreeFMUState(run.unit, &run.states[i]);
    }
    free(run.written);
    fmi3FreeInstance(run.unit);
  }
  printf("240000 calls, %s, %s\n", steps > 10000 ? "many steps" : "few steps",
         said > 100000 ? "many messages" : "few messages");
  return 0;
}
