#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Cross-builds the library and the unit tests for aarch64, and runs these under qemu-user. It needs
# the packages gcc-aarch64-linux-gnu, qemu-user-static and mmdebstrap, which unpacks the libraries
# for arm64 into the build folder; without one of them, or without a network, it is skipped (77).
set -u
build=$1/aarch64 source=$2
root=$build/root triple=aarch64-linux-gnu
passed=0 failed=0

for program in $triple-gcc qemu-aarch64-static mmdebstrap; do
	command -v $program >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done
mkdir -p "$build"
if [ ! -e "$root/usr/include/cmocka.h" ]; then
	. /etc/os-release
	rm -rf "$root"
	mmdebstrap --quiet --variant=extract --architectures=arm64 --include="$(
		echo libc6-dev libboost-context-dev libcjson-dev libcmocka-dev libdw-dev \
			libjemalloc-dev liblua5.4-dev liburcu-dev libxxhash-dev | tr ' ' ,)" \
		"$VERSION_CODENAME" "$root" >"$build/log" 2>&1 ||
		{ echo "skipped: the libraries for arm64 cannot be unpacked:"; tail -n 3 "$build/log"
		rm -rf "$root"; exit 77; }
fi

export PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR=$root/usr/lib/$triple/pkgconfig:$root/usr/share/pkgconfig
cmake -S "$source" -B "$build/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
	-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_SYSROOT="$root" \
	-DCMAKE_LIBRARY_ARCHITECTURE=$triple -DCMAKE_C_COMPILER=$triple-gcc \
	-DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER >"$build/log" 2>&1 &&
	cmake --build "$build/build" >>"$build/log" 2>&1 ||
	{ echo "it does not build:"; tail -n 20 "$build/log"; exit 1; }

for test in "$build"/build/tests/unit_*; do
	if timeout 600 qemu-aarch64-static -L "$root" "$test" >"$build/out" 2>&1; then
		passed=$((passed + 1))
	else
		echo "FAILED  $(basename "$test"), status $?:"
		tail -n 5 "$build/out"
		failed=$((failed + 1))
	fi
done
[ $passed -gt 0 ] || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
