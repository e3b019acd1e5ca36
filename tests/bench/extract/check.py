#!/usr/bin/env python3
"""Says whether extract_features works a model.c out as it is meant.

The token columns and the probabilities of every block in a dump are worked out
again from the table. train.py has compared the table with scikit-learn.
"""
import argparse

import numpy as np

import dump
import table
import tokens


def main():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--program", required=True, help="extract_features")
    p.add_argument("--dump", required=True, help="what it wrote")
    p.add_argument("--model", default="crawler/extract/model.c")
    o = p.parse_args()
    model = table.Table(o.model)
    columns = [i for i, n in enumerate(dump.names(o.program))
               if n.startswith("token-")]
    pages = [q for q in dump.read(o.dump).values() if len(q.words)]
    token = max(np.abs(tokens.columns(q, model.weights) - q.x[:, columns])
                .max() for q in pages)
    p = max(np.abs(model(q.x) - q.p).max() for q in pages)
    print(f"{len(pages)} pages, {sum(len(q.words) for q in pages)} blocks: "
          f"token columns differ by {token:.1e}, probabilities by {p:.1e}")
    raise SystemExit(int(token > 1e-4 or p > 1e-4))


if __name__ == "__main__":
    main()
