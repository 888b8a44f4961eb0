# Finds MLIR 22.1 and defines `nirc_mlir`: include paths, the two dylibs, and the precompiled header.
# Only the dylibs are linked: the static archives pull libMLIR.so in as well, which gives two MLIRs in one process.
find_package(MLIR 22.1 REQUIRED CONFIG)
set(LLVM_RUNTIME_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/bin)
set(LLVM_LIBRARY_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/lib)
set(MLIR_BINARY_DIR ${CMAKE_BINARY_DIR})
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

add_library(nirc_mlir INTERFACE)
target_include_directories(nirc_mlir SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS}
                                                      ${PROJECT_BINARY_DIR}) # TableGen's output
separate_arguments(nirc_llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(nirc_mlir INTERFACE ${nirc_llvm_definitions})
target_link_libraries(nirc_mlir INTERFACE MLIR LLVM)
target_link_directories(nirc_mlir INTERFACE ${LLVM_LIBRARY_DIRS})
target_link_options(nirc_mlir INTERFACE -Wl,-rpath,${LLVM_LIBRARY_DIRS})
