# Timing queries: what is printed has the right shape, and what is found is
# what a search finds.
. "$SOURCE/tests/cli/scratch"

cat >"$work/docs" <<'J'
{"_id":"d1","title":"disk","text":"the disk is full again","tags":["linux"]}
{"_id":"d 2","title":"net","text":"the net is down, the disk is not"}
{"_id":"d3","title":"pod","text":"the pod restarts","tags":["linux"]}
J
"$opslore" -q import jsonl "$work/docs" --space t.example >/dev/null
printf 'full disk\n\nthe pod\n...\n' >"$work/q"

expect() {
	local want=$1 got=0
	shift
	"$opslore" -q "$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" = "$want" ] || fail "exit $got, not $want: $(cat "$work/err")"
}

expect 1 bench --queries "$work/q"
grep -q "run 'opslore index'" "$work/err" || fail "nothing about the index"
"$opslore" -q index >/dev/null
expect 2 bench
expect 2 bench --queries "$work/q" pod
expect 2 bench --queries "$work/q" -k 0
expect 2 bench --queries "$work/q" --rounds 0
expect 2 bench --queries "$work/q" --filter colour=red
expect 2 bench --queries "$work/q" --path abacus
expect 1 bench --queries "$work/none"
printf '...\n' >"$work/empty"
expect 2 bench --queries "$work/empty"

# One query of three has no term: it is said, and the code tells.
expect 3 --json bench --queries "$work/q" --plain --rounds 3 -k 2 --out "$work/found"
grep -q "query '4'" "$work/err" || fail "the query without a term is not named"
python3 - "$work/out" "$work/found" <<'P' || fail "$(cat "$work/out" "$work/found")"
import json, sys
s = json.load(open(sys.argv[1]))
assert s["version"] == 1 and s["plain"] is True
assert (s["queries"], s["failed"], s["k"], s["rounds"]) == (2, 1, 2, 3)
assert s["passages"] == 3 and s["segments"] == 1
assert s["path"]
assert s["open"] > 0 and s["first"] > 0
for way in "engine", "end_to_end":
    best, every = s[way]["best"], s[way]["all"]
    assert 0 < best["p50"] <= best["p95"] <= best["p99"]
    for name in "mean", "p50", "p95", "p99":
        assert best[name] <= every[name]
rows = [l.rstrip("\n").split("\t") for l in open(sys.argv[2])]
assert [r[0] for r in rows] == ["1", "3"]
found = [[h.rsplit(":", 1) for h in r[1].split(" ")] for r in rows]
assert [h[0] for h in found[0]] == ["d1", "d_2"]
assert [h[0] for h in found[1]] == ["d3"]
P
# The same scores as a search says.
"$opslore" -q search --plain --format json full disk >"$work/s"
python3 - "$work/s" "$work/found" <<'P' || fail "$(cat "$work/s" "$work/found")"
import json, sys
hits = json.load(open(sys.argv[1]))["hits"]
line = open(sys.argv[2]).readline().split("\t")[1].split()
assert len(line) == 2 and len(hits) >= 2
for hit, found in zip(hits, line):
    assert abs(hit["stage1"] - float(found.rsplit(":", 1)[1])) < 1e-13
P

# JSON lines, a filter, the engine alone, people's form.
printf '%s\n' '{"_id":"a","text":"the disk"}' >"$work/j"
expect 0 bench --queries "$work/j" --filter tag=linux --engine-only --out "$work/found"
grep -q '^engine, best ' "$work/out" || fail "$(cat "$work/out")"
grep -q '^end to end' "$work/out" && fail "more than the engine"
cut -d: -f1 "$work/found" | grep -qx "a	d1" || fail "$(cat "$work/found")"
grep -q 'd_2' "$work/found" && fail "the filter was not asked"

# Another path finds the same, to the last digit.
cp "$work/found" "$work/before"
expect 0 bench --queries "$work/j" --filter tag=linux --engine-only --out "$work/found" --path portable
cmp -s "$work/before" "$work/found" || fail "$(cat "$work/before" "$work/found")"
grep -q 'path portable$' "$work/out" || fail "$(cat "$work/out")"

# In turn: a line of times for each line that comes in.
printf 'go\ngo\n' | "$opslore" -q bench --queries "$work/j" --in-turn >"$work/out"
[ "$(wc -l <"$work/out")" = 3 ] || fail "$(cat "$work/out")"
head -1 "$work/out" | grep -qx ready || fail "not ready: $(cat "$work/out")"
sed 1d "$work/out" | grep -vqE '^[0-9]+$' && fail "no times: $(cat "$work/out")"
exit 0
