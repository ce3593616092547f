# SPDX-License-Identifier: MIT
"""pages.py FOLDER: a page of explain --html shows what --json says of the same run. See pages.sh."""
import json
import pathlib
import re
import sys

from selenium.webdriver.common.keys import Keys

from browser import Browser

work = pathlib.Path(sys.argv[1])
browser = Browser()
passed = failed = 0


def expect(name, got, wanted):
    global passed, failed
    if got == wanted:
        passed += 1
    else:
        failed += 1
        print(f"FAILED  {name}: {json.dumps(got)}, not {json.dumps(wanted)}")


def lines(name):
    return [json.loads(line) for line in (work / f"{name}.json").read_text().splitlines()]


def first(name, field):
    return next(line for line in lines(name) if field in line)


def shown():
    """Each world on the page: the step that is shown, and the row of each device page."""
    return browser.run("""
        return [...document.querySelectorAll('.world')].map(world => ({
            step: Number(world.dataset.step),
            pages: Object.fromEntries([...world.querySelectorAll('[data-pfn]')].map(row =>
                [row.dataset.pfn, Object.fromEntries([...row.cells].map(cell =>
                    [cell.className.split(' ')[0], cell.textContent]))])),
        }))""")


def step_shown():
    return shown()[0]["step"]


def held_by(page):
    return ", ".join(f"{holder} {units}" for holder, units in page["held"].items()) or "nobody"


def row_matches(row, page):
    if not page["present"]:
        return row.get("gone") == "memmap gone"
    return [row.get("refcount"), row.get("mapcount"), row.get("ptes"), row.get("held")] == \
        [str(page["refcount"]), str(page["mapcount"]), str(page["ptes"]), held_by(page)]


def differences(steps):
    """Steps through the page: how many counts were compared with @steps, and which differ."""
    compared, differing = 0, []
    browser.press(Keys.HOME)
    for step in steps:
        browser.press(Keys.ARROW_RIGHT)
        world = shown()[0]
        if world["step"] != step["step"]:
            differing.append(f"step {world['step']} instead of {step['step']}")
        if step.get("page"):
            compared += 1
            row = world["pages"].get(str(step["page"]["pfn"]), {})
            if not row_matches(row, step["page"]):
                differing.append(f"step {world['step']}: {row}")
    return compared, differing


def check_culprits(name, culprits):
    """The page names those whom explain names, and a click goes to the step."""
    told = browser.run("""
        return [...document.querySelectorAll('tr.culprit td:nth-child(2)')].map(cell =>
            cell.childNodes[0].textContent + cell.childNodes[1].textContent)""")
    expect(f"{name}: who did it", told, [
        (culprit["task"] or "before the first step") +
        (f" at step {culprit['step']}" if culprit["step"] else "") + f": {culprit['what']}"
        for culprit in culprits])
    for row, culprit in zip(browser.all("tr.culprit"), culprits):
        if culprit["step"]:
            browser.click(row)
            browser.point(None)
            expect(f"{name}: to the step of who did it", step_shown(), culprit["step"])


def check_explained(name):
    file = work / f"{name}.html"
    browser.open(file)
    steps = [line for line in lines(name) if line.get("step")]
    ending = first(name, "means")
    compared, differing = differences(steps)
    expect(f"{name}: counts at each step", differing, [])
    expect(f"{name}: steps that touch a page", compared > 0, True)
    browser.press(Keys.ARROW_RIGHT)
    expect(f"{name}: no step after the last", step_shown(), len(steps))
    browser.press(Keys.ARROW_LEFT)
    expect(f"{name}: a step back", step_shown(), len(steps) - 1)
    browser.press(Keys.HOME)
    expect(f"{name}: before the first", step_shown(), 0)
    browser.press(Keys.END)
    expect(f"{name}: the last", step_shown(), len(steps))
    browser.run("""
        const scrubber = document.querySelector('#scrubber');
        scrubber.value = 3;
        scrubber.dispatchEvent(new Event('input', { bubbles: true }))""")
    expect(f"{name}: the scrubber", step_shown(), 3)
    browser.point(browser.all("tr.step")[4])
    expect(f"{name}: pointed at", step_shown(), 5)
    expect(f"{name}: the violation in the lanes", browser.texts("tr.shows strong")[-1],
           f"\u2715 {ending['violation']}")
    expect(f"{name}: what it means", ending["means"] in browser.texts(".ending")[0], True)
    check_culprits(name, ending["culprit"])
    expect(f"{name}: less than a megabyte", file.stat().st_size < 1 << 20, True)
    expect(f"{name}: no message, no request", browser.errors(), [])


def check_narrow(name):
    """A lane keeps room for words, however narrow the window is."""
    browser.open(work / f"{name}.html", width=1000, height=700)
    widths = browser.run("""
        return [...document.querySelectorAll('table.lanes thead th')].map(cell =>
            cell.getBoundingClientRect().width)""")
    expect(f"{name}: lanes have room", len(widths) > 2 and min(widths[1:]) >= 130, True)


def check_sleeping(name):
    """A thread that sleeps for ever does so from one step on, and at the end."""
    browser.open(work / f"{name}.html")
    asleep = first(name, "asleep")["asleep"]
    counts = browser.texts("tr.step .counts")
    step = max(i for i, text in enumerate(counts) if text == "B sleeps")
    steps = [line for line in lines(name) if line.get("step")]
    expect(f"{name}: the thread that goes to sleep acts", steps[step]["task"], asleep)
    expect(f"{name}: who is asleep", browser.texts(".asleep .task"), [f"B {asleep}"])
    for _ in range(step, len(counts)):
        browser.press(Keys.ARROW_LEFT)
    expect(f"{name}: nobody was asleep before", len(browser.all(".asleep .none")), 1)


def check_failing(name):
    """The page shows where an operation fails, and not where one returns."""
    browser.open(work / f"{name}.html")
    events = [event for line in lines(name) for event in line.get("then") or []]
    wanted = [event["ends"] for event in events if event.get("failed")]
    expect(f"{name}: some fail, others return", bool(wanted) and
           any(event.get("ends") == "returns" for event in events), True)
    expect(f"{name}: what fails", browser.texts("tr.ends i"), wanted)


def check_changed(name):
    """The comparison sees one count that was changed."""
    html = (work / f"{name}.html").read_text()
    changed = re.sub(r'("pages":\[\{[^\]]*"refcount":)2,', r"\g<1>7,", html, count=1)
    (work / "changed.html").write_text(changed)
    browser.open(work / "changed.html")
    _, differing = differences([line for line in lines(name) if line.get("step")])
    expect("a changed count is seen", changed != html and len(differing) > 0, True)


def check_compared(name):
    browser.open(work / f"{name}.html")
    wanted = first(name, "first_difference")["first_difference"]
    marked = browser.run("""
        return [...document.querySelectorAll('tr.differs')].map(row =>
            row.querySelector('td.acts b:not(.badge)').textContent)""")
    expect(f"{name}: the first difference", marked, [wanted["operation"]] if wanted else [])
    if wanted:
        mark = browser.texts("tr.differs .mark")[0]
        expect(f"{name}: its task", browser.texts("tr.differs .badge")[0],
               chr(ord("A") + wanted["lane"]))
        expect(f"{name}: its page", f"at page {wanted['page']}" in mark,
               wanted["page"] is not None)
    browser.press(Keys.END)
    ends = [world["pages"] for world in shown()]
    with_pages = [line for line in lines(name) if line.get("pages")]
    for side, rules in enumerate(dict.fromkeys(line["rules"] for line in with_pages)):
        last = [line for line in with_pages if line["rules"] == rules][-1]
        for page in last["pages"]:
            row = ends[side].get(str(page["pfn"]), {})
            expect(f"{name}: page {page['pfn']} at the end under {rules}",
                   row.get("refcount") if page["present"] else row.get("gone"),
                   str(page["refcount"]) if page["present"] else "memmap gone")
    expect(f"{name}: no message, no request", browser.errors(), [])


def check_hostile():
    """Markup in the texts of a scenario is shown as text."""
    markup = "<script>window.broken = 1</script>"
    browser.open(work / "hostile.html")
    browser.click(browser.all("summary")[0])
    expect("markup: none of it has run", browser.run("return window.broken"), None)
    expect("markup: the name", browser.texts("h1"), ['<img src=x onerror="window.broken = 1">'])
    expect("markup: the story", markup in browser.texts("#story")[0], True)
    expect("markup: a task", browser.texts("#steps th")[1], f"A {markup}")
    expect("markup: no element of it", len(browser.all("img, script:not(#runs)")), 1)
    expect("markup: no message, no request", browser.errors(), [])


def check_looks():
    """Light, dark and on paper."""
    colours = []
    for scheme in ("light", "dark"):
        browser.open(work / "explain-wakeup.html", scheme=scheme)
        colours.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
        browser.media("print", scheme)
        expect("paper has no buttons", browser.all("nav")[0].is_displayed(), False)
        expect("paper has all steps", browser.run("""
            const steps = document.getElementById('steps');
            return steps.scrollHeight <= steps.clientHeight"""), True)
    expect("dark is not light", colours[0] != colours[1], True)


try:
    for explained in ("explain-unplug", "explain-wakeup", "explain-share", "explain-private"):
        check_explained(explained)
    check_narrow("explain-private")
    check_sleeping("explain-wakeup")
    check_failing("explain-failing")
    check_changed("explain-wakeup")
    for compared_page in ("compare-end", "compare-page", "compare-same"):
        check_compared(compared_page)
    check_hostile()
    check_looks()
finally:
    browser.quit()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
