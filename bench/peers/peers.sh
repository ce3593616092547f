# SPDX-License-Identifier: MIT
# How the other tools are built and asked; sourced by bench/run. A program is "gup 5 2": its name,
# its threads, its rounds. What is built stays in $scratch until bench/run ends.

have() {
	command -v "$1" >/dev/null
}

# Seconds of wall time that "$@" takes; what it says is left in $scratch/said.
wall() {
	local from to
	from=$(date +%s.%N)
	"$@" >"$scratch/said"
	to=$(date +%s.%N)
	awk -v a="$from" -v b="$to" 'BEGIN { printf "%.6f\n", b - a }'
}

# --- Rumur: on all cores ------------------------------------------------------

# rumur_of off|heuristic PROGRAM: the checker that Rumur makes of it, with that reduction by symmetry.
rumur_of() {
	local at=$scratch/rumur-$1-$2-$3-$4
	if [ ! -x "$at" ]; then
		sed "s/THREADS;/$(($3 - 1));/; s/TURNS;/$4;/" "bench/peers/$2.m" >"$at.m"
		rumur "$at.m" --output "$at.c" --deadlock-detection off --symmetry-reduction "$1"
		gcc -std=c11 -march=native -mcx16 -O3 -w "$at.c" -o "$at" -lpthread
	fi
	echo "$at"
}

rumur_seconds() {
	wall "$(rumur_of "$@")"
}

rumur_states() {
	rumur_seconds "$@" >/dev/null
	sed -nE 's/^\s*([0-9]+) states.*/\1/p' "$scratch/said"
}

rumur_rate() {
	local seconds
	seconds=$(rumur_seconds "$@")
	per_second "$(sed -nE 's/^\s*([0-9]+) states.*/\1/p' "$scratch/said")" "$seconds"
}

# --- Spin -----------------------------------------------------------------------

# spin_of PROGRAM: the checker that Spin makes of it.
spin_of() {
	local at=$scratch/spin-$1-$2-$3
	if [ ! -x "$at/pan" ]; then
		mkdir "$at"
		cp "bench/peers/$1.pml" "$at"
		(cd "$at" && spin "-DTHREADS=$2" "-DTURNS=$3" -a "$1.pml" >/dev/null &&
			gcc -O3 -march=native -w -DSAFETY -DMEMLIM=8000 -o pan pan.c)
	fi
	echo "$at/pan"
}

# It writes a trail beside itself where it finds something.
spin_run() {
	local pan
	pan=$(spin_of "$@")
	(cd "$(dirname "$pan")" && ./pan -m100000 -w24)
}

spin_states() {
	spin_run "$@" | sed -nE 's/^ *([0-9]+) states, stored.*/\1/p'
}

# As it says itself: without the time that it takes to make its table of states.
spin_rate() {
	spin_run "$@" | sed -nE 's|^pan: rate *([0-9.]+) states/second.*|\1|p'
}

# --- Relacy: interleavings, in full ------------------------------------------------

# Of more than a few threads nobody waits for the last interleaving.
relacy_limit=1000000

# relacy_rate PROGRAM: interleavings a second.
relacy_rate() {
	local at=$scratch/relacy-$1-$2-$3 said
	[ -x "$at" ] || g++ -std=c++17 -O3 -DNDEBUG -w "-I$relacy" "-DPROGRAM=$1" "-DTHREADS=$2" \
		"-DTURNS=$3" bench/peers/relacy.cpp -o "$at"
	said=$("$at" $relacy_limit)
	per_second "$(figure executions "$said")" "$(figure seconds "$said")"
}

# --- GenMC --------------------------------------------------------------------------

# genmc_executions PROGRAM: executions under sequential consistency.
genmc_executions() {
	"$genmc" --sc --disable-estimation -- "-DPROGRAM=$1" "-DTHREADS=$2" "-DTURNS=$3" \
		bench/peers/counted.c | sed -nE 's/.*executions explored: ([0-9]+).*/\1/p'
}
