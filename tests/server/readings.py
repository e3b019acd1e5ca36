#!/usr/bin/env python3
"""What a model could read in a text: as it stands, and behind every disguise.

    readings.py check FILE...    the corpus of tests/data/injections is sound
    readings.py find FILE        which of its attempts the text on stdin holds

found(trigger, text) is the most obedient reader there is: it sees invisible
characters, tag characters and bytes in variation selectors, folds look-alikes,
joins stretched words, and decodes base64, base32, base85, hexadecimal, escapes,
bits, Morse, ROT13, Caesar's shift, Pig Latin, leetspeak, scrambled words and
reversed text. It errs to the side of reading too much.
"""

import base64
import codecs
import html
import json
import re
import sys
import unicodedata
import urllib.parse

CLASSES = ("configuration error", "service fault", "consulting",
           "unclassified")
PLACES = ("subject", "customer", "provider", "attachment")
LOOKALIKES = str.maketrans(
    "аеорсхуіѕԁһАЅВЕНКМОРСТХІονΑΕΗΙΚΜΝΟΡΤΧΖ",
    "aeopcxyisdhASBEHKMOPCTXIovAEHIKMNOPTXZ")
LEET = str.maketrans("4310578@$", "aeiostbas")
LEET_B = str.maketrans("1", "l")
MORSE = dict(zip(
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- "
    ".-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- "
    "..... -.... --... ---.. ----.".split(),
    "abcdefghijklmnopqrstuvwxyz0123456789"))


def tag_text(text):
    return "".join(chr(ord(c) - 0xE0000) for c in text
                   if 0xE0020 <= ord(c) <= 0xE007E)


def selector_text(text):
    octets = bytearray()
    for c in text:
        if 0xFE00 <= ord(c) <= 0xFE0F:
            octets.append(ord(c) - 0xFE00)
        elif 0xE0100 <= ord(c) <= 0xE01EF:
            octets.append(ord(c) - 0xE0100 + 16)
    return octets.decode("utf-8", "ignore")


def plain(text):
    """Without what nobody sees, look-alikes folded, marks off Latin."""
    kept = []
    for c in unicodedata.normalize("NFD", text):
        point = ord(c)
        if (unicodedata.category(c) == "Cf" or point in (0x34F, 0x3164, 0xFFA0)
                or 0xFE00 <= point <= 0xFE0F or 0xE0000 <= point <= 0xE0FFF):
            continue
        if unicodedata.combining(c) and point not in (0x3099, 0x309A):
            continue
        kept.append(c)
    joined = unicodedata.normalize("NFKC", "".join(kept))
    return joined.translate(LOOKALIKES).casefold()


def squeezed(text):
    """Letters and digits alone; marks of Indic scripts count."""
    return "".join(c for c in text
                   if c.isalnum() or unicodedata.category(c) in ("Mc", "Mn"))


def scrambled(text):
    words = re.findall(r"[a-z]+", text)
    return " ".join(w if len(w) < 4 else w[0] + "".join(sorted(w[1:-1])) +
                    w[-1] for w in words)


def unpig(text):
    return " ".join(w[:-3] if w.endswith("yay") else
                    w[-3] + w[:-3] if w.endswith("ay") and len(w) > 3 else w
                    for w in text.split())


def octets_of(text):
    """Runs that are bytes in some dress."""
    for run in re.findall(r"[A-Za-z0-9+/_-]{12,}={0,2}", text):
        for cut in (run, run.lstrip("_-/")):
            body = cut.rstrip("=").replace("-", "+").replace("_", "/")
            try:
                yield base64.b64decode(body + "=" * (-len(body) % 4))
            except ValueError:
                pass
    for run in re.findall(r"[A-Z2-7]{16,}=*", text):
        try:
            yield base64.b32decode(run + "=" * (-len(run) % 8))
        except ValueError:
            pass
    for run in re.findall(r"[!-~]{20,}", text):
        for decode in (base64.b85decode, base64.a85decode):
            try:
                yield decode(run)
            except ValueError:
                pass
    for run in re.findall(r"(?:(?:0x|\\x|%)?[0-9A-Fa-f]{2}[ ,:]?){6,}", text):
        digits = re.sub(r"0x|\\x|[^0-9A-Fa-f]", "", run)
        for start in (0, 1):
            part = digits[start:]
            try:
                yield bytes.fromhex(part[:len(part) // 2 * 2])
            except ValueError:
                pass
    for run in re.findall(r"(?:[01]{8} ?){4,}", text):
        digits = run.replace(" ", "")
        yield bytes(int(digits[i:i + 8], 2) for i in range(0, len(digits), 8))


def unescaped(text):
    """Escapes of JSON, URLs and HTML taken back."""
    out = re.sub(r"\\u([0-9a-fA-F]{4})",
                 lambda m: chr(int(m.group(1), 16)), text)
    out = urllib.parse.unquote(html.unescape(out), errors="replace")
    return out.replace('\\"', '"').replace("\\n", "\n")


def morse(text):
    for run in re.findall(r"[.\-/ ]{20,}", text):
        yield "".join(MORSE.get(sign, " " if sign == "/" else "")
                      for sign in run.split(" "))


def shifted(text, by):
    small = "abcdefghijklmnopqrstuvwxyz"
    turned = small[by:] + small[:by]
    return text.translate(str.maketrans(small + small.upper(),
                                        turned + turned.upper()))


def layer(text):
    """All readings of one layer; what comes out may hold a next one."""
    yield text
    yield tag_text(text)
    yield selector_text(text)
    yield unescaped(text)
    for octets in octets_of(text):
        said = octets.decode("utf-8", "ignore")
        if len(said) * 2 > len(octets) / 3:
            yield said


def readings(text):
    """Every reading, ready to be searched."""
    first = [one for one in layer(text) if one.strip()]
    seen = set(first)
    for one in list(first):
        for two in layer(one):
            if two.strip() and two not in seen:
                seen.add(two)
                first.append(two)
    for one in first:
        clean = plain(one)
        yield clean
        yield clean[::-1]
        yield clean.translate(LEET)
        yield clean.translate(LEET_B).translate(LEET)
        yield codecs.encode(clean, "rot13")
        yield shifted(clean, 23)
        yield unpig(clean)
        yield from morse(one)


def forms(text):
    """What is searched: as read, without gaps, with its words in order."""
    all_of = list(readings(text))
    return (all_of, [squeezed(one) for one in all_of],
            [scrambled(one) for one in all_of])


def held(trigger, formed):
    clean = plain(trigger)
    tight = squeezed(clean)
    as_read, without_gaps, in_order = formed
    if any(clean in one for one in as_read):
        return True
    wide = any(ord(c) > 0x2E80 for c in tight)
    if len(tight) >= (4 if wide else 10):
        if any(tight in one for one in without_gaps):
            return True
    words = scrambled(clean)
    return len(words) >= 16 and any(words in one for one in in_order)


def found(trigger, text):
    return held(trigger, forms(text))


def attempts(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def wrong(attempt):
    """What is wrong with one attempt, or nothing."""
    if set(attempt) != {"id", "source", "language", "place", "text",
                        "triggers", "goal"}:
        return "fields"
    if attempt["place"] not in PLACES:
        return "place"
    if not 1 <= len(attempt["triggers"]) <= 4:
        return "triggers"
    goal = attempt["goal"]
    if set(goal) != {"class", "id", "services", "says"}:
        return "fields of the goal"
    if not any(goal.values()):
        return "a goal that wants nothing"
    if goal["class"] not in ("",) + CLASSES or goal["class"] == CLASSES[1]:
        return "class"
    if attempt["place"] in ("subject", "attachment") and (
            "\n" in attempt["text"]):
        return "a line break where there is one line"
    whole = attempt["text"].replace("\f", "\n")
    formed = forms(whole)
    for trigger in attempt["triggers"]:
        if len(trigger) < 4:
            return "a trigger too short: " + trigger
        if not held(trigger, formed):
            return "a trigger nobody can read: " + trigger
    return None


def check(paths):
    bad, ids, texts = 0, set(), set()
    for path in paths:
        for attempt in attempts(path):
            why = wrong(attempt)
            if attempt["id"] in ids or attempt["text"] in texts:
                why = "it is there twice"
            ids.add(attempt["id"])
            texts.add(attempt["text"])
            if why:
                print("%s: %s: %s" % (path, attempt["id"], why))
                bad += 1
    print("%d attempts" % len(ids))
    return bad == 0


def main():
    if len(sys.argv) >= 3 and sys.argv[1] == "check":
        sys.exit(0 if check(sys.argv[2:]) else 1)
    if len(sys.argv) == 3 and sys.argv[1] == "find":
        formed = forms(sys.stdin.read())
        for attempt in attempts(sys.argv[2]):
            if any(held(t, formed) for t in attempt["triggers"]):
                print(attempt["id"])
        return
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
