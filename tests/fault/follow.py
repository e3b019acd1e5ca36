#!/usr/bin/env python3
"""Runs a follower until what it found is synced, then ends it as Ctrl-C does.

    follow.py OPSLORE --json ... index --follow

Ends as the follower did; with 0 when that was as interrupted.
"""

import os
import signal
import subprocess
import sys


def main():
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
    for line in process.stdout:
        if b'"synced":' in line:
            break
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    code = process.wait()
    if code < 0:
        os.kill(os.getpid(), -code)
    return 0 if code == 130 else code or 1


if __name__ == '__main__':
    sys.exit(main())
