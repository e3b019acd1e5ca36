#!/usr/bin/env python3
"""How cost grows: the same queries on indexes of more and more passages.

The passages are recombined from those given (tests/bench/bench_growth.c says
how), in three orders: random, clustered by source, and the clustered ones
shuffled. Indexes are kept; all of them are asked in turn.
"""
import argparse
import os
import subprocess
import sys

from corpus import Corpus, passages_of, synthetic, synthetic_queries
from engines import Missing, sh
from run import ROOT, mb, ms, say
from tables import figures, table
from turns import Racer, race, size_of


def options():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--build", default=f"{ROOT}/build/release",
                   help="where opslore and the benches were built")
    p.add_argument("--work", default=f"{ROOT}/build/bench-search")
    p.add_argument("--passages", help="as of run.py")
    p.add_argument("--queries", action="append", default=[])
    p.add_argument("--counts", default="100000,333000,1000000")
    p.add_argument("--orders", default="random,clustered,shuffled")
    p.add_argument("--paths", default="avx2",
                   help="instructions, of opslore bench --path")
    p.add_argument("-k", default="10,100")
    p.add_argument("--rounds", type=int, default=5)
    return p.parse_args()


def make(o, corpus, order, count):
    """The index, made if it is not there; the name of its store."""
    db = corpus.path(f"growth-{order}-{count}")
    if not os.path.exists(f"{db}.done"):
        say(f"making {count} passages, {order}")
        said = sh(f"{o.build}/tests/bench/bench_growth",
                  corpus.path("tokens"), f"{db}.index", str(count), order)
        with open(f"{db}.done", "w", encoding="ascii") as file:
            file.write(said)
    return db


def main():
    o = options()
    corpus = Corpus(os.path.join(os.path.abspath(o.work), "growth"))
    corpus.make(lambda: passages_of(o.passages) if o.passages
                else synthetic(100000))
    queries = []
    for path in o.queries:
        with open(path, encoding="utf-8") as file:
            queries.append(corpus.queries(os.path.basename(path), file))
    if not queries:
        made = synthetic_queries(corpus.path("tokens"))
        queries.append(corpus.queries("made-up", made))
    conf = corpus.path("growth.conf")
    with open(conf, "w", encoding="ascii") as file:
        file.write("[index]\nanalyzer = plain\n")
    stores = [(order, int(count), make(o, corpus, order, int(count)))
              for order in o.orders.split(",")
              for count in o.counts.split(",")]
    for path, count in queries:
        for k in o.k.split(","):
            racers = []
            for order, size, db in stores:
                for way in o.paths.split(","):
                    racers.append(Racer(
                        (order, size, way),
                        [f"{o.build}/app/opslore", "-q", "--config", conf,
                         "--db", db, "bench", "--plain", "--engine-only",
                         "--in-turn", "--queries", path, "-k", k, "--path",
                         way], f"{db}.{way}"))
            race(racers, {r.name: 1 for r in racers}, o.rounds, 1e9, say)
            rows = []
            for r in racers:
                order, size, way = r.name
                index = corpus.path(f"growth-{order}-{size}.index")
                rows.append([f"{size} {order}, {way}",
                             *map(ms, figures(r.times)), mb(size_of(index)),
                             mb(r.memory)])
            print(f"\n### {os.path.basename(path)}: {count} queries, "
                  f"k = {k}\n")
            print(table(["passages", "mean ms", "p50", "p95", "p99",
                         "index MB", "peak MB"], rows), flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Missing, subprocess.SubprocessError, OSError) as why:
        sys.exit(f"growth.py: {why}")
