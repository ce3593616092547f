# SPDX-License-Identifier: MIT
# What Debian's policy wants of the files of a package: a copyright and a changelog for each, man pages
# compressed, the library without debug information. CPack includes this file between installing and packing.
string(REPLACE "." ";" version ${CPACK_PACKAGE_VERSION})
list(GET version 0 major)
set(packages library:libmmref${major} dev:libmmref-dev tool:mmref doc:mmref-doc)

foreach(pair ${packages})
	string(REPLACE ":" ";" pair ${pair})
	list(GET pair 0 component)
	list(GET pair 1 package)
	set(usr ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr)
	if(EXISTS ${usr})
		file(MAKE_DIRECTORY ${usr}/share/doc/${package})
		file(COPY_FILE ${CPACK_RESOURCE_FILE_LICENSE} ${usr}/share/doc/${package}/copyright)
		file(COPY_FILE ${CPACK_MMREF_CHANGELOG} ${usr}/share/doc/${package}/changelog)
		execute_process(COMMAND gzip -9nf ${usr}/share/doc/${package}/changelog
			COMMAND_ERROR_IS_FATAL ANY)
	endif()
endforeach()

file(GLOB_RECURSE pages LIST_DIRECTORIES OFF ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/man/*.[1-9])
if(pages)
	execute_process(COMMAND gzip -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(GLOB_RECURSE libraries ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/library/usr/*.so.*.*)
if(libraries)
	execute_process(COMMAND strip --strip-unneeded ${libraries} COMMAND_ERROR_IS_FATAL ANY)
endif()

set(overrides ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/tool/usr/share/lintian/overrides)
file(MAKE_DIRECTORY ${overrides})
file(WRITE ${overrides}/mmref "# mmref conform reads its own debug information\n"
	"mmref: unstripped-binary-or-object *\n")
