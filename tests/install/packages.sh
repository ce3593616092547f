#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the Debian packages and checks what is in them. As root, with debootstrap and a Debian mirror,
# it installs them in a clean root of the same suite, runs the command there, and links a consumer.
#
#	packages.sh BUILD SOURCE COMPILER [ROOT]	ROOT: a clean root that is there already
set -u
source=$2 compiler=$3 root=${4:-}
. "$(dirname "$0")/check.sh"
for program in dpkg-deb dpkg-shlibdeps file; do
	command -v $program >/dev/null || {
		echo "no $program (packages dpkg-dev and file): skipped"
		exit 77
	}
done

check "configuring" cmake -S "$source" -B "$scratch/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
	-DCMAKE_C_COMPILER="$compiler" -DCMAKE_INSTALL_PREFIX=/usr -DBUILD_TESTING=OFF
check "building" cmake --build "$scratch/build"
pack() {
	cd "$scratch/build" && cpack -G DEB
}
check "packing" pack
version=$("$scratch/build/sim/mmref" --version | sed -n 's/^mmref //p')
major=${version%%.*}

# --- what is in them ---------------------------------------------------------------------

# deb PACKAGE: its file
deb() {
	ls "$scratch/build/$1"_"$version"_*.deb
}

# field PACKAGE NAME: of its control file
field() {
	dpkg-deb -f "$(deb "$1")" "$2"
}

has_file() {
	dpkg-deb -c "$(deb "$1")" | awk '{ print $6 }' | grep -qE "^\./$2\$"
}

for package in "libmmref$major" libmmref-dev mmref mmref-doc; do
	check "$package is there" deb "$package"
	check "$package is of this version" [ "$(field "$package" Version)" = "$version" ]
	check "$package has a copyright" has_file "$package" "usr/share/doc/$package/copyright"
	check "$package has a changelog" has_file "$package" "usr/share/doc/$package/changelog.gz"
done
for package in "libmmref$major" mmref; do
	for library in libc6 libcjson1 libjemalloc2; do
		check "$package depends on $library" \
			grep -q "$library (>= " <(field "$package" Depends)
	done
done
check "mmref depends on liblua5.4-0" grep -q 'liblua5.4-0' <(field mmref Depends)
check "and on no libmmref" [ -z "$(field mmref Depends | grep libmmref)" ]
check "libmmref-dev depends on its library" \
	grep -qF "libmmref$major (= $version)" <(field libmmref-dev Depends)
check "mmref-doc is for all architectures" [ "$(field mmref-doc Architecture)" = all ]
check "the shared library" has_file "libmmref$major" "usr/lib/[^/]*/libmmref.so.$major"
check "its link for linking" has_file libmmref-dev 'usr/lib/[^/]*/libmmref.so'
check "the static library" has_file libmmref-dev 'usr/lib/[^/]*/libmmref.a'
check "mmref.pc" has_file libmmref-dev 'usr/lib/[^/]*/pkgconfig/mmref.pc'
check "libmmref(3)" has_file libmmref-dev 'usr/share/man/man3/libmmref.3.gz'
check "mmref(1)" has_file mmref 'usr/share/man/man1/mmref.1.gz'
check "mmref-scenario(5)" has_file mmref 'usr/share/man/man5/mmref-scenario.5.gz'
check "mmref-rules(7)" has_file mmref 'usr/share/man/man7/mmref-rules.7.gz'
check "completion" has_file mmref 'usr/share/bash-completion/completions/mmref'
check "scenarios" has_file mmref 'usr/share/mmref/scenarios/unplug/stale-pte-after-unplug.lua'
check "recordings" has_file mmref 'usr/share/mmref/kernel/recorded/v7.2.tsv'
check "documents" has_file mmref-doc 'usr/share/doc/mmref/docs/scenarios.md'
dpkg-deb --ctrl-tarfile "$(deb "libmmref$major")" | tar -xO ./shlibs >"$scratch/shlibs" 2>/dev/null
check "programs that link it depend on it" grep -q "^libmmref $major libmmref$major" "$scratch/shlibs"

# --- in a clean root ------------------------------------------------------------------------

suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
if [ "$(id -u)" -ne 0 ] || [ -z "$root" ] && ! command -v debootstrap >/dev/null; then
	echo "not root, or no debootstrap: not installed in a clean root"
	finish
	exit
fi
if [ -z "$root" ]; then
	root=$scratch/root
	mirror=${MMREF_DEBIAN_MIRROR:-http://deb.debian.org/debian}
	if ! debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$scratch/log" 2>&1; then
		echo "debootstrap of $suite failed, $(tail -n 1 "$scratch/log"): not installed in a clean root"
		finish
		exit
	fi
fi

# in_root COMMAND...
in_root() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
		chroot "$root" "$@"
}

mkdir -p "$root/debs" "$root/proc"
cp "$scratch"/build/*.deb "$root/debs"
[ -e /etc/resolv.conf ] && cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"; rm -rf "$scratch"' EXIT
tool_alone() {
	in_root sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends /debs/mmref_*.deb'
}
check "installing the command alone" tool_alone
check "no source tree, no library" sh -c '! ls "$0"/usr/lib/*/libmmref*' "$root"
check "mmref run NAME" in_root mmref run stale-pte-after-unplug
check "mmref run FOLDER" in_root mmref run wakeup --rules old,new --max-seconds 60
check "mmref conform" in_root mmref conform
check "every row and outcome equal" sh -c '[ "$1" -eq 3 ]' - \
	"$(in_root mmref conform | grep -c 'equal')"

check "installing the rest" in_root sh -c 'apt-get install -y -qq --no-install-recommends /debs/*.deb \
	gcc libc6-dev cmake make pkg-config libcmocka-dev'
cp -r "$source/tests/install/consumer" "$root/consumer"
cp "$source/docs/examples/folio_put_wakes.c" "$root/consumer"
check "a consumer by find_package" in_root sh -c 'cmake -S /consumer -B /tmp/consumer &&
	cmake --build /tmp/consumer && /tmp/consumer/shared && /tmp/consumer/static'
check "a consumer by pkg-config" in_root sh -c 'cc /consumer/my_rule.c -o /tmp/my_rule \
	$(pkg-config --cflags --libs mmref) -lcmocka && /tmp/my_rule'
check "a rule file" in_root sh -c 'cc -shared -fPIC /consumer/folio_put_wakes.c -o /tmp/mine.so \
	$(pkg-config --cflags mmref) && mmref run --all wakeup --rules /tmp/mine.so | grep "closes 1"'
check "the documents" in_root test -s /usr/share/doc/mmref/docs/scenarios.md
check "removing all of it" in_root apt-get purge -y -qq mmref mmref-doc libmmref-dev "libmmref$major"
check "leaves nothing" sh -c '! find "$0/usr" -name "*mmref*" | grep .' "$root"
finish
