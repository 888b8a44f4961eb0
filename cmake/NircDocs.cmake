# The target `docs` writes docs/reference/ in the build folder: every op, type, attribute and pass with its description,
# as TableGen knows them. It is part of every build, as it takes less than a second.
add_custom_target(docs ALL)

# nirc_add_reference(NAME FILE.td GENERATOR...): docs/reference/NAME.md, from what FILE.td declares.
function(nirc_add_reference name file)
  set(out ${PROJECT_BINARY_DIR}/docs/reference/${name}.md)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${MLIR_TABLEGEN_EXE} ${ARGN} -I ${MLIR_INCLUDE_DIRS} -I ${PROJECT_SOURCE_DIR}
            ${PROJECT_SOURCE_DIR}/${file} -d ${out}.d -o ${out}
    DEPENDS ${PROJECT_SOURCE_DIR}/${file}
    DEPFILE ${out}.d
    COMMENT "Writing docs/reference/${name}.md"
    VERBATIM)
  add_custom_target(docs-${name} DEPENDS ${out})
  add_dependencies(docs docs-${name})
endfunction()

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/docs/reference)
nirc_add_reference(nir dialects/nir/Nir.td -gen-dialect-doc -dialect=nir)
nirc_add_reference(nir-interfaces dialects/nir/Interfaces.td -gen-op-interface-docs)
nirc_add_reference(nir-passes dialects/nir/Passes.td -gen-pass-doc)
nirc_add_reference(snn dialects/snn/Snn.td -gen-dialect-doc -dialect=snn)
nirc_add_reference(passes passes/Passes.td -gen-pass-doc)
