-- SPDX-License-Identifier: MIT
-- Try-get and put of one count against kill and wait, step for step as in
-- bench/programs.c. THREADS and TURNS are put in by bench/run.
const
  workers: THREADS;
  turns: TURNS;

type
  id: scalarset(workers);
  place: enum { at_count, at_try, at_use, at_put, at_wake, gone };
  unplug: enum { puts, wakes, waits, frees, returned };

var
  count: 0..(workers + 1);
  done, freed: boolean;
  at: array[id] of place;
  seen: array[id] of 0..(workers + 1);
  turn: array[id] of 0..turns;
  admin: unplug;

procedure leave(i: id);
begin
  at[i] := gone; seen[i] := 0; turn[i] := 0;
end;

procedure again(i: id);
begin
  turn[i] := turn[i] + 1;
  if turn[i] = turns then leave(i); else at[i] := at_count; end;
end;

startstate begin
  count := 1; done := false; freed := false; admin := puts;
  for i: id do at[i] := at_count; seen[i] := 0; turn[i] := 0; end;
end;

ruleset i: id do
  rule at[i] = at_count ==> begin
    if count = 0 then leave(i); else seen[i] := count; at[i] := at_try; end;
  end;
  rule at[i] = at_try ==> begin
    if count = seen[i] then count := count + 1; seen[i] := 0; at[i] := at_use;
    elsif count = 0 then leave(i);
    else seen[i] := count; end;
  end;
  rule at[i] = at_use ==> begin assert !freed; at[i] := at_put; end;
  rule at[i] = at_put ==> begin
    count := count - 1; if count = 0 then at[i] := at_wake; else again(i); end;
  end;
  rule at[i] = at_wake ==> begin done := true; again(i); end;
end;

rule admin = puts ==> begin
  count := count - 1; if count = 0 then admin := wakes; else admin := waits; end;
end;
rule admin = wakes ==> begin done := true; admin := waits; end;
rule admin = waits & done ==> begin admin := frees; end;
rule admin = frees ==> begin freed := true; admin := returned; end;
