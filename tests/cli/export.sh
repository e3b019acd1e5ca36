# An export appears whole, adds up, names everybody, and is the same each time.
. "$SOURCE/tests/cli/scratch"

"$opslore" -q import stackexchange "$SOURCE/examples/sample" --site ops.example >/dev/null
"$opslore" -q --json export chat --out "$work/one" >"$work/report.json"
"$opslore" -q export chat --out "$work/two" >/dev/null
diff -r "$work/one" "$work/two" || fail "two exports of one store differ"

python3 - "$work/one" "$work/report.json" <<'P'
import hashlib, json, os, sys
folder, report = sys.argv[1], json.load(open(sys.argv[2]))
manifest = json.load(open(os.path.join(folder, "manifest.json")))
assert sorted(os.listdir(folder)) == sorted(
    list(manifest["files"]) + ["manifest.json"]), os.listdir(folder)
for name, want in manifest["files"].items():
    data = open(os.path.join(folder, name), "rb").read()
    assert hashlib.sha256(data).hexdigest() == want["sha256"], name
    assert len(data) == want["bytes"], name
assert manifest["candidates"] == manifest["examples"] + sum(
    manifest["dropped"].values()), manifest
assert report["examples"] == manifest["examples"] > 50
assert manifest["candidates"] == 96
lines = open(os.path.join(folder, "chat.jsonl"), encoding="utf-8").read().split("\n")
assert lines.pop() == ""
sources = [json.loads(l) for l in open(os.path.join(folder, "provenance.jsonl"))]
assert len(lines) == len(sources) == manifest["examples"]
for number, (line, source) in enumerate(zip(lines, sources), 1):
    record = json.loads(line)
    assert list(record) == ["messages"]
    assert [m["role"] for m in record["messages"]] == ["user", "assistant"]
    assert all(m["content"].strip() for m in record["messages"])
    assert source["line"] == number
    assert source["sha256"] == hashlib.sha256(line.encode()).hexdigest()
    for part in source["question"], source["answer"]:
        assert part["link"].startswith("https://ops.example/")
        assert part["author"] and part["licence"].startswith("CC-BY-SA-")
    assert source["answer"]["score"] >= 1
assert any("代理" in l for l in lines), "no Chinese example"
P

before=$(cd "$work/one" && cat * | sha256sum)
if "$opslore" -q export chat --out "$work/one" --min-score nine 2>/dev/null; then
	fail "a bad number was accepted"
fi
[ "$before" = "$(cd "$work/one" && cat * | sha256sum)" ] ||
	fail "a refused export touched the folder"
"$opslore" -q export chat --out "$work/one" --min-score 100 >/dev/null
[ "$(wc -l <"$work/one/chat.jsonl")" -lt "$(wc -l <"$work/two/chat.jsonl")" ] ||
	fail "a higher threshold did not make the set smaller"
ls -d "$work"/one.tmp-* 2>/dev/null && fail "a temporary folder stayed"
mkdir "$work/mine" && echo precious >"$work/mine/notes.txt"
"$opslore" -q export chat --out "$work/mine" 2>"$work/err" &&
	fail "a folder with other files was replaced"
grep -q "other files" "$work/err" || fail "the refusal does not say why"
[ "$(cat "$work/mine/notes.txt")" = precious ] || fail "the file was touched"

"$opslore" -q export chat --out "$work/tag" --filter tag=nginx --system "Help." >/dev/null
head -n 1 "$work/tag/chat.jsonl" | grep -q '^{"messages":\[{"role":"system","content":"Help."' ||
	fail "the first turn is not the system's"
