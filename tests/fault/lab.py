"""What the fault tests share: a scratch folder, running opslore with or
without the shim, and comparing what it left behind."""

import contextlib
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# The wall clock of every run under test, so that two runs can agree.
CLOCK = 1790000000


@contextlib.contextmanager
def scratch():
    """A folder that is gone afterwards; in memory where that is possible."""
    base = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    folder = tempfile.mkdtemp(prefix='opslore-fault-', dir=base)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh(path, source=None):
    """An empty folder at `path`, or a copy of `source`."""
    shutil.rmtree(path, ignore_errors=True)
    if source:
        shutil.copytree(source, path)
    else:
        os.makedirs(path)
    return path


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def environment(shim=None, folder=None, **fault):
    """FAULT_x=value for each x; the shim only when one is named."""
    env = dict(os.environ, LC_ALL='C.UTF-8', TZ='UTC')
    env.pop('OPSLORE_DB', None)
    if shim:
        env['LD_PRELOAD'] = shim
        env['FAULT_FOLDER'] = folder
        env['FAULT_CLOCK'] = str(CLOCK)
        options = env.get('ASAN_OPTIONS', '')
        env['ASAN_OPTIONS'] = options + ':verify_asan_link_order=0'
        for key, value in fault.items():
            env['FAULT_' + key.upper()] = str(value)
    return env


def start(command, env=None):
    """Starts a command in a process group of its own."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=env or environment(), start_new_session=True)


def run(command, env=None, timeout=120):
    process = start(command, env)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        kill(process)
        process.communicate()
        sys.exit(f'still running after {timeout} s: {" ".join(command)}')
    return Result(process.returncode, out, err.decode(errors='replace'))


def kill(process):
    """SIGKILL to the whole group, so that its workers die too."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def must(command, env=None, codes=(0,)):
    """Runs a command that has to work."""
    result = run(command, env)
    if result.code not in codes:
        sys.exit(f'{" ".join(command)}: exit {result.code}\n{result.err}')
    return result


def tables(db):
    """Names of the tables of a store, shadow tables left out."""
    return [row[0] for row in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND rootpage > 0 ORDER BY name")]


def rows_of(db, table, leave_out=()):
    """All rows of a table, in the order of its key."""
    names = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    keep = [n for n in names if (table, n) not in leave_out]
    listed = ', '.join(f'"{n}"' for n in keep)
    try:
        db.execute(f'SELECT rowid FROM "{table}" LIMIT 1')
        order = 'rowid'
    except sqlite3.OperationalError:
        order = ', '.join(str(i + 1) for i in range(len(keep)))
    return db.execute(f'SELECT {listed} FROM "{table}" ORDER BY {order}')


# What two stores of the same content may differ in: see docs/testing.md.
RANDOM = ()


def dump(path):
    """Table -> digest of its rows; {} for a store that is not there yet."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return {}
    out = {}
    db = sqlite3.connect(path)
    try:
        for table in tables(db):
            digest = hashlib.sha256()
            for row in rows_of(db, table, RANDOM):
                digest.update(repr(row).encode('utf-8', 'backslashreplace'))
            out[table] = digest.hexdigest()
    finally:
        db.close()
    return out


def unlike(a, b):
    """Names of the tables in which two dumps differ."""
    return [t for t in sorted(set(a) | set(b)) if a.get(t) != b.get(t)]


def tree(folder):
    """Path -> bytes of every file below a folder; {} when it is not there."""
    out = {}
    for top, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(top, name)
            with open(path, 'rb') as file:
                out[os.path.relpath(path, folder)] = file.read()
    return out
