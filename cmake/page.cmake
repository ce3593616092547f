# SPDX-License-Identifier: MIT
# cmake -DFROM=sim/report/html -DTO=page_html.c -P page.cmake
# The page of a run, its style and its script put into it, as a C string.
file(READ ${FROM}/page.html page)
file(READ ${FROM}/page.css style)
file(READ ${FROM}/page.js script)
string(REPLACE "@STYLE@" "${style}" page "${page}")
string(REPLACE "@SCRIPT@" "${script}" page "${page}")
string(HEX "${page}" page)
string(REGEX REPLACE "(..)" "0x\\1," page "${page}")
file(WRITE ${TO} "extern const char page_html[];\nconst char page_html[] = {\n${page}0\n};\n")
