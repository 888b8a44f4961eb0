# run(EXPECTED command...): the command with the installed programs on PATH; it has to succeed and say what matches EXPECTED.
set(prefix ${FOLDER}/moved)
function(run expected)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=NIRC_READ_HELPER PATH=${prefix}/bin:$ENV{PATH} ${ARGN}
                  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR NOT output MATCHES "${expected}")
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${result} and said\n${output}\nexpected ${expected}")
  endif()
endfunction()
