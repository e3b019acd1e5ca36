"""Passages and queries as every engine gets them: ASCII words in lower case.

The words are cut here once, as opslore's analyzer line `plain` cuts them, and
written parted by blanks, so that any engine that splits at white space sees the
same tokens. A passage is one line; its number, from 0, is its name everywhere.
"""
import hashlib
import json
import os
import random
import re

WORD = re.compile(r"[0-9A-Za-z]+")
WORD_MOST = 240      # Xapian takes no longer term
PASSAGE_MOST = 5900  # opslore would cut a longer one in two

# Share of the passages that carry each tag.
TAGS = {"tagall": 1, "taghalf": .5, "tagtenth": .1, "taghundredth": .01,
        "tagrare": .0001}


def words(text):
    return [w.lower()[:WORD_MOST] for w in WORD.findall(text)]


def tags_of(number):
    """The tags of a passage: the same ones in every run."""
    def share(tag):
        digest = hashlib.blake2b(f"{tag} {number}".encode(), digest_size=8)
        return int.from_bytes(digest.digest(), "big") / 2**64
    return [tag for tag, part in TAGS.items() if share(tag) < part]


def passages_of(path):
    """(title, text) of each JSON line."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row.get("title") or "", row["text"]


def synthetic(count, seed=1):
    """Made-up passages: words by Zipf's law, some of them only near others."""
    dice = random.Random(seed)
    size = max(1000, int(40 * count ** .6))
    vocabulary = [f"w{n}" for n in range(size)]
    weights = [1 / (n + 2.7) for n in range(size)]
    bag = dice.choices(vocabulary, weights, k=1 << 20)
    for _ in range(count):
        topic = dice.randrange(size)
        length = max(8, int(dice.lognormvariate(4.9, .6)))
        at = dice.randrange(len(bag) - length) if length < len(bag) else 0
        text = bag[at:at + length]
        for i in range(0, length, 9):
            text[i] = vocabulary[(topic + dice.randrange(12)) % size]
        yield f"w{topic}", " ".join(text)


def synthetic_queries(path, count=200, seed=2):
    """Queries of 3 to 12 words out of the passages themselves."""
    dice = random.Random(seed)
    with open(path, encoding="ascii") as file:
        lines = file.readlines()
    for _ in range(count):
        have = dice.choice(lines).split()
        yield " ".join(dice.sample(have, min(len(have),
                                             dice.randint(3, 12))))


class Corpus:
    """The files made of one set of passages, in a folder of their own.

    tokens        a passage a line, its title's words first
    tokens.tagged the same with the passage's tags at the end
    tags          the tags of each passage
    one, fields, tagged (.jsonl)   for opslore: in one field, with the title
                  apart, with tags
    """

    def __init__(self, folder):
        self.folder = folder
        self.count = self.bytes = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, passages):
        facts = self.path("facts.json")
        os.makedirs(self.folder, exist_ok=True)
        if not os.path.exists(facts):
            self._write(passages())
            with open(facts, "w", encoding="ascii") as file:
                json.dump([self.count, self.bytes], file)
        with open(facts, encoding="ascii") as file:
            self.count, self.bytes = json.load(file)

    def _write(self, passages):
        names = ("tokens", "tokens.tagged", "tags", "one.jsonl",
                 "fields.jsonl", "tagged.jsonl")
        files = {n: open(self.path(n), "w", encoding="ascii") for n in names}

        def put(name, **row):
            files[name].write(json.dumps(row) + "\n")

        for title, text in passages:
            title = " ".join(words(title))[:PASSAGE_MOST]
            text = " ".join(words(text))[:PASSAGE_MOST - len(title)]
            whole = f"{title} {text}".strip()
            if not whole:
                continue
            tags = tags_of(self.count)
            name = str(self.count)
            self.count += 1
            self.bytes += len(whole) + 1
            files["tokens"].write(whole + "\n")
            files["tokens.tagged"].write(f"{whole} {' '.join(tags)}\n")
            files["tags"].write(" ".join(tags) + "\n")
            put("one.jsonl", _id=name, text=whole)
            put("fields.jsonl", _id=name, title=title, text=text)
            put("tagged.jsonl", _id=name, text=whole, tags=tags)
        for file in files.values():
            file.close()

    def queries(self, name, lines):
        """The same words of each query, once each; none without a word."""
        path = self.path(f"queries.{name}")
        count = 0
        with open(path, "w", encoding="ascii") as file:
            for line in lines:
                found = list(dict.fromkeys(words(line)))
                if found:
                    file.write(" ".join(found) + "\n")
                    count += 1
        return path, count


def every(path, step):
    """A file of every step-th line, beside the file."""
    out = f"{path}.every{step}"
    with open(path, encoding="ascii") as file:
        lines = file.readlines()[::step]
    with open(out, "w", encoding="ascii") as file:
        file.writelines(lines)
    return out
