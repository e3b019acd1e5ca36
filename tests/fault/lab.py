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

import generate

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
    # A sanitizer's verdict must not look like a failure that was reported.
    for name in 'ASAN_OPTIONS', 'UBSAN_OPTIONS':
        env[name] = env.get(name, '') + ':exitcode=99'
    if shim:
        env['LD_PRELOAD'] = shim
        env['FAULT_FOLDER'] = folder
        env['FAULT_CLOCK'] = str(CLOCK)
        env['ASAN_OPTIONS'] += ':verify_asan_link_order=0'
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


# The only rows in which two stores of the same content differ: the name of the
# store, which is random (docs/store.md).
RANDOM = {'Meta': "Name <> 'uuid'"}


def rows_of(db, table):
    """All rows of a table, in the order of its key."""
    where = f' WHERE {RANDOM[table]}' if table in RANDOM else ''
    try:
        db.execute(f'SELECT rowid FROM "{table}" LIMIT 1')
        order = 'rowid'
    except sqlite3.OperationalError:
        count = len(db.execute(f'PRAGMA table_info("{table}")').fetchall())
        order = ', '.join(str(i + 1) for i in range(count))
    return db.execute(f'SELECT * FROM "{table}"{where} ORDER BY {order}')


def dump(path):
    """Table -> digest of its rows; {} for a store that is not there yet."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return {}
    out = {}
    db = sqlite3.connect(path)
    try:
        names = tables(db)
        db.text_factory = bytes
        for table in names:
            digest = hashlib.blake2b(digest_size=16)
            for row in rows_of(db, table):
                digest.update(repr(row).encode())
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


def leftovers(folder):
    """Temporary files that somebody forgot."""
    found = []
    for top, folders, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(top, n), folder)
                  for n in folders + files if '.tmp-' in n]
    return sorted(found)


NAME = 'kb.db'
FOLLOW = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'follow.py')
SITE = 'ops.example'


class Lab:
    """The commands under test, on whatever folder, and what they leave."""

    def __init__(self, opslore, shim, top, questions, pad=0, seed=1):
        self.opslore = os.path.abspath(opslore)
        self.shim, self.top = os.path.abspath(shim), top
        self.dumps = [
            generate.generate(os.path.join(top, f'dump{edition}'), questions,
                              seed, edition, pad) for edition in (1, 2)]
        self.queries = generate.write_queries(os.path.join(top, 'queries'))
        self.made = {}

    def command(self, step, folder):
        if step == 'follow':
            return [sys.executable, '-B', FOLLOW, self.opslore, '--json',
                    '--db', os.path.join(folder, NAME), 'index', '--follow']
        base = [self.opslore, '--db', os.path.join(folder, NAME)]
        dump = ['import', 'stackexchange', '--site', SITE]
        return base + {
            'import': dump + [self.dumps[0]],
            'import-newer': dump + [self.dumps[1]],
            'index': ['index'],
            'rebuild': ['index', '--rebuild'],
            'export': ['export', 'chat', '--out', os.path.join(folder, 'out')],
            'backup': ['backup', os.path.join(folder, 'backup.db')],
            'doctor': ['doctor'],
            'search': ['search', '-k', '20', '--format', 'trec', '--queries',
                       self.queries],
        }[step]

    def environment(self, folder, **fault):
        return environment(self.shim, folder, **fault)

    def do(self, step, folder, codes=(0,), **fault):
        """Runs one step to its end; the clock stands still."""
        return must(self.command(step, folder),
                    self.environment(folder, **fault), codes)

    def prepared(self, steps):
        """A folder in which these steps were done; copy it, do not use it."""
        key = ' '.join(steps) or 'nothing'
        if key not in self.made:
            folder = os.path.join(self.top, 'made-' + key.replace(' ', '+'))
            if steps:
                fresh(folder, self.prepared(steps[:-1]))
                self.do(steps[-1], folder)
            else:
                fresh(folder)
            self.made[key] = folder
        return self.made[key]

    def state(self, folder):
        """All that a person could see of a folder, for comparing."""
        out = {'table ' + k: v
               for k, v in dump(os.path.join(folder, NAME)).items()}
        out.update(('export ' + k, v)
                   for k, v in tree(os.path.join(folder, 'out')).items())
        backup = os.path.join(folder, 'backup.db')
        out.update(('backup ' + k, v) for k, v in dump(backup).items())
        if os.path.isdir(os.path.join(folder, NAME + '.index')):
            out['answers'] = self.do('search', folder).out
        checked = run(self.command('doctor', folder))
        if os.path.exists(os.path.join(folder, NAME)) and checked.code:
            out['doctor'] = checked.out.decode() + checked.err
        out.update(('left over', n) for n in leftovers(folder))
        return out


class Checker:
    """check_image, kept running."""

    def __init__(self, program, top):
        questions = os.path.join(top, 'questions')
        with open(questions, 'w', encoding='utf-8') as file:
            file.write('\n'.join(generate.QUERIES) + '\n')
        self.process = subprocess.Popen(
            [program, questions, NAME], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=environment())

    def ask(self, folder):
        self.process.stdin.write(folder + '\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f'check_image died over {folder}: '
                     f'{self.process.wait()}')
        return dict(f.split('=', 1) for f in line.rstrip('\n').split('\t'))

    def close(self):
        self.process.stdin.close()
        if self.process.wait():
            sys.exit('check_image did not end well')
