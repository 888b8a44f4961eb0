// A network in a program in C: load, choose, compile, run a recording, then step.
//
//     spikes MODEL.nir
//
// Prints the output's spikes of a whole run as events, and those of the same steps one by one.
#include <nirc.h>
#include <stdio.h>
#include <stdlib.h>

enum { steps = 100 };

// The end of the program where a call failed.
static void check(nirc_status status, nirc_error **error) {
  if (status != NIRC_OK) {
    fprintf(stderr, "%s\n", nirc_error_text(*error));
    nirc_error_free(*error);
    exit(status);
  }
}

// Every third input spikes, and another third in the next step.
static float input_at(int64_t step, int64_t element) { return (step + element) % 3 == 0; }

// The whole run: all steps in one call.
static size_t run(const nirc_program *program) {
  nirc_error *error = NULL;
  const nirc_port *input = nirc_program_input(program, 0);
  float *values = calloc((size_t)(steps * input->elements), sizeof *values);
  if (!values) {
    exit(3);
  }
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t i = 0; i < input->elements; ++i) {
      values[t * input->elements + i] = input_at(t, i);
    }
  }
  const int64_t shape[] = {1, steps, input->elements};
  nirc_signal signal = {.array = {values, shape, 3, NIRC_FLOAT32}};
  nirc_recording *recording;
  check(nirc_program_run(program, &signal, 1, NULL, &recording, &error), &error);
  const nirc_event *events;
  size_t count;
  check(nirc_recording_events(recording, 0, &events, &count, &error), &error);
  for (size_t i = 0; i < count; ++i) {
    printf("step %lld: neuron %lld of '%s'\n", (long long)events[i].step,
           (long long)events[i].element, nirc_recording_trace(recording, 0)->node);
  }
  nirc_recording_free(recording);
  free(values);
  return count;
}

// The same a step at a time, with buffers that every step reads and writes.
static size_t step(const nirc_program *program) {
  nirc_error *error = NULL;
  size_t inputs = (size_t)nirc_program_input(program, 0)->elements;
  size_t outputs = (size_t)nirc_program_output(program, 0)->elements;
  float *input = calloc(inputs, sizeof *input);
  unsigned char *spikes = calloc(outputs, sizeof *spikes);
  if (!input || !spikes) {
    exit(3);
  }
  nirc_session *session;
  check(nirc_session_create(program, 1, &session, &error), &error);
  check(nirc_session_bind_input(session, 0, NIRC_FLOAT32, input, inputs, &error), &error);
  check(nirc_session_bind_output(session, 0, NIRC_UINT8, spikes, outputs, &error), &error);
  size_t count = 0;
  for (int64_t t = 0; t < steps; ++t) {
    for (size_t i = 0; i < inputs; ++i) {
      input[i] = input_at(t, (int64_t)i);
    }
    check(nirc_session_step(session, 1, &error), &error);
    for (size_t i = 0; i < outputs; ++i) {
      count += spikes[i];
    }
  }
  nirc_session_free(session);
  free(spikes);
  free(input);
  return count;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: spikes MODEL.nir\n");
    return 2;
  }
  nirc_error *error = NULL;
  nirc_model *model;
  check(nirc_model_open(argv[1], NULL, &model, &error), &error);
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "1ms";
  nirc_plan *plan;
  check(nirc_plan_make(model, &options, &plan, &error), &error);
  printf("%s: %s\n", nirc_model_name(model), nirc_plan_text(plan));
  nirc_program *program;
  check(nirc_program_compile(plan, NULL, &program, &error), &error);
  size_t whole = run(program), stepped = step(program);
  printf("%zu spikes in the run, %zu step by step\n", whole, stepped);
  nirc_program_free(program);
  nirc_plan_free(plan);
  nirc_model_free(model);
  return whole == stepped ? 0 : 1;
}
