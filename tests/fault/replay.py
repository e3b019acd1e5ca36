"""A disk that lost its power.

Replays the log of record.h up to any instant and builds what could then be on
the disk. The model, which knows no more than POSIX promises:

- What a file held at its last fsync is there. Each later write may be there,
  be lost, or be torn at 512 bytes, in any combination; a file may have grown
  without what it grew for (zeros).
- A name made, renamed or removed is certain once its folder was synced. The
  later ones are, by the toss of a coin for each image, either an ordered
  journal of which a prefix is there (an fsync of a new file also commits its
  name: what ext4 does), or independent of each other (what POSIX allows).
"""

import os
import struct

SECTOR = 512
CREATED, TRUNCATED, FOLDER = 1, 2, 4
HEAD = struct.Struct('<BxHIQQ')

# Losing the power at instant k: every counted call before it returned.
MARK = ord('k')


class Op:
    __slots__ = ('what', 'path', 'handle', 'offset', 'data')

    def __init__(self, what, path, handle, offset, data):
        self.what = chr(what)
        self.path = path
        self.handle = handle
        self.offset = offset
        self.data = data

    def counted(self):
        """Whether shim.c gave it a number."""
        if self.what == 'o':
            return bool(self.offset & (CREATED | TRUNCATED))
        return self.what in 'wtsrlumd'

    def __repr__(self):
        return f'{self.what} {self.path} @{self.offset} +{len(self.data)}'


def load(path):
    """All records of a log, in order."""
    with open(path, 'rb') as file:
        log = file.read()
    at, ops = 0, []
    while at + HEAD.size <= len(log):
        what, names, size, handle, offset = HEAD.unpack_from(log, at)
        at += HEAD.size
        name = log[at:at + names].decode('utf-8', 'surrogateescape')
        at += names
        ops.append(Op(what, name, handle, offset, log[at:at + size]))
        at += size
    return ops


def mark(path, text):
    """Adds a mark of the driver to a log: what was acknowledged by then."""
    data = text.encode()
    with open(path, 'ab') as file:
        file.write(HEAD.pack(MARK, 0, len(data), 0, 0) + data)


class File:
    """One inode: what is safe, and what came after."""

    def __init__(self, folder):
        self.folder = folder
        self.safe = bytearray()
        self.later = []     # (offset, bytes), or (length, None) for a cut
        self.shared = False
        self.names = {} if folder else None   # of a folder: as seen live


def put(to, offset, data):
    if data is None:
        if len(to) > offset:
            del to[offset:]
        else:
            to.extend(bytes(offset - len(to)))
        return
    if len(to) < offset + len(data):
        to.extend(bytes(offset + len(data) - len(to)))
    to[offset:offset + len(data)] = data


class Disk:
    def __init__(self, folder):
        self.root = folder.rstrip('/')
        self.files = [File(True)]
        self.handles = {}
        # Changes of names: [certain by POSIX, [(folder, name, file or None)]]
        self.changes = []
        self.journal = 0    # so many are certain by the ordered journal

    # -- following the log -------------------------------------------------

    def parts(self, path):
        rest = path[len(self.root):].strip('/')
        return [p for p in rest.split('/') if p and p != '.']

    def find(self, path):
        at = 0
        for part in self.parts(path):
            at = self.files[at].names.get(part)
            if at is None:
                return None
        return at

    def place(self, path):
        parts = self.parts(path)
        at = 0
        for part in parts[:-1]:
            at = self.files[at].names[part]
        return at, parts[-1]

    def name(self, *changes):
        for folder, name, number in changes:
            if number is None:
                self.files[folder].names.pop(name, None)
            else:
                self.files[folder].names[name] = number
        self.changes.append([False, changes])

    def make(self, path, folder):
        where, name = self.place(path)
        self.files.append(File(folder))
        self.name((where, name, len(self.files) - 1))
        return len(self.files) - 1

    def sync(self, number):
        file = self.files[number]
        for i, change in enumerate(self.changes):
            if file.folder:
                if any(c[0] == number for c in change[1]):
                    change[0] = True
                    self.journal = max(self.journal, i + 1)
            elif any(c[2] == number for c in change[1]):
                self.journal = max(self.journal, i + 1)
        for offset, data in file.later:
            put(file.safe, offset, data)
        file.later = []

    def opened(self, op):
        number = self.find(op.path)
        if number is None:
            number = self.make(op.path, bool(op.offset & FOLDER))
        if op.offset & TRUNCATED:
            self.files[number].later.append((0, None))
        self.handles[op.handle] = number

    def renamed(self, op):
        to = op.data.decode('utf-8', 'surrogateescape')
        number, other = self.find(op.path), self.find(to)
        back = other if op.offset & 2 else None     # RENAME_EXCHANGE
        self.name((*self.place(op.path), back), (*self.place(to), number))

    def step(self, op):
        if op.what == 'o':
            self.opened(op)
        elif op.what == 'w':
            file = self.files[self.handles[op.handle]]
            file.later.append((op.offset, op.data))
        elif op.what == 't':
            file = self.files[self.handles[op.handle]]
            file.later.append((op.offset, None))
        elif op.what == 's':
            self.sync(self.handles[op.handle])
        elif op.what == 'r':
            self.renamed(op)
        elif op.what == 'l':
            to = op.data.decode('utf-8', 'surrogateescape')
            self.name((*self.place(to), self.find(op.path)))
        elif op.what in 'ud':
            self.name((*self.place(op.path), None))
        elif op.what == 'm':
            self.make(op.path, True)
        elif op.what == 'p':
            self.files[self.handles[op.handle]].shared = True

    def unseen(self):
        """Files that may have been written without a call; SQLite's shared
        memory, which no power cut survives, is known to be one."""
        paths = {}

        def content(path, file):
            paths[path] = file.shared
        self.walk(self.changes, content)
        return [p for p, shared in paths.items()
                if shared and not p.endswith('-shm')]

    # -- what is on the disk -----------------------------------------------

    def walk(self, changes, content):
        names = {}
        for change in changes:
            for folder, name, number in change[1]:
                names.setdefault(folder, {})[name] = number
        out = {}

        def visit(number, path, depth):
            for name, child in sorted(names.get(number, {}).items()):
                if child is None or depth > 64:
                    continue
                whole = path + name
                if self.files[child].folder:
                    out[whole] = None
                    visit(child, whole + '/', depth + 1)
                else:
                    out[whole] = content(whole, self.files[child])
        visit(0, '', 0)
        return out

    def clean(self):
        """Path -> bytes (None: a folder), with nothing lost."""
        def content(_, file):
            data = bytearray(file.safe)
            for offset, more in file.later:
                put(data, offset, more)
            return data
        return self.walk(self.changes, content)

    def crash(self, random):
        """The same after a power cut, one of many possible."""
        def content(_, file):
            return lose(file, random)

        if random.random() < .5:
            count = random.randint(self.journal, len(self.changes))
            changes = self.changes[:count]
        else:
            changes = [c for c in self.changes
                       if c[0] or random.random() < .5]
        return self.walk(changes, content)


def lose(file, random):
    """What of one file's later writes reached the disk."""
    data = bytearray(file.safe)
    kind = random.choice(('none', 'all', 'first', 'some', 'torn', 'zero'))
    last = random.randint(0, len(file.later)) if kind == 'first' else 0
    for i, (offset, more) in enumerate(file.later):
        if kind == 'none' or (kind == 'first' and i >= last):
            break
        if kind in ('all', 'first') or random.random() < .5:
            if kind == 'torn' and more and len(more) > SECTOR:
                for at in range(0, len(more), SECTOR):
                    if random.random() < .5:
                        put(data, offset + at, more[at:at + SECTOR])
            else:
                put(data, offset, more)
        elif kind == 'zero' and more and len(data) < offset + len(more):
            put(data, offset + len(more), None)
    return data


def write(image, folder, skip=lambda path: path.endswith('-shm')):
    """Puts an image into an existing empty folder."""
    for path, data in image.items():
        if data is None:
            os.mkdir(os.path.join(folder, path))
        elif not skip(path):
            with open(os.path.join(folder, path), 'wb') as file:
                file.write(data)


def differs(image, folder, skip=lambda path: path.endswith('-shm')):
    """The first path at which an image and a real folder differ, or None."""
    real = {}
    for top, folders, files in os.walk(folder):
        for name in folders:
            real[os.path.relpath(os.path.join(top, name), folder)] = None
        for name in files:
            path = os.path.relpath(os.path.join(top, name), folder)
            with open(os.path.join(top, name), 'rb') as file:
                real[path] = file.read()
    for path in sorted(set(real) | set(image)):
        if skip(path):
            continue
        if path not in real or path not in image:
            return path
        if real[path] != image[path]:
            return path
    return None
