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

set(MMREF_PAGE ${PROJECT_SOURCE_DIR}/sim/report/html)
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/page_html.c
	COMMAND ${CMAKE_COMMAND} -DFROM=${MMREF_PAGE} -DTO=${PROJECT_BINARY_DIR}/page_html.c
		-P ${PROJECT_SOURCE_DIR}/cmake/page.cmake
	DEPENDS ${MMREF_PAGE}/page.html ${MMREF_PAGE}/page.css ${MMREF_PAGE}/page.js
		${PROJECT_SOURCE_DIR}/cmake/page.cmake
	VERBATIM)

add_library(mmref_objects OBJECT ${MMREF_MODEL_SOURCES} ${MMREF_SIM_SOURCES}
	${PROJECT_BINARY_DIR}/page_html.c)
target_link_libraries(mmref_objects PUBLIC mmref_flags PkgConfig::JEMALLOC PkgConfig::CJSON)
target_include_directories(mmref_objects PRIVATE ${XXHASH_INCLUDE})

if(BUILD_SHARED_LIBS)
	configure_file(cmake/mmref.map.in mmref.map @ONLY)
	add_library(mmref_shared SHARED $<TARGET_OBJECTS:mmref_objects>)
	add_library(mmref::mmref ALIAS mmref_shared)
	set_target_properties(mmref_shared PROPERTIES OUTPUT_NAME mmref
		VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
	target_include_directories(mmref_shared INTERFACE ${PROJECT_SOURCE_DIR}/include)
	target_link_libraries(mmref_shared PRIVATE mmref_flags ${BOOST_CONTEXT}
		PkgConfig::JEMALLOC PkgConfig::CJSON m)
	target_link_options(mmref_shared INTERFACE -Wl,-z,now PRIVATE
		-Wl,--version-script=${CMAKE_CURRENT_BINARY_DIR}/mmref.map)
	set_property(TARGET mmref_shared APPEND PROPERTY
		LINK_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/mmref.map)
	install(TARGETS mmref_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
		COMPONENT library NAMELINK_COMPONENT dev)
endif()

set(MMREF_STATIC ${PROJECT_BINARY_DIR}/libmmref.a)
add_custom_command(OUTPUT ${MMREF_STATIC}
	COMMAND ${CMAKE_LINKER} -r -o mmref.o $<TARGET_OBJECTS:mmref_objects> ${BOOST_CONTEXT}
	COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=mmref_* mmref.o
	COMMAND ${CMAKE_COMMAND} -E rm -f ${MMREF_STATIC}
	COMMAND ${CMAKE_AR} rcs ${MMREF_STATIC} mmref.o
	DEPENDS mmref_objects $<TARGET_OBJECTS:mmref_objects>
	COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(mmref_static ALL DEPENDS ${MMREF_STATIC})

# The targets that an installed mmref has, for a project that includes this one.
add_library(mmref::static STATIC IMPORTED GLOBAL)
set_target_properties(mmref::static PROPERTIES
	IMPORTED_LOCATION ${MMREF_STATIC}
	INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/include
	INTERFACE_LINK_LIBRARIES "${JEMALLOC_LINK_LIBRARIES};${CJSON_LINK_LIBRARIES};m"
	INTERFACE_LINK_OPTIONS -Wl,-z,now)
add_dependencies(mmref::static mmref_static)
if(NOT BUILD_SHARED_LIBS)
	add_library(mmref::mmref ALIAS mmref::static)
endif()

# What the program and the unit tests link: the objects themselves, hidden names and all.
add_library(mmref_inside INTERFACE)
target_sources(mmref_inside INTERFACE $<TARGET_OBJECTS:mmref_objects>)
target_link_libraries(mmref_inside INTERFACE mmref_flags ${BOOST_CONTEXT}
	PkgConfig::JEMALLOC PkgConfig::CJSON m)

include(CMakePackageConfigHelpers)
install(FILES ${MMREF_STATIC} DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/mmref DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
configure_package_config_file(cmake/mmref-config.cmake.in mmref-config.cmake
	INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mmref
	PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(mmref-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mmref-config.cmake ${PROJECT_BINARY_DIR}/mmref-config-version.cmake
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mmref)

# mmref.pc finds its prefix from where it lies, so that an installed tree can move. An absolute
# CMAKE_INSTALL_LIBDIR or CMAKE_INSTALL_INCLUDEDIR stays as it is, and so does the prefix /usr:
# pkg-config leaves out -I/usr/include only when it is written so.
set(MMREF_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" AND NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
	cmake_path(SET up NORMALIZE /${CMAKE_INSTALL_LIBDIR}/pkgconfig)
	file(RELATIVE_PATH up ${up} /)
	string(REGEX REPLACE "/$" "" up ${up})
	set(MMREF_PC_PREFIX "\${pcfiledir}/${up}")
endif()
foreach(dir LIBDIR INCLUDEDIR)
	set(MMREF_PC_${dir} "${CMAKE_INSTALL_${dir}}")
	if(NOT IS_ABSOLUTE "${MMREF_PC_${dir}}")
		string(PREPEND MMREF_PC_${dir} "\${prefix}/")
	endif()
endforeach()
configure_file(cmake/mmref.pc.in mmref.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/mmref.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
