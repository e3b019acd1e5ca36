# opslore serve on the wire: keep-alive, pipelining, ceilings, messages that
# can be read in two ways, slow clients, crowds, and the end.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/server"
run import stackexchange "$sample" --site ops.example
run index
exits 0

cat >wire.py <<'P'
import json, socket, sys

port = int(sys.argv[1])
here = "Host: 127.0.0.1:%d\r\n" % port


def line():
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(60)
    return s, s.makefile("rb")


def answer(f):
    """(status, headers, body) of the next answer; None: the line ended."""
    first = f.readline()
    if not first:
        return None
    headers = {}
    for raw in iter(f.readline, b"\r\n"):
        if not raw:
            return None
        name, value = raw.decode().split(":", 1)
        headers[name.lower()] = value.strip()
    body = f.read(int(headers.get("content-length", 0)))
    return int(first.split()[1]), headers, body


def ended(s, f):
    """The other side ends the line: by its end, or by a reset."""
    try:
        return f.read() is not None
    except ConnectionError:
        return True


def once(raw):
    s, f = line()
    s.sendall(raw)
    got = answer(f)
    s.close()
    return got


def fails(raw, status, code):
    got = once(raw)
    assert got and got[0] == status, (raw[:80], got)
    assert json.loads(got[2])["error"]["code"] == code, got
    assert got[1]["connection"].lower() == "close", got
P

cat >main.py <<'P'
from wire import *

get = "GET /v1/search?q=%s&k=1 HTTP/1.1\r\n" + here + "\r\n"
words = ["nginx", "disk", "kubernetes", "mysql", "zzzz"] * 8

# Many requests on one line, one after the other and all at once.
s, f = line()
for word in words:
    s.sendall((get % word).encode())
    status, headers, body = answer(f)
    assert status == 200 and json.loads(body)["query"] == word
s.sendall("".join(get % w for w in words).encode())
for word in words:
    status, headers, body = answer(f)
    assert status == 200 and json.loads(body)["query"] == word
body = b'{"q":"nginx"}'
post = ("POST /v1/search HTTP/1.1\r\n" + here +
        "Content-Type: application/json\r\n")
chunks = b"".join(b"1\r\n%c\r\n" % c for c in body) + b"0\r\n\r\n"
s.sendall((post + "Content-Length: %d\r\n\r\n" % len(body)).encode() + body +
          (post + "Transfer-Encoding: chunked\r\n\r\n").encode() + chunks)
assert answer(f)[2] == answer(f)[2]
# The client says it is over, and it is.
s.sendall(("GET /healthz HTTP/1.1\r\nConnection: close\r\n" + here +
           "\r\n").encode())
assert answer(f)[0] == 200 and f.read() == b""

# An old client, which ends each line and names no host.
assert once(b"GET /healthz HTTP/1.0\r\n\r\n")[0] == 200
# A byte at a time is slow, and right.
s, f = line()
for c in (get % "disk").encode():
    s.sendall(bytes([c]))
assert answer(f)[0] == 200

# Ceilings.
fails(("GET /v1/search?q=%s HTTP/1.1\r\n" % ("a" * 20000) + here +
       "\r\n").encode(), 414, "limit-request-target")
fails(("GET /healthz HTTP/1.1\r\n" + here + "X: %s\r\n\r\n" %
       ("a" * 20000)).encode(), 431, "limit-request-headers")
fails((post + "Content-Length: 2000000\r\n\r\n").encode(), 413,
      "limit-request-body")
fails((post + "Transfer-Encoding: chunked\r\n\r\n").encode() +
      b"10000\r\n" + b" " * 65536 + b"\r\n" +
      (b"10000\r\n" + b" " * 65536 + b"\r\n") * 19 + b"0\r\n\r\n", 413,
      "limit-request-body")
# Just under them.
long = "nginx " * 2700
assert once(("GET /v1/search?q=%s HTTP/1.1\r\n" % long.replace(" ", "+") +
             here + "\r\n").encode())[0] == 200
body = json.dumps({"q": "nginx " * 170000}).encode()
got = once((post + "Content-Length: %d\r\n\r\n" % len(body)).encode() + body)
assert got[0] == 200, got

# What ends in two places, or is for two, is for nobody.
for header in ("Content-Length: 0\r\nContent-Length: 5\r\n",
               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
               "Host: localhost\r\n"):
    got = once(("GET /healthz HTTP/1.1\r\n" + here + header +
                "\r\n0\r\n\r\n").encode())
    assert got is None or got[0] == 400, (header, got)
# What is not HTTP is ended.
for raw in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64,
            b"GET\r\n\r\n", b"\r\n" * 3000, b"A" * 300000,
            b"GET /healthz HTTP/1.1\r\n" + b"a: b\r\n" * 60000,
            b"GET /healthz HTTP/1.1\r\n\r\n"):
    s, f = line()
    try:
        s.sendall(raw)
        s.shutdown(socket.SHUT_WR)
        got = answer(f)
    except OSError:  # a reset, or ENOTCONN when it is over already
        got = None
    assert got is None or 400 <= got[0] < 500, (raw[:40], got)
assert once((get % "nginx").encode())[0] == 200
P
serve
last='main.py'
python3 main.py "$port" >out 2>err || fail 'the wire is not as it should be'
stops

# A client that is busy without an end is ended; so is one that never reads.
cat >slow.py <<'P'
import select
from wire import *

# Drop by drop, each well before the line would be idle.
s, f = line()
s.sendall(b"GET /healthz HTTP/1.1\r\n")
drops = 0
while not select.select([s], [], [], 0.05)[0]:
    try:
        s.sendall(b"X-%d: a\r\n" % drops)
    except ConnectionError:
        break
    drops += 1
assert ended(s, f) and drops > 10, drops
# A body that never comes, a request that never ends, and silence.
for raw in (b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            b"GET /heal", b""):
    s, f = line()
    s.sendall(raw)
    assert ended(s, f)
# Answers that nobody takes: 400 of them, until the line is gone.
s, f = line()
one = ("GET /v1/search?q=nginx&k=1000&passages=yes HTTP/1.1\r\n" + here +
       "\r\n").encode()
s.sendall(400 * one)
metrics = ("GET /metrics HTTP/1.1\r\n" + here + "\r\n").encode()
while b"\nopslore_connections 1\n" not in once(metrics)[2]:
    pass
try:
    assert len(f.read()) < 400 * len(once(one)[2])
except ConnectionError:
    pass
assert once(("GET /healthz HTTP/1.1\r\n" + here + "\r\n").encode())[0] == 200
P
serve --workers 1 --idle-time 1 --request-time 2
last='slow.py'
python3 slow.py "$port" >out 2>err || fail 'a slow client is not ended'
stops

# Those who are too many are told so, and the others are not disturbed.
cat >crowd.py <<'P'
from wire import *

get = ("GET /v1/search?q=nginx HTTP/1.1\r\n" + here + "\r\n").encode()
lines = [line() for n in range(3)]
for s, f in lines:
    s.sendall(get)
    assert answer(f)[0] == 200
got = once(get)
assert got[0] == 503 and got[1]["retry-after"] == "1", got
assert json.loads(got[2])["error"]["code"] == "server-crowded"
lines.pop()[0].close()
while True:  # until the end of that line was seen
    s, f = line()
    s.sendall(get)
    if answer(f)[0] == 200:
        break
for s, f in lines:
    s.sendall(get)
    assert answer(f)[0] == 200
P
serve --connections 3
last='crowd.py'
python3 crowd.py "$port" >out 2>err || fail 'a crowd is not as it should be'
stops

# Asked to stop: silent lines end at once, what was begun is answered.
cat >stop.py <<'P'
import os, signal
from wire import *

idle, quiet = line()
idle.sendall(("GET /healthz HTTP/1.1\r\n" + here + "\r\n").encode())
assert answer(quiet)[0] == 200
body = b'{"q":"nginx"}'
s, f = line()
s.sendall(("POST /v1/search HTTP/1.1\r\n" + here + "Expect: 100-continue\r\n"
           "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" %
           len(body)).encode())
assert f.readline().startswith(b"HTTP/1.1 100"), "not begun"
assert f.readline() == b"\r\n"
os.kill(int(sys.argv[2]), signal.SIGTERM)
while True:  # until nobody is let in
    try:
        line()[0].close()
    except ConnectionError:
        break
s.sendall(body)
status, headers, got = answer(f)
assert status == 200 and headers["connection"].lower() == "close"
assert json.loads(got)["hits"]
assert ended(idle, quiet)
P
serve
last='stop.py'
python3 stop.py "$port" "$server" >out 2>err || fail 'it does not stop well'
wait "$server"
got=$?
exits 0
