/* SPDX-License-Identifier: MIT */
/*
 * Try-get and put of one count against kill and wait, step for step as in
 * bench/programs.c: what stands in an atomic is one step. THREADS and TURNS come
 * from bench/run.
 */
byte count = 1;
bool done, freed;

inline leave()
{
	seen = 0;
	turn = 0;
	goto end_gone
}

inline again()
{
	turn++;
	if
	:: turn == TURNS -> leave()
	:: else -> goto look
	fi
}

active [THREADS - 1] proctype worker()
{
	byte seen, turn;

look:
	atomic {
		if
		:: count == 0 -> leave()
		:: else -> seen = count
		fi
	}
try:
	atomic {
		if
		:: count == seen -> count++; seen = 0
		:: count == 0 -> leave()
		:: else -> seen = count; goto try
		fi
	}
	assert(!freed);
	atomic {
		count--;
		if
		:: count == 0
		:: else -> again()
		fi
	}
	atomic { done = true; again() }
end_gone:
	false
}

active proctype unplug()
{
	atomic {
		count--;
		if
		:: count == 0
		:: else -> goto wait
		fi
	}
	done = true;
wait:
	done;
	freed = true;
end_gone:
	false
}
