#!/usr/bin/env python3
"""Saved question pages, read a second time by other means.

    stack_pages.py FOLDER build/check/tests/test_stack_page

The program walks a parsed tree by patterns; this looks at the raw bytes with
regular expressions, one field at a time, and never at the order of elements.
Where PAGE.gt.json stands beside PAGE.html, its title, author and day were
written down by somebody else and count too. Prints for each field how often
the two agree, and each disagreement.
"""

import collections
import glob
import html
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone


def seconds(text):
    text = text.strip().rstrip("Z").replace("T", " ")
    when = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    return int(when.replace(tzinfo=timezone.utc).timestamp())


def number(text):
    return int(re.sub(r"[^0-9-]", "", text.replace("\u2212", "-")))


def votes(page):
    """Of the question and of each answer, in the order of the page."""
    found = []
    pattern = r'class="(?:js-vote-count|vote-count-post)[^>]*>\s*([-\d\u2212]+)'
    for tag in re.finditer(pattern, page):
        value = re.search(r'data-value="(-?\d+)"', tag.group(0))
        found.append(number(value.group(1) if value else tag.group(1)))
    return found


def judge(page):
    """What the page says, or None where this cannot tell."""
    said = {}
    match = re.search(r'rel="canonical" href="[^"]*?/questions/(\d+)', page)
    said["id"] = int(match.group(1)) if match else None
    match = re.search(r'og:title"[^>]*?content="([^"]*)"', page)
    said["title"] = html.unescape(match.group(1)).strip() if match else None
    match = re.search(r'title="[^"\d]*([\d.,]+) (?:times|vezes)"', page)
    said["views"] = number(match.group(1)) if match else None
    match = re.search(r'itemprop="answerCount">(\d+)', page)
    said["answer_count"] = int(match.group(1)) if match else None
    match = re.search(r'dateCreated"\s+datetime="([^"]+)"', page)
    said["created"] = seconds(match.group(1)) if match else None
    classes = re.findall(r'id="answer-(\d+)" class="([^"]*)"', page)
    said["answers"] = [int(one) for one, _ in classes]
    accepted = [int(one) for one, words in classes
                if "accepted-answer" in words.split()]
    said["accepted"] = accepted[0] if accepted else 0
    said["votes"] = votes(page)
    said["comments"] = sorted(
        int(one) for one in re.findall(r'<li id="comment-(\d+)"', page))
    return said


def program(one):
    """The same fields as the program wrote them."""
    posts = [one] + one["answers"]
    return {
        "id": one["id"], "title": one["title"], "views": one["views"],
        "answer_count": one["answer_count"], "created": one["created"],
        "accepted": one["accepted"],
        "answers": [answer["id"] for answer in one["answers"]],
        "votes": [post["votes"] for post in posts],
        "comments": sorted(comment["id"] for post in posts
                           for comment in post["comments"]),
    }


def truth(path):
    """Title, author and day as a person wrote them down, where one did."""
    beside = path[:-len(".html")] + ".gt.json"
    if not os.path.exists(beside):
        return {}
    with open(beside, encoding="utf-8") as file:
        said = json.load(file).get("ground_truth", {})
    return {key: said[key] for key in ("title", "author", "publish_date")
            if said.get(key)}


def main(folder, tool):
    paths = sorted(glob.glob(os.path.join(folder, "*.html")))
    lines = subprocess.run([tool] + paths, check=True, capture_output=True,
                           text=True).stdout.splitlines()
    right, all_of, wrong = collections.Counter(), collections.Counter(), []

    def compare(path, field, ours, theirs):
        all_of[field] += 1
        right[field] += ours == theirs
        if ours != theirs:
            wrong.append(f"{os.path.basename(path)}: {field}: "
                         f"{ours!r}, but the page says {theirs!r}")

    for path, line in zip(paths, lines, strict=True):
        one = json.loads(line)
        if "fault" in one:
            wrong.append(f"{os.path.basename(path)}: {one['fault']}")
            all_of["page"] += 1
            continue
        compare(path, "page", one["found"] > 0, True)
        with open(path, encoding="utf-8", errors="replace") as file:
            said = judge(file.read())
        ours = program(one)
        for field, theirs in said.items():
            if theirs is not None:
                compare(path, field, ours[field], theirs)
        by_hand = truth(path)
        day = datetime.fromtimestamp(one["created"], timezone.utc).date()
        mine = {"title": one["title"], "author": one["author"],
                "publish_date": day.isoformat()}
        for field, theirs in by_hand.items():
            compare(path, "by hand: " + field, mine[field], theirs)
    for field in all_of:
        print(f"{field:24} {right[field]:4} of {all_of[field]}")
    print(*wrong, sep="\n")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
