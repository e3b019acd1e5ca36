#!/usr/bin/env python3
"""opslore's engine beside others: one command, one table.

Fetches the peers, builds all of them on the same passages with the same
tokens, asks all the same queries in turn, and prints what it took, whether the
answers agree, and what could not be had. README.md says more.
"""
import argparse
import glob
import hashlib
import json
import os
import statistics
import subprocess
import sys

from corpus import TAGS, Corpus, every, passages_of, synthetic, \
    synthetic_queries
from engines import KINDS, Also, Missing, Opslore, sh
from tables import agreement, answers_of, figures, table, times
from turns import Racer, build, race

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))


def options():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--opslore",
                   default=f"{ROOT}/build/release/app/opslore")
    p.add_argument("--work", default=f"{ROOT}/build/bench-search",
                   help="folder of programs and indexes, kept")
    p.add_argument("--passages", help="JSON lines with title and text; "
                   "without it text is made up")
    p.add_argument("--queries", action="append", default=[],
                   help="a file of bare lines; may be repeated")
    p.add_argument("--count", type=int, default=100000,
                   help="how many passages to make up")
    p.add_argument("-k", default="10,100")
    p.add_argument("--rounds", type=int, default=10)
    p.add_argument("--budget", type=float, default=40,
                   help="seconds of rounds for one engine, file and k")
    p.add_argument("--peers", default=",".join(KINDS),
                   help=f"some of {','.join(KINDS)}, or 'none'")
    p.add_argument("--also", action="append", default=[],
                   metavar="NAME=COMMAND", help="a program that takes turns")
    p.add_argument("--filters", action="store_true",
                   help="times at several selectivities instead")
    p.add_argument("--cold", action="store_true",
                   help="first queries without the page cache instead")
    p.add_argument("--json", help="a file for all figures")
    return p.parse_args()


def say(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr)


class Bench:
    def __init__(self, o):
        self.o = o
        self.missing = []  # name, why
        self.report = {}
        self.work = os.path.abspath(o.work)
        os.makedirs(self.work, exist_ok=True)
        self.ks = [int(k) for k in o.k.split(",")]
        self._corpus()
        self._engines()

    def _corpus(self):
        o = self.o
        if o.passages:
            at = os.stat(o.passages)
            key = f"{os.path.abspath(o.passages)} {at.st_size} {at.st_mtime}"
        else:
            key = f"synthetic {o.count}"
        key = hashlib.blake2b(key.encode(), digest_size=6).hexdigest()
        self.corpus = Corpus(os.path.join(self.work, f"passages-{key}"))
        say("cutting words")
        self.corpus.make(lambda: passages_of(o.passages) if o.passages
                         else synthetic(o.count))
        self.queries = []
        for path in o.queries:
            name = os.path.splitext(os.path.basename(path))[0]
            with open(path, encoding="utf-8") as file:
                self.queries.append(
                    (name, *self.corpus.queries(name, file)))
        if not o.queries:
            made = synthetic_queries(self.corpus.path("tokens"))
            self.queries.append(("made-up",
                                 *self.corpus.queries("made-up", made)))

    def _engines(self):
        o = self.o
        program = os.path.abspath(o.opslore)
        wanted = [] if o.peers == "none" else o.peers.split(",")
        unknown = [w for w in wanted if w not in KINDS]
        if unknown:
            raise SystemExit(f"no such peer: {', '.join(unknown)}")
        self.ours = Opslore(self.work, program)
        engines = [self.ours]
        if not (o.filters or o.cold):
            engines += [
                Opslore(self.work, program, "opslore, title apart", "fields"),
                Opslore(self.work, program, "opslore, portable",
                        path="portable")]
        if not o.cold:
            engines += [KINDS[w](self.work) for w in wanted]
            engines += [Also(self.work, text) for text in o.also]
        self.engines = []
        for engine in engines:
            if o.filters and not engine.filters:
                continue
            say(f"fetching {engine.name}")
            try:
                engine.fetch()
                self.engines.append(engine)
            except Missing as why:
                self.missing.append((engine.name, str(why)))
                if engine is self.ours:
                    raise SystemExit(f"opslore: {why}") from why

    def index(self, engine, tagged=False):
        name = engine.name.replace(" ", "-").replace(",", "")
        if isinstance(engine, Opslore):
            name = "opslore-" + engine.field
        if tagged:
            name += "-tagged"
        return os.path.join(self.corpus.folder, name)

    def build_all(self, tagged=False):
        self.costs, left = {}, []
        for engine in self.engines:
            say(f"building {engine.name}")
            try:
                cost = build(engine, self.corpus, self.index(engine, tagged),
                             tagged)
            except Missing as why:
                self.missing.append((engine.name, str(why)))
                if engine is self.ours:
                    raise SystemExit(f"opslore: {why}") from why
                continue
            left.append(engine)
            if cost and not getattr(engine, "path", None):
                self.costs[engine.name] = cost
        self.engines = left

    def race(self, which, engines):
        """All engines over one file of queries and one k (or tag): a Racer
        each. `engines`: (name, engine, tag)."""
        path, k, tagged = which
        racers, warm = [], {}
        for name, engine, tag in engines:
            say(f"starting {name}")
            answers = os.path.join(
                self.corpus.folder,
                f"answers-{os.path.basename(path)}-{k}-{name}".replace(
                    " ", "-"))
            asked = every(path, engine.sample) if engine.sample > 1 else path
            command = engine.query(self.index(engine, tagged), asked, k,
                                   answers, tag)
            try:
                racers.append(Racer(name, command, answers, engine.sample))
                warm[name] = engine.warm
            except Missing as why:
                self.missing.append((name, str(why)))
                if engine is self.ours:
                    raise SystemExit(f"opslore: {why}") from why
        race(racers, warm, self.o.rounds, self.o.budget, say)
        return racers


def ms(x):
    return f"{x:.3f}" if x < 100 else f"{x:.1f}"


def mb(x):
    return f"{x / 1e6:.1f}"


def print_builds(bench):
    base = bench.costs[bench.ours.name]
    rows = []
    for name, c in bench.costs.items():
        rows.append([name, f"{c['wall']:.1f}", f"{c['cpu']:.1f}",
                     times(c["cpu"] / base["cpu"]), mb(c["size"]),
                     times(c["size"] / base["size"]), mb(c["peak"])])
    print("\n### Building\n")
    print(table(["engine", "wall s", "CPU s", "to opslore", "index MB",
                 "to opslore", "peak MB"], rows))
    bench.report["builds"] = bench.costs


def print_race(bench, name, count, k, racers):
    mine = racers[0]
    found = answers_of(mine.answers)
    rows, report = [], []
    for r in racers:
        places = list(range(0, count, r.sample)) if r.sample > 1 else None
        f = figures(r.times)
        base = figures(mine.times, places)
        got = answers_of(r.answers)
        equal, asked, overlap, rho = agreement(
            [found[i] for i in places] if places else found, got)
        rows.append([r.name, *map(ms, f), times(f[1] / base[1]),
                     times(f[3] / base[3]), f"{equal} of {asked}",
                     f"{overlap:.3f}", f"{rho:.3f}", len(r.times),
                     mb(r.memory)])
        report.append({"engine": r.name, "ms": f, "to": base,
                       "same": equal, "of": asked, "overlap": overlap,
                       "spearman": rho, "rounds": len(r.times),
                       "memory": r.memory})
    print(f"\n### {name}: {count} queries, k = {k}\n")
    print(table(["ms", "mean", "p50", "p95", "p99", "p50 to opslore", "p99",
                 "same answers", f"overlap@{k}", "Spearman", "rounds",
                 "peak MB"], rows))
    bench.report.setdefault("races", []).append(
        {"queries": name, "k": k, "engines": report})


def run_race(bench):
    bench.build_all()
    print_builds(bench)
    for name, path, count in bench.queries:
        for k in bench.ks:
            racers = bench.race((path, k, False),
                                [(e.name, e, None) for e in bench.engines])
            print_race(bench, name, count, k, racers)


def run_filters(bench):
    """Each engine unfiltered and with each tag, all in turn."""
    bench.build_all(tagged=True)
    for name, path, count in bench.queries:
        k = bench.ks[0]
        entries = [(f"{e.name} {tag or 'unfiltered'}", e, tag)
                   for tag in [None, *TAGS] for e in bench.engines]
        racers = {r.name: r for r in bench.race((path, k, True), entries)}
        rows, report = [], []
        for tag in [None, *TAGS]:
            mine = racers[f"{bench.ours.name} {tag or 'unfiltered'}"]
            found, base = answers_of(mine.answers), figures(mine.times)
            for e in bench.engines:
                r = racers.get(f"{e.name} {tag or 'unfiltered'}")
                if not r:
                    continue
                f, all_ = figures(r.times), figures(
                    racers[f"{e.name} unfiltered"].times)
                _, _, overlap, _ = agreement(found, answers_of(r.answers))
                rows.append([e.name, TAGS.get(tag, "none"), ms(f[1]),
                             ms(f[3]), times(f[1] / all_[1]),
                             times(f[3] / all_[3]), times(f[1] / base[1]),
                             times(f[3] / base[3]), f"{overlap:.3f}"])
                report.append({"engine": e.name, "tag": tag, "ms": f})
        print(f"\n### {name}: {count} queries, k = {k}, filtered\n")
        print(table(["engine", "selectivity", "p50 ms", "p99 ms",
                     "p50 to unfiltered", "p99", "p50 to opslore", "p99",
                     f"overlap@{k}"], rows))
        bench.report.setdefault("filters", []).append(
            {"queries": name, "k": k, "engines": report})


def drop_cache(folder):
    """What is kept in memory of the files is forgotten."""
    for path in glob.glob(f"{folder}/*"):
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def run_cold(bench):
    """First queries of new processes on an index that is on the disk only."""
    bench.build_all()
    engine = bench.ours
    index = bench.index(engine)
    for name, path, count in bench.queries:
        with open(path, encoding="ascii") as file:
            lines = file.readlines()
        took = []
        for line in lines[::max(1, count // 40)][:40]:
            one = bench.corpus.path("queries.one")
            with open(one, "w", encoding="ascii") as file:
                file.write(line)
            drop_cache(engine.files(index))
            said = sh(*engine.run(index, "--json", "bench", "--plain",
                                  "--engine-only", "--rounds", "1",
                                  "--queries", one, "-k",
                                  str(bench.ks[0])))
            said = json.loads(said)
            took.append(said["open"] + said["first"])
        took.sort()
        print(f"\n### {name}: opening and the first query, cold\n")
        print(table(["ms", "median", "p95", "most"], [[
            f"{len(took)} processes", ms(statistics.median(took)),
            ms(took[len(took) * 95 // 100]), ms(took[-1])]]))
        bench.report.setdefault("cold", []).append(
            {"queries": name, "ms": took})


def main():
    o = options()
    bench = Bench(o)
    c = bench.corpus
    print(f"{c.count} passages, {c.bytes / 1e6:.1f} MB of words; "
          f"load {os.getloadavg()[0]:.1f} at the start")
    if o.filters:
        run_filters(bench)
    elif o.cold:
        run_cold(bench)
    else:
        run_race(bench)
    if bench.missing:
        print("\nBars not shown:")
        for name, why in bench.missing:
            print(f"- {name}: {why}")
    if o.json:
        with open(o.json, "w", encoding="utf-8") as file:
            json.dump(bench.report, file, indent=1)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (subprocess.SubprocessError, OSError) as why:
        sys.exit(f"run.py: {why}")
