#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Draws docs/pictures anew: pages of explain --html and compare --html, as a browser shows them.
set -euo pipefail
cd "$(dirname "$0")/.."
mmref=build/release/sim/mmref
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$mmref" explain sim/scenarios/wakeup/folio-put-wakes-nobody.lua --rules v6.1 \
	--html "$work/lost-wakeup.html" >/dev/null
"$mmref" explain sim/scenarios/unplug/pin-on-ext4.lua --rules v6.1 \
	--html "$work/use-after-unplug.html" >/dev/null
"$mmref" explain sim/scenarios/unplug/held-page-against-eviction.lua --rules v7.2 \
	--html "$work/held-for-ever.html" >/dev/null
# No kernel leaks a page in any scenario; a rule set with a mistake does.
cc -shared -fPIC -Iinclude tests/explore/explained/fault_keeps_page.c -o "$work/leak.so"
"$mmref" explain sim/scenarios/folio/map-at-count-zero.lua --rules "$work/leak.so" \
	--html "$work/leak.html" >/dev/null || [ $? -eq 1 ] # nothing is expected of it
"$mmref" compare sim/scenarios/truncate/unlink-under-pin.lua \
	--html "$work/two-kernels.html" >/dev/null

PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/browser /usr/bin/python3 - "$work" <<-'EOF'
	import sys
	from browser import Browser

	browser = Browser()
	for name, scheme in (("lost-wakeup", "light"), ("use-after-unplug", "dark"),
	                     ("held-for-ever", "light"), ("leak", "light"), ("two-kernels", "light")):
	    browser.open(f"{sys.argv[1]}/{name}.html", 1240, 760, scheme)
	    browser.driver.save_screenshot(f"docs/pictures/{name}.png")
	browser.quit()
EOF
