#!/usr/bin/env python3
"""Writes the folder w3 beside it: the network W3 of docs/performance.md as an ordinary model.

With --to, another folder: the network with --times its arrivals and servers, or --copies of it side by side.

Twenty stations with servers, three classes of clients, priorities at six stations, clients who give up at six. A station
is a place; its queue waits in its own line, so that a client leaves the server when served. Standard library only.
"""
import argparse
import csv
import math
import pathlib

CLASSES = ["a", "b", "c"]
MEAN_FACTOR = {"b": 1.2, "c": 0.8}  # times the mean service of class a
MEAN_SERVICE = [0.5, 2.0, 5.0, 10.0, 1.0, 20.0, 3.0, 7.0, 15.0, 4.0, 30.0, 2.5, 6.0, 12.0, 1.5, 25.0, 8.0, 3.5, 40.0, 5.0]
SERVERS = [7, 10, 37, 67, 6, 132, 17, 25, 89, 21, 154, 13, 31, 25, 10, 74, 19, 12, 141, 11]
PRIORITY = [2, 5, 8, 11, 14, 17]
PATIENCE = {1: 1.0, 4: 0.5, 8: 10.0, 13: 8.0, 17: 3.0, 19: 4.0}  # station: mean, days
ARRIVALS = [8, 7, 5]  # a day, by class
ENTRY = [{0: 0.7, 1: 0.2, 5: 0.1}, {0: 0.3, 2: 0.4, 4: 0.3}, {1: 0.3, 3: 0.5, 8: 0.2}]
# ROUTE[station][class]: next station: share; the rest leaves
ROUTE = [
    [{7: 0.20, 9: 0.15, 10: 0.35, 17: 0.10}, {4: 0.35, 7: 0.15, 8: 0.20, 17: 0.10}, {2: 0.15, 3: 0.35, 11: 0.20, 18: 0.10}],
    [{3: 0.20, 5: 0.15, 9: 0.35, 18: 0.10}, {5: 0.20, 10: 0.35, 12: 0.15, 19: 0.10}, {3: 0.15, 5: 0.20, 8: 0.35, 18: 0.10}],
    [{1: 0.10, 5: 0.20, 6: 0.35, 8: 0.15}, {1: 0.10, 3: 0.20, 6: 0.35, 11: 0.15}, {1: 0.10, 7: 0.20, 8: 0.15, 12: 0.35}],
    [{0: 0.10, 4: 0.20, 8: 0.35, 11: 0.15}, {2: 0.10, 6: 0.15, 10: 0.35, 12: 0.20}, {2: 0.10, 4: 0.20, 6: 0.15, 11: 0.35}],
    [{2: 0.10, 5: 0.15, 12: 0.20, 14: 0.35}, {2: 0.10, 9: 0.20, 12: 0.35, 15: 0.15}, {2: 0.10, 8: 0.20, 11: 0.35, 13: 0.15}],
    [{4: 0.10, 9: 0.15, 14: 0.35, 16: 0.20}, {4: 0.10, 9: 0.35, 10: 0.20, 11: 0.15}, {2: 0.10, 8: 0.35, 9: 0.20, 11: 0.15}],
    [{5: 0.10, 8: 0.35, 9: 0.15, 10: 0.20}, {3: 0.10, 8: 0.20, 10: 0.15, 14: 0.35}, {5: 0.10, 7: 0.20, 8: 0.35, 17: 0.15}],
    [{6: 0.10, 10: 0.20, 12: 0.15, 14: 0.35}, {5: 0.10, 8: 0.35, 9: 0.15, 10: 0.20}, {5: 0.10, 12: 0.20, 15: 0.15, 18: 0.35}],
    [{6: 0.10, 13: 0.20, 17: 0.15, 19: 0.35}, {7: 0.10, 15: 0.35, 16: 0.20, 18: 0.15}, {6: 0.10, 11: 0.20, 13: 0.15, 18: 0.35}],
    [{6: 0.10, 11: 0.20, 14: 0.15, 17: 0.35}, {0: 0.15, 6: 0.10, 12: 0.20, 14: 0.35}, {0: 0.20, 6: 0.10, 15: 0.15, 16: 0.35}],
    [{8: 0.10, 13: 0.35, 15: 0.20, 18: 0.15}, {0: 0.35, 8: 0.10, 11: 0.15, 15: 0.20}, {8: 0.10, 13: 0.15, 17: 0.20, 19: 0.35}],
    [{0: 0.15, 1: 0.20, 8: 0.10, 13: 0.35}, {0: 0.35, 8: 0.10, 12: 0.20, 17: 0.15}, {9: 0.10, 12: 0.20, 16: 0.35, 19: 0.15}],
    [{0: 0.20, 2: 0.15, 3: 0.35, 11: 0.10}, {2: 0.20, 11: 0.10, 14: 0.35, 19: 0.15}, {1: 0.35, 11: 0.10, 14: 0.15, 17: 0.20}],
    [{3: 0.20, 4: 0.15, 10: 0.10, 19: 0.35}, {12: 0.10, 16: 0.35, 17: 0.20, 19: 0.15}, {1: 0.20, 12: 0.10, 18: 0.35, 19: 0.15}],
    [{2: 0.15, 3: 0.20, 5: 0.35, 12: 0.10}, {1: 0.15, 5: 0.35, 11: 0.10, 17: 0.20}, {0: 0.35, 4: 0.20, 13: 0.10, 15: 0.15}],
    [{4: 0.35, 5: 0.15, 13: 0.10, 19: 0.20}, {2: 0.20, 3: 0.15, 5: 0.35, 12: 0.10}, {2: 0.20, 6: 0.35, 12: 0.10, 19: 0.15}],
    [{3: 0.20, 6: 0.35, 7: 0.15, 14: 0.10}, {0: 0.20, 5: 0.15, 15: 0.10, 18: 0.35}, {6: 0.35, 13: 0.10, 17: 0.20, 18: 0.15}],
    [{4: 0.20, 5: 0.35, 15: 0.10, 18: 0.15}, {0: 0.20, 2: 0.35, 7: 0.15, 16: 0.10}, {0: 0.35, 5: 0.15, 8: 0.20, 14: 0.10}],
    [{4: 0.35, 6: 0.15, 17: 0.10, 19: 0.20}, {2: 0.20, 4: 0.35, 6: 0.15, 17: 0.10}, {1: 0.35, 7: 0.20, 8: 0.15, 17: 0.10}],
    [{1: 0.35, 5: 0.15, 10: 0.20, 18: 0.10}, {2: 0.20, 3: 0.15, 7: 0.35, 17: 0.10}, {0: 0.35, 3: 0.15, 9: 0.20, 16: 0.10}],
]


def write(path, heading, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def model_text(options):
    text = f"""# Made by make_w3.py.
[model]
name = "W3: network of 20 stations"
about = "20 stations, 3 classes, priorities and clients who give up; 1.28 million events. Starts empty."
horizon = "{options.days} d"
warmup = "0 d"
every = "year"
replications = 1
seed = 1

[traits.class]
values = ["a", "b", "c"]
"""
    for copy in copies(options):
        for rate, name in zip(ARRIVALS, CLASSES):
            text += f"""
[arrivals.{name}{copy}]
rate = "{rate * options.times:g} / d"
traits = "class={name}"
"""
    return text


def copies(options):
    """What is put behind the names of each copy."""
    return [""] + [f"_{copy}" for copy in range(2, options.copies + 1)]


def settings(options):
    for copy in copies(options):
        for station, (mean, servers) in enumerate(zip(MEAN_SERVICE, SERVERS)):
            first = '["class = a", "class = b"]' if station in PRIORITY else ""
            patience = PATIENCE.get(station)
            yield [f"s{station}{copy}", "place", math.ceil(servers * options.times), "exponential", mean, "priority" if first else "fifo",
                   first, "exponential" if patience else "", patience or ""]


def vary(options):
    for copy in copies(options):
        for station in range(len(SERVERS)):
            for name, factor in MEAN_FACTOR.items():
                yield [f"settings.s{station}{copy}.stay.mean", f"class = {name}", factor]


def routes(options):
    for copy in copies(options):
        for row, name in zip(ENTRY, CLASSES):
            for to, share in row.items():
                yield [f"arrivals.{name}{copy}", f"s{to}{copy}", share, "", "line"]
        for station, by_class in enumerate(ROUTE):
            for row, name in zip(by_class, CLASSES):
                for to, share in row.items():
                    yield [f"s{station}{copy}", f"s{to}{copy}", share, f"class = {name}", "line"]
            yield [f"s{station}{copy}", "leave:done", "", "", ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent / "w3", help="folder")
    parser.add_argument("--times", type=float, default=1, help="arrivals and servers, times W3's (servers rounded up)")
    parser.add_argument("--copies", type=int, default=1, help="of the network, side by side")
    parser.add_argument("--days", type=int, default=12000, help="horizon")
    options = parser.parse_args()
    folder = options.to
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.toml").write_text(model_text(options), encoding="utf-8")
    write(folder / "settings.csv", ["id", "kind", "capacity", "stay.kind", "stay.mean [d]", "queue.discipline", "queue.priority",
                                    "queue.patience.kind", "queue.patience.mean [d]"], settings(options))
    write(folder / "vary.csv", ["field", "when", "scale"], vary(options))
    write(folder / "routes.csv", ["from", "to", "share", "when", "wait"], routes(options))


if __name__ == "__main__":
    main()
