include(${CMAKE_CURRENT_LIST_DIR}/Run.cmake)
# The same in C, which needs nothing but libnirc.so: by find_package, and by pkg-config.
run("" ${CMAKE_COMMAND} -S ${SOURCE}/examples/c -B ${FOLDER}/build-c -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE}
       -D CMAKE_C_COMPILER=${CC} -D CMAKE_EXE_LINKER_FLAGS=${LINKER} -D CMAKE_PREFIX_PATH=${prefix})
run("" ${CMAKE_COMMAND} --build ${FOLDER}/build-c)
set(spikes "step 1: neuron 0 of 'output'.*84 spikes in the run, 84 step by step")
run("${spikes}" ${FOLDER}/build-c/nirc-spikes ${SOURCE}/examples/two-layers.nir)
foreach(compiler IN ITEMS gcc clang-22)
  find_program(found_${compiler} ${compiler})
  if(found_${compiler})
    run("" sh -c "${found_${compiler}} -std=c11 -pedantic -Wall -Wextra -Werror '${SOURCE}/examples/c/spikes.c' \
                  $(PKG_CONFIG_PATH='${prefix}/lib/pkgconfig' pkg-config --cflags --libs nirc) \
                  -Wl,-rpath,'${prefix}/lib' -o '${FOLDER}/spikes-${compiler}'")
    run("${spikes}" ${FOLDER}/spikes-${compiler} ${SOURCE}/examples/two-layers.nir)
  endif()
endforeach()
