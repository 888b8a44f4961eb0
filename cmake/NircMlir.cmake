# Finds MLIR 22.1 and defines `nirc_mlir`: include paths and the two dylibs.
# Only the dylibs are linked: the static archives pull libMLIR.so in as well, which gives two MLIRs in one process.
#
# -DMLIR_DIR and -DCMAKE_PREFIX_PATH say where MLIR is; else llvm-config says it. Debian's has the release in its name.
find_program(NIRC_LLVM_CONFIG NAMES llvm-config-22 llvm-config DOC "says where LLVM and MLIR are")
set(nirc_mlir_hints "")
if(NIRC_LLVM_CONFIG)
  execute_process(COMMAND ${NIRC_LLVM_CONFIG} --cmakedir OUTPUT_VARIABLE nirc_llvm_cmake_dir
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(nirc_mlir_hints HINTS ${nirc_llvm_cmake_dir}/../mlir)
endif()
find_package(MLIR 22.1 REQUIRED CONFIG ${nirc_mlir_hints})
set(LLVM_RUNTIME_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/bin)
set(LLVM_LIBRARY_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/lib)
set(MLIR_BINARY_DIR ${CMAKE_BINARY_DIR})
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# An installed nirc takes the paths of the MLIR that it then finds: NircInstall.cmake.
add_library(nirc_mlir INTERFACE)
foreach(folder IN LISTS LLVM_INCLUDE_DIRS MLIR_INCLUDE_DIRS)
  target_include_directories(nirc_mlir SYSTEM INTERFACE $<BUILD_INTERFACE:${folder}>)
endforeach()
target_include_directories(nirc_mlir SYSTEM INTERFACE $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}>) # TableGen's output
separate_arguments(nirc_llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(nirc_mlir INTERFACE ${nirc_llvm_definitions})
target_link_libraries(nirc_mlir INTERFACE MLIR LLVM)
