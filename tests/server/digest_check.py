#!/usr/bin/env python3
"""What a store of digested examples has to be, checked from outside.

    digest_check.py STORE TRUTH LOG COMMITTED BODIES

STORE is opslore's, TRUTH the examples', LOG and BODIES what model_api.py wrote,
COMMITTED lines of "N|REQUEST": the answer of this request stood in the store
when the server had got N requests. Prints figures; ends with 1 and says what
when something is not as it has to be:

- every digest is of its schema: texts of one line, lists of such, class of the
  list or unclassified, services of the list, codes that the case holds, model,
  prompt, time, language;
- no request left again whose usable answer was committed;
- nothing of `private` is in any request.
"""

import collections
import json
import re
import sqlite3
import sys
import unicodedata

CLASSES = {"configuration error", "service fault", "consulting",
           "unclassified"}
# What the server did that gave an answer which can be used, mended or not.
USABLE = {"truth", "fence", "prose", "commas", "quotes", "think", "no-usage",
          "csv4"}
FLAGS = ("cut", "reduced", "repaired", "suspect", "cleaned", "no problem",
         "no cause", "no class", "masked")


def lines_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def one_line(text, most=4000):
    """A text as it may stand in a digest."""
    return (isinstance(text, str) and len(text) <= most and
            text == text.strip() and
            not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cn",
                                                "Co") for c in text))


def wrong_digest(row, services, text):
    """What is wrong with one digest, or nothing."""
    for name in ("Problem", "Cause"):
        if not one_line(row[name]):
            return name
    if row["Class"] not in CLASSES:
        return "Class"
    for name in ("Steps", "Services", "Codes", "Titles"):
        value = json.loads(row[name] or "[]")
        if not isinstance(value, list) or len(value) > 50 or not all(
                v and one_line(v) for v in value):
            return name
        if name == "Services" and set(value) - services:
            return "a service that is not of the list"
        if name == "Codes" and any(v not in text for v in value):
            return "a code that the case does not hold"
    if not (row["Model"] and row["Prompt"] and row["BackEnd"] and
            re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}",
                         row["Time"])):
        return "who said it, and when"
    if row["Flags"] >> len(FLAGS):
        return "a flag that there is not"
    return None


def check_digests(store, truth, bad):
    services = {r[0] for r in store.execute(
        "SELECT DISTINCT Service FROM Cases")}
    same = collections.Counter()
    classes = collections.Counter()
    flags = collections.Counter()
    for row in store.execute("SELECT Cases.*, CaseDigests.* FROM Cases JOIN "
                             "CaseDigests USING (CaseID)"):
        text = "\n".join([row["Subject"]] + [r[0] for r in store.execute(
            "SELECT Body FROM CaseReplies WHERE CaseID = ?",
            (row["CaseID"],))])
        why = wrong_digest(row, services, text)
        if why:
            bad.append("%s: %s" % (row["NativeID"], why))
        classes[row["Class"]] += 1
        true = truth[row["NativeID"]]
        same["class"] += row["Class"] == true["class"]
        same["problem"] += row["Problem"] == true["problem"]
        same["cause"] += row["Cause"] == true["cause"]
        for i, name in enumerate(FLAGS):
            flags[name] += row["Flags"] >> i & 1
    print("digests by class:", dict(classes))
    print("flags:", {k: v for k, v in flags.items() if v})
    print("as in the truth:", dict(same))


def check_calls(log, committed, bad):
    """A committed answer is never asked for again."""
    print("the server did:", dict(collections.Counter(
        row["do"] for row in log).most_common()))
    usable = {}
    for row in log:
        if row["do"] in USABLE and row["status"] == 200 and row["written"]:
            usable.setdefault(row["key"], row["n"])
    stood = {}
    for line in committed:
        count, request = line.rstrip("\n").split("|")
        stood.setdefault(request, int(count))
    twice = [row["n"] for row in log
             if row["key"] in stood and row["n"] > stood[row["key"]] and
             usable.get(row["key"], row["n"]) < row["n"]]
    whole = collections.Counter(
        row["key"] for row in log
        if row["do"] in USABLE and row["status"] == 200 and row["written"])
    print("requests %d, different %d, with a usable answer %d, "
          "answered again after a kill took the first %d, "
          "paid twice %d" % (
              len(log), len({row["key"] for row in log}), len(whole),
              sum(n - 1 for n in whole.values()), len(twice)))
    if not any(row["key"] in stood for row in log):
        bad.append("nothing that was asked was ever committed")
    if twice:
        bad.append("asked again: requests %s" % twice[:10])


def check_secrets(bodies, truth, bad):
    """Nothing private is in a request, however it is written."""
    planted = [(row["id"], word) for row in truth.values()
               for word in row["private"]]
    with open(bodies, encoding="utf-8") as lines:
        said = lines.read()
    said += said.encode().decode("unicode_escape", "ignore")
    tight = re.sub(r"[\s().-]", "", said)
    for case, word in planted:
        if word in said or (re.fullmatch(r"[+\d\s().-]{8,}", word) and
                            re.sub(r"[\s().-]", "", word) in tight):
            bad.append("%s: '%s' has left" % (case, word))
    print("planted secrets and personal data %d, of them in a request %d" % (
        len(planted), sum("has left" in b for b in bad)))
    if len(planted) < 10:
        bad.append("too little is planted")


def main():
    path, truth_path, log_path, committed_path, bodies = sys.argv[1:]
    store = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    store.row_factory = sqlite3.Row
    truth = {row["id"]: row for row in lines_of(truth_path)}
    bad = []
    check_digests(store, truth, bad)
    with open(committed_path, encoding="utf-8") as committed:
        check_calls(lines_of(log_path), committed, bad)
    check_secrets(bodies, truth, bad)
    for why in bad:
        print("WRONG:", why)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
