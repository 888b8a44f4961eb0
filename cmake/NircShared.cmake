# libnirc.so: all of nirc in one library, which the programs, plugins and other people's programs and backends load. So a
# process has one copy of it, of its dialects and of its targets.
#   nirc_shared    the library itself; what its C interface needs (nirc.h) and no more: nirc::c for others
#   nirc_package   with the headers for C++, free of MLIR: nirc::nirc
#   nirc_backend   with those of dialects, passes and targets, and MLIR: nirc::backend

# nirc_needed(PARTS OTHERS target...): these and all libraries of this project that they link, and what else they link.
function(nirc_needed parts others)
  set(found "")
  set(foreign "")
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open target)
    if(target IN_LIST found OR target IN_LIST foreign)
      continue()
    endif()
    set(kind "")
    if(TARGET "${target}")
      get_target_property(imported ${target} IMPORTED)
      if(NOT imported)
        get_target_property(kind ${target} TYPE)
      endif()
    endif()
    if(NOT kind STREQUAL STATIC_LIBRARY)
      list(APPEND foreign ${target})
      continue()
    endif()
    list(APPEND found ${target})
    get_target_property(linked ${target} LINK_LIBRARIES)
    if(linked)
      list(APPEND open ${linked})
    endif()
  endwhile()
  set(${parts} ${found} PARENT_SCOPE)
  set(${others} ${foreign} PARENT_SCOPE)
endfunction()

# The number behind .so is that of the C interface. What is C++ has a node of its own: it is for what was built with this nirc.
set(NIRC_C_API 1)
configure_file(cmake/libnirc.map.in ${PROJECT_BINARY_DIR}/libnirc.map @ONLY)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/libnirc.c CONTENT "// All of libnirc is in its parts.\n")
nirc_needed(nirc_parts nirc_others nirc_conformance_report nirc_conformance_files nirc_api nirc_io nirc_compare nirc_backends)
list(TRANSFORM nirc_parts REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE nirc_objects)
add_library(nirc_shared SHARED ${PROJECT_BINARY_DIR}/libnirc.c ${nirc_objects})
set_target_properties(nirc_shared PROPERTIES
  OUTPUT_NAME nirc SOVERSION ${NIRC_C_API} VERSION ${NIRC_C_API}.${PROJECT_VERSION} LINKER_LANGUAGE CXX EXPORT_NAME c)
target_link_libraries(nirc_shared PRIVATE ${nirc_others})
target_include_directories(nirc_shared INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/plugins/c>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# Calls within the library need no table; nothing may be missing but what its libraries define.
target_link_options(nirc_shared PRIVATE "LINKER:--version-script=${PROJECT_BINARY_DIR}/libnirc.map" LINKER:-Bsymbolic-functions)
if(NOT NIRC_SANITIZE) # which leave the sanitizers' own symbols to programs
  target_link_options(nirc_shared PRIVATE LINKER:-z,defs)
endif()
set_target_properties(nirc_shared PROPERTIES LINK_DEPENDS ${PROJECT_BINARY_DIR}/libnirc.map)
add_library(nirc::c ALIAS nirc_shared)

add_library(nirc_package INTERFACE)
target_link_libraries(nirc_package INTERFACE nirc_shared fmt::fmt nlohmann_json::nlohmann_json)
target_include_directories(nirc_package INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/nirc>)
target_compile_features(nirc_package INTERFACE cxx_std_20)
set_target_properties(nirc_package PROPERTIES EXPORT_NAME nirc)
add_library(nirc::nirc ALIAS nirc_package)

add_library(nirc_backend INTERFACE)
target_link_libraries(nirc_backend INTERFACE nirc_package nirc_mlir)
set_target_properties(nirc_backend PROPERTIES EXPORT_NAME backend)
add_library(nirc::backend ALIAS nirc_backend)
