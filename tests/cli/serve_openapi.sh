# /openapi.json says what is so: each path and method is there, each answer
# has the members that it says and no other, each parameter is taken.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/server"
run import stackexchange "$sample" --site ops.example
run index
exits 0
serve
cat >hold.py <<'P'
import http.client, json, sys, urllib.parse

line = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)


def ask(method, path, body=None):
    line.request(method, path, body,
                 {"Content-Type": "application/json"} if body else {})
    reply = line.getresponse()
    return reply.status, reply.headers.get_content_type(), reply.read()


status, kind, text = ask("GET", "/openapi.json")
assert status == 200 and kind == "application/json"
api = json.loads(text)
assert api["openapi"] == "3.1.0" and api["info"]["version"]
schemas = api["components"]["schemas"]


def hold(value, schema, where):
    """JSON Schema as far as this document uses it, and nothing is left
    over."""
    if "$ref" in schema:
        place = api
        for step in schema["$ref"][2:].split("/"):
            place = place[step]
        return hold(value, place, where)
    assert set(schema) <= {"type", "properties", "required", "items",
                           "description"}, schema
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool,
             "integer": int, "number": (int, float)}
    assert isinstance(value, kinds[schema["type"]]), (where, value)
    if schema["type"] in ("integer", "number"):
        assert not isinstance(value, bool), where
    if schema["type"] == "array":
        for member in value:
            hold(member, schema["items"], where + "[]")
    if schema["type"] == "object" and "properties" in schema:
        assert set(schema["required"]) <= set(value), (where, value)
        for name, member in value.items():
            assert name in schema["properties"], (where, name)
            hold(member, schema["properties"][name], where + "." + name)


def answers(path, method, target, body=None, want=200):
    says = api["paths"][path][method.lower()]["responses"]
    says = says.get(str(want), says["default"])
    status, kind, text = ask(method, target, body)
    assert status == want, (target, status, text)
    if method == "HEAD" or want == 204:
        assert text == b"" and "content" not in says, (method, target)
    elif kind == "application/json":
        hold(json.loads(text), says["content"][kind]["schema"], target)
    else:
        assert kind in says["content"], (target, kind)
    return text


first = json.loads(answers("/v1/search", "GET", "/v1/search?q=nginx"))
name = urllib.parse.quote(first["hits"][0]["id"], safe="")
targets = {
    "/v1/search": "/v1/search?q=nginx",
    "/v1/posts/{id}": "/v1/posts/" + name,
    "/v1/passages/{id}": "/v1/passages/" + name,
}
methods = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}
operations = set()
for path, said in api["paths"].items():
    target = targets.get(path, path)
    there = {m for m in methods if m.lower() in said}
    for method in there:
        operations.add(said[method.lower()]["operationId"])
        body = '{"q":"nginx"}' if method == "POST" else None
        answers(path, method, path if body else target, body,
                204 if method == "OPTIONS" else 200)
    for method in methods - there:
        status, kind, text = ask(method, target)
        assert status == 405, (method, target, status)
        hold(json.loads(text), schemas["Error"], target)
        status = line.request(method, target) or line.getresponse()
        allow = status.getheader("Allow")
        status.read()
        assert set(allow.split(", ")) == there, (target, allow)
assert len(operations) == sum(len(set(p) - {"parameters"})
                              for p in api["paths"].values())
for target, want in (("/v1/search", 400), ("/v1/search?q=a&k=0", 400)):
    answers("/v1/search", "GET", target, want=want)
answers("/v1/posts/{id}", "GET", "/v1/posts/a%2Fb", want=404)
answers("/v1/passages/{id}", "GET", "/v1/passages/a", want=400)

# Parameters: those that are said are taken, in both notations.
search = api["paths"]["/v1/search"]
names = [p["name"] for p in search["get"]["parameters"]]
body = search["post"]["requestBody"]["content"]["application/json"]["schema"]
assert names == list(body["properties"]) and body["required"] == ["q"]
good = {"q": "nginx", "k": 3, "format": "json", "budget": 1000, "plain": True,
        "stage1": False, "passages": True, "total": True, "facets": "tag,year", "top": 3,
        "filter": "tag=nginx",
        "space": "ops.example", "kind": "question", "tag": "nginx",
        "lang": "en", "class": "a", "service": "b", "accepted": "yes",
        "score": "1..", "date": "2001-01-01.."}
assert sorted(good) == sorted(names), set(good) ^ set(names)
for p in search["get"]["parameters"]:
    value, schema = good[p["name"]], p["schema"]
    assert p["required"] == (p["name"] == "q")
    texts = [str(value)]
    if schema["type"] == "boolean":
        texts = ["yes", "no", "true", "false", "0", "1"]
    elif schema["type"] == "integer":
        texts += [str(schema["minimum"]), str(schema["maximum"])]
        for bad in schema["minimum"] - 1, schema["maximum"] + 1:
            answers("/v1/search", "GET",
                    "/v1/search?q=a&%s=%d" % (p["name"], bad), want=400)
    elif "enum" in schema:
        texts = schema["enum"]
    for text in texts:
        query = {"q": "nginx", p["name"]: text}
        if p["name"] == "top":
            query["facets"] = "tag"
        answers("/v1/search", "GET",
                "/v1/search?" + urllib.parse.urlencode(query))
    answers("/v1/search", "POST", "/v1/search",
            json.dumps({"q": "nginx", p["name"]: value,
                        "facets": "space, tag"}))
answers("/v1/search", "POST", "/v1/search", json.dumps(good))
answers("/v1/search", "GET", "/v1/search?q=a&no=1", want=400)
P
last='hold.py'
python3 hold.py "$port" >out 2>err || fail 'the document does not hold'
stops
