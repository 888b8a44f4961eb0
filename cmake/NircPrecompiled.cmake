# Precompiled headers, one for each kind of source. Most of the time of a build is spent in the headers of the standard
# library, MLIR, CLI11 and GoogleTest; clang reads a precompiled one lazily, so that a large one costs no more than a
# small one. g++'s do not help, so without clang nothing is done. Sources include what they need all the same.

set(NIRC_PCH_std "<algorithm>" "<array>" "<cmath>" "<cstdint>" "<functional>" "<map>" "<memory>" "<optional>" "<span>"
                 "<string>" "<string_view>" "<variant>" "<vector>" "<fmt/format.h>" "<fmt/ranges.h>")
set(NIRC_PCH_json ${NIRC_PCH_std} "<nlohmann/json.hpp>")
set(NIRC_PCH_cli ${NIRC_PCH_json} "<CLI/CLI.hpp>")
set(NIRC_PCH_test ${NIRC_PCH_std} "<gtest/gtest.h>" "<gmock/gmock.h>")
set(NIRC_PCH_mlir
    "<mlir/IR/Builders.h>" "<mlir/IR/BuiltinOps.h>" "<mlir/IR/BuiltinTypes.h>" "<mlir/IR/DialectImplementation.h>"
    "<mlir/IR/OpImplementation.h>" "<mlir/IR/DialectResourceBlobManager.h>" "<mlir/IR/RegionKindInterface.h>"
    "<mlir/Interfaces/SideEffectInterfaces.h>" "<mlir/Bytecode/BytecodeOpInterface.h>" "<mlir/Pass/Pass.h>"
    "<mlir/Dialect/Arith/IR/Arith.h>" "<mlir/Dialect/Math/IR/Math.h>" "<llvm/ADT/TypeSwitch.h>" ${NIRC_PCH_std})
# Of those that use both dialects, of which TableGen writes half.
set(NIRC_PCH_ops ${NIRC_PCH_mlir} "<nlohmann/json.hpp>" "\"dialects/nir/Ops.h\"" "\"dialects/snn/Snn.h\"")
# Of those that lower to code.
set(NIRC_PCH_code ${NIRC_PCH_ops}
    "<mlir/Dialect/Func/IR/FuncOps.h>" "<mlir/Dialect/LLVMIR/LLVMDialect.h>" "<mlir/Dialect/MemRef/IR/MemRef.h>"
    "<mlir/Dialect/SCF/IR/SCF.h>" "<mlir/Dialect/Vector/IR/VectorOps.h>")
set(NIRC_PCH_testops ${NIRC_PCH_ops} "<gtest/gtest.h>" "<gmock/gmock.h>")
set(NIRC_PCH_LINK_std fmt::fmt)
set(NIRC_PCH_LINK_json fmt::fmt nlohmann_json::nlohmann_json)
set(NIRC_PCH_LINK_cli fmt::fmt CLI11::CLI11 nlohmann_json::nlohmann_json)
set(NIRC_PCH_LINK_test fmt::fmt GTest::gtest GTest::gmock)
set(NIRC_PCH_LINK_mlir fmt::fmt nirc_mlir)
set(NIRC_PCH_LINK_ops fmt::fmt nlohmann_json::nlohmann_json nirc_mlir)
set(NIRC_PCH_LINK_code fmt::fmt nlohmann_json::nlohmann_json nirc_mlir)
set(NIRC_PCH_LINK_testops fmt::fmt nlohmann_json::nlohmann_json nirc_mlir GTest::gtest GTest::gmock)

# A release is optimized a little: what networks spend their time in is compiled by LLVM when they run. With -O3 a build takes
# a third longer, and nirc eval is 4 % faster. Sources that every step of a network goes through are optimized fully:
# nirc_is_hot. Options and words, and tests, take no time: they are not optimized at all. The header of a kind is compiled as
# its sources are, or clang refuses it.
foreach(kind IN ITEMS std json mlir ops code)
  set(NIRC_PCH_OPTIONS_${kind} "$<$<CONFIG:Release>:SHELL:-O1 -mllvm -inline-threshold=25>")
endforeach()
foreach(kind IN ITEMS cli test testops)
  set(NIRC_PCH_OPTIONS_${kind} $<$<CONFIG:Release>:-O0>)
endforeach()

# nirc_use_pch(TARGET KIND): the header of that kind, which is compiled once for all.
function(nirc_use_pch target kind)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
    return()
  endif()
  if(NOT TARGET nirc_pch_${kind})
    file(WRITE ${PROJECT_BINARY_DIR}/pch/${kind}.cpp "")
    add_library(nirc_pch_${kind} OBJECT ${PROJECT_BINARY_DIR}/pch/${kind}.cpp)
    target_link_libraries(nirc_pch_${kind} PUBLIC nirc_flags ${NIRC_PCH_LINK_${kind}})
    set_target_properties(nirc_pch_${kind} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_compile_options(nirc_pch_${kind} PRIVATE ${NIRC_PCH_OPTIONS_${kind}})
    target_precompile_headers(nirc_pch_${kind} PRIVATE ${NIRC_PCH_${kind}})
    if(kind MATCHES "ops|code")
      add_dependencies(nirc_pch_${kind} NirIncGen SnnIncGen)
    endif()
  endif()
  # The header is compiled with -fPIC, and clang refuses it to a program's -fPIE.
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC ${NIRC_PCH_OPTIONS_${kind}})
  target_precompile_headers(${target} REUSE_FROM nirc_pch_${kind})
endfunction()

# nirc_is_hot(source...): these are optimized as CMAKE_BUILD_TYPE says, and so are without a precompiled header.
function(nirc_is_hot)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS
                                "$<$<CONFIG:Release>:-O3;-mllvm;-inline-threshold=225>")
  endif()
endfunction()
