# Judging a small run, worked out by hand.
. "$SOURCE/tests/cli/scratch"

cat >"$work/docs" <<'J'
{"_id":"q1","title":"","text":"alpha alpha alpha"}
{"_id":"d1","title":"","text":"alpha alpha beta gamma"}
{"_id":"d2","title":"","text":"alpha beta gamma delta epsilon zeta"}
{"_id":"d3","title":"","text":"omega"}
J
"$opslore" -q import jsonl "$work/docs" --space t.example >/dev/null
"$opslore" -q index >/dev/null
printf '%s\n' '{"_id":"q1","text":"alpha"}' '{"_id":"q2","text":"omega"}' \
	'{"_id":"q9","text":"never judged"}' >"$work/q"
# q1 finds itself (left out), d1, d2: relevant is d2, at rank 2.
printf 'query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td3\t2\nq2\td1\t1\n' >"$work/r"
"$opslore" -q --json eval --plain --queries "$work/q" --qrels "$work/r" >"$work/out"
python3 - "$work/out" <<'P' || fail "$(cat "$work/out")"
import json, math, sys
s = json.load(open(sys.argv[1]))
n = lambda a, b: abs(a - b) < 1e-9
assert s["version"] == 1 and s["queries"] == 2 and s["missing"] == 0
ideal = 2 + 1 / math.log2(3)
assert n(s["ndcg@10"], (1 / math.log2(3) + 2 / ideal) / 2), s
assert n(s["mrr@10"], (0.5 + 1) / 2) and n(s["map"], (0.5 + 0.5) / 2), s
assert n(s["recall@100"], (1 + 0.5) / 2), s
P
"$opslore" -q eval --queries "$work/q" --qrels "$work/r" | grep -q '^nDCG@10 ' || fail "no table"
# A judged query without text is said and left out; the exit code tells.
printf 'lost\td1\t1\n' >>"$work/r"
got=0; "$opslore" -q eval --queries "$work/q" --qrels "$work/r" >"$work/out" 2>"$work/err" || got=$?
[ "$got" = 3 ] || fail "exit $got for a query without text"
grep -q "'lost'" "$work/err" || fail "the query without text is not named"
grep -q '^queries *2$' "$work/out" || fail "another count: $(cat "$work/out")"
printf 'q1\td1\n' >"$work/r"
"$opslore" -q eval --queries "$work/q" --qrels "$work/r" 2>/dev/null && fail "malformed judgements"
exit 0
