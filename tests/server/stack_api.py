#!/usr/bin/env python3
"""A Stack Exchange API 2.3 with invented questions, that keeps count of manners.

    stack_api.py [--port N] [--questions N] ... --ready FILE

Writes its port to FILE when it listens. Serves /2.3/questions,
/2.3/questions/{ids}/answers and /2.3/filters/create as the API's documentation
describes them (wrapper, filters, sorting, min and max, paging, quota, backoff,
errors with status 400), with the troubles that clients report from the real
one: replies packed without saying so, plain text and HTML instead of JSON, JSON
that breaks off. The same options and requests give the same replies.

What a client must not do is counted and, as far as the real one does, punished:

    rate     more than --rate requests in a second
    backoff  the same method again before its backoff is over
    quota    a request when none is left
    same     an answered request again within a minute
    page     page 26 and beyond without a key
    key      a request without the key, when --key is given
    wrong    parameters that the API does not have

/state tells all counts as JSON; /change?touch=ID&delete=ID&accept=ID changes
the site, /change?quota=N what is left, /change?forget=filters. The same
questions stand in pages under /questions; /change?robots=closed closes them to
crawlers. None of that is counted.
"""

import argparse
import bisect
import gzip
import http.server
import json
import sys
import threading
import time
import urllib.parse

import stack_html

START = 1_400_000_000
CREATE = "/2.3/filters/create"
LIST = "/2.3/questions"


def mix(*numbers):
    """A number that looks like chance and is not."""
    h = 0x9E3779B97F4A7C15
    for n in numbers:
        h = (h ^ n) * 0xBF58476D1CE4E5B9 % 2**64
        h ^= h >> 29
    return h


class Trouble(Exception):
    def __init__(self, number, name, message):
        super().__init__(message)
        self.body = {"error_id": number, "error_name": name,
                     "error_message": message}


class Site:
    """The questions: made from their numbers, but for what was changed."""

    def __init__(self, options):
        self.options = options
        self.deleted, self.touched, self.accepted = set(), {}, {}
        self.order = None

    def owner(self, n):
        user = 1 + mix(n, 11) % 500
        if user % 50 == 0:
            return {"user_type": "does_not_exist",
                    "display_name": f"user{user}"}
        return {"user_type": "registered", "user_id": user,
                "display_name": f"Person {user} & Co",
                "link": f"https://ops.example/users/{user}/person"}

    def created(self, q):
        return START + q * 60

    def activity(self, q):
        # A few share their second: a script touched them all.
        base = q - q % 7 if q % 100 < 7 else q
        return self.touched.get(q, START + base * 60 + 10)

    def answer_count(self, q):
        return 35 if q % 97 == 0 else mix(q, 5) % 4

    def answers(self, q):
        return [self.answer(q, k) for k in range(self.answer_count(q))
                if q * 100 + k not in self.deleted]

    def answer(self, q, k):
        return {
            "answer_id": q * 100 + k, "question_id": q * 100 + 99,
            "body": f"<p>Try <code>step {k}</code> for case {q}.</p>\n",
            "score": mix(q, k, 3) % 40 - 5,
            "is_accepted": self.accepted_of(q) == q * 100 + k,
            "creation_date": self.created(q) + 5 + k,
            "content_license": "CC BY-SA 3.0", "owner": self.owner(q + k),
        }

    def accepted_of(self, q):
        if q in self.accepted:
            return self.accepted[q]
        few = self.answer_count(q)
        return q * 100 if few and mix(q, 9) % 2 else None

    def score(self, q):
        return mix(q, 2) % 60 - 10

    def question(self, q):
        inline = self.answers(q)
        one = {
            "question_id": q * 100 + 99,
            "title": f"Case {q}: \"disk\" & <swap> are full",
            "body": f"<p>What to do about case <b>{q}</b>?</p>\n",
            "tags": ["linux", f"topic-{q % 13}"], "score": self.score(q),
            "view_count": mix(q, 4) % 10000,
            "answer_count": len(inline),
            "creation_date": self.created(q),
            "last_activity_date": self.activity(q),
            "content_license": "CC BY-SA 3.0", "owner": self.owner(q),
            "answers": inline[:self.options.inline],
            "comments": [{
                "comment_id": q * 10 + 1, "post_id": q * 100 + 99,
                "body_markdown": f"Which kernel, in case {q}?",
                "body": f"Which kernel, in case {q}?", "score": 1,
                "creation_date": self.created(q) + 3,
                "content_license": "CC BY-SA 3.0",
                "owner": self.owner(q + 1)}] if q % 3 == 0 else [],
        }
        if q in self.touched:
            one["last_edit_date"] = self.touched[q]
            one["body"] = f"<p>Case {q}, told anew.</p>\n"
        if self.accepted_of(q):
            one["accepted_answer_id"] = self.accepted_of(q)
        return one

    def alive(self):
        return [q for q in range(1, self.options.questions + 1)
                if q * 100 + 99 not in self.deleted]

    def between(self, sort, descending, least, most):
        """Numbers of the questions whose key is in between, in order."""
        key = {"activity": self.activity, "creation": self.created,
               "votes": self.score}.get(sort)
        if not key:
            raise Trouble(400, "bad_parameter", "sort")
        if not self.order or self.order[0] != (sort, descending):
            sign = -1 if descending else 1
            pairs = sorted((sign * key(q), q) for q in self.alive())
            self.order = ((sort, descending), [one for one, _ in pairs],
                          [q for _, q in pairs])
        _, keys, rows = self.order
        if descending:
            least, most = -most, -least
        return rows[bisect.bisect_left(keys, least):
                    bisect.bisect_right(keys, most)]


class Api:
    def __init__(self, options):
        self.options, self.site = options, Site(options)
        self.lock = threading.Lock()
        self.filters = {}
        self.quota = options.quota
        self.calls, self.count = 0, {}
        self.closed = False
        self.window, self.rest, self.seen = [], {}, {}
        self.replies = {"good": 0, "error": 0, "trouble": 0}

    def violate(self, what):
        self.count[what] = self.count.get(what, 0) + 1

    def number(self, query, name, fallback, least=None, most=None):
        try:
            n = int(query.get(name, fallback))
        except ValueError:
            raise Trouble(400, "bad_parameter", name) from None
        if (least is not None and n < least) or (most and n > most):
            raise Trouble(400, "bad_parameter", name)
        return n

    def manners(self, path, query, now):
        """What the real API punishes, before it looks at the request."""
        self.window = [t for t in self.window if t > now - 1] + [now]
        if len(self.window) > self.options.rate:
            self.violate("rate")
            raise Trouble(502, "throttle_violation",
                          "too many requests from this IP, more requests "
                          "available in 1 seconds")
        if now < self.rest.get(method_of(path), 0):
            self.violate("backoff")
            raise Trouble(502, "throttle_violation",
                          "backoff ignored, more requests available in 1 "
                          "seconds")
        if self.quota <= 0:
            self.violate("quota")
            raise Trouble(502, "throttle_violation",
                          "too many requests from this IP, more requests "
                          "available in 3600 seconds")
        if self.options.key and query.get("key") != self.options.key:
            self.violate("key")

    def same(self, path, query, now):
        whole = path + "?" + urllib.parse.urlencode(sorted(query.items()))
        if now - self.seen.get(whole, -100) < 60:
            self.violate("same")
        return whole

    def paging(self, query):
        page = self.number(query, "page", 1, least=1)
        size = self.number(query, "pagesize", 30, least=0, most=100)
        if page > 25 and "key" not in query:
            self.violate("page")
            raise Trouble(403, "access_denied", "page above 25 requires "
                          "access token or app key")
        return page, min(size, self.options.page_most)

    def check(self, query):
        known = {"page", "pagesize", "filter", "site", "key", "order", "sort",
                 "min", "max", "tagged", "base", "include", "unsafe"}
        if set(query) - known:
            self.violate("wrong")
            raise Trouble(400, "bad_parameter", sorted(set(query) - known)[0])

    def made(self, query):
        if query.get("site") != "ops.example":
            raise Trouble(400, "bad_parameter", "No site found for name "
                          f"`{query.get('site')}`")
        if query.get("filter") not in self.filters:
            raise Trouble(400, "bad_parameter", "Invalid filter specified")
        return self.filters[query["filter"]]

    def create(self, query):
        include = query.get("include", "").split(";")
        if query.get("base") != "none" or query.get("unsafe") != "true":
            raise Trouble(400, "bad_parameter", "base")
        name = f"!{mix(len(include), len(self.filters)):x}*(x)~"
        self.filters[name] = set(include)
        return {"items": [{"filter": name, "filter_type": "unsafe",
                           "included_fields": include}], "has_more": False}

    def slim(self, one, kind, fields):
        """Only the fields that the filter includes."""
        kept = {}
        for name, value in one.items():
            if f"{kind}.{name}" not in fields:
                continue
            # As the real one has it.
            if name == "body_markdown" and f"{kind}.body" not in fields:
                continue
            if name == "owner":
                value = self.slim(value, "shallow_user", fields)
            elif name in ("answers", "comments"):
                value = [self.slim(it, name[:-1], fields) for it in value]
            kept[name] = value
        return kept

    def cut(self, rows, query):
        page, size = self.paging(query)
        return rows[(page - 1) * size:page * size], len(rows) > page * size

    def list(self, query):
        fields = self.made(query)
        rows = self.site.between(query.get("sort", "activity"),
                                 query.get("order", "desc") == "desc",
                                 self.number(query, "min", -10**12),
                                 self.number(query, "max", 10**12))
        if "tagged" in query:
            wanted = set(query["tagged"].split(";"))
            rows = [q for q in rows
                    if wanted <= {"linux", f"topic-{q % 13}"}]
        rows, more = self.cut(rows, query)
        items = [self.slim(self.site.question(q), "question", fields)
                 for q in rows]
        return {"items": items, "has_more": more}

    def answers(self, ids, query):
        fields = self.made(query)
        if len(ids) > 100:
            raise Trouble(400, "bad_parameter", "ids")
        rows = [answer for one in ids
                for answer in self.site.answers(int(one) // 100)
                if int(one) not in self.site.deleted]
        rows.sort(key=lambda answer: answer["creation_date"])
        rows, more = self.cut(rows, query)
        return {"items": [self.slim(row, "answer", fields) for row in rows],
                "has_more": more}

    def reply(self, path, query, now):
        self.check(query)
        self.manners(path, query, now)
        whole = self.same(path, query, now)
        self.quota -= 1
        if path == CREATE:
            body = self.create(query)
        elif path == LIST:
            body = self.list(query)
        elif path.startswith(LIST + "/") and path.endswith("/answers"):
            body = self.answers(path.split("/")[3].split(";"), query)
        else:
            raise Trouble(404, "no_method", "no method found with this name")
        body["quota_max"] = self.options.quota
        body["quota_remaining"] = self.quota
        every = self.options.backoff_every
        if every and self.calls % every == 0:
            body["backoff"] = self.options.backoff
            self.rest[method_of(path)] = now + self.options.backoff
        return body, whole

    def trouble(self):
        """What comes in the way now and then: status, body, or None."""
        every = self.options.trouble_every
        if not every or self.calls % every:
            return None
        kinds = [(502, b"<html><h1>502 Bad Gateway</h1></html>"),
                 (200, b'{"items": [{"question_id": 5, "title": "cut'),
                 (503, b"Service Unavailable"),
                 (200, b"upstream connect error"),
                 (400, json.dumps({"error_id": 500,
                                   "error_name": "internal_error",
                                   "error_message": "oops"}).encode())]
        return kinds[self.calls // every % len(kinds)]

    def answer(self, path, query):
        """Status, headers and body of one call."""
        with self.lock:
            now = time.monotonic()
            self.calls += 1
            headers = {"Content-Type": "application/json; charset=utf-8"}
            trouble = self.trouble()
            if trouble:
                self.window.append(now)
                self.replies["trouble"] += 1
                return trouble[0], {"Content-Type": "text/plain"}, trouble[1]
            try:
                body, whole = self.reply(path, query, now)
                self.seen[whole] = now
                self.replies["good"] += 1
                status = 200
            except Trouble as it:
                body, status = it.body, 400
                self.replies["error"] += 1
            packed = gzip.compress(json.dumps(body).encode(), 1, mtime=0)
            # Now and then it forgets to say that it is packed.
            if self.calls % 3:
                headers["Content-Encoding"] = "gzip"
            return status, headers, packed

    def page(self, path, query):
        """The site's pages, for comparison; robots.txt as it is today."""
        with self.lock:
            found = stack_html.page(self.site, path, query)
            if path == "/robots.txt":
                found = (418, "User-agent: *\nDisallow: /\n"
                         if self.closed else "")
        status, body = found or (404, "")
        kind = "text/plain" if path == "/robots.txt" else "text/html"
        return status, {"Content-Type": kind + "; charset=utf-8"}, \
            body.encode()

    def change(self, query):
        with self.lock:
            site = self.site
            site.order = None
            site.deleted |= {int(n) for n in query.get("delete", [])}
            self.seen.clear()
            for n in query.get("touch", []):
                site.touched[int(n) // 100] = (START + 86400 +
                                               60 * self.options.questions +
                                               len(site.touched))
            for n in query.get("accept", []):
                site.accepted[int(n) // 100] = int(n)
            if "quota" in query:
                self.quota = int(query["quota"][0])
            self.closed |= "robots" in query
            if "forget" in query:
                self.filters.clear()

    def state(self):
        with self.lock:
            alive = self.site.alive()
            answers = sum(len(self.site.answers(q)) for q in alive)
            return {"calls": self.calls, "violations": self.count,
                    "quota": self.quota, "filters": len(self.filters),
                    "questions": len(alive), "answers": answers,
                    **self.replies}


def method_of(path):
    return "answers" if path.endswith("/answers") else path


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # a reply is one packet: else each waits 40 ms
    api = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        where = urllib.parse.urlsplit(self.path)
        if where.path == "/state":
            status, headers, body = 200, {}, json.dumps(
                self.api.state(), sort_keys=True).encode()
        elif where.path == "/change":
            self.api.change(urllib.parse.parse_qs(where.query))
            status, headers, body = 200, {}, b"{}"
        elif not where.path.startswith("/2.3/"):
            status, headers, body = self.api.page(
                where.path, urllib.parse.parse_qs(where.query))
        else:
            status, headers, body = self.api.answer(
                where.path, dict(urllib.parse.parse_qsl(where.query)))
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
    p.add_argument("--questions", type=int, default=1000)
    p.add_argument("--inline", type=int, default=30,
                   help="answers that come with their question")
    p.add_argument("--page-most", type=int, default=100)
    p.add_argument("--rate", type=int, default=30)
    p.add_argument("--quota", type=int, default=10000)
    p.add_argument("--backoff-every", type=int, default=0)
    p.add_argument("--backoff", type=float, default=1)
    p.add_argument("--trouble-every", type=int, default=0)
    p.add_argument("--key", default="")
    p.add_argument("--ready", required=True)
    options = p.parse_args()
    Handler.api = Api(options)
    server = Server(("127.0.0.1", options.port), Handler)
    with open(options.ready, "w", encoding="ascii") as file:
        file.write(f"{server.server_address[1]}\n")
    server.serve_forever()


if __name__ == "__main__":
    main()
