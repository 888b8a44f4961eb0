# What `cmake --install` puts under the prefix, and the package that find_package(nirc) finds there:
#   bin/               nirc, nirc-read, nir-opt, nir-lsp-server
#   include/nirc.h     the C API
#   include/nirc/      headers, by the paths that the sources include them by
#   lib/               libnirc.so
#   lib/cmake/nirc/    the package
#   lib/pkgconfig/     nirc.pc, which pkg-config finds
#   share/             man pages, and completion for shells
# Components: runtime (programs, libnirc.so.1, share), development (headers, the package), python (plugins/python).
include(CMakePackageConfigHelpers)

# What a program that uses nirc needs (cmake/NircShared.cmake).
set_target_properties(nirc_mlir PROPERTIES EXPORT_NAME mlir)
install(TARGETS nirc_shared nirc_package nirc_backend nirc_mlir EXPORT nircTargets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development)
install(TARGETS nirc nirc-read nir-opt nir-lsp-server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
install(DIRECTORY ${PROJECT_BINARY_DIR}/share/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT runtime)

# Headers, and what TableGen made of the dialects and passes. What only the sources of a target include stays here.
install(DIRECTORY ir dialects passes api DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc
        FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
install(DIRECTORY ${PROJECT_BINARY_DIR}/dialects ${PROJECT_BINARY_DIR}/passes
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc
        FILES_MATCHING PATTERN "*.h.inc" PATTERN "CMakeFiles" EXCLUDE)
file(GLOB nirc_backend_headers CONFIGURE_DEPENDS backends/*.h)
install(FILES ${nirc_backend_headers} ${PROJECT_BINARY_DIR}/backends/Build.inc
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc/backends)
install(DIRECTORY backends/run DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc/backends FILES_MATCHING PATTERN "*.h")
install(FILES backends/chipfile/chip.schema.json tools/equations/semantics.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/nirc COMPONENT runtime)
install(FILES backends/proof/Solvers.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nirc/backends/proof)

set(nirc_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nirc)
install(EXPORT nircTargets NAMESPACE nirc:: DESTINATION ${nirc_package_folder})
configure_package_config_file(cmake/nircConfig.cmake.in nircConfig.cmake INSTALL_DESTINATION ${nirc_package_folder})
write_basic_package_version_file(nircConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nircConfig.cmake ${PROJECT_BINARY_DIR}/nircConfigVersion.cmake
        DESTINATION ${nirc_package_folder})

# For C: the header, and what pkg-config reads, which finds the prefix from where it is.
install(FILES plugins/c/nirc.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
file(RELATIVE_PATH nirc_prefix_of_pc /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/nirc.pc.in nirc.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/nirc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
