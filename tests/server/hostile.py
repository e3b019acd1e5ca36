#!/usr/bin/env python3
"""A web server that does everything a web server should not do.

	hostile.py [--log FILE] [--certs DIR] [--leash]
	hostile.py --list

listens on free ports of 127.0.0.1 and prints one line for each, then "ready":

	main PORT         /NAME/... does what the behaviour NAME does; /good/N are
	                  pages like others; /all/KIND links to all of a kind
	trap PORT         nobody should ever connect to it
	site NAME PORT    behaviours of a whole host: robots.txt, sitemaps
	proxy NAME PORT   proxies, good and bad
	behaviour KIND NAME   of the table, without a port
	tls NAME PORT     certificates and handshakes (with --certs, where the
	                  authority to trust is written to DIR/ca.pem)

The log has a line for each request: its port's name, method and target, and
"trap" for each connection to the trap. With --leash it ends when its standard
input does.
"""

import argparse
import os
import random
import socket
import struct
import sys
import threading

import certificates
import page
import proxy
import site_wide
import wire
from page import document, html, links
from table import TABLE

GAP = 0.05  # seconds between the drops of slow ones
GOOD = 40   # pages


class Request:
    def __init__(self, head, origin):
        lines = head.decode("latin-1").split("\r\n")
        self.raw = head
        self.method, self.target = (lines[0].split(" ") + ["/", ""])[:2]
        self.path, _, self.query = self.target.partition("?")
        parts = self.path.split("/", 2) + ["", ""]
        self.name, self.rest = parts[1], parts[2]
        self.headers = {}
        self.origin = origin
        for one in lines[1:]:
            name, _, value = one.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    def header(self, name):
        return self.headers.get(name, "")


class Line:
    """One connection, as the behaviours see it."""

    def __init__(self, server, sock):
        self.server, self.sock, self.keep = server, sock, False
        self.clock = threading.Event()

    def send(self, data):
        self.sock.sendall(data)

    def drip(self, data, size=1):
        for at in range(0, len(data), size):
            self.send(data[at:at + size])
            self.clock.wait(GAP)

    def for_ever(self, data):
        while True:
            self.send(data)

    def rest(self):
        """Until the other side goes away."""
        while self.sock.recv(4096):
            pass

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))

    @staticmethod
    def noise(size):
        return random.Random(size).randbytes(size)

    def head(self):
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.sock.recv(4096)
            if not more or len(data) > 1 << 16:
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        size = Request(head, b"").header("content-length")
        while size.isdigit() and len(body) < int(size) < 1 << 24:
            body += self.sock.recv(65536)
        return head + b"\r\n\r\n" + body


class Server:
    def __init__(self, log):
        self.log_file, self.lock = log, threading.Lock()
        self.requests, self.trap = 0, 0

    def log(self, *words):
        with self.lock:
            self.requests += 1
            if self.log_file:
                print(*words, file=self.log_file, flush=True)

    def listen(self, name, serve):
        """Each connection is served by a thread of its own; the port."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)

        def accept():
            while True:
                sock, _ = listener.accept()
                threading.Thread(target=self.guard, daemon=True,
                                 args=(name, serve, sock)).start()

        threading.Thread(target=accept, daemon=True).start()
        return listener.getsockname()[1]

    def guard(self, name, serve, sock):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve(name, sock)
        except (OSError, ValueError):
            pass  # the client went away, as it should
        finally:
            sock.close()

    def serve(self, answer):
        def serve_one(name, sock):
            origin = b"http://127.0.0.1:%d" % sock.getsockname()[1]
            line = Line(self, sock)
            while True:
                line.keep = False
                head = line.head()
                if head is None:
                    return
                request = Request(head, origin)
                self.log(name, request.method, request.target)
                answer(line, request)
                if not line.keep or request.header("connection") == "close":
                    return
        return serve_one

    def serve_trap(self, name, sock):
        self.log("trap")


def good(line, request):
    number = int(request.rest) if request.rest.isdigit() else 0
    html(line, document("Good page %d" % number,
                        "<p>This is page %d of those that mean well. " % number,
                        links(*["/good/%d" % ((number * 2 + i) % GOOD)
                                for i in (1, 2)])))
    line.keep = True


def everything(line, request):
    html(line, document("All of " + request.rest, links(*[
        "/%s/" % name for name, (kind, _) in TABLE.items()
        if kind == request.rest])))


def answer_main(line, request):
    if request.name in TABLE and TABLE[request.name][0] != "site":
        TABLE[request.name][1](line, request)
    elif request.name == "good":
        good(line, request)
    elif request.name == "all":
        everything(line, request)
    elif request.path == "/":
        html(line, document("Front", links("/good/0")))
    else:
        wire.bare(line, b"404 Not Found")


def listen_all(server, options):
    print("main", server.listen("main", server.serve(answer_main)))
    server.trap = server.listen("trap", server.serve_trap)
    print("trap", server.trap)
    for name, (kind, function) in TABLE.items():
        if kind == "site":
            print("site", name, server.listen(name, server.serve(function)))
        print("behaviour", kind, name)
    for name, serve in proxy.servers(server):
        print("proxy", name, server.listen(name, serve))
    if options.certs:
        answer = server.serve(answer_main)
        for name, wrap in certificates.servers(options.certs, answer):
            print("tls", name, server.listen(name, wrap))
    print("ready", flush=True)


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--log", "--certs"):
        parser.add_argument(flag)
    for flag in ("--leash", "--list"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    if options.list:
        for name, (kind, function) in TABLE.items():
            print("%-9s %-18s %s" % (kind, name, function.__doc__))
        for name, text in certificates.NAMES.items():
            print("%-9s %-18s %s" % ("tls", name, text))
        return
    log = open(options.log, "a") if options.log else None
    listen_all(Server(log), options)
    if options.leash:
        while sys.stdin.buffer.read(4096):
            pass
        os._exit(0)
    threading.Event().wait()


if __name__ == "__main__":
    main()
