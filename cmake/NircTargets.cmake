# How a folder of nirc says what it builds.

# The flags of nirc's own code. -ffp-contract=off: float results are part of the product, and a fused multiply-add is
# another result.
add_library(nirc_flags INTERFACE)
target_include_directories(nirc_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(nirc_flags INTERFACE -Wall -Wextra -Wno-unused-parameter -ffp-contract=off)
target_compile_definitions(nirc_flags INTERFACE NIRC_VERSION="${PROJECT_VERSION}")
if(NIRC_WERROR)
  target_compile_options(nirc_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns of "text" + std::string, wrongly: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651
  target_compile_options(nirc_flags INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # ccache needs the precompiled header to be the same bytes each time.
  target_compile_options(nirc_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp" -Wno-unused-command-line-argument)
endif()
if(NIRC_SANITIZE)
  target_compile_options(nirc_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -gline-tables-only)
  target_link_options(nirc_flags INTERFACE -fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang) # counters of what ran, which tests/fuzz/libfuzzer steers by
    target_compile_options(nirc_flags INTERFACE -fsanitize=fuzzer-no-link)
  endif()
endif()

if(NIRC_COVERAGE)
  add_link_options(-fprofile-instr-generate)
endif()

# nirc_add_library(NAME source... LINK library... DEPENDS target... PCH kind)
#   PCH: which of the precompiled headers of NircPrecompiled.cmake it is compiled with; std where
#   nothing is said, none where the compiler has flags of its own.
#   Those of mlir, ops and code link MLIR.
function(nirc_add_library name)
  cmake_parse_arguments(ARG "" "PCH" "LINK;DEPENDS" ${ARGN})
  if(NOT ARG_PCH)
    set(ARG_PCH std)
  endif()
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC $<BUILD_INTERFACE:nirc_flags> ${ARG_LINK})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(ARG_PCH MATCHES "mlir|ops|code")
    target_link_libraries(${name} PUBLIC nirc_mlir)
  endif()
  if(NOT ARG_PCH STREQUAL none)
    nirc_use_pch(${name} ${ARG_PCH})
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(NIRC_COVERAGE AND CMAKE_CURRENT_SOURCE_DIR MATCHES "^${PROJECT_SOURCE_DIR}/(ir|dialects|passes)")
    target_compile_options(${name} PRIVATE -fprofile-instr-generate -fcoverage-mapping)
  endif()
endfunction()

# nirc_add_tool(NAME source... LINK library... [PCH kind])
function(nirc_add_tool name)
  cmake_parse_arguments(ARG "" "PCH" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE nirc_flags ${ARG_LINK})
  if(ARG_PCH)
    nirc_use_pch(${name} ${ARG_PCH})
  endif()
endfunction()

# nirc_capitalize(VARIABLE word): Word.
function(nirc_capitalize variable word)
  string(SUBSTRING ${word} 0 1 initial)
  string(SUBSTRING ${word} 1 -1 rest)
  string(TOUPPER ${initial} initial)
  set(${variable} ${initial}${rest} PARENT_SCOPE)
endfunction()

# nirc_add_dialect(nir SOURCES source... TD Nir.td [INTERFACES file.td] [PASSES file.td] [LINK library...])
#   Called in dialects/<name>. TableGen's output lies under the build folder and is included by the path of the folder:
#     TD           dialects/nir/NirDialect.*.inc, NirTypes.*.inc, NirAttrs.*.inc, NirEnums.*.inc, NirOps.*.inc
#     INTERFACES   dialects/nir/NirInterfaces.*.inc, of the op interfaces that this file itself defines
#     PASSES       dialects/nir/NirPasses.h.inc, with registerNirPasses()
#   The library is <Name>Dialect, linked with nirc_ir; whoever links it is built after TableGen has run.
function(nirc_add_dialect name)
  cmake_parse_arguments(ARG "" "TD;INTERFACES;PASSES" "SOURCES;LINK" ${ARGN})
  nirc_capitalize(prefix ${name})
  set(includes EXTRA_INCLUDES ${MLIR_INCLUDE_DIRS} ${PROJECT_SOURCE_DIR})

  set(LLVM_TARGET_DEFINITIONS ${ARG_TD})
  mlir_tablegen(${prefix}Dialect.h.inc -gen-dialect-decls -dialect=${name} ${includes})
  mlir_tablegen(${prefix}Dialect.cpp.inc -gen-dialect-defs -dialect=${name} ${includes})
  mlir_tablegen(${prefix}Types.h.inc -gen-typedef-decls -typedefs-dialect=${name} ${includes})
  mlir_tablegen(${prefix}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${name} ${includes})
  mlir_tablegen(${prefix}Attrs.h.inc -gen-attrdef-decls -attrdefs-dialect=${name} ${includes})
  mlir_tablegen(${prefix}Attrs.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${name} ${includes})
  mlir_tablegen(${prefix}Enums.h.inc -gen-enum-decls ${includes})
  mlir_tablegen(${prefix}Enums.cpp.inc -gen-enum-defs ${includes})
  mlir_tablegen(${prefix}Ops.h.inc -gen-op-decls ${includes})
  mlir_tablegen(${prefix}Ops.cpp.inc -gen-op-defs ${includes})
  if(ARG_INTERFACES)
    set(LLVM_TARGET_DEFINITIONS ${ARG_INTERFACES})
    mlir_tablegen(${prefix}Interfaces.h.inc -gen-op-interface-decls ${includes})
    mlir_tablegen(${prefix}Interfaces.cpp.inc -gen-op-interface-defs ${includes})
  endif()
  if(ARG_PASSES)
    set(LLVM_TARGET_DEFINITIONS ${ARG_PASSES})
    mlir_tablegen(${prefix}Passes.h.inc -gen-pass-decls -name=${prefix} ${includes})
  endif()
  # CMake orders the objects of whoever links the library after what the library depends on, so after TableGen.
  add_custom_target(${prefix}IncGen DEPENDS ${TABLEGEN_OUTPUT})
  nirc_add_library(${prefix}Dialect ${ARG_SOURCES} LINK nirc_ir ${ARG_LINK} DEPENDS ${prefix}IncGen PCH mlir)
endfunction()
