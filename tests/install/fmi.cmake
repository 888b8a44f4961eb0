include(${CMAKE_CURRENT_LIST_DIR}/Run.cmake)
# A unit of FMI that the installed nirc compiles is what a simulator steps.
run("unit: FMI 3.0 co-simulation" ${prefix}/bin/nirc compile ${SOURCE}/examples/cart.nir --dt 1ms --emit=fmu -o ${FOLDER}/cart.fmu)
run("6\\.0 +1\\.00. .*933 spikes" /usr/bin/python3 -B ${SOURCE}/examples/fmi/loop.py ${FOLDER}/cart.fmu)
