# SPDX-License-Identifier: MIT
# What is installed beside the library (library.cmake) and the command (sim/CMakeLists.txt):
#
#	share/mmref/scenarios	the catalogue, which 'mmref run' explores
#	share/mmref/kernel	recorded scenarios, which 'mmref conform' compares
#	share/doc/mmref		README.md, CHANGELOG.md, docs/
#	share/man, share/bash-completion
#
# Components: library, dev, tool, doc.
install(DIRECTORY sim/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/mmref COMPONENT tool
	FILES_MATCHING PATTERN "*.lua")
install(DIRECTORY tests/kernel DESTINATION ${CMAKE_INSTALL_DATADIR}/mmref COMPONENT tool
	FILES_MATCHING PATTERN "*.lua" PATTERN "recorded/*.tsv")

install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT doc)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT doc
	FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN "*.lua" PATTERN "*.c" PATTERN "*.cpp")

foreach(page ${MMREF_MAN_PAGES})
	string(REGEX MATCH "[0-9]$" volume ${page})
	set(component tool)
	if(volume EQUAL 3)
		set(component dev)
	endif()
	install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${volume} COMPONENT ${component})
endforeach()
install(FILES sim/cli/mmref.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
	COMPONENT tool RENAME mmref)
