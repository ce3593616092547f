# SPDX-License-Identifier: MIT
"""trace.py TRACE JSON: is the trace of explain --trace well formed, and is it of the run that
explain --json describes? Prints the first errors, and the numbers of events and arrows."""
import json
import pathlib
import sys

wrong = []
events = json.loads(pathlib.Path(sys.argv[1]).read_text())["traceEvents"]
lines = [json.loads(line) for line in pathlib.Path(sys.argv[2]).read_text().splitlines()]
steps = [line for line in lines if line.get("step")]
FIELDS = {"M": ["args"], "B": [], "E": [], "X": ["dur", "args"], "C": ["args"],
          "s": ["id", "cat"], "f": ["id", "cat", "bp"], "i": ["s"]}


def check(right, what):
    if not right:
        wrong.append(what)


def of(phase):
    return [event for event in events if event.get("ph") == phase]


def told(value):
    return json.dumps(value, separators=(",", ":"))


def start(event):
    return event.get("ts", 0)


def check_fields():
    last = 0
    for event in events:
        check(event.get("ph") in FIELDS, f"unknown phase: {told(event)}")
        check(isinstance(event.get("name"), str) and
              all(isinstance(event.get(field), int) for field in ("pid", "tid", "ts")),
              f"a field is bad: {told(event)}")
        for field in FIELDS.get(event.get("ph"), []):
            check(field in event, f"no {field}: {told(event)}")
        check(start(event) >= last, f"earlier than the one before: {told(event)}")
        last = start(event)


def check_nesting():
    """Every begin has an end; a step lies in the operation that it is part of."""
    running, nth = {}, 0
    for event in events:
        thread = event.get("tid")
        if event.get("ph") == "B":
            check(thread not in running, f"begun in another: {told(event)}")
            running[thread] = event
        elif event.get("ph") == "E":
            check(thread in running, f"ends what was not begun: {told(event)}")
            running.pop(thread, None)
        elif event.get("ph") == "X":
            inside = running.get(thread, {}).get("name")
            wanted = steps[nth].get("operation") if nth < len(steps) else None
            check(inside == wanted, f"in operation {inside}: {told(event)}")
            nth += 1
    check(not running, f"not ended: {told(running)}")
    slices = of("X")
    for before, after in zip(slices, slices[1:]):
        check(start(before) + before["dur"] < start(after), f"overlaps: {told(after)}")


def check_steps():
    slices = of("X")
    names = {event["tid"]: event["args"]["name"] for event in of("M")
             if event["name"] == "thread_name"}
    check(len(slices) == len(steps), f"{len(slices)} slices, {len(steps)} steps")
    for piece, step in zip(slices, steps):
        args = piece["args"]
        same = all(args.get(field) == step.get(field)
                   for field in ("step", "object", "function", "source", "line"))
        check(same and piece["name"] == step["verb"] and names.get(piece["tid"]) == step["task"],
              f"not step {told(step)}: {told(piece)}")


def lies_in_a_step(event):
    return any(piece["tid"] == event["tid"] and
               start(piece) <= start(event) < start(piece) + piece["dur"] for piece in of("X"))


def check_flows():
    for begin in of("s"):
        ends = [end for end in of("f") if end["id"] == begin["id"]]
        check(sum(other["id"] == begin["id"] for other in of("s")) == 1,
              f"begun twice: {told(begin)}")
        check(len(ends) == 1 and ends[0]["name"] == begin["name"] and
              ends[0]["cat"] == begin["cat"], f"joins nothing, or too much: {told(begin)}")
        check(bool(ends) and start(ends[0]) > start(begin),
              f"ends before it begins: {told(begin)}")
        check(lies_in_a_step(begin) and all(map(lies_in_a_step, ends)),
              f"in no step: {told(begin)}")
    check(len(of("s")) == len(of("f")), "an arrow that begins nowhere")


def check_counters():
    """The counter of a page is what a step that touches its "page 0 refcount" left there."""
    compared = 0
    for step in steps:
        words = step["object"].split(" ") if step.get("page") else []
        if len(words) < 3 or words[0] != "page" or not words[1].isdigit():
            continue
        for name in ("refcount", "mapcount"):
            counters = [event for event in of("C") if start(event) < (step["step"] + 1) * 1000 and
                        event["name"] == f"page {words[1]} {name}"]
            last = counters[-1] if counters else None
            compared += 1
            check(last and last["args"][name] == step["page"][name],
                  f"step {step['step']}: {told(last)}")
    check(compared > 0, "no counts to compare")


def check_violation():
    marks = [event["name"] for event in of("i")]
    violation = next(line for line in lines if "means" in line)["violation"]
    check(violation in marks, f"no mark for {violation}: {marks}")


check_fields()
check_nesting()
check_steps()
check_flows()
check_counters()
check_violation()
for error in wrong[:3]:
    print(error)
arrows = {kind: sum(event["cat"] == kind for event in of("s")) for kind in ("wake", "reference")}
print(f"{len(events)} events, {arrows['wake']} wakes, {arrows['reference']} references")
sys.exit(1 if wrong else 0)
