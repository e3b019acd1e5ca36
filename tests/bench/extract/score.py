#!/usr/bin/env python3
"""Judges what the programs make of WCXB's pages, by kind of page.

One program is judged on all pages; the model in it was trained on these very
pages, so that its figures look better than they are. Four programs, one for
each fold (see `cross`), are each judged on the pages they do not know.
"""
import argparse
import json
import os
import subprocess
import tempfile

import dump
import truth


def options():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--data", required=True, help="WCXB's folder dev")
    p.add_argument("--opslore", action="append", default=[],
                   help="judge `opslore extract`; give one, or one a fold")
    p.add_argument("--features", action="append", default=[],
                   help="judge the blocks that extract_features selects")
    p.add_argument("--folds", help="folds.tsv, as train.py wrote it")
    p.add_argument("--worst", type=int, default=0,
                   help="name so many of the worst pages")
    p.add_argument("--kind", action="append", help="of these kinds alone")
    p.add_argument("--scores", help="write each page's figures here")
    return p.parse_args()


def extracted(program, data, those):
    """{id: text} by `opslore extract`; a page it calls none has no text."""
    out = {}
    with tempfile.TemporaryDirectory() as tmp:
        lines = [line.split("\t", 1) for line in
                 dump.unpack(data, those, tmp).splitlines(keepends=True)]
        done = subprocess.run(
            [program, "extract", "--format", "json", "--list"],
            input="".join(rest for _, rest in lines).encode(),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        # Replies come in the order of the lines.
        for (page_id, _), reply in zip(lines, done.stdout.splitlines()):
            page = json.loads(reply)
            if page.get("verdict") == "fine":
                out[page_id] = page["text"]
    return out


def selected(program, data, those):
    """{id: text} of the blocks that extract_features would keep."""
    with tempfile.TemporaryDirectory() as tmp:
        name = f"{tmp}/dump"
        dump.make(program, data, those, name)
        return {q.id: "\n".join(t for t, s in zip(q.text, q.selected) if s)
                for q in dump.read(name).values()}


def by_fold(o, those, programs, run):
    """Each page by the program that does not know it, if there are four."""
    if len(programs) == 1:
        return run(programs[0], o.data, those)
    with open(o.folds, encoding="utf-8") as f:
        fold = dict(line.split() for line in f)
    texts = {}
    for k, program in enumerate(programs):
        texts.update(run(program, o.data, [
            p for p in those if int(fold.get(p.id, 0)) == k]))
    return texts


def main():
    o = options()
    programs = o.opslore or o.features
    if len(programs) != 1 and not (o.folds and len(programs) == truth.FOLDS):
        raise SystemExit("give one program, or one a fold and --folds")
    those = [p for p in truth.pages(o.data)
             if not o.kind or p.kind in o.kind]
    texts = by_fold(o, those, programs,
                    extracted if o.opslore else selected)
    scores = {p.id: truth.score(texts.get(p.id, ""), p) for p in those}
    truth.report(those, scores, (
        "pages that the model was TRAINED ON: better than it is"
        if len(programs) == 1 else "pages of sites not trained on")
        + f" ({os.path.basename(programs[0])})")
    if o.scores:
        truth.write(o.scores, those, scores)
    for page in sorted(those, key=lambda p: (scores[p.id], p.id))[:o.worst]:
        print(f"{page.id} {page.kind:13} "
              + " ".join(f"{x:.3f}" for x in scores[page.id])
              + f"  {page.url}")


if __name__ == "__main__":
    main()
