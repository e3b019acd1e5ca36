#!/usr/bin/env python3
"""kill -9 in the middle of a command, then the command again: the end must be
that of a run that nobody killed.

    kill.py OPSLORE SHIM [--kills N] [--questions N] [--seed S] [--only SCENE]

Each scene is killed N times at fractions of its measured time, and N times
just before the call, out of all that change a file, that lies at a fraction
of their number: the first finds what nobody thought of, the second comes back
in every run.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import time

import lab
import replay

# Name -> (what was done before, the command that is killed, share of kills).
SCENES = {
    'import': ((), 'import', 1),
    'import-newer': (('import', 'index'), 'import-newer', .5),
    'index': (('import',), 'index', 1),
    'index-newer': (('import', 'index', 'import-newer'), 'index', .5),
    'follow': (('import', 'index', 'import-newer'), 'follow', .5),
    'export': (('import',), 'export', .25),
    'export-again': (('import', 'export', 'import-newer'), 'export', .25),
    'backup': (('import',), 'backup', .25),
}


class Scene:
    def __init__(self, place, name, folder):
        before, self.step, self.share = SCENES[name]
        self.place, self.name, self.folder = place, name, folder
        self.base = place.prepared(before)
        self.seconds, self.calls = self.measure()
        self.clean = place.state(folder)
        self.before, self.after = self.visible(self.base), self.visible(folder)
        self.kills = self.differences = 0
        if 'doctor' in self.clean:
            sys.exit(f'{name}: a clean run leaves faults:\n'
                     + self.clean['doctor'])

    @staticmethod
    def visible(folder):
        """What may not be there by halves."""
        return (lab.tree(os.path.join(folder, 'out')),
                lab.dump(os.path.join(folder, 'backup.db')))

    def measure(self):
        lab.fresh(self.folder, self.base)
        start = time.monotonic()
        self.place.do(self.step, self.folder)
        seconds = time.monotonic() - start
        lab.fresh(self.folder, self.base)
        log = self.folder + '.log'
        self.place.do(self.step, self.folder, log=log)
        calls = sum(op.counted() for op in replay.load(log))
        os.unlink(log)
        return seconds, calls

    def judge(self, where):
        """After a kill: nothing half-visible; the same command mends it."""
        seen = self.visible(self.folder)
        faults = []
        if seen not in (self.before, self.after):
            faults.append('a part of the result is visible')
        if self.step == 'backup':
            # Who finds a whole copy is right to refuse to make another.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(self.folder, 'backup.db'))
        again = lab.run(self.place.command(self.step, self.folder),
                        self.place.environment(self.folder))
        if again.code:
            faults.append(f'the second run ends with {again.code}: '
                          + again.err[-300:])
        else:
            state = self.place.state(self.folder)
            faults += [f'{key} is not as after a clean run'
                       for key in lab.unlike(state, self.clean)]
        self.kills += 1
        self.differences += bool(faults)
        for fault in faults:
            print(f'{self.name}, killed {where}: {fault}')

    def after_seconds(self, seconds):
        """False when the command was over before it could be killed."""
        lab.fresh(self.folder, self.base)
        process = lab.start(self.place.command(self.step, self.folder),
                            self.place.environment(self.folder))
        try:
            process.communicate(timeout=seconds)
            return False
        except subprocess.TimeoutExpired:
            lab.kill(process)
            process.communicate()
        if process.returncode != -9:
            return False
        self.judge(f'after {seconds:.3f} of {self.seconds:.3f} s')
        return True

    def at_call(self, number):
        lab.fresh(self.folder, self.base)
        seen = self.folder + '.seen'
        result = lab.run(
            self.place.command(self.step, self.folder),
            self.place.environment(self.folder, at=number, do='kill',
                                   seen=seen))
        if result.code != -9:
            return
        with open(seen, encoding='utf-8') as file:
            self.judge('before call ' + file.read().strip())

    def run(self, kills):
        count = max(2, round(kills * self.share))
        done = tries = 0
        while done < count and tries < 3 * count:
            done += self.after_seconds(
                self.seconds * (tries % count + .5) / count)
            tries += 1
        for number in spread(self.calls, count):
            self.at_call(number)
        print(f'{self.name}: {self.seconds:.2f} s, {self.calls} calls, '
              f'{self.kills} kills, {self.differences} differences')


def spread(total, count):
    """`count` numbers of 1..total, evenly, the first and last among them."""
    if total <= count:
        return range(1, total + 1)
    return sorted({1 + i * (total - 1) // (count - 1) for i in range(count)})


def main():
    args = argparse.ArgumentParser()
    args.add_argument('opslore')
    args.add_argument('shim')
    args.add_argument('--kills', type=int, default=40)
    args.add_argument('--questions', type=int, default=400)
    args.add_argument('--seed', type=int, default=1)
    args.add_argument('--only', choices=SCENES)
    args = args.parse_args()
    kills = differences = 0
    with lab.scratch() as top:
        place = lab.Lab(args.opslore, args.shim, top, args.questions,
                        seed=args.seed)
        for name in [args.only] if args.only else SCENES:
            scene = Scene(place, name, os.path.join(top, 'here'))
            scene.run(args.kills)
            kills += scene.kills
            differences += scene.differences
    print(f'{kills} kills, {differences} differences')
    return 1 if differences or not kills else 0


if __name__ == '__main__':
    sys.exit(main())
