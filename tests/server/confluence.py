#!/usr/bin/env python3
"""A Confluence with invented pages, of both kinds, that keeps count of manners.

    confluence.py [--kind cloud|server] [--pages N] ... --ready FILE

Writes its port to FILE when it listens. Cloud stands below /wiki: /api/v2 for
spaces, texts and trash, /rest/api/content/search for queries, pages of lists by
cursors alone. Server stands below /confluence: /rest/api/space, /content,
/content/ID, /content/search, pages of lists by start and limit. Queries have
the few forms that make sense here; times in them are of --zone, the user's.

Page N of space S is the child of page N // 8 of the same space, the first is
the home. The same options and requests give the same replies.

What a client must not do is counted:

    auth     a call without the login that --user or --token name
    rate     more than --rate calls in a second
    rest     a call before Retry-After, or after the last one that was allowed
    cursor   a cursor that was not given out, or with other parameters
    limit    more asked for at once than the service gives
    same     an answered call again within a minute
    wrong    an address or a query that there is not

/state tells all counts as JSON, /change?KEY=VALUE&... changes the wiki:

    edit=ID  trash=ID  restore=ID  move=ID:PARENT  label=ID:WORD  draft=ID
    restrict=ID:GROUP|ID:user:NAME  free=ID  archive=ID  comment=ID
    rename=ID:TITLE  space=ID:KEY  broken=ID (its restrictions: 404 for all)
    expire=N (cursors, after N more calls)  trouble=WORD (of the next call)
    now=SECONDS
"""

import argparse
import base64
import datetime
import http.server
import json
import re
import sys
import threading
import time
import urllib.parse

START = 1_700_000_000


class Trouble(Exception):
    def __init__(self, status, message, **headers):
        super().__init__(message)
        self.status, self.headers = status, headers


class Page:
    def __init__(self, number, space, parent, kind="page"):
        self.id, self.space, self.parent, self.kind = number, space, parent, kind
        self.version, self.status = 1, "current"
        self.created = self.modified = START + number * 60
        self.users, self.groups, self.labels = [], [], []
        self.title = f"Page {number} of {space}"
        self.broken = False

    def body(self):
        head = (f"<p>Text of page {self.id}, told {self.version} "
                f"time{'s' if self.version > 1 else ''}&nbsp;&mdash; by "
                "hand.</p>")
        if self.id % 5:
            return head
        return head + ('<ac:structured-macro ac:name="code"><ac:parameter '
                       'ac:name="language">bash</ac:parameter>'
                       "<ac:plain-text-body><![CDATA[df -h && echo "
                       f"{self.id}]]></ac:plain-text-body>"
                       "</ac:structured-macro>")


def stamp(seconds, millis=".000"):
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S") + millis + "Z"


class Comment:
    def __init__(self, number, page, text, now):
        self.id, self.page, self.text = number, page, text
        self.space, self.status, self.kind = page.space, "current", "comment"
        self.created = self.modified = now
        self.version = 1
        self.beside = number % 2 == 0


class Wiki:
    def __init__(self, options):
        self.options = options
        self.now = START + 10**7
        self.pages, self.comments = {}, []
        for i, space in enumerate(options.spaces.split(",")):
            first = (i + 1) * 100000
            for n in range(1, options.pages + 1):
                parent = first + n // 8 if n > 1 else None
                if n > 1 and n // 8 == 0:
                    parent = first + 1
                kind = "page"
                if n % 50 == 49:
                    kind, parent = "blogpost", None
                self.pages[first + n] = Page(first + n, space, parent, kind)

    def above(self, page):
        """From the home down to the parent."""
        chain, at = [], page.parent
        while at is not None:
            chain.append(self.pages[at])
            at = self.pages[at].parent
        return chain[::-1]

    def change(self, what, value):
        one, _, rest = value.partition(":")
        if what == "now":
            self.now = START + 10**7 + int(value)
            return
        page = self.pages[int(one)]
        if what == "edit":
            page.version += 1
            page.modified = self.now
        elif what == "rename":
            page.version += 1
            page.modified = self.now
            page.title = rest
        elif what == "trash":
            page.status = "trashed"
        elif what == "draft":
            page.status = "draft"
        elif what == "archive":
            page.status = "archived"
        elif what == "restore":
            page.status = "current"
        elif what == "move":
            page.parent = int(rest)
        elif what == "space":
            page.space, page.parent = rest, None
        elif what == "label":
            page.labels.append(rest)
        elif what == "restrict":
            if rest.startswith("user:"):
                page.users.append(rest[5:])
            else:
                page.groups.append(rest)
        elif what == "free":
            page.users, page.groups = [], []
        elif what == "comment":
            number = 900001 + len(self.comments)
            self.comments.append(Comment(
                number, page, rest or "Seen here too.", self.now))
        elif what == "broken":
            page.broken = True


class Api:
    def __init__(self, options):
        self.options, self.wiki = options, Wiki(options)
        self.lock = threading.Lock()
        self.base = "/wiki" if options.kind == "cloud" else "/confluence"
        self.base = self.base if options.context is None else options.context
        self.calls, self.count, self.by_kind = 0, {}, {}
        self.window, self.seen, self.cursors = [], {}, {}
        self.given = 0
        self.rest_from, self.rest_until = 0, 0
        self.trouble, self.expire = [], None

    def violate(self, what):
        self.count[what] = self.count.get(what, 0) + 1

    # What the service looks at before the call itself.
    def manners(self, headers, whole, now):
        wanted = None
        if self.options.user:
            wanted = "Basic " + base64.b64encode(
                self.options.user.encode()).decode()
        elif self.options.token:
            wanted = "Bearer " + self.options.token
        if wanted and headers.get("Authorization") != wanted:
            self.violate("auth")
            raise Trouble(401, "Who is there?")
        # What was under way when we refused did not know.
        if self.rest_from < now < self.rest_until:
            self.violate("rest")
        self.window = [t for t in self.window if t > now - 1] + [now]
        if len(self.window) > self.options.rate:
            self.violate("rate")
        if now - self.seen.get(whole, -100) < 60:
            self.violate("same")

    def restriction(self, page):
        def part(names, key):
            return {"results": [{key: name, "type": key} for name in names],
                    "start": 0, "limit": 200, "size": len(names)}
        return {"read": {"operation": "read", "restrictions": {
            "user": part(page.users, "username"),
            "group": part(page.groups, "name")}}}

    def person(self, number):
        if self.options.kind == "cloud":
            return {"type": "known", "accountId": f"557058:{number:08x}",
                    "accountType": "atlassian",
                    "publicName": f"Person {number}",
                    "displayName": f"Person {number} & Co"}
        return {"type": "known", "username": f"person{number}",
                "userKey": f"{number:032x}",
                "displayName": f"Person {number} & Co"}

    def content(self, page, expand):
        """One content as v1 has it."""
        one = {"id": str(page.id), "type": page.kind, "status": page.status,
               "title": page.title, "_links": {
                   "webui": f"/spaces/{page.space}/pages/{page.id}",
                   "self": f"http://other.example/rest/api/content/{page.id}"}}
        if "space" in expand:
            one["space"] = {"id": 1, "key": page.space, "type": "global"}
        if "version" in expand:
            one["version"] = {
                "number": page.version, "when": self.when(page.modified),
                "by": self.person(page.version % 3 + 1)}
        if "history" in expand:
            one["history"] = {"createdDate": self.when(page.created),
                              "createdBy": self.person(page.id % 7)}
        if "metadata.labels" in expand:
            one["metadata"] = {"labels": {"results": [
                {"prefix": "global", "name": word} for word in page.labels],
                "size": len(page.labels)}}
        if "body.storage" in expand:
            one["body"] = {"storage": {"value": page.body(),
                                       "representation": "storage"}}
        if any(e.startswith("restrictions.read") for e in expand):
            one["restrictions"] = self.restriction(page)
        if any(e.startswith("ancestors") for e in expand):
            inner = [e[10:] for e in expand if e.startswith("ancestors.")]
            one["ancestors"] = [self.content(up, inner)
                                for up in self.wiki.above(page)]
        return one

    def remark(self, one, expand):
        """A comment as v1 has it."""
        made = {"id": str(one.id), "type": "comment", "status": "current",
                "title": "Re: " + one.page.title, "_links": {}}
        if "version" in expand:
            made["version"] = {"number": one.version,
                               "when": self.when(one.modified)}
        if "history" in expand:
            made["history"] = {"createdDate": self.when(one.created),
                               "createdBy": self.person(6)}
        if "container" in expand:
            made["container"] = {"id": str(one.page.id), "type": "page"}
        if "body.storage" in expand:
            made["body"] = {"storage": {"value": f"<p>{one.text}</p>"}}
        made["extensions"] = {"location": "footer"}
        if one.beside:
            made["extensions"] = {
                "location": "inline", "inlineProperties": {
                    "originalSelection": "Text of page"}}
        return made

    def when(self, seconds):
        """Server writes times in its zone."""
        if self.options.kind == "cloud":
            return stamp(seconds)
        shifted = stamp(seconds + 7200)
        return shifted[:-1] + "+02:00"

    def cut(self, rows, path, query, most, make):
        """A part of a list, and where the next one is."""
        limit = int(query.get("limit", 25))
        if limit > most:
            self.violate("limit")
            limit = most
        limit = min(limit, self.options.limit)
        cloud = self.options.kind == "cloud"
        if cloud:
            plain = {k: v for k, v in query.items() if k != "cursor"}
            at = 0
            if "start" in query:
                self.violate("cursor")
            if "cursor" in query:
                known = self.cursors.get(query["cursor"])
                if known is None:
                    raise Trouble(400, "Cursor is not valid any more")
                if known[0] != path or known[1] != plain:
                    self.violate("cursor")
                at = known[2]
        else:
            plain = {k: v for k, v in query.items() if k != "start"}
            at = int(query.get("start", 0))
        reply = {"results": [make(row) for row in rows[at:at + limit]],
                 "limit": limit, "size": len(rows[at:at + limit]),
                 "_links": {"base": "http://other.example" + self.base,
                            "context": self.base}}
        if at + limit < len(rows):
            if cloud:
                self.given += 1
                name = f"c{self.given}=="
                self.cursors[name] = (path, plain, at + limit)
                plain = {**plain, "cursor": name}
            else:
                plain = {**plain, "start": at + limit}
            # v1 begins behind the context path, v2 with it.
            shown = path[len(self.base):] if "/rest/api/" in path else path
            reply["_links"]["next"] = (
                shown + "?" + urllib.parse.urlencode(plain))
        return reply

    def search(self, path, query):
        cql = query.get("cql", "")
        statuses = ("current",)
        if "cqlcontext" in query:
            statuses = json.loads(query["cqlcontext"])["contentStatuses"]
        cql, _, order = cql.partition(" order by ")
        rows = [p for p in self.wiki.pages.values() if p.status in statuses]
        if cql.startswith("type = comment"):
            rows = [c for c in self.wiki.comments
                    if c.page.status == "current"]
        for term in cql.split(" and "):
            rows = self.term(term.strip(), rows)
        rows.sort(key=lambda p: (p.modified if "lastmodified" in order
                                 else p.created, p.id),
                  reverse=order.endswith("desc"))
        expand = query.get("expand", "").split(",")
        most = 50 if "body.storage" in expand else 200
        return self.cut(rows, path, query, most,
                        lambda p: self.made(p, expand))

    def made(self, row, expand):
        if row.kind == "comment":
            return self.remark(row, expand)
        # One that cannot be told spoils the whole list.
        if any(e.startswith("ancestors.r") for e in expand) and any(
                p.broken for p in self.wiki.above(row)):
            raise Trouble(404, "No content with id : ContentId{id=1}")
        return self.content(row, expand)

    def term(self, term, rows):
        words = set(re.findall(r'"([^"]*)"', term))
        if term.startswith("type in"):
            return [p for p in rows if p.kind in words]
        if term.startswith("space in"):
            return [p for p in rows if p.space in words]
        if term == "type = comment":
            return rows
        m = re.fullmatch(r"container = (\d+)", term)
        if m:
            return [c for c in rows if c.page.id == int(m[1])]
        m = re.fullmatch(r"id in \(([\d,]+)\)", term)
        if m:
            ids = {int(n) for n in m[1].split(",")}
            return [p for p in rows if p.id in ids]
        if term == 'space.type != "personal"':
            return [p for p in rows if not p.space.startswith("~")]
        m = re.fullmatch(r'lastmodified >= "(\d{4}-\d\d-\d\d \d\d:\d\d)"',
                         term)
        if m:
            since = datetime.datetime.strptime(m[1], "%Y-%m-%d %H:%M")
            since = since.replace(tzinfo=datetime.timezone.utc).timestamp()
            since -= self.options.zone * 3600
            return [p for p in rows if p.modified >= since]
        self.violate("wrong")
        raise Trouble(400, f"Could not parse cql : {term}")

    def spaces(self, path, query):
        keys = self.options.spaces.split(",") + ["~mary"]
        chosen = query.get("keys", query.get("spaceKey", ""))
        if chosen:
            keys = [k for k in keys if k in chosen.split(",")]
        return self.cut(keys, path, query, 250, lambda k: {
            "id": str(1000 + sum(map(ord, k))), "key": k, "name": k,
            "type": "personal" if k[0] == "~" else "global",
            "status": "current"})

    def list(self, path, query):
        rows = [p for p in self.wiki.pages.values()
                if p.kind == query.get("type", "page") and
                p.status == query.get("status", "current")]
        if "spaceKey" in query:
            rows = [p for p in rows if p.space == query["spaceKey"]]
        expand = query.get("expand", "").split(",")
        return self.cut(rows, path, query, 200,
                        lambda p: self.made(p, expand))

    def page2(self, page, body):
        """One page as v2 has it."""
        one = {"id": str(page.id), "status": page.status,
               "title": page.title, "spaceId": "1",
               "parentId": page.parent and str(page.parent),
               "authorId": self.person(page.id % 7)["accountId"],
               "createdAt": stamp(page.created),
               "version": {"number": page.version,
                           "createdAt": stamp(page.modified)},
               "body": {},
               "_links": {"webui": f"/spaces/{page.space}/pages/{page.id}"}}
        if body:
            one["body"] = {"storage": {"value": page.body(),
                                       "representation": "storage"}}
        return one

    def one(self, text, kind=None):
        page = self.wiki.pages.get(int(text)) if text.isdigit() else None
        if not page or (kind and page.kind != kind):
            raise Trouble(404, "No content found with id " + text)
        return page

    def route(self, path, query):
        rest = path[len(self.base):]
        cloud = self.options.kind == "cloud"
        if rest == "/rest/api/content/search":
            return self.search(path, query)
        if cloud and rest == "/api/v2/spaces":
            return self.spaces(path, query)
        m = re.fullmatch(r"/api/v2/(page|blogpost)s", rest)
        if cloud and m and query.get("status") == "trashed":
            rows = [p for p in self.wiki.pages.values()
                    if p.status == "trashed" and p.kind == m[1]]
            return self.cut(rows, path, query, 250,
                            lambda p: self.page2(p, False))
        m = re.fullmatch(r"/api/v2/(page|blogpost)s/(\d+)", rest)
        if cloud and m:
            return self.page2(self.one(m[2], m[1]), True)
        if not cloud and rest == "/rest/api/space":
            return self.spaces(path, query)
        if not cloud and rest == "/rest/api/content":
            return self.list(path, query)
        m = re.fullmatch(r"/rest/api/content/(\d+)", rest)
        if not cloud and m:
            page = self.one(m[1])
            wanted = query.get("status", "current")
            if wanted not in ("any", page.status):
                raise Trouble(404, "No content found with id " + m[1])
            return self.content(page, query.get("expand", "").split(","))
        self.violate("wrong")
        raise Trouble(404, "There is nothing at " + path)

    def next_trouble(self, now):
        every = self.options.trouble_every
        if every and self.calls % every == 0:
            kinds = ("429", "cut", "403", "503", "spent", "500")
            self.trouble.append(kinds[self.calls // every % len(kinds)])
        word = self.trouble.pop(0) if self.trouble else None
        if word in ("429", "403"):
            self.pause(now)
            raise Trouble(int(word), "Rate limit exceeded",
                          **{"Retry-After": str(self.options.rest)})
        if word == "denied":
            raise Trouble(403, "You may not see this")
        if word in ("500", "503"):
            raise Trouble(int(word), "oops")
        if word == "spent":
            self.pause(now)
        return word

    def pause(self, now):
        self.rest_from = now + 0.3
        self.rest_until = now + self.options.rest

    def answer(self, path, pairs, headers):
        """Status, headers and body of one call."""
        query = {}
        for name, value in pairs:
            query[name] = query[name] + "," + value if name in query else value
        with self.lock:
            now = time.monotonic()
            self.calls += 1
            if self.expire is not None:
                self.expire -= 1
                if self.expire < 0:
                    self.cursors.clear()
                    self.expire = None
            kind = re.sub(r"\d+", "N", path[len(self.base):])
            kind = kind.replace("vN", "v2")
            self.by_kind[kind] = self.by_kind.get(kind, 0) + 1
            whole = path + "?" + urllib.parse.urlencode(sorted(query.items()))
            try:
                self.manners(headers, whole, now)
                word = self.next_trouble(now)
                if word == "html":
                    return 200, {"Content-Type": "text/html"}, \
                        b"<html><body><form>Log in</form></body></html>"
                body = json.dumps(self.route(path, query)).encode()
                self.seen[whole] = now
                if word == "cut":
                    self.seen.pop(whole)
                    body = body[:len(body) // 2]
                status, more = 200, {}
                if word == "spent":
                    more = {"X-RateLimit-Remaining": "0",
                            "Retry-After": str(self.options.rest)}
            except Trouble as it:
                status, more = it.status, it.headers
                body = json.dumps({"statusCode": it.status,
                                   "message": str(it)}).encode()
        return status, {"Content-Type": "application/json", **more}, body

    def change(self, pairs):
        with self.lock:
            self.seen.clear()
            for what, value in pairs:
                if what == "expire":
                    self.expire = int(value)
                elif what == "trouble":
                    self.trouble.append(value)
                else:
                    self.wiki.change(what, value)

    def state(self):
        with self.lock:
            pages = self.wiki.pages.values()
            return {"calls": self.calls, "violations": self.count,
                    "kinds": self.by_kind,
                    "current": sum(p.status == "current" for p in pages)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # a reply is one packet: else each waits 40 ms
    api = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        where = urllib.parse.urlsplit(self.path)
        pairs = urllib.parse.parse_qsl(where.query)
        if where.path == "/state":
            status, headers, body = 200, {}, json.dumps(
                self.api.state(), sort_keys=True).encode()
        elif where.path == "/change":
            self.api.change(pairs)
            status, headers, body = 200, {}, b"{}"
        else:
            status, headers, body = self.api.answer(where.path, pairs,
                                                    self.headers)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that is killed resets its connection."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--kind", choices=("cloud", "server"), default="cloud")
    p.add_argument("--context", default=None)
    p.add_argument("--spaces", default="OPS,DEV")
    p.add_argument("--pages", type=int, default=60, help="of each space")
    p.add_argument("--limit", type=int, default=200,
                   help="most of one part of a list")
    p.add_argument("--rate", type=int, default=1000)
    p.add_argument("--rest", type=int, default=1, help="Retry-After")
    p.add_argument("--zone", type=float, default=0, help="hours from UTC")
    p.add_argument("--user", default="", help="user:password")
    p.add_argument("--token", default="")
    p.add_argument("--trouble-every", type=int, default=0)
    p.add_argument("--ready", required=True)
    options = p.parse_args()
    Handler.api = Api(options)
    server = Server(("127.0.0.1", options.port), Handler)
    with open(options.ready, "w", encoding="ascii") as file:
        file.write(f"{server.server_address[1]}\n")
    server.serve_forever()


if __name__ == "__main__":
    main()
