#!/usr/bin/env python3
"""Power cuts in the life of a store: import, index, export, all of it again
with a newer dump, a backup.

    powercut.py OPSLORE SHIM CHECK_IMAGE [--images N] [--reruns N]
                [--questions N] [--seed S]

One run of that life is recorded; then, for each image, the power is cut after
a random call of it and one of the possible disks is built (replay.py). There

- the store opens, is sound, and holds exactly the state of the last commit
  that was synced, or of the one that was being written;
- the index opens to a generation that is whole and answers as that generation
  did when it was new; never to an older one than was acknowledged;
- the export is the old one, or the new one, or not there: never a part; and
  so is the backup.

For some images the rest of the life is lived again: it must end as it did.
"""

import argparse
import bisect
import contextlib
import os
import random
import sqlite3
import sys
import time

import lab
import replay

LIFE = ('import', 'index', 'export', 'import-newer', 'follow', 'export',
        'backup')
# Share of the images that each step gets.
SHARES = (.25, .2, .1, .15, .2, .05, .05)


class Life:
    """One recorded run, and what was true at each instant of it."""

    def __init__(self, place, checker, folder):
        self.place, self.checker, self.folder = place, checker, folder
        self.image = folder + '-image'
        log = folder + '.log'
        self.ops, self.ends = self.live(log)
        self.stores = []        # (position, dump), where it changed
        self.generations = []   # (position, number)
        self.answers = {}       # of a generation
        self.results = []       # (position, export and backup)
        self.look()
        self.clean = place.state(folder)

    def live(self, log):
        lab.fresh(self.folder)
        ends = []
        for step in LIFE:
            self.place.do(step, self.folder, log=log)
            replay.mark(log, step)
        ops = replay.load(log)
        ends = [i + 1 for i, op in enumerate(ops) if op.what == 'k']
        disk = replay.Disk(self.folder)
        for op in ops:
            disk.step(op)
        path = replay.differs(disk.clean(), self.folder)
        if path:
            sys.exit(f'the recorder did not see all that was done to {path}')
        for file in disk.unseen():
            print(f'{file} is written through a mapping, which nobody sees')
        return ops, ends

    def look(self):
        """Replays without loss and notes each state at each sync."""
        disk = replay.Disk(self.folder)
        for i, op in enumerate(self.ops):
            disk.step(op)
            if op.what in 'sk':
                self.note(i + 1, disk)

    def visible(self):
        """What may not be there by halves."""
        return (lab.tree(os.path.join(self.image, 'out')),
                lab.dump(os.path.join(self.image, 'backup.db')))

    def note(self, position, disk):
        image = disk.clean()
        lab.fresh(self.image)
        replay.write(image, self.image)
        out = self.visible()
        if not self.results or self.results[-1][1] != out:
            self.results.append((position, out))
        told = self.checker.ask(self.image)
        dump = lab.dump(os.path.join(self.image, lab.NAME))
        if not self.stores or self.stores[-1][1] != dump:
            self.stores.append((position, dump))
        number = int(told['generation'])
        if not self.generations or self.generations[-1][1] != number:
            self.generations.append((position, number))
            self.answers[number] = told['answers']

    def acknowledged(self, states, cut):
        """What was there when the last command before `cut` ended."""
        end = max([e for e in self.ends if e <= cut], default=0)
        at = bisect.bisect_right([s[0] for s in states], end)
        return states[at - 1][1] if at else None

    def around(self, states, cut):
        """The state at the last sync before `cut`, and the one after."""
        at = bisect.bisect_right([s[0] for s in states], cut)
        return [s[1] for s in states[max(at - 1, 0):at + 1]]

    def generations_allowed(self, cut):
        low = self.acknowledged(self.generations, cut) or 0
        high = max(self.around(self.generations, cut), default=0)
        return range(low, high + 1)

    def step_of(self, cut):
        return sum(e <= cut for e in self.ends)

    # -- judging -----------------------------------------------------------

    def judge(self, cut):
        """What is wrong with the image in self.image; [] if nothing."""
        faults = []
        if self.visible() not in (
                [self.acknowledged(self.results, cut) or ({}, {})]
                + self.around(self.results, cut)):
            faults.append('export, backup: neither the old nor the new')
        told = self.checker.ask(self.image)
        faults += self.judge_store(told, cut)
        faults += self.judge_index(told, cut)
        return faults

    def judge_store(self, told, cut):
        path = os.path.join(self.image, lab.NAME)
        promised = self.acknowledged(self.stores, cut)
        if told['store'] != 'ok':
            if promised:
                return ['store: ' + told['store']]
            return []
        faults = []
        if not told['found'].startswith('0 '):
            faults.append('store: doctor found ' + told['found'])
        db = sqlite3.connect(path)
        sound = db.execute('PRAGMA integrity_check').fetchone()[0]
        db.close()
        if sound != 'ok':
            faults.append('store: ' + sound)
        allowed = self.around(self.stores, cut)
        state = lab.dump(path)
        if state not in allowed and not (state == {} and not promised):
            faults.append('store: not a prefix of the commits: '
                          + ', '.join(lab.unlike(state, allowed[0])))
        return faults

    def judge_index(self, told, cut):
        allowed = self.generations_allowed(cut)
        number = int(told['generation'])
        if told['index'] not in ('ok', 'gone'):
            return ['index: ' + told['index']]
        if number not in allowed:
            return [f'index: generation {number}, not of {allowed}']
        if not told['damaged'].startswith('0 '):
            return ['index: doctor found ' + told['damaged']]
        if told['asked'] != 'ok':
            return ['index: no answers: ' + told['asked']]
        if number and told['answers'] != self.answers[number]:
            return [f'index: other answers of generation {number}']
        return []

    def rerun(self, cut):
        """Lives on from self.image; what then differs."""
        lab.fresh(self.folder, self.image)
        with contextlib.suppress(FileNotFoundError):
            # Who finds a whole copy is right to refuse to make another.
            os.unlink(os.path.join(self.folder, 'backup.db'))
        for step in LIFE[min(self.step_of(cut), len(LIFE) - 1):]:
            again = lab.run(self.place.command(step, self.folder),
                            self.place.environment(self.folder))
            if again.code:
                return [f'{step} again ends with {again.code}: '
                        + again.err[-300:]]
        # What an earlier step removed may be there again, until that step is
        # done again: kill.py sees to that.
        return [f'lived again: {key} is not as before' for key in
                lab.unlike(self.place.state(self.folder), self.clean)
                if key != 'left over']


def cuts_of(life, images, rng):
    """Instants, spread over the steps by their shares, in order."""
    cuts, start = [], 0
    for end, share in zip(life.ends, SHARES):
        for _ in range(round(images * share)):
            cuts.append(rng.randint(start + 1, end))
        start = end
    return sorted(cuts)


def cut_power(life, images, reruns, seed):
    rng = random.Random(seed)
    cuts = cuts_of(life, images, rng)
    chosen = set(rng.sample(range(len(cuts)), min(reruns, len(cuts))))
    disk, done, wrong, lived = replay.Disk(life.folder), 0, 0, 0
    for i, cut in enumerate(cuts):
        for op in life.ops[done:cut]:
            disk.step(op)
        done = cut
        lab.fresh(life.image)
        image = disk.crash(rng)
        replay.write(image, life.image)
        if i in chosen:
            # As it was on the disk, not as check_image left it.
            faults = life.rerun(cut)
            lived += 1
            lab.fresh(life.image)
            replay.write(image, life.image)
        else:
            faults = []
        faults += life.judge(cut)
        wrong += bool(faults)
        for fault in faults:
            print(f'seed {seed}, image {i}, cut after call {cut} '
                  f'({life.ops[cut - 1]}), in {name_of(life, cut)}: {fault}')
    return len(cuts), lived, wrong


def name_of(life, cut):
    step = life.step_of(cut)
    return LIFE[step] if step < len(LIFE) else 'nothing'


def main():
    args = argparse.ArgumentParser()
    args.add_argument('opslore')
    args.add_argument('shim')
    args.add_argument('check_image')
    args.add_argument('--images', type=int, default=1200)
    args.add_argument('--reruns', type=int, default=30)
    args.add_argument('--questions', type=int, default=60)
    args.add_argument('--seed', type=int, default=1)
    args = args.parse_args()
    with lab.scratch() as top:
        place = lab.Lab(args.opslore, args.shim, top, args.questions,
                        seed=args.seed)
        checker = lab.Checker(args.check_image, top)
        life = Life(place, checker, os.path.join(top, 'life'))
        start = time.monotonic()
        images, lived, wrong = cut_power(life, args.images, args.reruns,
                                         args.seed)
        seconds = time.monotonic() - start
        checker.close()
        print(f'{len(life.ops)} calls, {len(life.stores)} states of the '
              f'store, {len(life.generations)} of the index, '
              f'{len(life.results)} of what came out')
    print(f'{images} images, {lived} lived on, {wrong} wrong, '
          f'{images / seconds:.0f} images/s')
    return 1 if wrong or not images else 0


if __name__ == '__main__':
    sys.exit(main())
