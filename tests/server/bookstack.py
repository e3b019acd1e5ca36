#!/usr/bin/env python3
"""A BookStack's REST API with invented pages, that keeps count of manners.

    bookstack.py [--pages N] [--refuse N] [--ready FILE]

Serves /api/books, /api/chapters, /api/pages, /api/pages/ID and /api/recycle-bin
as BookStack's /api/docs describe them: count (at most 500), offset, sort,
filter[FIELD:OPERATOR], {"data": ..., "total": ...}, errors as JSON, 401 without
`Authorization: Token tid:s3cret`, 429 with Retry-After to each call number N.

/change?edit=ID&delete=ID&restore=ID&move=ID&draft=ID changes the site,
/change?trouble=cut|html|401|403|slow&times=N the next N answers;
/state tells counts as JSON: calls, by kind, and what a client must not do:
    token   a call without it, or another word than Token
    waits   a call before a Retry-After was over
    offset  listing by offset, which loses pages
"""

import argparse
import http.server
import json
import threading
import time
import urllib.parse

options = argparse.ArgumentParser()
options.add_argument("--pages", type=int, default=40)
options.add_argument("--refuse", type=int, default=0)
options.add_argument("--ready")
args = options.parse_args()

lock = threading.Lock()
state = {"calls": 0, "lists": 0, "texts": 0, "refused": 0, "violations": {}}
trouble = {"kind": "", "times": 0}
clock = [1_700_000_000]
until = [0.0]


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(seconds))


def now():
    clock[0] += 60
    return stamp(clock[0])


books = [{"id": k, "name": f"Handbook {k}", "slug": f"handbook-{k}"}
         for k in range(1, 4)]
chapters = [{"id": k, "book_id": k, "name": f"Chapter {k}", "slug": f"ch-{k}"}
            for k in range(1, 3)]
WORDS = {1: "日志轮转: 磁盘满了先看 /var/log", 2: "로그 회전: 디스크가 가득 차면"}
pages = {}
for k in range(1, args.pages + 1):
    when = now()
    pages[k] = {
        "id": k, "book_id": 1 + k % 3, "chapter_id": k % 3 and 1 + k % 2,
        "name": f"Runbook {k}", "slug": f"runbook-{k}", "priority": k,
        "draft": False, "template": False, "revision_count": 1,
        "created_at": when, "updated_at": when, "created_by": 7,
        "updated_by": 7, "owned_by": 7, "editor": "wysiwyg",
        "book_slug": f"handbook-{1 + k % 3}",
        "html": f"<h2 id=\"bkmrk-1\">Step {k}</h2><p>{WORDS.get(k, 'Restart')}"
                f" node <code>n{k}</code>, then see <a href=\"/books/x\">x</a>"
                "</p><pre><code class=\"language-bash\">systemctl restart "
                f"n{k}\n</code></pre><p class=\"callout warning\">Careful.</p>",
    }
binned = {}


class Answer(Exception):
    def __init__(self, status, body, **headers):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


def violate(name):
    counts = state["violations"]
    counts[name] = counts.get(name, 0) + 1


def listing(rows, query):
    state["lists"] += 1
    count = min(int(query.get("count", "100")), 500)
    if "offset" in query:
        violate("offset")
    for key, value in query.items():
        if key.startswith("filter["):
            field, _, operator = key[7:-1].partition(":")
            if (field, operator) != ("id", "gt"):
                raise Answer(422, {"error": {"code": 422, "message": key}})
            rows = [r for r in rows if r["id"] > int(value)]
    sort = query.get("sort", "+id")
    rows = sorted(rows, key=lambda r: r[sort.lstrip("+-")],
                  reverse=sort.startswith("-"))
    fields = [{k: v for k, v in r.items() if k != "html"} for r in rows]
    return {"data": fields[:count], "total": len(rows)}


def text(number):
    state["texts"] += 1
    if number not in pages:
        raise Answer(404, {"error": {"code": 404, "message": "Entity not found"}})
    who = {"id": 7, "name": "Ada Rivers", "slug": "ada-rivers"}
    page = {k: v for k, v in pages[number].items() if k != "book_slug"}
    return page | {"created_by": who, "updated_by": who, "owned_by": who,
                   "markdown": "", "raw_html": page["html"],
                   "tags": [{"name": "Status", "value": "checked", "order": 0},
                            {"name": "linux", "value": "", "order": 1}]}


def limited():
    if time.time() < until[0]:
        violate("waits")
    if args.refuse and state["calls"] % args.refuse == 0:
        until[0] = time.time() + 1
        state["refused"] += 1
        raise Answer(429, {"message": "Too Many Attempts."}, **{"Retry-After": "1"})


def bothered():
    if trouble["times"] <= 0:
        return
    trouble["times"] -= 1
    kind = trouble["kind"]
    if kind in ("401", "403"):
        raise Answer(int(kind), {"error": {"code": int(kind), "message": "No"}})
    if kind == "html":
        raise Answer(200, "<!DOCTYPE html><html><body><form>Log in", type="text/html")
    raise Answer(200, '{"data": [{"id": 1, "name": "br')


def api(path, query, headers):
    state["calls"] += 1
    limited()
    if headers.get("Authorization") != "Token tid:s3cret":
        violate("token")
        raise Answer(401, {"error": {"code": 401, "message": "No token found"}})
    bothered()
    if path == "/api/books":
        return listing(books, query)
    if path == "/api/chapters":
        return listing(chapters, query)
    if path == "/api/pages":
        return listing(list(pages.values()), query)
    if path.startswith("/api/pages/"):
        return text(int(path[11:]))
    if path == "/api/recycle-bin":
        return listing([{"id": 900 + k, "deletable_type": "page",
                         "deletable_id": k, "deletable": p}
                        for k, p in binned.items()], query)
    raise Answer(404, {"error": {"code": 404, "message": "Not found"}})


def change(query):
    for what, value in query.items():
        number = int(value) if value.isdigit() else 0
        if what == "edit":
            pages[number]["html"] = "<p>Edited: drain it first.</p>"
            pages[number]["updated_at"] = now()
        elif what == "delete":
            binned[number] = pages.pop(number)
        elif what == "restore":
            pages[number] = binned.pop(number)
        elif what == "move":
            pages[number] |= {"book_id": 1, "book_slug": "handbook-1",
                              "chapter_id": 0, "updated_at": now()}
        elif what == "draft":
            pages[number]["draft"] = True
        elif what == "trouble":
            trouble["kind"] = value
        elif what == "times":
            trouble["times"] = number
    return {}


class BookStack(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path, _, query = self.path.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        status, kind, more = 200, "application/json", {}
        with lock:
            try:
                if path == "/state":
                    body = state
                elif path == "/change":
                    body = change(query)
                else:
                    body = api(path, query, self.headers)
            except Answer as answer:
                status, body, more = answer.status, answer.body, answer.headers
                kind = more.pop("type", kind)
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), BookStack)
if args.ready:
    with open(args.ready + ".new", "w", encoding="ascii") as out:
        out.write(str(server.server_port))
    import os
    os.rename(args.ready + ".new", args.ready)
server.serve_forever()
