#!/usr/bin/env python3
"""AWS Support's API with invented cases, that verifies signatures.

    support_api.py [--port N] [--cases N] ... --ready FILE

Writes its port to FILE when it listens. Answers DescribeCases and
DescribeCommunications (JSON 1.1) and STS GetCallerIdentity as their
documentation describes them: filters, pages whose tokens are good for the very
filters they were given for, errors with `__type`. Signatures are checked by
support_sign.py; cases come from support_cases.py, out of a seed alone.

/state tells the counts by action and outcome as JSON; --log writes them as
lines. /set?NAME=VALUE changes an option while it runs (the troubles below),
/change?replies=N&new=N&resolve=N&gone=ID changes the cases, /forget ends all
tokens, /wait?requests=N answers once so many requests were served, /release
lets go what --hold keeps, /reset begins to count anew. None of that is
counted.
"""

import argparse
import collections
import datetime
import email.utils
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse
import uuid

import support_cases
import support_sign

TARGET = "AWSSupport_20130415."
FILTERS = ("caseIdList", "displayId", "afterTime", "beforeTime",
           "includeResolvedCases", "language", "includeCommunications",
           "maxResults", "caseId")
SHAPES = {"caseIdList": list, "displayId": str, "afterTime": str,
          "beforeTime": str, "includeResolvedCases": bool, "language": str,
          "includeCommunications": bool, "maxResults": int, "caseId": str,
          "nextToken": str, "dryRun": bool}


class Trouble(Exception):
    def __init__(self, kind, message, status=400):
        super().__init__(message)
        self.kind, self.status, self.message = kind, status, message


class Cut(Exception):
    """The answer breaks off, or is none."""


def read_time(text):
    try:
        at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Trouble("ValidationException", f"no date: {text}") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=datetime.timezone.utc)
    return int(at.timestamp() * 1000)


class Api:
    def __init__(self, options):
        self.options = options
        self.cases = support_cases.Cases(options)
        self.lock = threading.Lock()
        self.moved = threading.Condition(self.lock)
        self.served = 0
        self.counts = collections.Counter()
        self.tokens = {}
        self.bucket, self.filled = options.burst, time.monotonic()
        self.log = open(options.log, "a") if options.log else None
        self.asked = collections.Counter()

    # ---- bookkeeping --------------------------------------------------------

    def count(self, action, outcome):
        with self.lock:
            self.served += 1
            self.counts[f"{action} {outcome}"] += 1
            if self.log:
                print(action, outcome, file=self.log, flush=True)
            self.moved.notify_all()

    def wait(self, requests):
        with self.moved:
            self.moved.wait_for(lambda: self.served >= requests, timeout=120)

    def held(self):
        """Answers beyond --hold wait until they are let go."""
        with self.moved:
            self.moved.wait_for(lambda: not self.options.hold or
                                self.served < self.options.hold, timeout=120)

    def state(self):
        with self.lock:
            return {"served": self.served, "counts": dict(self.counts),
                    "cases": len(self.cases.numbers()),
                    "replies": self.cases.reply_total(),
                    "asked_twice": sum(n > 1 for n in self.asked.values()),
                    "asked": sum(self.asked.values())}

    def reset(self):
        with self.lock:
            self.counts.clear()
            self.asked.clear()
            self.served = 0

    # ---- what goes wrong ----------------------------------------------------

    def throttled(self):
        o = self.options
        if o.rate:
            now = time.monotonic()
            self.bucket = min(o.burst, self.bucket +
                              (now - self.filled) * o.rate)
            self.filled = now
            if self.bucket < 1:
                return True
            self.bucket -= 1
        return bool(o.throttle_every) and \
            (self.served + 1) % o.throttle_every == 0

    def every(self, n):
        return bool(n) and (self.served + 1) % n == 0

    def troubles(self, action):
        o = self.options
        if o.no_plan:
            raise Trouble("SubscriptionRequiredException",
                          "AWS Premium Support Subscription is required to "
                          "use this service.")
        if self.throttled():
            raise Trouble("ThrottlingException", "Rate exceeded")
        if self.every(o.error_every):
            raise Trouble("InternalServerError", "An internal server error "
                          "occurred.", 500)
        for kind in ("cut", "broken", "html", "silent"):
            if self.every(getattr(o, kind + "_every")):
                raise Cut(kind)
        if o.denied == action:
            raise Trouble("AccessDeniedException",
                          "User: arn:aws:iam::123456789012:user/ops is not "
                          f"authorized to perform: support:{action}")

    # ---- pages --------------------------------------------------------------

    def page(self, ask, everything, most):
        """The items of this page, and the token of the next one."""
        filters = json.dumps({k: ask[k] for k in FILTERS if k in ask},
                             sort_keys=True)
        start = 0
        if self.options.loop and "nextToken" in ask:
            return [], ask["nextToken"]
        if "nextToken" in ask:
            token = self.tokens.get(ask["nextToken"])
            if not token or (
                    self.options.token_life and
                    self.served > token[2] + self.options.token_life):
                raise Trouble("InvalidParameterValueException",
                              "The nextToken is invalid or has expired.")
            if token[0] != filters:
                raise Trouble("InvalidParameterValueException", "The nextToken "
                              "belongs to a request with other filters.")
            start = token[1]
        end = start + most
        if end >= len(everything):
            return everything[start:], None
        token = str(uuid.uuid4())
        self.tokens[token] = (filters, end, self.served)
        return everything[start:end], token

    def most(self, ask, ceiling):
        most = ask.get("maxResults", 100)
        if not 10 <= most <= 100:
            raise Trouble("ValidationException",
                          "maxResults must be between 10 and 100")
        return min(most, ceiling)

    def window(self, ask):
        return (read_time(ask["afterTime"]) if "afterTime" in ask else None,
                read_time(ask["beforeTime"]) if "beforeTime" in ask else None)

    def describe_cases(self, ask):
        ids = ask.get("caseIdList")
        after, before = self.window(ask)
        if ids is not None:
            if len(ids) > 100:
                raise Trouble("ValidationException", "caseIdList is too long")
            found = [self.cases.by_id(i) for i in ids]
            for name, number in zip(ids, found):
                if number is None or number in self.cases.gone:
                    raise Trouble("CaseIdNotFound",
                                  f"Invalid case ID(s): [{name}]")
        else:
            found = self.cases.numbers()
        found = [n for n in found
                 if self.cases.within(n, after, before) and
                 (ask.get("includeResolvedCases") or
                  self.cases.status(n) != "resolved")]
        found.sort(key=lambda n: (-self.cases.created(n), n))
        some, token = self.page(ask, found,
                                self.most(ask, self.options.cases_most))
        answer = {"cases": [
            self.cases.case(n, ask.get("includeCommunications", True),
                            (after, before)) for n in some]}
        if token:
            answer["nextToken"] = token
        return answer

    def describe_communications(self, ask):
        number = self.cases.by_id(ask.get("caseId", ""))
        if number is None or number in self.cases.gone:
            raise Trouble("CaseIdNotFound", "The requested CaseId "
                          f"{ask.get('caseId')} could not be located.")
        if "nextToken" not in ask:
            self.asked[number] += 1
        if str(number) in self.options.failing.split(","):
            raise Trouble("InternalServerError", "An internal server error "
                          "occurred.", 500)
        some, token = self.page(ask, self.cases.replies(number),
                                self.most(ask, self.options.replies_most))
        answer = {"communications": some}
        if token:
            answer["nextToken"] = token
        return answer

    def answer(self, action, ask):
        for name, value in ask.items():
            if name not in SHAPES or not isinstance(value, SHAPES[name]):
                raise Trouble("SerializationException", f"not known: {name}")
        self.troubles(action)
        if ask.get("dryRun"):
            raise Trouble("DryRunOperationException",
                          "Request would have succeeded, but DryRun is set.")
        if action == "DescribeCases":
            return self.describe_cases(ask)
        if action == "DescribeCommunications":
            return self.describe_communications(ask)
        raise Trouble("UnknownOperationException", action)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api = None

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        at = time.time() + self.api.options.skew
        return email.utils.formatdate(at, usegmt=True)

    def send(self, status, body, kind="application/x-amz-json-1.1", error=None):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, trouble):
        # Some of the real ones carry the name of their package.
        prefix = "" if len(trouble.message) % 2 else "com.amazonaws.support#"
        name = "message" if len(trouble.message) % 3 else "Message"
        self.send(trouble.status, json.dumps(
            {"__type": prefix + trouble.kind, name: trouble.message}))

    def spoil(self, kind, answer):
        body = json.dumps(answer, ensure_ascii=False).encode()
        if kind == "html":
            self.send(200, "<html><h1>Sign in to the guest network</h1></html>",
                      "text/html")
        elif kind == "broken":
            self.send(200, body[:len(body) * 2 // 3])
        elif kind == "silent":
            # Until whoever asks has had enough.
            self.connection.recv(1)
            self.close_connection = True
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + 100))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            self.close_connection = True

    def identity(self):
        o = self.api.options
        arn = f"arn:{'aws-cn' if o.china else 'aws'}:iam::{o.account}:user/ops"
        self.send(200, json.dumps({"GetCallerIdentityResponse": {
            "GetCallerIdentityResult": {
                "Account": o.account, "Arn": arn,
                "UserId": "AIDAEXAMPLEEXAMPLE"}}}), "application/json")
        return "ok"

    def serve(self, action, service, body):
        o = self.api.options
        try:
            support_sign.check(self.command, self.path, self.headers, body,
                               service, o, time.time() + o.skew)
            if service == "sts":
                return self.identity()
            ask = json.loads(body or b"{}")
            answer = self.api.answer(action, ask)
        except support_sign.Refused as refused:
            self.refuse(Trouble(refused.kind, refused.message, refused.status))
            return refused.kind
        except Trouble as trouble:
            self.refuse(trouble)
            return trouble.kind
        except Cut as cut:
            self.spoil(str(cut), {"cases": [], "communications": [
                {"body": "half of a sent"}]})
            return str(cut)
        self.send(200, json.dumps(answer, ensure_ascii=False))
        return "ok"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        action, service = target.removeprefix(TARGET), "support"
        if not target.startswith(TARGET):
            form = urllib.parse.parse_qs(body.decode("latin-1"))
            action = form.get("Action", ["?"])[0]
            service = "sts" if action == "GetCallerIdentity" else "support"
        self.api.held()
        outcome = "broken-off"
        try:
            outcome = self.serve(action, service, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            self.api.count(action, outcome)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        ask = dict(urllib.parse.parse_qsl(query, True))
        api = self.api
        if path == "/wait":
            api.wait(int(ask["requests"]))
        elif path == "/set":
            for name, value in ask.items():
                old = getattr(api.options, name)
                setattr(api.options, name,
                        type(old)(int(value) if isinstance(old, int)
                                  else value))
        elif path == "/change":
            with api.lock:
                api.cases.change(ask)
        elif path == "/release":
            with api.moved:
                api.options.hold = 0
                api.moved.notify_all()
        elif path == "/forget":
            api.tokens.clear()
        elif path == "/reset":
            api.reset()
        elif path != "/state":
            return self.send(404, "{}")
        return self.send(200, json.dumps(api.state()), "application/json")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--ready", required=True)
    p.add_argument("--log", help="a line for each request: action, outcome")
    p.add_argument("--cases", type=int, default=300)
    p.add_argument("--replies", type=int, default=6, help="a case, on average")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--long", type=int, default=0,
                   help="characters of each reply, at least")
    p.add_argument("--months", type=int, default=23)
    p.add_argument("--account", default="123456789012")
    p.add_argument("--china", action="store_true")
    p.add_argument("--key", default="AKIAIOSFODNN7EXAMPLE")
    p.add_argument("--secret",
                   default="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    p.add_argument("--session", default="", help="the token that must come")
    p.add_argument("--expired", type=int, default=0, help="1: keys have ended")
    p.add_argument("--skew", type=int, default=0, help="seconds of its clock")
    p.add_argument("--windows", default="communications",
                   help="or created: what dates filter by")
    p.add_argument("--recent", default="all",
                   help="or window: recent communications of the window alone")
    p.add_argument("--cases-most", type=int, default=100)
    p.add_argument("--replies-most", type=int, default=100)
    p.add_argument("--rate", type=int, default=0)
    p.add_argument("--burst", type=int, default=10)
    p.add_argument("--throttle-every", type=int, default=0)
    p.add_argument("--error-every", type=int, default=0)
    p.add_argument("--cut-every", type=int, default=0)
    p.add_argument("--broken-every", type=int, default=0)
    p.add_argument("--html-every", type=int, default=0)
    p.add_argument("--silent-every", type=int, default=0)
    p.add_argument("--token-life", type=int, default=0, help="in requests")
    p.add_argument("--loop", type=int, default=0,
                   help="1: the second page leads to itself")
    p.add_argument("--failing", default="", help="numbers of cases")
    p.add_argument("--odd", default="", help="cases with a wrong member")
    p.add_argument("--denied", default="", help="an action")
    p.add_argument("--no-plan", type=int, default=0)
    p.add_argument("--hold", type=int, default=0,
                   help="after so many requests answers wait")
    options = p.parse_args()
    options.region = "cn-north-1" if options.china else "us-east-1"
    Handler.api = Api(options)
    server = Server(("127.0.0.1", options.port), Handler)
    with open(options.ready + ".new", "w") as f:
        f.write(str(server.server_address[1]))
    os.rename(options.ready + ".new", options.ready)
    server.serve_forever()


if __name__ == "__main__":
    main()
