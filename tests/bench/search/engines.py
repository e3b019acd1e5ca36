"""The engines: how each is had, built, and asked.

Each is had through the registry its users take it from. What cannot be had
raises Missing with the reason, and its bar is not shown. How a program is
asked is in README.md ("In turn").
"""
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers")


class Missing(Exception):
    """Why a peer could not be had."""


def sh(*command, **more):
    """Runs a command of the preparation; what it said is the reason."""
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False,
                          **more)
    if done.returncode:
        said = [s for s in done.stdout.strip().split("\n") if s][-1:]
        raise Missing(f"{os.path.basename(command[0])} failed: "
                      f"{''.join(said)[:200]}")
    return done.stdout


def debian(*packages):
    """Installs Debian packages that are not there."""
    def there(name):
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", name],
                              capture_output=True, text=True, check=False)
        return done.stdout.endswith(" installed")
    if not shutil.which("dpkg-query"):
        raise Missing("no Debian here to install from")
    wanted = [p for p in packages if not there(p)]
    if wanted and os.geteuid():
        raise Missing(f"not installed, and only root may: {' '.join(wanted)}")
    if wanted:
        sh("apt-get", "update", "-q")
        sh("apt-get", "install", "-q", "-y", "--no-install-recommends",
           *wanted)


def jdk(least, first=None):
    """The bin folder of a JDK: version `first` if it is there, otherwise the
    newest from `least` on."""
    found = {}
    homes = [os.environ.get("JAVA_HOME", "")]
    homes += sorted(glob.glob("/usr/lib/jvm/*"))
    if shutil.which("javac"):
        homes.append(os.path.dirname(os.path.dirname(
            os.path.realpath(shutil.which("javac")))))
    for home in homes:
        if not home or not os.path.exists(f"{home}/bin/javac"):
            continue
        said = sh(f"{home}/bin/javac", "-version")
        version = re.search(r"javac (\d+)", said)
        if version:
            found[int(version[1])] = f"{home}/bin"
    good = [v for v in found if v >= least]
    if not good:
        raise Missing(f"no JDK of version {least} or later")
    return found[first if first in good else max(good)]


class Engine:
    """One bar, and how a peer is run unless it says otherwise."""
    name = ""
    sample = 1       # asked only every sample-th query, being slow
    warm = 1         # rounds before those that count
    filters = False  # whether it is asked with a tag, too
    command = ()
    inside = ""      # the index's name in its folder

    def __init__(self, work):
        self.work = work

    def fetch(self):
        """Makes the program ready; Missing when it cannot be had."""

    def identity(self):
        """What an index depends on besides its passages."""
        return self.name

    def build(self, corpus, index, tagged=False):
        """The commands that build the index; the last is the one timed."""
        end = ".tagged" if tagged else ""
        more = [corpus.path("tags")] if tagged else []
        return [[*self.command, "build", corpus.path("tokens" + end),
                 os.path.join(index, self.inside), *more]]

    def files(self, index):
        """What the index is, for its size."""
        return index

    def query(self, index, queries, k, answers, tag=None):
        """The command that answers and then takes turns."""
        return [*self.command, "query", os.path.join(index, self.inside),
                queries, str(k), answers, *([tag] if tag else [])]


class Opslore(Engine):
    """opslore with the analyzer line `plain` and bare BM25."""
    filters = True

    def __init__(self, work, program, name="opslore", field="one", path=None):
        super().__init__(work)
        self.name, self.program = name, program
        self.field, self.path = field, path
        self.conf = os.path.join(work, "plain.conf")

    def fetch(self):
        if not os.access(self.program, os.X_OK):
            raise Missing(f"{self.program} is not there: build it first")
        if self.path and "--path" not in sh(self.program, "help", "bench"):
            raise Missing("this opslore has one path only")
        with open(self.conf, "w", encoding="ascii") as file:
            file.write("[index]\nanalyzer = plain\nforward = no\n")

    def identity(self):
        at = os.stat(self.program)
        return f"opslore {self.field} {at.st_size} {at.st_mtime_ns}"

    def run(self, index, *words):
        return [self.program, "-q", "--config", self.conf, "--db",
                os.path.join(index, "store.db"), *words]

    def build(self, corpus, index, tagged=False):
        name = "tagged" if tagged else self.field
        return [self.run(index, "import", "jsonl",
                         corpus.path(f"{name}.jsonl"), "--space", "bench"),
                self.run(index, "index")]

    def files(self, index):
        return os.path.join(index, "store.db.index")

    def query(self, index, queries, k, answers, tag=None):
        more = ["--filter", f"tag={tag}"] if tag else []
        if self.path:
            more += ["--path", self.path]
        return self.run(index, "bench", "--plain", "--in-turn",
                        "--queries", queries, "-k", str(k),
                        "--out", answers, *more)


class Lucene(Engine):
    """What the two versions share."""
    warm = 12  # until the compiler has seen enough
    filters = True

    def compile(self, version, binaries, jars, *java):
        classes = os.path.join(self.work, f"lucene{version}")
        here = os.path.join(PEERS, "lucene")
        sh(f"{binaries}/javac", "-nowarn", "-cp", ":".join(jars), "-d",
           classes, f"{here}/Peer.java", f"{here}/{version}/Version.java")
        self.command = [f"{binaries}/java", "-Xmx4g", *java, "-cp",
                        ":".join([*jars, classes]), "Peer"]


class Lucene8(Lucene):
    name = "Lucene 8"

    def fetch(self):
        debian("liblucene8-java", "default-jdk-headless")
        jars = [j for part in ("core", "analyzers-common")
                for j in glob.glob(f"/usr/share/java/lucene-{part}-8*.jar")]
        if len(jars) != 2:
            raise Missing("liblucene8-java has other files than expected")
        self.name = "Lucene " + re.search(r"core-([\d.]+)\.jar", jars[0])[1]
        self.compile("8", jdk(11, first=17), jars)


class Lucene10(Lucene):
    name = "Lucene 10"

    def fetch(self):
        binaries = jdk(21)
        debian("maven")
        out = os.path.join(self.work, "lucene10.jars")
        if not glob.glob(f"{out}/*.jar"):
            sh("mvn", "-q", "-B", "-f", f"{PEERS}/lucene/10/pom.xml",
               "dependency:copy-dependencies", f"-DoutputDirectory={out}")
        jars = glob.glob(f"{out}/*.jar")
        found = re.search(r"lucene-core-([\d.]+)\.jar", " ".join(jars))
        if not found:
            raise Missing("Maven brought no lucene-core")
        self.name = "Lucene " + found[1]
        # Its own vector code is in use only with the incubator module.
        self.compile("10", binaries, jars, "--add-modules",
                     "jdk.incubator.vector",
                     "--enable-native-access=ALL-UNNAMED")


class Tantivy(Engine):
    name = "tantivy"

    def fetch(self):
        if not shutil.which("cargo"):
            raise Missing("no cargo")
        target = os.path.join(self.work, "tantivy")
        folder = os.path.join(self.work, "tantivy.source")
        shutil.copytree(os.path.join(PEERS, "tantivy"), folder,
                        dirs_exist_ok=True)
        sh("cargo", "build", "--release", "--quiet", "--manifest-path",
           f"{folder}/Cargo.toml", "--target-dir", target)
        with open(f"{folder}/Cargo.lock", encoding="utf-8") as file:
            found = re.search(r'name = "tantivy"\nversion = "([^"]+)"',
                              file.read())
        self.name = f"tantivy {found[1]}"
        self.command = [f"{target}/release/tantivy-peer"]


class Compiled(Engine):
    """A peer in one C or C++ file and a Debian library."""
    source = package = ""
    compiler = libraries = ()

    def fetch(self):
        debian(self.package, "g++")
        program = os.path.join(self.work, self.source.split(".")[0])
        sh(*self.compiler, "-O2", "-o", program,
           os.path.join(PEERS, self.source), *self.libraries)
        full = sh("dpkg-query", "-W", "-f", "${Version}", self.package)
        self.name = f"{type(self).name} {full.split('-')[0]}"
        self.command = [program]


class Fts5(Compiled):
    name, source, package = "SQLite FTS5", "fts5.c", "libsqlite3-dev"
    compiler, libraries = ("cc",), ("-lsqlite3",)
    sample, warm, inside = 10, 0, "fts5.db"


class Xapian(Compiled):
    name, source, package = "Xapian", "xapian.cc", "libxapian-dev"
    compiler, libraries = ("c++", "-std=c++17"), ("-lxapian",)
    inside = "glass"


class Bm25s(Engine):
    name = "bm25s"

    def fetch(self):
        place = os.path.join(self.work, "bm25s")
        python = f"{place}/bin/python"
        if not os.path.exists(f"{place}/done"):
            sh(sys.executable, "-m", "venv", place)
            sh(python, "-m", "pip", "install", "-q", "bm25s", "numba")
            with open(f"{place}/done", "w", encoding="ascii"):
                pass
        said = sh(python, "-m", "pip", "show", "bm25s")
        self.name = "bm25s " + re.search(r"Version: (\S+)", said)[1]
        self.command = [python, f"{PEERS}/bm25s_peer.py"]


class Also(Engine):
    """Any program that takes turns: NAME=COMMAND, where {queries}, {k},
    {answers} and {tokens} are filled in. Its index is its own affair."""

    def __init__(self, work, text):
        super().__init__(work)
        self.name, _, self.text = text.partition("=")
        if not self.text:
            raise SystemExit(f"--also takes NAME=COMMAND, not '{text}'")

    def build(self, corpus, index, tagged=False):
        self.tokens = corpus.path("tokens")
        return []

    def query(self, index, queries, k, answers, tag=None):
        return ["sh", "-c", "exec " + self.text.format(
            queries=queries, k=k, answers=answers, tokens=self.tokens)]


KINDS = {"lucene8": Lucene8, "lucene10": Lucene10, "tantivy": Tantivy,
         "xapian": Xapian, "fts5": Fts5, "bm25s": Bm25s}
