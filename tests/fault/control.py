#!/usr/bin/env python3
"""The control of the power-cut machinery: naive.c's careless writers must be
caught, its careful ones must not.

    control.py NAIVE SHIM [--images N] [--seed S]
"""

import argparse
import os
import random
import sqlite3
import sys
import time

import lab
import replay

STATE_BYTES = 20000
ROWS = 40

# How a writer syncs -> what must be found: (broken states, lost claims).
EXPECTED = {
    ('file', 'none'): (True, True),
    ('file', 'file'): (False, True),
    ('file', 'folder'): (False, False),
    ('table', 'off'): (True, True),
    ('table', 'normal'): (False, True),
    ('table', 'full'): (False, False),
}


def judge_file(folder):
    """(broken, state) of naive.c's file."""
    path = os.path.join(folder, 'state')
    if not os.path.exists(path):
        return False, 0
    with open(path, 'rb') as file:
        data = file.read()
    if len(data) != STATE_BYTES or len(set(data)) != 1:
        return True, 0
    return False, data[0] - ord('A')


def judge_table(folder):
    """(broken, state) of naive.c's table; -1: there is no table."""
    path = os.path.join(folder, 'state.db')
    if not os.path.exists(path):
        return False, -1
    db = sqlite3.connect(path)
    try:
        if db.execute('PRAGMA integrity_check').fetchone()[0] != 'ok':
            return True, 0
        if not lab.tables(db):
            return False, -1
        counts = db.execute('SELECT State, count(*) FROM T GROUP BY State '
                            'ORDER BY State').fetchall()
    except sqlite3.DatabaseError:
        return True, 0
    finally:
        db.close()
    whole = [(i + 1, ROWS) for i in range(len(counts))]
    return counts != whole, len(counts)


def cut_often(ops, folder, judge, images, seed, where):
    """Cuts the power `images` times; (broken states, lost claims)."""
    rng = random.Random(seed)
    cuts = sorted(rng.randint(1, len(ops)) for _ in range(images))
    disk, done, claim, broken, lost = replay.Disk(folder), 0, None, 0, 0
    for cut in cuts:
        for op in ops[done:cut]:
            disk.step(op)
            if op.what == 'k':
                claim = int(op.data.split()[-1])
        done = cut
        lab.fresh(where)
        replay.write(disk.crash(rng), where)
        bad, state = judge(where)
        broken += bad
        lost += not bad and claim is not None and state < claim
    return broken, lost


def record(naive, shim, kind, how, folder):
    log = folder + '.log'
    lab.fresh(folder)
    if os.path.exists(log):
        os.unlink(log)
    lab.must([naive, kind, how, folder],
             lab.environment(shim, folder, log=log, claims=1))
    ops = replay.load(log)
    disk = replay.Disk(folder)
    for op in ops:
        disk.step(op)
    path = replay.differs(disk.clean(), folder)
    if path:
        sys.exit(f'the recorder did not see all that was done to {path}')
    return ops


def main():
    args = argparse.ArgumentParser()
    args.add_argument('naive')
    args.add_argument('shim')
    args.add_argument('--images', type=int, default=300)
    args.add_argument('--seed', type=int, default=1)
    args = args.parse_args()
    wrong = 0
    with lab.scratch() as top:
        for (kind, how), expected in EXPECTED.items():
            folder = os.path.join(top, 'naive')
            ops = record(args.naive, args.shim, kind, how, folder)
            judge = judge_file if kind == 'file' else judge_table
            start = time.monotonic()
            broken, lost = cut_often(ops, folder, judge, args.images,
                                     args.seed, os.path.join(top, 'image'))
            rate = args.images / (time.monotonic() - start)
            good = (broken > 0, lost > 0) == expected
            wrong += not good
            print(f'{kind} {how}: {len(ops)} calls, {args.images} images, '
                  f'{broken} broken, {lost} claims lost, {rate:.0f} images/s'
                  f'{"" if good else ": NOT AS EXPECTED"}')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
