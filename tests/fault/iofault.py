#!/usr/bin/env python3
"""A full disk, a failing one, an interrupted call: the command says which file
and why and ends with 1, nothing half-done can be seen, and once the disk works
again the same command ends as if nothing had been.

    iofault.py OPSLORE SHIM [--runs N] [--questions N] [--seed S]

In every step each kind of fault is met at --runs calls, evenly spread over
all that the step makes; 0 means: at each of them.
"""

import argparse
import os
import sys

import lab
import replay
from kill import spread

STEPS = {
    'import': (),
    'index': ('import',),
    'export': ('import',),
    'backup': ('import',),
}

# Kind -> (what the shim does, whether all later calls meet it too).
FAULTS = {
    'full': ('enospc', True),
    'full-midway': ('short', True),
    'full-once': ('enospc', False),
    'failing': ('eio', True),
    'failing-once': ('eio', False),
    'interrupted': ('eintr', False),
}


class Step:
    def __init__(self, place, name, folder):
        self.place, self.name, self.folder = place, name, folder
        self.base = place.prepared(STEPS[name])
        log = folder + '.log'
        lab.fresh(folder, self.base)
        place.do(name, folder, log=log)
        self.calls = sum(op.counted() for op in replay.load(log))
        os.unlink(log)
        self.clean = place.state(folder)
        self.visible = (self.seen(self.base), self.seen(folder))

    def seen(self, folder):
        """What may not be there by halves."""
        backup = os.path.join(folder, 'backup.db')
        return (lab.tree(os.path.join(folder, 'out')), lab.dump(backup))

    def meet(self, kind, number):
        """Runs into one fault; what was wrong about it."""
        what, ever = FAULTS[kind]
        fault = dict(at=number, do=what)
        if ever:
            fault['ever'] = 1
        lab.fresh(self.folder, self.base)
        result = lab.run(self.place.command(self.name, self.folder),
                         self.place.environment(self.folder, **fault))
        faults = self.judge(kind, result)
        if self.seen(self.folder) not in self.visible:
            faults.append('half of the result can be seen')
        return faults + self.again(result)

    def judge(self, kind, result):
        if result.code not in (0, 1):
            return [f'exit {result.code}: {result.err[-300:]}']
        if result.code and self.folder not in result.err:
            return ['no file is named: ' + result.err[-300:]]
        if result.code and kind == 'interrupted':
            return ['gave up over an interrupted write: ' + result.err[-300:]]
        return []

    def again(self, first):
        if first.code == 0:
            # What it called done is done, without another run.
            return self.compare('done, it said, but')
        step = self.place.command(self.name, self.folder)
        if self.name == 'backup' and self.seen(self.folder)[1]:
            return self.compare('in place, but')
        result = lab.run(step, self.place.environment(self.folder))
        if result.code:
            return [f'again: exit {result.code}: {result.err[-300:]}']
        return self.compare('again:')

    def compare(self, when):
        keys = lab.unlike(self.place.state(self.folder), self.clean)
        if when != 'again:' and 'left over' in keys:
            # A file that could not be removed waits for the next run.
            keys.remove('left over')
        return [f'{when} {key} is not as after a clean run' for key in keys]

    def run(self, runs):
        met = wrong = 0
        for kind in FAULTS:
            for number in spread(self.calls, runs or self.calls):
                faults = self.meet(kind, number)
                met += 1
                wrong += bool(faults)
                for fault in faults:
                    print(f'{self.name}, {kind} at call {number} of '
                          f'{self.calls}: {fault}')
        print(f'{self.name}: {self.calls} calls, {met} faults met, '
              f'{wrong} handled wrongly')
        return met, wrong


def main():
    args = argparse.ArgumentParser()
    args.add_argument('opslore')
    args.add_argument('shim')
    args.add_argument('--runs', type=int, default=8)
    args.add_argument('--questions', type=int, default=40)
    args.add_argument('--seed', type=int, default=1)
    args.add_argument('--only', choices=STEPS)
    args = args.parse_args()
    met = wrong = 0
    with lab.scratch() as top:
        place = lab.Lab(args.opslore, args.shim, top, args.questions,
                        seed=args.seed)
        for name in [args.only] if args.only else STEPS:
            here = os.path.join(top, 'here')
            counts = Step(place, name, here).run(args.runs)
            met, wrong = met + counts[0], wrong + counts[1]
    print(f'{met} faults met, {wrong} handled wrongly')
    return 1 if wrong or not met else 0


if __name__ == '__main__':
    sys.exit(main())
