"""What the program `extract_features` says of pages.

It reads lines `ID<TAB>URL<TAB>PATH` and writes, little endian, for each page
its blocks (runs of text), their features and the elements above them; see
tests/bench/extract/features.c.
"""
import os
import struct
import subprocess
import tempfile

import numpy as np

import truth

MAGIC = 0x54414546


class Page:
    """`x` is blocks by features. `text`, `words`, `flags`, `owner`, `p` (by
    the model compiled in) and `selected` have one entry for a block; `parent`,
    `first`, `end` (of its blocks) and `tokens` one for an element."""


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        out = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return out

    def bytes(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def text(self, size):
        return self.bytes(size).decode("utf-8", "replace")

    def page(self):
        magic, size = self.take("II")
        if magic != MAGIC:
            raise ValueError(f"no page at byte {self.at - 8} of the dump")
        p = Page()
        p.id = self.text(size)
        blocks, features, elements = self.take("III")
        p.x = np.frombuffer(self.bytes(4 * blocks * features), "<f4")
        p.x = p.x.reshape(blocks, features)
        p.text, rows = [], []
        for _ in range(blocks):
            p.text.append(self.text(self.take("I")[0]))
            rows.append(self.take("IIIfB"))
        rows = list(zip(*rows)) or [()] * 5
        p.words = np.array(rows[0], np.float64)
        p.flags, p.owner, p.p, p.selected = (
            np.array(row, t) for row, t in
            zip(rows[1:], (np.uint32, np.int32, np.float32, bool)))
        rows = []
        for _ in range(elements):
            parent, first, end, count = self.take("iIII")
            names = tuple(self.text(self.take("B")[0]) for _ in range(count))
            rows.append((parent, first, end, names))
        p.parent, p.first, p.end, p.tokens = list(zip(*rows)) or [()] * 4
        return p


def read(name):
    """{id: Page} of a dump in a file."""
    with open(name, "rb") as f:
        r = Reader(f.read())
    out = {}
    while r.at < len(r.data):
        p = r.page()
        out[p.id] = p
    return out


def names(program):
    """The columns of `x`, in order."""
    return subprocess.run([program, "--names"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.split()


def unpack(folder, those, into):
    """Writes the pages' HTML and returns the lines that name them."""
    lines = []
    for page in those:
        path = f"{into}/{page.id}.html"
        if not os.path.exists(path):
            with open(path, "wb") as f:
                f.write(truth.html(folder, page))
        lines.append(f"{page.id}\t{page.url}\t{path}\n")
    return "".join(lines)


def make(program, folder, those, out):
    """Has `program` write the dump of `those` pages to the file `out`."""
    with tempfile.TemporaryDirectory() as tmp, open(out, "wb") as f:
        subprocess.run([program], check=True, stdout=f,
                       input=unpack(folder, those, tmp).encode())
