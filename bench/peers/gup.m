-- SPDX-License-Identifier: MIT
-- GUP-fast readers against a zap, step for step as in bench/programs.c.
-- THREADS and TURNS are put in by bench/run.
const
  readers: THREADS;
  turns: TURNS;

type
  id: scalarset(readers);
  place: enum { at_pte, at_count, at_try, at_look_again, at_use,
                at_put, at_put_vain, at_free, at_free_vain, gone };
  zap: enum { clears, puts, frees, returned };

var
  mapped, given_back: boolean;
  count: 0..(readers + 1);
  at: array[id] of place;
  seen: array[id] of 0..(readers + 1);
  turn: array[id] of 0..turns;
  zapper: zap;

procedure leave(i: id);
begin
  at[i] := gone; seen[i] := 0; turn[i] := 0;
end;

procedure again(i: id);
begin
  turn[i] := turn[i] + 1;
  if turn[i] = turns then leave(i); else at[i] := at_pte; end;
end;

startstate begin
  mapped := true; given_back := false; count := 1; zapper := clears;
  for i: id do at[i] := at_pte; seen[i] := 0; turn[i] := 0; end;
end;

ruleset i: id do
  rule at[i] = at_pte ==> begin
    if mapped then at[i] := at_count; else leave(i); end;
  end;
  rule at[i] = at_count ==> begin
    if count = 0 then leave(i); else seen[i] := count; at[i] := at_try; end;
  end;
  rule at[i] = at_try ==> begin
    if count = seen[i] then count := count + 1; seen[i] := 0; at[i] := at_look_again;
    elsif count = 0 then leave(i);
    else seen[i] := count; end;
  end;
  rule at[i] = at_look_again ==> begin
    if mapped then at[i] := at_use; else at[i] := at_put_vain; end;
  end;
  rule at[i] = at_use ==> begin assert !given_back; at[i] := at_put; end;
  rule at[i] = at_put ==> begin
    count := count - 1; if count = 0 then at[i] := at_free; else again(i); end;
  end;
  rule at[i] = at_put_vain ==> begin
    count := count - 1; if count = 0 then at[i] := at_free_vain; else leave(i); end;
  end;
  rule at[i] = at_free ==> begin given_back := true; again(i); end;
  rule at[i] = at_free_vain ==> begin given_back := true; leave(i); end;
end;

rule zapper = clears ==> begin mapped := false; zapper := puts; end;
rule zapper = puts ==> begin
  count := count - 1; if count = 0 then zapper := frees; else zapper := returned; end;
end;
rule zapper = frees ==> begin given_back := true; zapper := returned; end;
