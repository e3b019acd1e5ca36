# The harness that times engines beside each other, with none but ours: words
# are cut as the analyzer cuts them, and each form of ours gives one answer.
. "$SOURCE/tests/cli/scratch"
opslore=$(readlink -f "$opslore")
export PYTHONDONTWRITEBYTECODE=1
bench=$SOURCE/tests/bench/search

cat >"$work/text" <<'T'
nginx: open() "/var/log/nginx/error.log" failed (13: EACCES)
ÄÖ naïve x86_64 C++ 日本語 a.b.c don't 10.0.0.1:8080
T
"$opslore" -q analyze --plain - <"$work/text" >"$work/ours"
(cd "$bench" && python3 -c '
import sys
from corpus import words
for line in sys.stdin:
    print(" ".join(words(line)))') <"$work/text" >"$work/theirs"
diff "$work/ours" "$work/theirs" >"$work/diff" || fail "$(cat "$work/diff")"

"$bench/run.py" --opslore "$opslore" --work "$work/b" --peers none \
	--count 1200 --rounds 2 -k 10 --json "$work/json" \
	>"$work/out" 2>"$work/err" || fail "$(cat "$work/err")"
python3 - "$work/json" <<'P' || fail "$(cat "$work/out")"
import json, sys
report = json.load(open(sys.argv[1]))
(race,) = report["races"]
names = [e["engine"] for e in race["engines"]]
assert names[0] == "opslore" and len(names) >= 3, names
for engine in race["engines"]:
    assert engine["same"] == engine["of"] == 200, engine
    assert engine["rounds"] == 2 and 0 < engine["ms"][1] <= engine["ms"][3]
assert report["builds"]["opslore"]["size"] > 100000
P
grep -q '^| opslore, portable ' "$work/out" || fail "$(cat "$work/out")"
exit 0
