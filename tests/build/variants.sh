#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Other ways to build mmref: included by another project from a path with spaces, under link-time
# optimization, static and shared; mmref.pc under each kind of library folder; and uninstalling.
set -u
build=$1 source=$2 compiler=$3
. "$source/tests/install/check.sh"

# same WHAT GOT WANTED
same() {
	check "$1: '$2', not '$3'" [ "$2" = "$3" ]
}

inside="$scratch/a project of another's"
mkdir -p "$inside/mmref"
cp -r "$source"/{CMakeLists.txt,cmake,include,lib,sim} "$inside/mmref"
cp "$source/tests/install/consumer/my_rule.c" "$inside"
cat >"$inside/CMakeLists.txt" <<-'EOF'
	cmake_minimum_required(VERSION 3.25)
	project(other LANGUAGES C)
	if(FETCH)
		include(FetchContent)
		FetchContent_Declare(mmref SOURCE_DIR "${PROJECT_SOURCE_DIR}/mmref")
		FetchContent_MakeAvailable(mmref)
	else()
		add_subdirectory(mmref)
	endif()
	add_executable(mine my_rule.c)
	target_link_libraries(mine PRIVATE mmref::mmref cmocka)
EOF

# embedded WHAT OPTION...: the other project builds, and its tests pass
embedded() {
	local what=$1
	shift
	check "$what: configuring" cmake -S "$inside" -B "$inside/build" -G Ninja \
		-DCMAKE_C_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release "$@"
	check "$what: building" cmake --build "$inside/build"
	check "$what: the tests" "$inside/build/mine"
}

echo 'int main(void) { return 0; }' >"$scratch/main.c"
lto=-flto
if ! "$compiler" $lto "$scratch/main.c" -o "$scratch/main" 2>/dev/null; then
	echo "$compiler cannot link with $lto here: built without"
	lto=
fi
embedded "add_subdirectory, static" -DBUILD_SHARED_LIBS=OFF "-DCMAKE_C_FLAGS=$lto"
check "static: libmmref.so is not needed" sh -c '! ldd "$1" | grep libmmref' sh "$inside/build/mine"
embedded "FetchContent, shared" -DFETCH=ON -DBUILD_SHARED_LIBS=ON
check "shared: libmmref.so is needed" sh -c 'ldd "$1" | grep libmmref' sh "$inside/build/mine"
check "the command is not built" [ -z "$(find "$inside/build" -name mmref -type f)" ]

# flags PREFIX LIBDIR VARIABLE: what pkg-config says once mmref.pc lies where it is installed
flags() {
	local prefix=$1 libdir=$2 at
	cmake -S "$source" -B "$scratch/pc" -G Ninja -DCMAKE_C_COMPILER="$compiler" \
		-DMMREF_COMMAND=OFF -DCMAKE_INSTALL_PREFIX="$prefix" \
		-DCMAKE_INSTALL_LIBDIR="$libdir" >"$scratch/log" 2>&1 || cat "$scratch/log"
	at=$prefix/$libdir
	[[ $libdir != /* ]] || at=$libdir
	mkdir -p "$scratch/root$at/pkgconfig"
	cp "$scratch/pc/mmref.pc" "$scratch/root$at/pkgconfig"
	PKG_CONFIG_LIBDIR=$scratch/root$at/pkgconfig pkg-config --variable="$3" mmref
}
place() {
	realpath -m "$(flags "$@")"
}
same "multiarch libdir" "$(place /opt/m lib/x86_64-linux-gnu libdir)" \
	"$scratch/root/opt/m/lib/x86_64-linux-gnu"
same "multiarch includedir" "$(place /opt/m lib/x86_64-linux-gnu includedir)" \
	"$scratch/root/opt/m/include"
same "plain libdir" "$(place /opt/m lib libdir)" "$scratch/root/opt/m/lib"
same "includedir under /usr" "$(flags /usr lib/x86_64-linux-gnu includedir)" /usr/include
same "absolute libdir" "$(flags /opt/m /srv/lib libdir)" /srv/lib
same "includedir beside an absolute libdir" "$(flags /opt/m /srv/lib includedir)" /opt/m/include

check "installing" cmake --install "$build" --prefix "$scratch/prefix"
check "something is installed" [ -e "$scratch/prefix/bin/mmref" ]
check "uninstalling" cmake --build "$build" --target uninstall
same "left behind" "$(find "$scratch/prefix" ! -type d)" ""

finish
