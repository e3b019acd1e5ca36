#!/usr/bin/env python3
"""Run a command and say what its whole process tree cost.

    measure.py OUT COMMAND [ARGUMENT...]

Writes one line to OUT: "cpu SECONDS user SECONDS wall SECONDS pss MB rss MB
seen SECONDS exit CODE". CPU is what the kernel charged to children that were
waited for; this process adopts those that lose their parent and waits for
them. `seen` is what a look at /proc every 50 ms added up to, process by
process: when it is clearly more, somebody was not waited for. Memory is the
most the tree had at one look: `pss` counts shared pages once.
"""
import ctypes
import os
import resource
import sys
import threading
import time

LOOK = 0.05
SUBREAPER = 36  # prctl(2)
TICK = os.sysconf("SC_CLK_TCK")


def stat(pid):
    with open("/proc/%d/stat" % pid, encoding="latin-1") as f:
        text = f.read()
    fields = text[text.rindex(")") + 2:].split()
    return int(fields[1]), int(fields[19]), int(fields[11]) + int(fields[12])


def memory(pid):
    rss = pss = 0
    with open("/proc/%d/smaps_rollup" % pid, encoding="latin-1") as f:
        for line in f:
            if line.startswith("Rss:"):
                rss = int(line.split()[1])
            elif line.startswith("Pss:"):
                pss = int(line.split()[1])
    return rss, pss


class Watch(threading.Thread):
    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.over = root, threading.Event()
        self.cpu, self.rss, self.pss = {}, 0, 0

    def look(self):
        parent = {}
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                parent[int(name)] = stat(int(name))
            except (OSError, ValueError):
                continue
        rss = pss = 0
        for pid, (above, began, ticks) in parent.items():
            at = pid
            while at not in (0, 1, self.root) and at in parent:
                at = parent[at][0]
            if at != self.root or pid == self.root:
                continue
            self.cpu[(pid, began)] = ticks / TICK
            try:
                r, p = memory(pid)
            except OSError:
                continue
            rss, pss = rss + r, pss + p
        self.rss, self.pss = max(self.rss, rss), max(self.pss, pss)

    def run(self):
        while not self.over.wait(LOOK):
            self.look()


def main():
    out, command = sys.argv[1], sys.argv[2:]
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    watch = Watch(os.getpid())
    began = time.monotonic()
    child = os.posix_spawnp(command[0], command, os.environ)
    watch.start()
    code = 0
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            break
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    watch.over.set()
    watch.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(out, "w", encoding="utf-8") as f:
        f.write("cpu %.2f user %.2f wall %.2f pss %.1f rss %.1f seen %.2f "
                "exit %d\n" % (used.ru_utime + used.ru_stime, used.ru_utime,
                               wall, watch.pss / 1024, watch.rss / 1024,
                               sum(watch.cpu.values()), code))
    sys.exit(0 if code >= 0 else 1)


if len(sys.argv) < 3:
    sys.exit(__doc__)
main()
