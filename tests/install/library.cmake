# The installed programs run, and examples/library is built with what is installed.
include(${CMAKE_CURRENT_LIST_DIR}/Run.cmake)
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
