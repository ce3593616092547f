#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs into an empty folder, and builds a project against what is there: shared and static,
# by find_package() and by pkg-config. Nothing but mmref_ symbols may leave the libraries.
set -u
build=$1 source=$2 compiler=$3
. "$source/tests/install/check.sh"

foreign_symbols() {
	! nm "$@" | awk 'NF >= 2 && $(NF - 1) != "A" { print $NF }' | grep -v '^mmref_'
}

prefix=$scratch/prefix
check "installing" cmake --install "$build" --prefix "$prefix"
lib=$(dirname "$(find "$prefix" -name libmmref.so)")

check "symbols of the shared library" foreign_symbols -D --defined-only "$lib/libmmref.so"
check "symbols of the static library" foreign_symbols -g --defined-only "$lib/libmmref.a"

check "configuring by find_package" cmake -S "$source/tests/install/consumer" \
	-B "$scratch/consumer" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix"
check "building" cmake --build "$scratch/consumer"
check "the shared library's tests" "$scratch/consumer/shared"
check "the static library's tests" "$scratch/consumer/static"

export PKG_CONFIG_PATH=$lib/pkgconfig
check "building by pkg-config, shared" sh -c \
	"$compiler $source/tests/install/consumer/my_rule.c \$(pkg-config --cflags --libs mmref) \
	-lcmocka -Wl,-rpath,$lib -o $scratch/shared"
check "its tests" "$scratch/shared"
check "building by pkg-config, static" sh -c \
	"$compiler $source/tests/install/consumer/my_rule.c \$(pkg-config --cflags mmref) \
	$lib/libmmref.a \$(pkg-config --static --libs-only-l mmref | sed 's/-lmmref//') \
	-lcmocka -o $scratch/static"
check "its tests" "$scratch/static"

check "building a rule set for the command" sh -c \
	"$compiler -shared -fPIC $source/docs/examples/folio_put_wakes.c \
	\$(pkg-config --cflags mmref) -o $scratch/mine.so"
check "the installed command under it" "$prefix/bin/mmref" run --all --rules "$scratch/mine.so"
check "the installed command, from elsewhere" \
	sh -c "cd / && $prefix/bin/mmref run wakeup"

finish
