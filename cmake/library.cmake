# SPDX-License-Identifier: MIT
# libmmref: the model, the exploring host and the reports, shared and static. Only mmref_ symbols
# leave it. A hidden symbol is still a symbol to a static linker, so the objects are linked into
# one first and what is hidden is made local there.
file(GLOB MMREF_MODEL_SOURCES CONFIGURE_DEPENDS lib/*.c lib/*/*.c lib/*/*/*.c lib/*/*/*/*.c)
file(GLOB MMREF_SIM_SOURCES CONFIGURE_DEPENDS
	sim/sched/*.c sim/explore/*.c sim/exec/*.c sim/report/*.c)

# In the model a caller keeps its frame, and no function is merged with an identical one of another
# name: mmref conform compares its call chains with those of kernels.
set_source_files_properties(${MMREF_MODEL_SOURCES} PROPERTIES COMPILE_OPTIONS
	"-fno-optimize-sibling-calls;$<$<C_COMPILER_ID:GNU>:-fno-ipa-icf>")

set(MMREF_PAGE ${CMAKE_SOURCE_DIR}/sim/report/html)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/page_html.c
	COMMAND ${CMAKE_COMMAND} -DFROM=${MMREF_PAGE} -DTO=${CMAKE_BINARY_DIR}/page_html.c
		-P ${CMAKE_SOURCE_DIR}/cmake/page.cmake
	DEPENDS ${MMREF_PAGE}/page.html ${MMREF_PAGE}/page.css ${MMREF_PAGE}/page.js
		${CMAKE_SOURCE_DIR}/cmake/page.cmake
	VERBATIM)

add_library(mmref_objects OBJECT ${MMREF_MODEL_SOURCES} ${MMREF_SIM_SOURCES}
	${CMAKE_BINARY_DIR}/page_html.c)
target_link_libraries(mmref_objects PUBLIC mmref_flags PkgConfig::JEMALLOC PkgConfig::CJSON)
target_include_directories(mmref_objects PRIVATE ${XXHASH_INCLUDE})

add_library(mmref_shared SHARED $<TARGET_OBJECTS:mmref_objects>)
set_target_properties(mmref_shared PROPERTIES OUTPUT_NAME mmref
	VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
target_link_libraries(mmref_shared PRIVATE mmref_flags ${BOOST_CONTEXT}
	PkgConfig::JEMALLOC PkgConfig::CJSON m)
configure_file(cmake/mmref.map.in mmref.map @ONLY)
target_link_options(mmref_shared PRIVATE -Wl,--version-script=${CMAKE_CURRENT_BINARY_DIR}/mmref.map)
set_property(TARGET mmref_shared APPEND PROPERTY LINK_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/mmref.map)

set(MMREF_STATIC ${CMAKE_BINARY_DIR}/libmmref.a)
add_custom_command(OUTPUT ${MMREF_STATIC}
	COMMAND ${CMAKE_LINKER} -r -o mmref.o $<TARGET_OBJECTS:mmref_objects> ${BOOST_CONTEXT}
	COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=mmref_* mmref.o
	COMMAND ${CMAKE_COMMAND} -E rm -f ${MMREF_STATIC}
	COMMAND ${CMAKE_AR} rcs ${MMREF_STATIC} mmref.o
	DEPENDS mmref_objects $<TARGET_OBJECTS:mmref_objects>
	COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(mmref_static ALL DEPENDS ${MMREF_STATIC})

# What the program and the unit tests link: the objects themselves, hidden names and all.
add_library(mmref_inside INTERFACE)
target_sources(mmref_inside INTERFACE $<TARGET_OBJECTS:mmref_objects>)
target_link_libraries(mmref_inside INTERFACE mmref_flags ${BOOST_CONTEXT}
	PkgConfig::JEMALLOC PkgConfig::CJSON m)

include(CMakePackageConfigHelpers)
install(TARGETS mmref_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
	COMPONENT library NAMELINK_COMPONENT dev)
install(FILES ${MMREF_STATIC} DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/mmref DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
configure_package_config_file(cmake/mmref-config.cmake.in mmref-config.cmake
	INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mmref
	PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(mmref-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/mmref-config.cmake ${CMAKE_BINARY_DIR}/mmref-config-version.cmake
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mmref)
configure_file(cmake/mmref.pc.in mmref.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/mmref.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
