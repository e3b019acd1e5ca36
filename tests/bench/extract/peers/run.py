#!/usr/bin/env python3
"""opslore's extraction beside others: F1, and pages a CPU second.

Each reads all pages in one process. CPU time is that of the process and of
those it started, less what it takes for one page (of its start, mostly).
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

OURS, NOT_ALL = "opslore", 3
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import dump  # noqa: E402
import truth  # noqa: E402


def options():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--data", required=True, help="WCXB's folder dev")
    p.add_argument("--opslore", help="the program")
    p.add_argument("--python", help="a Python that has the libraries")
    p.add_argument("--node", help="a folder with node_modules")
    p.add_argument("--only", action="append", help="of these alone")
    p.add_argument("--every", type=int, default=1,
                   help="judge only every so manieth page")
    return p.parse_args()


def peers(o, tmp):
    """[(name, command)] of all that can be had."""
    out = []
    if o.opslore:
        out.append((OURS, [o.opslore, "extract", "--format", "json",
                           "--list"]))
    if o.python:
        for name in ("resiliparse", "trafilatura", "rs_trafilatura"):
            if subprocess.run([o.python, "-c", f"import {name}"], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0:
                out.append((name, [o.python, f"{HERE}/extract.py", name]))
    if o.node:
        # modules are looked for beside the program that asks for them
        program = f"{tmp}/readability.mjs"
        with open(f"{HERE}/readability.mjs", encoding="utf-8") as f, \
                open(program, "w", encoding="utf-8") as g:
            g.write(f.read())
        os.symlink(os.path.abspath(f"{o.node}/node_modules"),
                   f"{tmp}/node_modules")
        out += [(f"readability, {dom}", ["node", program, dom])
                for dom in ("linkedom", "jsdom")]
    return [(n, c) for n, c in out if not o.only or n in o.only]


def run(command, lines, out):
    """CPU seconds of `command`, which reads the lines and writes `out`."""
    with open(out, "wb") as f, tempfile.TemporaryFile() as given:
        given.write("".join(
            line.split("\t", 1)[1] if "--list" in command else line
            for line in lines).encode())
        given.seek(0)
        child = subprocess.Popen(command, stdin=given, stdout=f,
                                 stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, child.returncode


def texts(name, lines, out):
    with open(out, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    if name == OURS:
        # Replies come in the order of the lines; pages that are none count
        # as empty.
        return {line.split("\t")[0]: r["text"]
                for line, r in zip(lines, rows) if r.get("verdict") == "fine"}
    return {r["id"]: r["text"] for r in rows}


def main():
    o = options()
    those = truth.pages(o.data)[::o.every]
    with tempfile.TemporaryDirectory() as tmp:
        lines = dump.unpack(o.data, those, tmp).splitlines(keepends=True)
        for name, command in peers(o, tmp):
            out = f"{tmp}/out"
            start, _ = run(command, lines[:1], out)
            cpu, code = run(command, lines, out)
            if code not in (0, NOT_ALL):
                print(f"{name}: ended with {code}")
                continue
            got = texts(name, lines, out)
            truth.report(those, {p.id: truth.score(got.get(p.id, ""), p)
                                 for p in those}, f"\n{name}")
            print(f"{cpu - start:.1f} CPU seconds, "
                  f"{(len(lines) - 1) / max(cpu - start, 1e-9):.0f} "
                  f"pages a CPU second; start {start:.2f} s", flush=True)


if __name__ == "__main__":
    main()
