#!/usr/bin/env python3
"""Language models as a service, four APIs on one port, answering from a script.

    model_api.py --ready FILE [--truth FILE] [--script FILE] [--log FILE] ...

Writes its port to FILE when it listens. Serves

    POST /v1/chat/completions           OpenAI, with any prefix before /chat
    POST /model/ID/converse             Bedrock, Converse
    POST /model/ID/invoke               Bedrock, Anthropic's messages
    POST /endpoints/NAME/invocations    SageMaker, messages or text generation

It checks what the real ones check: the form of a body, roles in turn, that a
tool is called that there is, the signature or the key. What it answers is by
default the truth: the row of --truth (JSON lines, "id" and what is to be
answered, or "answer") whose id stands first in the last turn of the prompt.

The script is JSON lines, {"do": ..., and when}: the first line that fits a
request is done. When: "nth": N (of all requests), "every": N, "match": REGEX
on the prompt, "id": CASE, "each": K (only the first K requests of the same
prompt), "times": K (of this line). What, with "delay": SECONDS besides:

    truth            as if there were no line
    429 500 503 529  that status; "retry_after": SECONDS
    401 403 404 413 quota   denied in the API's own words
    cut              half an answer, then the connection is reset
    empty            200 without a body;      html: 200 with a page
    nothing          an answer without any text
    fence prose commas quotes truncated       JSON nearly right
    class            a class that there is not
    echo             the truth of another case, under its id
    csv3 csv4        columns; "language": "zh", "comma": "wide"
    think            reasoning before the answer
    refusal filter   the model will not; a guard took it away
    length           cut off at the ceiling
    huge             a megabyte;              bytes: what is no UTF-8
    deep             JSON nested 1,000 deep
    no-usage         without counts of tokens
    no-schema no-tool                         400: it does not know that
    text             "text" as it stands

--obey FILE (JSON lines as tests/data/injections has them) makes a model that
obeys: whatever trigger it can read in the prompt, it does as the attacker says.

--bodies FILE takes every request's body, a line each, for tests of what leaves.
Each request is a line of the log: n, api, hash (of the body), key (the
Idempotency-Key), id, shape, do, status, tokens, written (whether the answer
went out whole).
"""

import argparse
import hashlib
import http.client
import http.server
import json
import os
import re
import socket
import sys
import threading
import time
import urllib.parse

CSV_WORDS = {
    "en": {"service fault": "service fault"},
    "zh": {"configuration error": "配置错误", "service fault": "服务故障",
           "consulting": "咨询"},
}
NAMES = ("problem", "cause", "class", "steps", "services", "codes", "titles")


class Bad(Exception):
    """A request that the real one refuses."""

    def __init__(self, status, message, kind="invalid_request_error",
                 code=None, param=None):
        super().__init__(message)
        self.status, self.kind, self.code, self.param = (
            status, kind, code, param)


def lines_of(path):
    if not path:
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def need(good, message, **more):
    if not good:
        raise Bad(400, message, **more)


def words_of(content):
    """A text, or a list of parts that have one."""
    if isinstance(content, str):
        return content
    need(isinstance(content, list) and
         all(isinstance(p.get("text"), str) for p in content),
         "content has to be a text or parts with text")
    return "".join(p["text"] for p in content)


class Asked:
    """What any of the APIs was asked, in one form."""

    def __init__(self, api, model):
        self.api, self.model = api, model
        self.system, self.turns = "", []
        self.shape, self.tool, self.schema = "prompt", "", None
        self.most, self.temperature, self.newer = None, None, False
        self.body = b""

    def check(self):
        need(self.turns, "messages: at least one is required")
        for i, (role, text) in enumerate(self.turns):
            need(role == ("assistant" if i % 2 else "user"),
                 "messages: roles must alternate between user and assistant")
            need(text.strip(), "messages: text content must be non-empty")
        need(self.most is None or 0 < self.most <= 200_000,
             "max_tokens is out of range", param="max_tokens")
        need(self.temperature is None or 0 <= self.temperature <= 2,
             "temperature is out of range", param="temperature")
        if self.shape != "prompt":
            need(isinstance(self.schema, dict) and
                 self.schema.get("type") == "object",
                 "the schema has to be an object's")

    @property
    def last(self):
        return self.turns[-1][1]

    @property
    def all(self):
        return "\n".join([self.system] + [text for _, text in self.turns])


def read_chat(body, api, model):
    q = Asked(api, body.get("model", model))
    need(q.model, "you must provide a model parameter")
    known = {"model", "messages", "max_tokens", "max_completion_tokens",
             "temperature", "response_format", "tools", "tool_choice",
             "stream", "stop", "top_p", "seed", "user", "n"}
    for name in body:
        need(name in known, f"Unrecognized request argument supplied: {name}")
    messages = list(body.get("messages") or [])
    if messages and messages[0].get("role") in ("system", "developer"):
        q.system = words_of(messages.pop(0).get("content"))
    q.turns = [(m.get("role"), words_of(m.get("content"))) for m in messages]
    q.newer = "max_completion_tokens" in body
    q.most = body.get("max_completion_tokens", body.get("max_tokens"))
    q.temperature = body.get("temperature")
    form = body.get("response_format")
    if form and form.get("type") == "json_schema":
        inner = form.get("json_schema") or {}
        need(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", inner.get("name", "")),
             "Invalid 'response_format.json_schema.name'",
             param="response_format")
        q.shape, q.schema = "schema", inner.get("schema")
    if body.get("tools"):
        tool = body["tools"][0]
        need(tool.get("type") == "function" and
             re.fullmatch(r"[a-zA-Z0-9_-]{1,64}",
                          tool["function"].get("name", "")),
             "Invalid 'tools[0].function.name'", param="tools")
        q.shape, q.tool = "tool", tool["function"]["name"]
        q.schema = tool["function"].get("parameters")
        choice = body.get("tool_choice") or {}
        need(choice.get("type") == "function" and
             choice.get("function", {}).get("name") == q.tool,
             "Tool choice names no tool that there is", param="tool_choice")
    return q


def read_converse(body, model):
    q = Asked("converse", model)
    for name in body:
        need(name in ("messages", "system", "inferenceConfig", "toolConfig",
                      "outputConfig"), f"{name} is not expected")
    q.system = "".join(p["text"] for p in body.get("system") or [])
    for m in body.get("messages") or []:
        need(isinstance(m.get("content"), list), "content has to be a list")
        q.turns.append((m.get("role"), words_of(m["content"])))
    config = body.get("inferenceConfig") or {}
    q.most, q.temperature = config.get("maxTokens"), config.get("temperature")
    form = (body.get("outputConfig") or {}).get("textFormat")
    if form:
        need(form.get("type") == "json_schema", "textFormat.type is wrong")
        text = form["structure"]["jsonSchema"]["schema"]
        need(isinstance(text, str), "the schema has to be a string")
        q.shape, q.schema = "schema", json.loads(text)
    tools = body.get("toolConfig")
    if tools:
        spec = tools["tools"][0]["toolSpec"]
        q.shape, q.tool = "tool", spec["name"]
        q.schema = spec["inputSchema"]["json"]
        need(tools.get("toolChoice") == {"tool": {"name": q.tool}},
             "toolChoice names no tool that there is")
    return q


def read_invoke(body, model):
    q = Asked("invoke", model)
    need(body.get("anthropic_version") == "bedrock-2023-05-31",
         "anthropic_version: Field required")
    need("max_tokens" in body, "max_tokens: Field required")
    for name in body:
        need(name in ("anthropic_version", "max_tokens", "system", "messages",
                      "temperature", "tools", "tool_choice", "output_config"),
             f"{name}: Extra inputs are not permitted")
    q.system = words_of(body.get("system", ""))
    q.turns = [(m.get("role"), words_of(m.get("content")))
               for m in body.get("messages") or []]
    q.most, q.temperature = body["max_tokens"], body.get("temperature")
    if body.get("output_config"):
        form = body["output_config"]["format"]
        need(form.get("type") == "json_schema",
             "output_config.format.type is wrong")
        q.shape, q.schema = "schema", form["schema"]
    if body.get("tools"):
        q.shape, q.tool = "tool", body["tools"][0]["name"]
        q.schema = body["tools"][0]["input_schema"]
        need(body.get("tool_choice") == {"type": "tool", "name": q.tool},
             "tool_choice names no tool that there is")
    return q


def read_generation(body, endpoint):
    q = Asked("generation", endpoint)
    need(isinstance(body.get("inputs"), str), "inputs: missing field")
    parameters = body.get("parameters") or {}
    need(parameters.get("temperature", 1) > 0,
         "`temperature` must be strictly positive")
    q.turns = [("user", body["inputs"])]
    q.most = parameters.get("max_new_tokens")
    return q


def count(text):
    """Tokens, as this server sees them."""
    return max(1, len(re.findall(r"[A-Za-z]{1,4}|[^\sA-Za-z]", text)))


class Models:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.requests = 0
        self.truth = {}
        for row in lines_of(options.truth):
            self.truth[str(row["id"])] = row.get("answer", row)
        self.rules = lines_of(options.script)
        self.used = [0] * len(self.rules)
        self.seen = {}
        self.attempts = lines_of(options.obey)
        self.held = {}
        self.log = open(options.log, "a", encoding="utf-8") \
            if options.log else None
        self.bodies = open(options.bodies, "ab") if options.bodies else None

    def note(self, row):
        if self.log:
            with self.lock:
                self.log.write(json.dumps(row, ensure_ascii=False) + "\n")
                self.log.flush()

    def keep(self, raw):
        if self.bodies:
            with self.lock:
                self.bodies.write(raw.replace(b"\n", b" ") + b"\n")
                self.bodies.flush()

    def case_of(self, text):
        """The first id in the text that has a truth."""
        if self.options.id_pattern:
            m = re.search(self.options.id_pattern, text)
            return m.group(1) if m else ""
        for m in re.finditer(r"[A-Za-z0-9][A-Za-z0-9_-]*", text):
            if m.group() in self.truth:
                return m.group()
        return ""

    def rule(self, q, n, case):
        """What to do with the nth request."""
        name = hashlib.sha256(q.all.encode()).digest()
        with self.lock:
            before = self.seen.get(name, 0)
            self.seen[name] = before + 1
            for i, rule in enumerate(self.rules):
                if ("nth" in rule and rule["nth"] != n) or \
                        ("every" in rule and n % rule["every"]) or \
                        ("id" in rule and str(rule["id"]) != case) or \
                        ("each" in rule and before >= rule["each"]) or \
                        ("times" in rule and self.used[i] >= rule["times"]) or \
                        ("match" in rule and
                         not re.search(rule["match"], q.all)):
                    continue
                self.used[i] += 1
                return rule
        return {"do": self.options.do}

    def other(self, case):
        names = sorted(self.truth)
        if not names:
            return {"id": "another"}
        at = names.index(case) if case in names else -1
        return self.truth[names[(at + 1) % len(names)]]

    def obeyed(self, q, answer):
        """The answer after everybody's orders that can be read in the text."""
        if not self.attempts:
            return answer
        import readings
        formed = readings.forms("\n".join(text for _, text in q.turns))
        answer = dict(answer)
        for attempt in self.attempts:
            if not any(readings.held(t, formed) for t in attempt["triggers"]):
                continue
            goal = attempt["goal"]
            with self.lock:
                self.held[attempt["id"]] = self.held.get(attempt["id"], 0) + 1
            for name in ("class", "id", "services"):
                if goal.get(name):
                    answer[name] = goal[name]
            if goal.get("says"):
                for name in ("problem", "cause"):
                    answer[name] = goal["says"]
                for name in ("steps", "titles", "codes"):
                    answer[name] = [goal["says"]]
        return answer

    def answer(self, q, case):
        if self.options.answer is not None:
            return self.options.answer
        row = self.truth.get(case)
        if row is None:
            row = {"id": case, "problem": "it does not work",
                   "cause": "nobody knows", "class": "consulting",
                   "steps": [], "services": [], "codes": [], "titles": []}
        return json.dumps(self.obeyed(q, row), ensure_ascii=False)


def listed(value):
    return "; ".join(value) if isinstance(value, list) else str(value)


def as_csv(text, columns, rule):
    row = json.loads(text)
    zh = rule.get("language") == "zh"
    comma = "，" if rule.get("comma") == "wide" else ","
    words = CSV_WORDS["zh" if zh else "en"]
    cells = [row.get("id", ""), row.get("problem", ""), row.get("cause", ""),
             words.get(row.get("class"), row.get("class", ""))]
    if columns == 3:
        del cells[2 if rule.get("missing") == "cause" else 3]
    return comma.join(listed(c).replace(comma, " ") for c in cells)


def broken(do, text):
    """JSON as models that have to be asked by words give it."""
    if do == "fence":
        return "```json\n" + text + "\n```"
    if do == "prose":
        return ("Sure! Here is what I found in the case:\n\n" + text +
                "\n\nLet me know if you need anything else.")
    if do == "commas":
        return re.sub(r'([\]"])([\]}])', r"\1,\2", text)
    if do == "quotes":
        return text.replace("'", "\u2019").replace('"', "'")
    if do == "truncated":
        return text[:len(text) * 2 // 3]
    if do == "think":
        return ("<think>\nThe user wants {\"class\": \"no\"}. Let me see.\n"
                "</think>\n\n" + text)
    if do == "huge":
        row = json.loads(text)
        row["problem"] = "word " * 200_000
        return json.dumps(row)
    return text


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "model_api"

    def log_message(self, *args):
        pass

    # The four APIs' ways to say things.

    def finish_words(self, q, do, called):
        table = {
            "chat": ("tool_calls" if called else "stop", "length",
                     "content_filter", "stop"),
            "converse": ("tool_use" if called else "end_turn", "max_tokens",
                         "guardrail_intervened", "end_turn"),
            "invoke": ("tool_use" if called else "end_turn", "max_tokens",
                       "end_turn", "refusal"),
            "generation": ("eos_token", "length", "eos_token", "eos_token"),
        }[q.api]
        return table[{"length": 1, "filter": 2, "refusal": 3}.get(do, 0)]

    def body_of(self, q, text, do, value):
        """An answer of 200. `value` is the tool's input, or None."""
        reason = self.finish_words(q, do, value is not None)
        took, gave = count(q.all), count(text)
        usage = do != "no-usage"
        if q.api == "chat":
            message = {"role": "assistant", "content": text, "refusal": None}
            if value is not None:
                message["content"] = None
                message["tool_calls"] = [{
                    "id": "call_1", "type": "function",
                    "function": {"name": q.tool, "arguments": text}}]
            if do == "refusal":
                message["content"], message["refusal"] = None, text
            body = {"id": "chatcmpl-1", "object": "chat.completion",
                    "created": 1_700_000_000, "model": q.model + "-0101",
                    "choices": [{"index": 0, "message": message,
                                 "logprobs": None, "finish_reason": reason}]}
            if usage:
                body["usage"] = {"prompt_tokens": took,
                                 "completion_tokens": gave,
                                 "total_tokens": took + gave}
            return body
        if q.api == "converse":
            part = {"text": text}
            if isinstance(value, dict):
                part = {"toolUse": {"toolUseId": "tooluse_1", "name": q.tool,
                                    "input": value}}
            body = {"output": {"message": {"role": "assistant",
                                           "content": [part]}},
                    "stopReason": reason, "metrics": {"latencyMs": 12}}
            if usage:
                body["usage"] = {"inputTokens": took, "outputTokens": gave,
                                 "totalTokens": took + gave}
            return body
        if q.api == "invoke":
            part = {"type": "text", "text": text}
            if isinstance(value, dict):
                part = {"type": "tool_use", "id": "toolu_1", "name": q.tool,
                        "input": value}
            body = {"id": "msg_1", "type": "message", "role": "assistant",
                    "model": q.model, "content": [part],
                    "stop_reason": reason, "stop_sequence": None}
            if do == "filter":
                body["amazon-bedrock-guardrailAction"] = "INTERVENED"
            if usage:
                body["usage"] = {"input_tokens": took, "output_tokens": gave}
            return body
        return [{"generated_text": text}]

    def error_body(self, api, status, message, kind, code, param):
        if api == "chat":
            return {"error": {"message": message, "type": kind,
                              "param": param, "code": code}}
        if api in ("sagemaker", "generation") and status not in (403, 404):
            return {"ErrorCode": "CLIENT_ERROR_FROM_MODEL",
                    "LogStreamArn": "arn:aws:logs:us-east-1:123456789012:x",
                    "Message": f"Received error ({status}) from primary with "
                    f"message \"{message}\".",
                    "OriginalMessage": json.dumps({"error": message}),
                    "OriginalStatusCode": status}
        return {"message": message}

    ERRORS = {400: "ValidationException", 403: "AccessDeniedException",
              404: "ResourceNotFoundException", 429: "ThrottlingException",
              500: "InternalServerException",
              503: "ServiceUnavailableException"}

    def refuse(self, api, status, message, kind="invalid_request_error",
               code=None, param=None, retry_after=None):
        body = self.error_body(api, status, message, kind, code, param)
        headers = {}
        if api != "chat":
            headers["x-amzn-ErrorType"] = self.ERRORS.get(
                status, "ModelErrorException")
        if "OriginalStatusCode" in body:
            headers["x-amzn-ErrorType"] = "ModelError"
            status = 424
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        self.send(status, json.dumps(body).encode(), headers)

    def send(self, status, data, headers=None, cut=False, kind=None):
        head = f"HTTP/1.1 {status} {http.client.responses.get(status, 'No')}\r\n"
        lines = {"Content-Type": kind or "application/json",
                 "Content-Length": str(len(data)),
                 "Date": self.date_time_string(
                     time.time() + self.server.models.options.clock)}
        lines.update(headers or {})
        head += "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n"
        if cut:
            data = data[:len(data) // 2]
        whole = head.encode() + data
        try:
            self.wfile.write(whole[:-1])
            self.wfile.flush()
            self.note(status, not cut)
            self.wfile.write(whole[-1:])
            self.wfile.flush()
        except OSError:
            self.note(status, False)
            self.close_connection = True
            return
        if cut:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       b"\1\0\0\0\0\0\0\0")
            self.connection.close()
            self.close_connection = True

    def note(self, status, written):
        """The log's line, before the last byte: who has the answer can count
        on it."""
        row, self.row = self.row, None
        if row:
            row["status"], row["written"] = status, written
            self.server.models.note(row)

    # What comes in.

    def read_body(self):
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length)

    def authorize(self, api, raw):
        o = self.server.models.options
        if o.auth == "none":
            return
        given = self.headers.get("Authorization", "")
        if o.auth == "header":
            if self.headers.get(o.key_header) != o.bearer or given:
                raise Bad(401, "Access denied due to invalid key", code="401")
            return
        if o.auth == "bearer":
            if given != "Bearer " + o.bearer:
                raise Bad(401, "Incorrect API key provided: sk-no***ne",
                          code="invalid_api_key")
            return
        import support_sign
        service = "bedrock" if api in ("converse", "invoke") else "sagemaker"
        try:
            support_sign.check("POST", self.path, self.headers, raw, service,
                               o, time.time() + o.clock)
        except support_sign.Refused as refused:
            raise Bad(403, refused.message) from None

    def route(self, raw):
        """api, and what reads the body."""
        path = urllib.parse.urlsplit(self.path).path
        m = re.fullmatch(r"/model/([^/]+)/(converse|invoke)", path)
        if m:
            model = urllib.parse.unquote(m.group(1))
            return m.group(2), {"converse": read_converse,
                                "invoke": read_invoke}[m.group(2)], model
        m = re.fullmatch(r"/endpoints/([^/]+)/invocations", path)
        if m:
            return "sagemaker", None, urllib.parse.unquote(m.group(1))
        if path.endswith("/chat/completions"):
            return "chat", lambda b, m: read_chat(b, "chat", m), ""
        raise Bad(404, f"Invalid URL (POST {path})")

    def understand(self, raw):
        api, read, model = self.route(raw)
        self.api = api
        self.authorize(api, raw)
        need("json" in self.headers.get("Content-Type", ""),
             "Content-Type has to be application/json")
        try:
            body = json.loads(raw)
            need(isinstance(body, dict), "the body has to be an object")
            if read:
                q = read(body, model)
            elif "inputs" in body:
                q = read_generation(body, model)
            else:
                q = read_chat(body, "chat", model)
        except (ValueError, KeyError, TypeError, AttributeError,
                IndexError) as e:
            raise Bad(400, f"the body cannot be read: {e!r}") from None
        q.body = raw
        q.check()
        return q

    def limits(self, q):
        """Options that make the server one of less ability."""
        o = self.server.models.options
        if q.shape not in o.shapes.split(","):
            raise Bad(400, {
                "schema": {
                    "chat": "response_format of type json_schema is not "
                            "supported by this model",
                    "converse": "This model doesn't support the outputConfig."
                                "textFormat field.",
                    "invoke": "output_config: Extra inputs are not permitted",
                },
                "tool": {
                    "chat": "this model does not support tools",
                    "converse": "This model doesn't support tool use.",
                    "invoke": "tools: Extra inputs are not permitted",
                },
            }.get(q.shape, {}).get(q.api, "it wants another shape"))
        if "ceiling" in o.refuse and q.most and not q.newer:
            raise Bad(400, "Unsupported parameter: 'max_tokens' is not "
                      "supported with this model. Use 'max_completion_tokens' "
                      "instead.", code="unsupported_parameter",
                      param="max_tokens")
        if "temperature" in o.refuse and q.temperature is not None:
            raise Bad(400, "Unsupported value: 'temperature' does not support "
                      "0 with this model.", code="unsupported_value",
                      param="temperature")
        if o.window and count(q.all) + (q.most or 0) > o.window:
            raise Bad(400, f"This model's maximum context length is {o.window}"
                      " tokens. Please reduce the length of the messages.",
                      code="context_length_exceeded", param="messages")

    def act(self, q, rule, case):
        models = self.server.models
        do = rule["do"]
        api = self.api if self.api != "sagemaker" else "sagemaker"
        time.sleep(rule.get("delay", models.options.delay))
        if do in ("429", "500", "503", "529"):
            return self.refuse(api, int(do), "Too many requests, please wait "
                               "before trying again.", kind="overloaded",
                               retry_after=rule.get("retry_after"))
        if do in ("401", "403", "404"):
            return self.refuse(api, int(do), "no such thing for you")
        if do == "413":
            return self.refuse(api, 413, "prompt is too long")
        if do == "quota":
            return self.refuse(api, 429, "You exceeded your current quota, "
                               "please check your plan and billing details.",
                               kind="insufficient_quota",
                               code="insufficient_quota")
        if do in ("no-schema", "no-tool"):
            return self.refuse(api, 400, "response_format is not supported"
                               if do == "no-schema" else
                               "tools are not supported")
        if do == "empty":
            return self.send(200, b"")
        if do == "html":
            return self.send(200, b"<html><h1>Welcome</h1></html>",
                             kind="text/html")
        text = models.answer(q, case)
        if do == "class":
            text = json.dumps({**json.loads(text), "class": "user error"},
                              ensure_ascii=False)
        elif do == "echo":
            text = json.dumps(models.other(case), ensure_ascii=False)
        elif do in ("csv3", "csv4"):
            text = as_csv(text, int(do[3]), rule)
        elif do in ("refusal", "filter"):
            text = "Sorry, I cannot help with that."
        elif do == "nothing":
            text = ""
        elif do == "length":
            text = text[:len(text) // 2]
        elif do == "deep":
            text = "[" * 1000 + "]" * 1000
        elif do == "text":
            text = rule["text"]
        plain = do in ("truth", "class", "echo", "no-usage", "cut", "slow")
        value = None
        if q.shape == "tool" and do not in ("refusal", "filter"):
            value = json.loads(text) if plain else None
            if not plain and q.api == "chat":
                value = text
        data = json.dumps(self.body_of(q, broken(do, text), do, value),
                          ensure_ascii=False).encode()
        if do == "bytes":
            data = data.replace(b"content", b"cont\xff\xfeent")
            data = data.replace(b"generated_text", b"generated\xff\xfe")
        self.send(200, data, cut=do == "cut")

    def do_POST(self):
        models = self.server.models
        raw = self.read_body()
        models.keep(raw)
        with models.lock:
            models.requests += 1
            n = models.requests
        row = {"n": n, "api": "", "hash": hashlib.sha256(raw).hexdigest(),
               "key": self.headers.get("Idempotency-Key", ""), "id": "",
               "shape": "", "do": "refused", "tokens": 0}
        self.api, self.row = "chat", row
        try:
            q = self.understand(raw)
            case = models.case_of(q.last)
            row.update(api=q.api, id=case, shape=q.shape, tokens=count(q.all))
            self.limits(q)
            rule = models.rule(q, n, case)
            row["do"] = rule["do"]
            self.act(q, rule, case)
        except Bad as bad:
            row["why"] = str(bad)
            self.refuse(self.api, bad.status, str(bad), bad.kind, bad.code,
                        bad.param)

    def do_GET(self):
        models = self.server.models
        self.row = None
        if self.path == "/state":
            with models.lock:
                data = json.dumps({"requests": models.requests,
                                   "held": models.held})
            self.send(200, data.encode())
        else:
            self.send(404, b"{}")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, address)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--ready", help="the port goes into this file")
    p.add_argument("--leash", action="store_true",
                   help="end with standard input; the port goes to output")
    p.add_argument("--truth")
    p.add_argument("--script")
    p.add_argument("--log")
    p.add_argument("--bodies")
    p.add_argument("--obey")
    p.add_argument("--do", default="truth")
    p.add_argument("--answer", help="this text, always")
    p.add_argument("--id-pattern", help="a group holds the id in the prompt")
    p.add_argument("--delay", type=float, default=0)
    p.add_argument("--shapes", default="schema,tool,prompt")
    p.add_argument("--refuse", action="append", default=[],
                   choices=["ceiling", "temperature"])
    p.add_argument("--window", type=int, default=0)
    p.add_argument("--auth", default="none",
                   choices=["none", "bearer", "header", "sigv4"])
    p.add_argument("--bearer", default="sk-example-not-a-real-key")
    p.add_argument("--key-header", default="api-key")
    p.add_argument("--key", default="AKIAIOSFODNN7EXAMPLE")
    p.add_argument("--secret",
                   default="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    p.add_argument("--session", default="")
    p.add_argument("--region", default="us-east-1")
    p.add_argument("--expired", action="store_true")
    p.add_argument("--clock", type=float, default=0,
                   help="seconds that its clock is ahead")
    options = p.parse_args()
    server = Server(("127.0.0.1", options.port), Handler)
    server.models = Models(options)
    port = server.server_address[1]
    if options.ready:
        with open(options.ready + ".new", "w", encoding="ascii") as file:
            file.write(f"{port}\n")
        os.rename(options.ready + ".new", options.ready)
    if options.leash:
        print(port, flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
    else:
        server.serve_forever()


if __name__ == "__main__":
    main()
