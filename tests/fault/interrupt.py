#!/usr/bin/env python3
"""Ctrl-C in the middle of a command: it ends with 130, says how to go on, and
the same command again ends as if nobody had interrupted.

    interrupt.py OPSLORE SHIM [--times N] [--questions N] [--seed S]

SIGINT is raised just before a call that changes a file, at N places of each
step, for the whole process group, as a terminal does it.
"""

import argparse
import os
import sys

import lab
import replay
from kill import spread

STEPS = {
    'import': (),
    'import-newer': ('import', 'index'),
    'index': ('import',),
    'export': ('import',),
}


def judge(place, name, folder, result, clean):
    """What is wrong with how a command took its interruption."""
    if result.code not in (0, 130):
        return [f'exit {result.code}: {result.err[-300:]}']
    faults = []
    if result.code == 130:
        # Only of an import does anything stay that another run goes on from.
        word = 'again' if name.startswith('import') else 'stopped'
        if word not in result.err:
            faults.append('it does not say how to go on: ' + result.err[-300:])
        seen = lab.tree(os.path.join(folder, 'out'))
        if name == 'export' and seen:
            faults.append('a part of an export is visible')
        place.do(name, folder)
    return faults + [f'{key} is not as after a clean run' for key in
                     lab.unlike(place.state(folder), clean)]


def interrupt(place, name, folder, times):
    base = place.prepared(STEPS[name])
    log = folder + '.log'
    lab.fresh(folder, base)
    place.do(name, folder, log=log)
    calls = sum(op.counted() for op in replay.load(log))
    os.unlink(log)
    clean = place.state(folder)
    stopped = wrong = 0
    for number in spread(calls, times):
        lab.fresh(folder, base)
        result = lab.run(place.command(name, folder),
                         place.environment(folder, at=number, do='interrupt'))
        stopped += result.code == 130
        faults = judge(place, name, folder, result, clean)
        wrong += bool(faults)
        for fault in faults:
            print(f'{name}, interrupted at call {number} of {calls}: {fault}')
    print(f'{name}: {calls} calls, {stopped} times stopped, {wrong} wrong')
    if not stopped:
        print(f'{name}: it never stopped')
    return stopped, wrong + (not stopped)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('opslore')
    args.add_argument('shim')
    args.add_argument('--times', type=int, default=8)
    args.add_argument('--questions', type=int, default=100)
    args.add_argument('--seed', type=int, default=1)
    args.add_argument('--only', choices=STEPS)
    args = args.parse_args()
    stopped = wrong = 0
    with lab.scratch() as top:
        place = lab.Lab(args.opslore, args.shim, top, args.questions,
                        seed=args.seed)
        for name in [args.only] if args.only else STEPS:
            here = os.path.join(top, 'here')
            counts = interrupt(place, name, here, args.times)
            stopped, wrong = stopped + counts[0], wrong + counts[1]
    print(f'{stopped} times stopped, {wrong} wrong')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
