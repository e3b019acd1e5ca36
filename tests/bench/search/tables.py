"""Percentiles, agreement of answers, and the tables that are printed."""


def figures(times, places=None):
    """Mean, p50, p95 and p99 in milliseconds, each query at its best round.
    `places` picks some of the queries."""
    best = [min(t) for t in zip(*times)]
    if places:
        best = [best[i] for i in places]
    best.sort()
    n = len(best)
    at = [sum(best) / n] + [best[n * p // 100] for p in (50, 95, 99)]
    return [t / 1e6 for t in at]


def answers_of(path):
    """Of each query the hits: (passage, score), best first."""
    out = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            hits = line.rstrip("\n").partition("\t")[2].split()
            pairs = (h.rpartition(":") for h in hits)
            out.append([(name, float(score)) for name, _, score in pairs])
    return out


def same(a, b):
    """Whether two lists are one ranking, but for the order of equal scores and
    which of them made it into the list."""
    if len(a) != len(b):
        return False
    near = 1e-9
    if any(abs(x - y) > near * max(1, abs(y))
           for (_, x), (_, y) in zip(a, b)):
        return False
    if not b:
        return True
    edge = b[-1][1] + near * max(1, abs(b[-1][1]))
    return ({n for n, s in a if s > edge} == {n for n, s in b if s > edge})


def spearman(a, b):
    """Correlation of the ranks of what both lists have; None under 3."""
    place = {name: i for i, (name, _) in enumerate(b)}
    shared = [place[name] for name, _ in a if name in place]
    n = len(shared)
    if n < 3:
        return None
    ranks = {p: i for i, p in enumerate(sorted(shared))}
    d = sum((i - ranks[p]) ** 2 for i, p in enumerate(shared))
    return 1 - 6 * d / (n * (n * n - 1))


def agreement(mine, theirs):
    """Queries with the same ranking, mean overlap, mean Spearman."""
    equal, overlap, ranks = 0, [], []
    for a, b in zip(mine, theirs):
        equal += same(a, b)
        if a:
            names = {name for name, _ in b}
            overlap.append(sum(n in names for n, _ in a) / len(a))
        rho = spearman(a, b)
        if rho is not None:
            ranks.append(rho)
    mean = [sum(x) / len(x) if x else 0 for x in (overlap, ranks)]
    return equal, len(mine), mean[0], mean[1]


def table(head, rows):
    """A table in Markdown, its columns aligned."""
    rows = [head] + [[str(c) for c in row] for row in rows]
    width = [max(len(r[i]) for r in rows) for i in range(len(head))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(width[0])]
        cells += [c.rjust(w) for c, w in zip(row[1:], width[1:])]
        lines.append("| " + " | ".join(cells) + " |")
    lines.insert(1, "|" + "|".join(["-" * (width[0] + 2)] + [
        "-" * (w + 1) + ":" for w in width[1:]]) + "|")
    return "\n".join(lines)


def times(x):
    """A ratio with three figures."""
    return f"{x:.0f}x" if x >= 100 else f"{x:.1f}x" if x >= 10 else f"{x:.2f}x"
