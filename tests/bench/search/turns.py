"""Building with the costs counted, and running engines in turn."""
import json
import os
import select
import shutil
import subprocess
import time

from engines import Missing

PATIENCE = 1800  # seconds for anything one engine does at a time


def size_of(path):
    """Bytes of a file, or of all files below a folder."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, name))
               for folder, _, names in os.walk(path) for name in names)


def timed(command, log):
    """Runs one command; its wall and CPU seconds and its peak memory."""
    start = time.monotonic()
    with open(log, "ab") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out,
                                 stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        with open(log, encoding="utf-8", errors="replace") as file:
            said = file.read().strip().split("\n")[-1]
        raise Missing(f"building ended with {child.returncode}: {said[:200]}")
    return {"wall": time.monotonic() - start,
            "cpu": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss * 1024}


def build(engine, corpus, index, tagged=False):
    """Builds an index, or takes the one that is there; what it cost."""
    identity = f"{engine.identity()} {corpus.count} {corpus.bytes}"
    facts = f"{index}.json"
    if os.path.exists(facts):
        with open(facts, encoding="ascii") as file:
            cost = json.load(file)
        if cost["identity"] == identity:
            return cost
        os.unlink(facts)
    shutil.rmtree(index, ignore_errors=True)
    os.makedirs(index)
    cost = {}
    for command in engine.build(corpus, index, tagged):
        cost = timed(command, f"{index}.log")
    if not cost:
        return None
    cost["identity"] = identity
    cost["size"] = size_of(engine.files(index))
    with open(facts, "w", encoding="ascii") as file:
        json.dump(cost, file)
    return cost


class Racer:
    """One engine's process for one file of queries and one k."""

    def __init__(self, name, command, answers, sample=1):
        self.name, self.answers, self.sample = name, answers, sample
        self.times = []  # of each round: nanoseconds, query by query
        self.why = None  # it was lost
        self.log = open(f"{answers}.log", "wb")
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.log)
        self.rest = b""
        if self.line() != b"ready":
            raise Missing(self.lost("was not ready"))

    def lost(self, what):
        self.child.kill()
        self.child.wait()
        self.log.close()
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            said = file.read().strip().split("\n")[-1]
        return f"{what}: {said[:200]}" if said else what

    def line(self):
        """What it says next, or b"" when it has ended or takes too long."""
        end = time.monotonic() + PATIENCE
        out = self.child.stdout.fileno()
        while b"\n" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                return b""
            more = os.read(out, 1 << 16)
            if not more:
                return b""
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        return line.strip()

    def round(self, count=True):
        """One round; its seconds."""
        start = time.monotonic()
        self.child.stdin.write(b"go\n")
        self.child.stdin.flush()
        times = [int(t) for t in self.line().split()]
        if not times:
            raise Missing(self.lost("ended in the middle of a round"))
        if count:
            self.times.append(times)
        return time.monotonic() - start

    def peak(self):
        """The most memory it had, mapped files included."""
        with open(f"/proc/{self.child.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        return 0

    def end(self):
        self.child.stdin.close()
        self.child.wait(timeout=60)
        self.log.close()


def race(racers, warm, rounds, budget, say):
    """Rounds of all, in turn, so that all see the same minutes. Who would take
    more than `budget` seconds gets fewer rounds, and at least one."""
    for racer in racers:
        spent = last = 0
        for _ in range(warm[racer.name]):
            if spent + last < budget:
                last = racer.round(count=False)
                spent += last
    spent = {racer.name: [0, 0] for racer in racers}
    for turn in range(rounds):
        for racer in racers:
            total, last = spent[racer.name]
            if turn == 0 or total + last <= budget:
                last = racer.round()
                spent[racer.name] = [total + last, last]
        say(f"round {turn + 1} of {rounds}")
    for racer in racers:
        racer.memory = racer.peak()
        racer.end()
