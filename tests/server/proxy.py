"""Proxies: two that work, and the ways in which the others do not.

Each connection has a number, so that the log tells who shared one: "proxy
NAME #NUMBER USER REQUEST".
"""

import base64
import itertools
import socket
import threading

NUMBERS = itertools.count(1)
NAMES = {}


def proxy(function):
    NAMES[function.__name__.replace("_", "-")] = function
    return function


def head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(4096)
        if not more:
            return None
        data += more
    return data.decode("latin-1")


def user(text):
    for line in text.split("\r\n"):
        if line.lower().startswith("proxy-authorization: basic "):
            login = base64.b64decode(line.split(" ", 2)[2]).decode()
            return login
    return ""


def exactly(sock, size):
    data = b""
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise OSError("cut")
        data += more
    return data


def pump(one, other):
    def copy():
        try:
            for data in iter(lambda: other.recv(65536), b""):
                one.sendall(data)
        except OSError:
            pass
        one.shutdown(socket.SHUT_RDWR)
    threading.Thread(target=copy, daemon=True).start()
    for data in iter(lambda: one.recv(65536), b""):
        other.sendall(data)
    other.close()


def relay(server, name, sock, login):
    number = next(NUMBERS)
    while True:
        text = head(sock)
        if text is None:
            return
        method, target = text.split(" ")[:2]
        who = user(text)
        server.log("proxy", name, "#%d" % number, who.split(":")[0] or "-",
                   method, target)
        if login and who != login:
            sock.sendall(b"HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic "
                         b"realm=x\r\nContent-Length: 0\r\n\r\n")
            continue
        if method == "CONNECT":
            host, port = target.rsplit(":", 1)
            other = socket.create_connection((host, int(port)))
            sock.sendall(b"HTTP/1.1 200 Tunnel\r\n\r\n")
            pump(sock, other)
            return
        host, _, path = target[len("http://"):].partition("/")
        name_, _, port = host.partition(":")
        with socket.create_connection((name_, int(port or 80))) as other:
            other.sendall(("%s /%s HTTP/1.1\r\nHost: %s\r\nConnection: close"
                           "\r\n\r\n" % (method, path, host)).encode())
            answer = b"".join(iter(lambda: other.recv(65536), b""))
        sock.sendall(answer)
        if b"content-length" not in answer.lower():
            return


@proxy
def http(server, name, sock):
    relay(server, name, sock, None)


@proxy
def login(server, name, sock):
    relay(server, name, sock, "alice:secret")


@proxy
def deny(server, name, sock):
    head(sock)
    sock.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")


@proxy
def close(server, name, sock):
    head(sock)


@proxy
def hang(server, name, sock):
    while sock.recv(4096):
        pass


@proxy
def junk(server, name, sock):
    sock.recv(4096)
    sock.sendall(b"220 mail.example ESMTP\r\n")


def socks(server, name, sock, wanted, answer):
    number = next(NUMBERS)
    methods = exactly(sock, exactly(sock, 2)[1])
    who = "-"
    if wanted:
        if 2 not in methods:
            sock.sendall(b"\5\xff")
            return
        sock.sendall(b"\5\2")
        name_ = exactly(sock, exactly(sock, 2)[1]).decode()
        word = exactly(sock, exactly(sock, 1)[0]).decode()
        who = name_
        sock.sendall(b"\1\0" if name_ + ":" + word == wanted else b"\1\1")
        if name_ + ":" + word != wanted:
            return
    else:
        sock.sendall(b"\5\0")
    kind = exactly(sock, 4)[3]
    if kind == 1:
        host = socket.inet_ntoa(exactly(sock, 4))
    else:
        host = exactly(sock, exactly(sock, 1)[0]).decode()
    port = int.from_bytes(exactly(sock, 2), "big")
    server.log("proxy", name, "#%d" % number, who, "SOCKS",
               "%s:%d" % (host, port))
    sock.sendall(b"\5" + bytes([answer]) + b"\0\1\0\0\0\0\0\0")
    if answer == 0:
        pump(sock, socket.create_connection((host, port)))


@proxy
def socks_good(server, name, sock):
    socks(server, name, sock, None, 0)


@proxy
def socks_login(server, name, sock):
    socks(server, name, sock, "alice:secret", 0)


@proxy
def socks_deny(server, name, sock):
    socks(server, name, sock, None, 2)


@proxy
def socks_junk(server, name, sock):
    sock.recv(1)
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def servers(server):
    for name, function in NAMES.items():
        def serve(name_, sock, function=function):
            function(server, name_, sock)
        yield name, serve
