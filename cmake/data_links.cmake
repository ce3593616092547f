# SPDX-License-Identifier: MIT
# cmake -DSHARE=build/share -DSOURCE=. -P data_links.cmake
# The layout of an installed share/, as links to the source tree.
file(MAKE_DIRECTORY ${SHARE}/mmref ${SHARE}/doc)
file(CREATE_LINK ${SOURCE}/sim/scenarios ${SHARE}/mmref/scenarios SYMBOLIC)
file(CREATE_LINK ${SOURCE}/tests/kernel ${SHARE}/mmref/kernel SYMBOLIC)
file(CREATE_LINK ${SOURCE} ${SHARE}/doc/mmref SYMBOLIC)
