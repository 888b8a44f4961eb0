# Installs BUILD, moves the prefix elsewhere, runs the programs, and builds examples/library with it.
function(run expected)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=NIRC_READ_HELPER PATH=${prefix}/bin:$ENV{PATH} ${ARGN}
                  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR NOT output MATCHES "${expected}")
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${result} and said\n${output}\nexpected ${expected}")
  endif()
endfunction()

file(REMOVE_RECURSE ${FOLDER})
set(prefix ${FOLDER}/moved)
run("" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed)
file(RENAME ${FOLDER}/installed ${prefix})

run("two-layers" ${prefix}/bin/nirc inspect ${SOURCE}/examples/two-layers.nir)
run("module" ${prefix}/bin/nir-opt ${SOURCE}/tests/install/Inputs/empty.mlir)

# The example is a project outside of the tree; what it saves is a program for the installed nirc.
run("" ${CMAKE_COMMAND} -S ${SOURCE}/examples/library -B ${FOLDER}/build -G ${GENERATOR}
       -D CMAKE_MAKE_PROGRAM=${MAKE} -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_C_COMPILER=${CC}
       -D CMAKE_EXE_LINKER_FLAGS=${LINKER}
       -D CMAKE_PREFIX_PATH=${prefix})
run("" ${CMAKE_COMMAND} --build ${FOLDER}/build)
run("step 50: [0-9]+ spikes, v of lif1 is " ${FOLDER}/build/nirc-step ${SOURCE}/examples/two-layers.nir ${FOLDER}/program)
run("132 spikes" ${prefix}/bin/nirc run ${FOLDER}/program --input ${SOURCE}/examples/two-layers.npy)

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
