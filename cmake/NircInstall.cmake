# What `cmake --install` puts under the prefix, and the package that find_package(nirc) finds there:
#   bin/               nirc, nirc-read, nir-opt, nir-lsp-server
#   include/nirc/      headers, by the paths that the sources include them by
#   lib/               the libraries that nirc::nirc needs
#   lib/cmake/nirc/    the package
include(CMakePackageConfigHelpers)

# What a program that uses nirc as a library links.
add_library(nirc_package INTERFACE)
target_link_libraries(nirc_package INTERFACE nirc_ir nirc_io nirc_compare nirc_backends)
if(TARGET nirc_api)
  target_link_libraries(nirc_package INTERFACE nirc_api)
endif()
target_compile_features(nirc_package INTERFACE cxx_std_20)
set_target_properties(nirc_package PROPERTIES EXPORT_NAME nirc)
add_library(nirc::nirc ALIAS nirc_package)

# nirc_needed(VARIABLE target...): these and all targets of this project that they link.
function(nirc_needed variable)
  set(found "")
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open target)
    if(target IN_LIST found OR NOT TARGET "${target}")
      continue()
    endif()
    get_target_property(imported ${target} IMPORTED)
    get_target_property(aliased ${target} ALIASED_TARGET)
    if(imported OR aliased)
      continue()
    endif()
    list(APPEND found ${target})
    get_target_property(kind ${target} TYPE)
    if(kind STREQUAL INTERFACE_LIBRARY)
      get_target_property(linked ${target} INTERFACE_LINK_LIBRARIES)
    else()
      get_target_property(linked ${target} LINK_LIBRARIES)
    endif()
    if(linked)
      list(APPEND open ${linked})
    endif()
  endwhile()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

nirc_needed(nirc_installed nirc_package)
foreach(library IN LISTS nirc_installed)
  get_target_property(name ${library} EXPORT_NAME)
  if(NOT name)
    string(REGEX REPLACE "^nirc_" "" name ${library})
    set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
  endif()
endforeach()
install(TARGETS ${nirc_installed} EXPORT nircTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc)
install(TARGETS nirc nirc-read nir-opt nir-lsp-server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# Headers, and what TableGen made of the dialects and passes. What only the sources of a target include stays here.
install(DIRECTORY ir dialects passes api DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc
        FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
install(DIRECTORY ${PROJECT_BINARY_DIR}/dialects ${PROJECT_BINARY_DIR}/passes
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc
        FILES_MATCHING PATTERN "*.h.inc" PATTERN "CMakeFiles" EXCLUDE)
file(GLOB nirc_backend_headers CONFIGURE_DEPENDS backends/*.h)
install(FILES ${nirc_backend_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc/backends)

set(nirc_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nirc)
install(EXPORT nircTargets NAMESPACE nirc:: DESTINATION ${nirc_package_folder})
configure_package_config_file(cmake/nircConfig.cmake.in nircConfig.cmake INSTALL_DESTINATION ${nirc_package_folder})
write_basic_package_version_file(nircConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nircConfig.cmake ${PROJECT_BINARY_DIR}/nircConfigVersion.cmake
              cmake/FindLibzip.cmake
              cmake/FindMETIS.cmake
        DESTINATION ${nirc_package_folder})
