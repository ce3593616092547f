# SPDX-License-Identifier: MIT
# Debian packages: libmmref0 (library), libmmref-dev (dev), mmref (tool), mmref-doc (doc).
# 'cmake --workflow --preset deb' builds them all in build/deb; they depend on what dpkg-shlibdeps
# finds. A build for packages is configured for /usr, so that libraries go to the multiarch folder.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mmref)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "mmref developers <mmref@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL library dev tool doc)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_STRIP_FILES OFF)	# mmref conform reads the command's own debug information
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/package_files.cmake)

set(model "mmref models how Linux counts references to device memory pages (DAX, HMM,
P2PDMA) and explores every interleaving of the threads of a scenario.")
set(soversion ${PROJECT_VERSION_MAJOR})

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libmmref${soversion})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "${model}

This package has the shared library, which unit tests link.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libmmref-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
	"libmmref${soversion} (= ${PROJECT_VERSION}), libcjson-dev, libjemalloc-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "libcmocka-dev, mmref")
set(CPACK_DEBIAN_DEV_DESCRIPTION "${model}

This package has the headers, the static library and what find_package() and
pkg-config read. Rule sets for the mmref command are built with these headers.")

set(CPACK_DEBIAN_TOOL_PACKAGE_NAME mmref)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TOOL_PACKAGE_SUGGESTS "libmmref-dev, mmref-doc")
set(CPACK_DEBIAN_TOOL_DESCRIPTION "${model}

This package has the command, the catalogue of scenarios and the recordings of
real kernels.")

set(CPACK_DEBIAN_DOC_PACKAGE_NAME mmref-doc)
set(CPACK_DEBIAN_DOC_PACKAGE_SECTION doc)
set(CPACK_DEBIAN_DOC_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DOC_DESCRIPTION "${model}

This package has the documents, with examples.")

foreach(component LIBRARY DEV TOOL DOC)
	set(CPACK_DEBIAN_${component}_PACKAGE_PRIORITY optional)
endforeach()
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/triggers)
set(CPACK_MMREF_CHANGELOG ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
include(CPack)
