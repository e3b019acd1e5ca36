# Each column of the votes adds up to the rows there are; words are words.
. "$SOURCE/tests/cli/scratch"

"$opslore" -q import stackexchange "$SOURCE/examples/sample" --site ops.example >/dev/null
"$opslore" stats votes --format csv >"$work/votes.csv"
awk -F, '
{ sub(/\r$/, "") }
NR == 1 { if ($0 != "votes,questions,answers,accepted") exit 1; next }
$1 == "all" { if ($2 != q || $3 != a || $4 != ok) exit 1; all = 1; next }
{ q += $2; a += $3; ok += $4; buckets++; if ($2 == 0 || $3 == 0) exit 1 }
END { exit !(all && buckets == 7 && q == 96 && a == 152) }' "$work/votes.csv" ||
	fail "the buckets do not add up: $(cat "$work/votes.csv")"
"$opslore" stats votes --format json | python3 -c '
import json, sys
rows = json.load(sys.stdin)["votes"]
assert [r["votes"] for r in rows] == ["negative", "0-100", "101-200",
    "201-300", "301-400", "401-500", "over 500", "all"], rows' ||
	fail "the JSON has other buckets"
"$opslore" stats words --top 200 --format csv | tr -d '\r' >"$work/words.csv"
grep -q '^nginx,' "$work/words.csv" || fail "nginx is not among the words"
grep -qE '^(the|and|not|不|的),' "$work/words.csv" && fail "a stop word counts"
grep -q '^日志,' "$work/words.csv" || fail "no Chinese word is among them"
grep -qE '^(一个|可以|습니다|니다),' "$work/words.csv" && fail "grammar counts"
"$opslore" stats votes --filter space=elsewhere.example --format csv |
	tr -d '\r' | grep -q '^all,0,0,0$' || fail "another space is not empty"
"$opslore" stats clouds 2>/dev/null && fail "an unknown kind was accepted"
"$opslore" --db "$work/none.db" stats votes 2>"$work/err" && fail "no store, no fault"
grep -q "opslore import" "$work/err" || fail "the fault does not say what to do"
