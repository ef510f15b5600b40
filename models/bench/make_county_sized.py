#!/usr/bin/env python3
"""Writes the folder county_sized beside it: a made-up county of 300,000 clients in 60 settings, for measuring speed.

Six like areas, each with eight places and two programs. The numbers resemble no county; they are chosen so that the load
is plausible: crisis and hospital beds near full, housing always full with a long list. Standard library only.
"""
import csv
import pathlib

AREAS = 6
DEPARTMENTS = [("dmh", "Mental Health"), ("dhs", "Health Services"), ("dph", "Public Health"), ("lasd", "Sheriff"),
               ("lahsa", "Homeless Services"), ("none", "No department")]
# id, kind, department, domain, level, beds an area, stay kind, mean [d], cv, mean patience [d]
SETTINGS = [
    ("community", "place", "none", "community", 0, "unlimited", "", "", "", ""),
    ("street", "place", "none", "outreach", 0, "unlimited", "", "", "", ""),
    ("interim", "place", "lahsa", "housing", 1, 1700, "gamma", 200, 1.2, 30),
    ("housing", "place", "lahsa", "housing", 1, 3500, "gamma", 2900, 0.9, ""),
    ("crisis", "place", "dmh", "crisis", 4, 48, "gamma", 0.8, 0.8, ""),
    ("acute", "place", "dhs", "treatment", 6, 72, "gamma", 9, 1.1, ""),
    ("residential", "place", "dph", "treatment", 3, 30, "gamma", 45, 0.9, 60),
    ("jail", "place", "lasd", "custody", 6, "unlimited", "gamma", 60, 1.5, ""),
    ("outpatient", "program", "dmh", "treatment", 1, 4000, "gamma", 240, 1.0, 45),
    ("team", "program", "dmh", "treatment", 2, 1100, "gamma", 730, 0.9, 120),
]
HOUSING_A_YEAR = [0, 120, 260, 420, 600]  # units added since the start, by year
PRIORITY = {"housing": '["smi = yes & sud = yes", "smi = yes"]', "interim": '["smi = yes"]'}
ON_ENTRY = {"street": "request {housing} keep", "interim": "request {housing} keep",
            "acute": "request {team} share 20% when smi = yes"}
# from, to, share (empty: the rest), when, do, wait. {x} is the area's own x.
ROUTES = [
    ("{interim}", "{community}", 0.30, "", "drop all", ""),
    ("{interim}", "{street}", "", "", "", ""),
    ("{housing}", "{community}", 0.60, "", "", ""),
    ("{housing}", "leave:moved_away", 0.15, "", "", ""),
    ("{housing}", "{street}", "", "", "", ""),
    ("{crisis}", "{acute}", 0.25, "", "", "in_place"),
    ("{crisis}", "{interim}", 0.10, "", "", "{street}"),
    ("{crisis}", "{street}", 0.15, "", "request {outpatient} share 30%", ""),
    ("{crisis}", "{community}", "", "", "request {outpatient} share 50%", ""),
    ("{acute}", "{residential}", 0.12, "sud = yes", "", "in_place"),
    ("{acute}", "{interim}", 0.15, "", "", "in_place"),
    ("{acute}", "{street}", 0.12, "", "", ""),
    ("{acute}", "{community}", "", "", "request {outpatient} share 60%", ""),
    ("{residential}", "{interim}", 0.20, "", "", "{street}"),
    ("{residential}", "{community}", "", "", "request {outpatient} share 40%", ""),
    ("{jail}", "{street}", 0.35, "", "", ""),
    ("{jail}", "{residential}", 0.05, "sud = yes", "", "{street}"),
    ("{jail}", "{community}", "", "", "", ""),
    ("{outpatient}", "end", "", "", "", ""),
    ("{team}", "{outpatient}", 0.30, "", "", ""),
    ("{team}", "end", "", "", "", ""),
    ("events.crisis", "{crisis}", 1, "place = {community} | {street} | {interim} | {housing}", "count crises", "in_place"),
    ("events.arrest", "{jail}", 1, "place = {community} | {street}", "count arrests", ""),
    ("events.lose_home", "{street}", 1, "place = {community}", "", ""),
    ("events.self_exit", "{community}", 1, "place = {street}", "drop all", ""),
    ("events.seek_shelter", "{interim}", 1, "place = {street}", "", "{street}"),
    ("arrivals.area{n}", "{community}", "", "", "request {outpatient} share 25%", ""),
]
START = [("community", 40200), ("street", 3300), ("interim", 1650), ("housing", 3450), ("crisis", 24), ("acute", 62),
         ("residential", 18), ("jail", 760)]

MODEL = """# Made by make_county_sized.py.
[model]
name = "A county of 300,000 clients"
about = "Synthetic county for measuring speed: 60 settings, 300,000 clients present, five years. It describes no real county."
start = "2020-01-01"
horizon = "5 y"
warmup = "0 d"
every = "month"
replications = 1
seed = 1

[traits]
smi = { values = ["no", "yes"] }
sud = { values = ["no", "yes"] }

[populations.residents]
name = "residents who may need care"

[[mix]]
population = "residents"
trait = "smi"
value = "yes"
share = 0.3
[[mix]]
population = "residents"
trait = "sud"
value = "yes"
share = 0.5
when = "smi = yes"
[[mix]]
population = "residents"
trait = "sud"
value = "yes"
share = 0.25
when = "smi = no"

[outcomes.crises]
name = "crises"
[outcomes.arrests]
name = "arrests"

[[handoffs]]
between = "within"
delay = { kind = "exponential", mean = "4 h" }
lost = 0.02
lost_to = "leave:lost"
[[handoffs]]
between = "across"
delay = { kind = "exponential", mean = "1 d" }
lost = 0.08
lost_to = "leave:lost"
# From and to home or the street nobody refers.
[[handoffs]]
from = "none"
delay = "10 min"
lost = 0
[[handoffs]]
to = "none"
delay = "10 min"
lost = 0

[events.crisis]
rate = { base = "0.10 / y", vary = [ { when = "smi = yes", scale = 2.5 }, { when = "sud = yes", scale = 1.4 },
  { when = "place = STREETS", scale = 3 } ] }
when = "place = COMMUNITIES | STREETS | INTERIMS | HOUSINGS"
[events.arrest]
rate = { base = "0.06 / y", vary = [ { when = "sud = yes", scale = 1.8 }, { when = "place = STREETS", scale = 5 } ] }
when = "place = COMMUNITIES | STREETS"
[events.lose_home]
rate = { base = "0.06 / y", vary = [ { when = "smi = yes", scale = 1.5 } ] }
when = "place = COMMUNITIES"
[events.self_exit]
rate = "0.6 / y"
when = "place = STREETS"
[events.seek_shelter]
rate = "1.5 / y"
when = "place = STREETS"
[events.death]
rate = { base = "0.010 / y", vary = [ { when = "place = STREETS", scale = 2.5 } ] }
to = "leave:died"
[events.moves_away]
rate = "0.09 / y"
when = "place = COMMUNITIES"
to = "leave:moved_away"
"""


def write(path, heading, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def in_area(text, area):
    names = {setting[0]: f"{setting[0]}_{area}" for setting in SETTINGS}
    return str(text).format(n=area, **names)


def model_text():
    text = MODEL
    for word in ("community", "street", "interim", "housing"):
        plural = {"community": "COMMUNITIES"}.get(word, word.upper() + "S")
        text = text.replace(plural, " | ".join(f"{word}_{area}" for area in range(1, AREAS + 1)))
    for area in range(1, AREAS + 1):
        text += f'\n[arrivals.area{area}]\npopulation = "residents"\nrate = "4600 / y"\ngrowth = 0.005\n'
        text += "weekdays = [1.1, 1.05, 1.0, 1.0, 1.05, 0.9, 0.9]\n"
    return text


def settings():
    for area in range(1, AREAS + 1):
        for name, kind, department, domain, level, beds, shape, mean, cv, patience in SETTINGS:
            stay = f'{{ kind = "{shape}", mean = "{mean} d", cv = {cv} }}' if shape else "until_moved"
            priority = PRIORITY.get(name, "")
            yield [f"{name}_{area}", kind, department, domain, level, beds, stay, "priority" if priority else "", priority,
                   "exponential" if patience else "", patience, in_area(ON_ENTRY.get(name, ""), area)]


def dated():
    for area in range(1, AREAS + 1):
        base = next(row[5] for row in SETTINGS if row[0] == "housing")
        for year, more in enumerate(HOUSING_A_YEAR):
            yield [f"settings.housing_{area}.capacity", f"{2020 + year}-01-01", base + more]


def routes():
    for area in range(1, AREAS + 1):
        for row in ROUTES:
            yield [in_area(cell, area) for cell in row]
    for event in sorted({row[0] for row in ROUTES if row[0].startswith("events.")}):
        yield [event, "end", "", "", "", ""]  # in no place of an area: nothing happens


def initial():
    for area in range(1, AREAS + 1):
        for name, count in START:
            do = in_area({"street": "request {housing}", "interim": "request {housing}",
                          "community": "enrol {outpatient} share 7%"}.get(name, ""), area)
            yield [f"{name}_{area}", f"{name}_{area}", count, "residents", do]


def main():
    folder = pathlib.Path(__file__).resolve().parent / "county_sized"
    folder.mkdir(exist_ok=True)
    (folder / "model.toml").write_text(model_text(), encoding="utf-8")
    write(folder / "departments.csv", ["id", "name"], DEPARTMENTS)
    write(folder / "settings.csv", ["id", "kind", "department", "domain", "level", "capacity", "stay", "queue.discipline",
                                    "queue.priority", "queue.patience.kind", "queue.patience.mean [d]", "on_entry"], settings())
    write(folder / "dated.csv", ["field", "at", "value"], dated())
    write(folder / "routes.csv", ["from", "to", "share", "when", "do", "wait"], routes())
    write(folder / "initial.csv", ["id", "place", "count", "population", "do"], initial())


if __name__ == "__main__":
    main()
