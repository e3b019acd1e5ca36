#!/usr/bin/env python3
"""Damage to the index and to rows of the store: doctor finds all of it, and a
search answers as before or says that it cannot.

    flip.py OPSLORE SHIM CHECK_IMAGE [--flips N] [--rows N] [--questions N]
            [--seed S]
"""

import argparse
import os
import random
import shutil
import sqlite3
import struct
import sys
import time

import lab

BLOCK = 512


def flip_bit(data, rng):
    at = rng.randrange(len(data))
    data[at] ^= 1 << rng.randrange(8)
    return f'bit at {at}'


def zero_block(data, rng):
    at = rng.randrange(len(data)) // BLOCK * BLOCK
    end = min(at + BLOCK, len(data))
    if not any(data[at:end]):
        return flip_bit(data, rng)
    data[at:end] = bytes(end - at)
    return f'zeros at {at}'


def cut_off(data, rng):
    at = rng.randrange(len(data))
    del data[at:]
    return f'cut at {at}'


def add_bytes(data, rng):
    data += bytes(rng.randrange(256) for _ in range(rng.randint(1, 100)))
    return 'longer'


def garble(data, rng):
    at = rng.randrange(len(data))
    end = min(at + rng.randint(1, 64), len(data))
    old = bytes(data[at:end])
    while data[at:end] == old:
        data[at:end] = bytes(rng.randrange(256) for _ in range(end - at))
    return f'{end - at} bytes at {at}'


KINDS = [flip_bit] * 8 + [garble, zero_block, cut_off, add_bytes]


def current_files(index):
    """Names of what the newest generation consists of (index-format.md)."""
    number = max(int(n.split('-')[1]) for n in os.listdir(index)
                 if n.startswith('manifest-'))
    with open(os.path.join(index, f'manifest-{number}'), 'rb') as file:
        data = file.read()
    at = 8 + 4 + 8 + 8 + 16 + 8 + 16 * 8 + 8 + 1
    at += 1 + data[at]
    at += 2 + struct.unpack_from('<H', data, at)[0]
    count, = struct.unpack_from('<I', data, at)
    at += 4
    names = [f'manifest-{number}']
    for _ in range(count):
        segment, _, _, _, _, dead, _, scores, _ = struct.unpack_from(
            '<QQQIIQQQQ', data, at)
        at += 64 + 1
        at += 1 + data[at]
        names += [f'segment-{segment}', f'scores-{segment}-{scores}']
        if dead:
            names.append(f'tombstones-{segment}-{dead}')
    return names


class Index:
    """An index folder, damaged and mended over and over."""

    def __init__(self, base, folder, checker):
        lab.fresh(folder)
        self.folder, self.checker = folder, checker
        self.index = os.path.join(folder, lab.NAME + '.index')
        shutil.copytree(os.path.join(base, lab.NAME + '.index'), self.index)
        everything = lab.tree(self.index)
        self.files = {n: everything[n] for n in current_files(self.index)}
        self.clean = checker.ask(folder)
        self.expected = {self.clean['generation']: self.clean['answers']}
        if self.clean['asked'] != 'ok' or self.clean['damaged'][0] != '0':
            sys.exit(f'damaged before it began: {self.clean}')

    def put(self, name, data):
        with open(os.path.join(self.index, name), 'wb') as file:
            file.write(data)

    def damage(self, name, rng):
        """Damages one file, judges, mends; what was wrong."""
        data = bytearray(self.files[name])
        what = rng.choice(KINDS)(data, rng)
        self.put(name, data)
        faults = self.judge()
        self.put(name, self.files[name])
        return [f'{name}, {what}: {fault}' for fault in faults]

    def judge(self):
        told = self.checker.ask(self.folder)
        faults = []
        if told['index'] == 'ok' and told['damaged'].startswith('0 '):
            faults.append('not found by doctor')
        if told['index'] == 'ok' and told['asked'] == 'ok' and \
                told['answers'] != self.expected.get(told['generation']):
            faults.append('other answers')
        return faults

    def lose(self, name):
        """The same with the whole file gone, then swapped with another."""
        os.unlink(os.path.join(self.index, name))
        # Without its manifest a generation never was: the one before counts.
        faults = [] if name.startswith('manifest') else [
            f'{name}, gone: {fault}' for fault in self.judge()]
        for other in self.files:
            if other != name and self.files[other] != self.files[name]:
                self.put(name, self.files[other])
                faults += [f'{name}, with the bytes of {other}: {fault}'
                           for fault in self.judge()]
        self.put(name, self.files[name])
        return faults


def flip_index(index, flips, rng):
    """Every file gets its share, the small ones too."""
    names = sorted(index.files)
    sizes = [len(index.files[n]) for n in names]
    some = rng.choices(names, sizes, k=flips // 2) + \
        rng.choices(names, k=flips - flips // 2)
    faults = [f for name in some for f in index.damage(name, rng)]
    for name in names:
        faults += index.lose(name)
    return faults


def as_users_see_it(place, base, folder, rng):
    """A few flips by way of the commands, with their exit codes."""
    faults = []
    before = place.do('search', base).out
    name = os.path.join(folder, lab.NAME + '.index')
    for _ in range(6):
        lab.fresh(folder, base)
        path = os.path.join(name, rng.choice(current_files(name)))
        with open(path, 'rb') as file:
            data = bytearray(file.read())
        what = f'{os.path.basename(path)}, {flip_bit(data, rng)}'
        with open(path, 'wb') as file:
            file.write(data)
        doctor = lab.run(place.command('doctor', folder))
        if doctor.code not in (1, 3):
            faults.append(f'{what}: doctor ends with {doctor.code}')
        search = lab.run(place.command('search', folder))
        if search.code not in (0, 1) or (
                search.code == 0 and search.out != before):
            faults.append(f'{what}: search ends with {search.code}')
        mend = lab.run(place.command('rebuild', folder))
        if mend.code:
            faults.append(f'{what}: index --rebuild ends with {mend.code}: {mend.err}')
        elif lab.run(place.command('search', folder)).out != before:
            faults.append(f'{what}: other answers after --rebuild')
    return faults


# What a row says, column by column: each is behind the row's hash.
COLUMNS = {
    'Posts': ('PostLink', 'Title', 'PostContent', 'PostTime', 'Tags',
              'Licence', 'Access'),
    'Answers': ('AnswerContent', 'AnswerTime', 'Licence'),
    'Extras': ('Title', 'ExtraContent'),
    'Comments': ('Content',),
    'Originals': ('Body',),
}


def flip_row(db, table, column, rng):
    """One character or byte of one value becomes another; how, or None."""
    rows = db.execute(f"SELECT rowid, {column} FROM {table} WHERE "
                      f"length({column}) > 0 ORDER BY rowid").fetchall()
    if not rows:
        return None
    key, value = rng.choice(rows)
    if isinstance(value, bytes):
        # A frame of zstd has bits that nobody reads; eight bytes do matter.
        at = rng.randrange(max(1, len(value) - 8))
        part = bytes(b ^ 0x55 for b in value[at:at + 8])
        value = value[:at] + part + value[at + 8:]
        what = f'bytes from {at}'
    else:
        at = rng.randrange(len(value))
        new = 'x' if value[at] != 'x' else 'y'
        value = value[:at] + new + value[at + 1:]
        what = f'character {at}'
    db.execute(f'UPDATE {table} SET {column} = ? WHERE rowid = ?',
               (value, key))
    return f'{table}.{column} of row {key}, {what}'


def flip_rows(base, folder, checker, count, rng):
    faults, done = [], 0
    pairs = [(t, c) for t in COLUMNS for c in COLUMNS[t]]
    for i in range(count):
        lab.fresh(folder)
        path = os.path.join(folder, lab.NAME)
        shutil.copy(os.path.join(base, lab.NAME), path)
        db = sqlite3.connect(path)
        what = flip_row(db, *pairs[i % len(pairs)], rng)
        db.commit()
        db.close()
        if what is None:
            continue
        done += 1
        if checker.ask(folder)['found'].startswith('0 '):
            faults.append(f'{what}: not found by doctor')
    return done, faults


def main():
    args = argparse.ArgumentParser()
    args.add_argument('opslore')
    args.add_argument('shim')
    args.add_argument('check_image')
    args.add_argument('--flips', type=int, default=2400)
    args.add_argument('--rows', type=int, default=200)
    args.add_argument('--questions', type=int, default=60)
    args.add_argument('--seed', type=int, default=1)
    args = args.parse_args()
    rng = random.Random(args.seed)
    with lab.scratch() as top:
        place = lab.Lab(args.opslore, args.shim, top, args.questions,
                        seed=args.seed)
        checker = lab.Checker(args.check_image, top)
        here = os.path.join(top, 'here')
        faults, damaged, start = [], 0, time.monotonic()
        bases = [place.prepared(('import', 'index')),
                 place.prepared(('import', 'index', 'import-newer', 'index'))]
        older = Index(bases[0], here, checker)
        faults += flip_index(older, args.flips // 2, rng)
        newer = Index(bases[1], here, checker)
        newer.expected.update(older.expected)
        faults += flip_index(newer, args.flips // 2, rng)
        damaged = args.flips // 2 * 2
        rate = damaged / (time.monotonic() - start)
        rows, unseen = flip_rows(bases[0], here, checker, args.rows, rng)
        checker.close()
        faults += unseen + as_users_see_it(place, bases[0], here, rng)
    for fault in faults:
        print(fault)
    print(f'{damaged} damages to index files ({rate:.0f}/s), {rows} to rows, '
          f'{len(faults)} not handled')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
