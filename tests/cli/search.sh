# Searching the sample: the forms, filters, and what goes wrong.
. "$SOURCE/tests/cli/scratch"
code() { want=$1; shift; got=0; "$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" = "$want" ] || fail "exit $got, not $want: $* $(cat "$work/err")"; }

code 1 "$opslore" search nginx
grep -q "opslore import" "$work/err" || fail "no word on the missing store"
"$opslore" -q import stackexchange "$SOURCE/examples/sample" --site ops.example >/dev/null
code 1 "$opslore" search nginx
grep -q "opslore index" "$work/err" || fail "no word on the missing index"
"$opslore" -q index >/dev/null

code 0 "$opslore" search "nginx 反向代理 502"
head -1 "$work/out" | grep -q '^ 1\. .*502' || fail "another first result: $(head -1 "$work/out")"
[ -s "$work/err" ] && fail "people's text on standard error: $(cat "$work/err")"
grep -q "$(printf '\033')" "$work/out" && fail "colour without a terminal"
code 0 "$opslore" search -k 1 --filter accepted=yes nginx 502 bad gateway
grep -q '✓ accepted answer' "$work/out" || fail "no accepted mark"
[ "$(grep -c '^ *1\. ' "$work/out")" = 1 ] || fail "-k 1 gave more"

code 0 "$opslore" --json search -k 2 --filter tag=nginx --filter score=1.. 502
python3 - "$work/out" <<'P' || fail "the JSON is not as documented"
import json, sys
text = open(sys.argv[1]).read()
assert text.count("\n") == 1
a = json.loads(text)
assert a["version"] == 1 and a["query"] == "502" and len(a["hits"]) == 2
for n, h in enumerate(a["hits"]):
    assert h["rank"] == n + 1 and "nginx" in h["tags"] and h["votes"] >= 1
    assert h["id"].startswith("ops.example/" + h["post"])
    assert h["link"].startswith("https://ops.example/") and h["licence"]
    s = h["snippet"].encode()
    for a_, b_ in h["highlights"]:
        assert "502" in s[a_:b_].decode() or s[a_:b_], h
P
code 0 "$opslore" search --format context --budget 500 disk full
grep -q '^\[1\]$' "$work/out" || fail "the context has no number"
grep -q '^licence: CC-BY-SA' "$work/out" || fail "the context has no licence"

code 0 "$opslore" search -k 1 --total disk
grep -qE '^[0-9]+ passages in all$' "$work/out" || fail "no total"
code 0 "$opslore" --json search --facets tag,accepted,year --top 3 --passages -k 1000 --stage1 disk
python3 - "$work/out" <<'P' || fail "counts are not those of the results"
import collections, json, sys
a = json.load(open(sys.argv[1]))
hits = a["hits"]
assert a["total"] == len(hits) > 3
want = {"tag": [t for h in hits for t in h["tags"]],
        "accepted": ["yes" if h["accepted"] else "no" for h in hits],
        "year": [h["modified"][:4] for h in hits if h["modified"]]}
assert [f["facet"] for f in a["facets"]] == list(want)
for f in a["facets"]:
    count = collections.Counter(want[f["facet"]])
    best = sorted(count.items(), key=lambda v: (-v[1], v[0]))[:3]
    assert [(v["value"], v["count"]) for v in f["values"]] == best, f
    assert f["distinct"] == len(count)
P
code 0 "$opslore" search --facets tag,kind --top 1 --filter accepted=yes disk
grep -qE '^tag: [a-z0-9-]+ [0-9]+, [0-9]+ more$' "$work/out" || fail "no facet: $(cat "$work/out")"
grep -qE '^kind: question [0-9]+$' "$work/out" || fail "no facet of kinds"
code 0 "$opslore" search --total zzzzqqqq
[ "$(cat "$work/out")" = "0 passages in all" ] || fail "no total of nothing"

printf '%s\n' '{"_id":"a","text":"disk full"}' '{"_id":"b","text":"??"}' >"$work/q"
code 3 "$opslore" search --queries "$work/q" -k 2
[ "$(wc -l <"$work/out")" = 2 ] || fail "the run has other lines"
grep -qE '^a Q0 [0-9]+ 1 [0-9.]+ opslore$' "$work/out" || fail "not a run: $(cat "$work/out")"

code 2 "$opslore" search
code 2 "$opslore" search --filter nonsense disk
code 2 "$opslore" search --filter owner=me disk
grep -q "space, kind, tag" "$work/err" || fail "allowed filters are not named"
code 2 "$opslore" search --filter date=yesterday.. disk
code 2 "$opslore" search -k 0 disk
code 2 "$opslore" search --format xml disk
code 2 "$opslore" search --facets owner disk
grep -q "space, kind, tag" "$work/err" || fail "facets are not named"
code 2 "$opslore" search --facets tag --top 0 disk
code 2 "$opslore" search --top 3 disk
code 2 "$opslore" search --total --format context disk
code 2 "$opslore" search "the of and"
code 1 "$opslore" search --queries "$work/missing"
code 0 "$opslore" search zzzzqqqq
[ -s "$work/out" ] && fail "results for a word that is nowhere"
exit 0
