# nirc_embed(OUT.cpp NAMESPACE file...): each file as a text of the program, so that what it writes is a file here, too.
# OUT.cpp defines `std::string_view NAMESPACE::embedded(std::string_view name)`, empty for a name that is none of them.
function(nirc_embed out namespace)
  set(inputs "")
  foreach(file IN LISTS ARGN)
    if(NOT IS_ABSOLUTE "${file}" AND NOT file MATCHES "^\\$<") # a file of the build stays as it is
      set(file ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    endif()
    list(APPEND inputs ${file})
  endforeach()
  set(script ${PROJECT_SOURCE_DIR}/cmake/Embed.cmake)
  list(JOIN inputs "|" joined)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -D OUT=${out} -D NAMESPACE=${namespace} -D "FILES=${joined}" -P ${script}
    DEPENDS ${inputs} ${script}
    COMMENT "Embedding ${ARGN}"
    VERBATIM)
endfunction()
