# SPDX-License-Identifier: MIT
# Man pages, made from --help, docs/ and the public headers by cmake/man/man.sh, which needs awk.
# SOURCE_DATE_EPOCH, if set, is their date.
find_program(MMREF_AWK awk)
string(TIMESTAMP MMREF_MAN_DATE "%Y-%m-%d" UTC)
set(MMREF_MAN_PAGES)

# @page is made from @ARGN; a page that shows what the command prints also depends on it.
function(mmref_man_page page command)
	set(output ${PROJECT_BINARY_DIR}/man/${page})
	get_filename_component(name ${page} NAME_WE)
	add_custom_command(OUTPUT ${output}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
		COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/man/man.sh ${name} ${PROJECT_VERSION}
			${MMREF_MAN_DATE} ${command} > ${output}
		DEPENDS ${ARGN} ${MMREF_MAN_SCRIPTS}
		VERBATIM)
	set(MMREF_MAN_PAGES ${MMREF_MAN_PAGES} ${output} PARENT_SCOPE)
endfunction()

if(MMREF_AWK)
	file(GLOB MMREF_MAN_SCRIPTS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/man/*)
	file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/mmref/*.h)
	mmref_man_page(libmmref.3 "" ${headers})
	mmref_man_page(mmref-scenario.5 "" ${PROJECT_SOURCE_DIR}/docs/scenarios.md)
	if(CMAKE_CROSSCOMPILING OR MMREF_ASAN OR MMREF_TSAN)
		message(STATUS "mmref cannot be run while it is built: no mmref(1), no mmref-rules(7)")
	else()
		mmref_man_page(mmref.1 $<TARGET_FILE:mmref> mmref)
		mmref_man_page(mmref-rules.7 $<TARGET_FILE:mmref> mmref
			${PROJECT_SOURCE_DIR}/docs/rules.md
			${PROJECT_SOURCE_DIR}/include/mmref/rules_file.h)
	endif()
	add_custom_target(mmref_man ALL DEPENDS ${MMREF_MAN_PAGES})
else()
	message(STATUS "awk is missing: no man pages")
endif()
