# nirc.h as C and as C++ of several years, by every compiler that there is, with all warnings as errors.
file(MAKE_DIRECTORY ${FOLDER})
file(WRITE ${FOLDER}/user.c [[
#include <nirc.h>
int main(void) {
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  nirc_run_options run = NIRC_OPTIONS(nirc_run_options);
  nirc_error *error = NULL;
  nirc_plan *plan = NULL;
  options.dt = "1ms";
  if (nirc_plan_make(NULL, &options, &plan, &error) != NIRC_OK) {
    nirc_error_free(error);
  }
  return (int)(run.steps + (int64_t)nirc_api_version());
}
]])
file(COPY_FILE ${FOLDER}/user.c ${FOLDER}/user.cpp)
set(tried 0)
foreach(compiler IN ITEMS gcc clang-22 g++ clang++-22)
  find_program(found_${compiler} ${compiler})
  if(NOT found_${compiler})
    continue()
  endif()
  if(compiler MATCHES "\\+\\+")
    set(standards c++11 c++17 c++20)
    set(file user.cpp)
  else()
    set(standards c11 c17)
    set(file user.c)
  endif()
  foreach(standard IN LISTS standards)
    execute_process(COMMAND ${found_${compiler}} -std=${standard} -pedantic -Wall -Wextra -Wconversion -Wshadow -Werror
                            -fsyntax-only -I${SOURCE}/plugins/c ${FOLDER}/${file}
                    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "${compiler} -std=${standard}:\n${output}")
    endif()
    math(EXPR tried "${tried} + 1")
  endforeach()
endforeach()
if(tried LESS 5)
  message(FATAL_ERROR "found compilers for ${tried} tries, expected gcc or clang")
endif()
