include(${CMAKE_CURRENT_LIST_DIR}/Run.cmake)
# A chip of others: a library that is built with what is installed, and a file. Its spikes are those of cpu in the same format.
run("" ${CMAKE_COMMAND} -S ${SOURCE}/examples/mychip -B ${FOLDER}/mychip -G ${GENERATOR}
       -D CMAKE_MAKE_PROGRAM=${MAKE} -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_C_COMPILER=${CC}
       -D CMAKE_MODULE_LINKER_FLAGS=${LINKER}
       -D CMAKE_PREFIX_PATH=${prefix})
run("" ${CMAKE_COMMAND} --build ${FOLDER}/mychip)
set(mychip ${FOLDER}/mychip/libmychip.so)
set(model ${SOURCE}/examples/two-layers.nir)
set(input --input poisson:80Hz --steps 300)

# run_as(NAME chip argument...): spikes and states of a run, as NAME.npz.
function(run_as name chip)
  run("output spikes: [1-9][0-9]* spikes" ${prefix}/bin/nirc run --load-backend=${chip} ${ARGN} ${input} -o ${FOLDER}/${name}.npz)
endfunction()
foreach(chip IN ITEMS ${mychip} ${SOURCE}/examples/chip-file/pocket.json)
  string(REGEX REPLACE "^.*/(lib)?([a-z]+)[.].*$" "\\2" name ${chip})
  set(choices --dt 1ms --semantics ${name} --format ${name})
  run("${name}: " ${prefix}/bin/nirc --load-backend=${chip} targets)
  run("weight-bits +6" ${prefix}/bin/nirc formats ${name} --load-backend ${chip})
  run_as(chip ${chip} ${model} ${choices} --target ${name} --record lif1:v,spikes --record lif2:v)
  run_as(cpu ${chip} ${model} ${choices} --target cpu --record lif1:v,spikes --record lif2:v)
  run(": equal" ${prefix}/bin/nirc compare ${FOLDER}/chip.npz ${FOLDER}/cpu.npz)
  # The environment, a mapping, and the artifact.
  set(with ${CMAKE_COMMAND} -E env NIRC_BACKENDS=${chip} ${prefix}/bin/nirc)
  run("1 core on 1 chip" ${with} map ${model} ${choices} --target ${name} -o ${FOLDER}/mapped.mlirbc)
  run_as(mapped ${chip} ${FOLDER}/mapped.mlirbc --target ${name} --record lif1:v,spikes --record lif2:v)
  run(": equal" ${prefix}/bin/nirc compare ${FOLDER}/mapped.npz ${FOLDER}/cpu.npz)
  run("written to" ${with} compile ${model} ${choices} --target ${name} --record lif1:v,spikes --record lif2:v -o ${FOLDER}/artifact)
  file(GLOB artifact ${FOLDER}/artifact/*)
  run_as(loaded ${chip} ${artifact})
  run(": equal" ${prefix}/bin/nirc compare ${FOLDER}/loaded.npz ${FOLDER}/cpu.npz)
  file(REMOVE_RECURSE ${FOLDER}/artifact)
endforeach()
# Many cores, with what they send each other.
set(choices --dt 1ms --semantics mychip --format mychip)
foreach(target IN ITEMS mychip cpu)
  run_as(${target} ${mychip} ${SOURCE}/examples/fashion-mnist/mlp.nir ${choices} --target ${target})
endforeach()
run(": equal" ${prefix}/bin/nirc compare ${FOLDER}/mychip.npz ${FOLDER}/cpu.npz)
run("[1-9][0-9] cores on 1 chip of 8 by 8" ${prefix}/bin/nirc map --load-backend=${mychip} ${SOURCE}/examples/fashion-mnist/mlp.nir ${choices}
    --target mychip)
# What the tutorial shows of it is what is printed.
file(MAKE_DIRECTORY ${FOLDER}/shown)
file(GLOB members ${SOURCE}/examples/*)
foreach(member IN LISTS members)
  get_filename_component(name ${member} NAME)
  file(CREATE_LINK ${member} ${FOLDER}/shown/${name} SYMBOLIC)
endforeach()
file(CREATE_LINK ${FOLDER}/mychip ${FOLDER}/shown/build-mychip SYMBOLIC)
run("3 blocks print what" python3 ${SOURCE}/tests/tools/Inputs/readme.py ${SOURCE}/docs/add-your-chip.md ${FOLDER}/shown --kind mychip)
# Its pass, in nir-opt; and what a damaged program of it is.
run("mychip-map" ${prefix}/bin/nir-opt --load-backend=${mychip} --help)
file(WRITE ${FOLDER}/cut.mychip "mychip 1 \"0.1.0\" \"two")
execute_process(COMMAND ${prefix}/bin/nirc run --load-backend=${mychip} ${FOLDER}/cut.mychip ${input}
                OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
if(NOT result EQUAL 1 OR NOT output MATCHES "is a damaged program of Mychip")
  message(FATAL_ERROR "a cut program ended with ${result} and said\n${output}")
endif()
