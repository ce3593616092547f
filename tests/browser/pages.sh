#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The pages of explain --html and compare --html, in a browser without a screen. .ci/setup
# installs what it takes.
set -u
mmref=$(realpath "$1") source=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$source" || exit 1

# Debian's python3, which is the one that finds python3-selenium.
if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null ||
	! /usr/bin/python3 -c "import selenium" 2>/dev/null; then
	echo "skipped: chromium, chromium-driver or python3-selenium is missing"
	exit 77
fi

# page NAME RULES SCENARIO: the run as a page, and the same as JSON
page() {
	"$mmref" explain "$3" --rules "$2" --html "$work/$1.html" --json >"$work/$1.json"
}
sides() {
	"$mmref" compare "$2" --html "$work/$1.html" --json >"$work/$1.json"
}

page explain-unplug v7.2 sim/scenarios/unplug/stale-pte-after-unplug.lua
page explain-wakeup v6.1 sim/scenarios/wakeup/folio-put-wakes-nobody.lua
page explain-share v7.2 sim/scenarios/share/clone-asks-one-page-twice.lua
page explain-private v7.2 sim/scenarios/unplug/held-page-against-eviction.lua
page explain-failing v7.2 tests/explore/explained/failing-operations.lua
sides compare-end sim/scenarios/truncate/unlink-under-pin.lua
sides compare-page sim/scenarios/unplug/fault-against-unbind.lua
"$mmref" compare sim/scenarios/unplug/stale-pte-after-unplug.lua --rules v6.1,v6.12 \
	--html "$work/compare-same.html" --json >"$work/compare-same.json"

# Texts of a scenario that would be markup, were they not put in as text.
markup='<script>window.broken = 1</script>'
hostile=$work/'<img src=x onerror="window.broken = 1">.lua'
cat >"$hostile" <<-EOF
	-- It begins: </script>$markup
	-- And goes on: <!-- <script> $markup
	local pmem = device { type = "fsdax", pages = 1 }
	local file = pmem:file { pages = 1 }
	local map  = process():mmap { file = file }
	before { map:write(0) }
	thread("$markup", { map:get(0):as "page", folio_put "page" })
	thread("truncate", { file:truncate(0) })
EOF
page hostile v6.1 "$hostile"

PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/browser/pages.py "$work"
