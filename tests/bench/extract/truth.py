"""Pages with a known truth (WCXB), and how a text is judged against it.

A text is judged as a bag of its words, as the benchmark does: precision and
recall of `\\w+` in lower case, and F1, their harmonic mean; a figure for many
pages is the mean over pages.
"""
import collections
import glob
import gzip
import json
import os
import random
import re
from urllib.parse import urlparse

WORD = re.compile(r"\w+")
SECOND_LEVEL = ("co", "com", "org", "net", "gov", "ac", "edu")
FOLDS = 4

Page = collections.namedtuple("Page", "id url kind main")


def pages(folder):
    """Every page of the split in `folder`, in order of its id."""
    out = []
    for name in sorted(glob.glob(f"{folder}/ground-truth/*.json")):
        with open(name, encoding="utf-8") as f:
            d = json.load(f)
        out.append(Page(os.path.basename(name)[:-5], d.get("url") or "",
                        d["_internal"]["page_type"]["primary"],
                        d["ground_truth"].get("main_content") or ""))
    return out


def html(folder, page):
    with gzip.open(f"{folder}/html/{page.id}.html.gz") as f:
        return f.read()


def words(text):
    return collections.Counter(WORD.findall(text.lower()))


def score_words(got, want):
    """(F1, precision, recall) of two bags of words."""
    if not want:
        return (0.0, 0.0, 1.0) if got else (1.0, 1.0, 1.0)
    hits = sum((got & want).values())
    if not hits:
        return 0.0, 0.0, 0.0
    p, r = hits / sum(got.values()), hits / sum(want.values())
    return 2 * p * r / (p + r), p, r


def score(text, page):
    return score_words(words(text), words(page.main))


def domain(page):
    """The registered domain, near enough to keep a site in one fold."""
    parts = (urlparse(page.url).hostname or page.id).lower().split(".")
    deep = (len(parts) > 2 and len(parts[-1]) == 2
            and parts[-2] in SECOND_LEVEL)
    return ".".join(parts[-3 if deep else -2:])


def folds(those):
    """{page id: fold}: no site is in two, and they are of about one size."""
    sites = collections.defaultdict(list)
    for page in those:
        sites[domain(page)].append(page.id)
    order = sorted(sites)
    random.Random(7).shuffle(order)
    order.sort(key=lambda site: -len(sites[site]))
    size, fold = [0] * FOLDS, {}
    for site in order:
        k = size.index(min(size))
        size[k] += len(sites[site])
        for page_id in sites[site]:
            fold[page_id] = k
    return fold


def write(name, those, scores):
    """Each page's figures, a line a page."""
    with open(name, "w", encoding="utf-8") as out:
        for page in those:
            row = scores.get(page.id) or score("", page)
            out.write(f"{page.id}\t{page.kind}\t{row[0]:.4f}\t{row[1]:.4f}\t"
                      f"{row[2]:.4f}\t{page.url}\n")


def report(those, scores, title):
    """Prints the means by kind of page; `scores` is {id: (F1, P, R)}, and a
    page that is not in it counts as an empty text."""
    kinds = collections.defaultdict(list)
    for page in those:
        s = scores.get(page.id) or score("", page)
        kinds[page.kind].append(s)
        kinds["~all"].append(s)
    print(f"{title}\n{'':14} pages   F1     P      R")
    for kind in sorted(kinds):
        rows = kinds[kind]
        means = [sum(row[i] for row in rows) / len(rows) for i in range(3)]
        print(f"{kind.strip('~'):14} {len(rows):5}"
              + "".join(f"  {m:.4f}"[:7] for m in means))
    rows = kinds["~all"]
    return sum(row[0] for row in rows) / len(rows)
