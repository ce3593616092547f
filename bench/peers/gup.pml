/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast readers against a zap, step for step as in bench/programs.c: what stands
 * in an atomic is one step. THREADS and TURNS come from bench/run.
 */
bool mapped = true, given_back;
byte count = 1;

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

active [THREADS - 1] proctype reader()
{
	byte seen, turn;

look:
	atomic {
		if
		:: mapped
		:: else -> leave()
		fi
	}
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
	atomic {
		if
		:: mapped
		:: else -> goto put_vain
		fi
	}
	assert(!given_back);
	atomic {
		count--;
		if
		:: count == 0
		:: else -> again()
		fi
	}
	atomic { given_back = true; again() }
put_vain:
	atomic {
		count--;
		if
		:: count == 0
		:: else -> leave()
		fi
	}
	atomic { given_back = true; leave() }
end_gone:
	false
}

active proctype zap()
{
	mapped = false;
	atomic {
		count--;
		if
		:: count == 0
		:: else -> goto end_gone
		fi
	}
	given_back = true;
end_gone:
	false
}
