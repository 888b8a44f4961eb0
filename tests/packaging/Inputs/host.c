/* A program with nirc that loads a library of the platform later: host MODEL LIBRARY FUNCTION...
 *
 * It runs the model (examples/c/spikes.c, whose main is `spikes` here), loads the library, calls
 * its functions, each with what the one before returned, and runs the model again. None of the
 * functions may return null. */
#include <dlfcn.h>
#include <stdio.h>

int spikes(int argc, char **argv);

int main(int argc, char **argv) {
  char *arguments[] = {argv[0], argv[1], NULL};
  if (spikes(2, arguments)) {
    return 1;
  }
  void *library = dlopen(argv[2], RTLD_NOW | RTLD_LOCAL), *value = NULL;
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  for (int i = 3; i < argc; ++i) {
    void *(*function)(void *);
    *(void **)&function = dlsym(library, argv[i]);
    value = function ? function(value) : NULL;
    if (!value) {
      fprintf(stderr, "%s gives nothing\n", argv[i]);
      return 3;
    }
  }
  return spikes(2, arguments);
}
