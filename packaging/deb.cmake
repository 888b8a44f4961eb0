# One package for CPack. deb.py sets NAME, VERSION, SECTION, SUMMARY, ABOUT, DEPENDS, STAGE (what is installed, as usr/...),
# and whether it has BINARIES.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_FILE_NAME ${NAME})
set(CPACK_PACKAGE_NAME ${NAME})
set(CPACK_PACKAGE_VERSION ${VERSION})
set(CPACK_PACKAGE_CONTACT "nirc developers <developers@nirc.invalid>")
set(CPACK_INSTALLED_DIRECTORIES "${STAGE};/")
set(CPACK_PACKAGING_INSTALL_PREFIX "/")
set(CPACK_SET_DESTDIR OFF)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_NAME ${NAME})
set(CPACK_DEBIAN_PACKAGE_SECTION ${SECTION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${SUMMARY}")
set(CPACK_PACKAGE_DESCRIPTION
"nirc compiles spiking neural networks in the Neuromorphic Intermediate
Representation (NIR), and runs them on this machine, as circuits, and on
models of neuromorphic chips.

${ABOUT}")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "${DEPENDS}")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ${BINARIES})
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY =) # what is C++ in libnirc is for the same nirc alone
