# Installs BUILD, and moves the prefix elsewhere: the tests that follow find it there.
include(${CMAKE_CURRENT_LIST_DIR}/Run.cmake)
file(REMOVE_RECURSE ${FOLDER})
run("" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed)
file(RENAME ${FOLDER}/installed ${prefix})
