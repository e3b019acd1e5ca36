# A block for a prompt: a question comes with its best answer, each passage
# once, within the budget, numbered without a gap.
set -eu
opslore=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPSLORE_DB=$work/s.db
fail() { echo "FAILED: $*" >&2; exit 1; }

"$opslore" -q import stackexchange "$SOURCE/examples/sample" --site ops.example
"$opslore" -q index
for query in "nginx 反向代理 502" "pod stuck in CrashLoopBackOff" "디스크 용량"; do
	"$opslore" search --format context --budget 4000 "$query" >"$work/out"
	python3 - "$work/out" "$query" <<'P'
import re, sqlite3, os, sys
text = open(sys.argv[1], encoding="utf-8").read()
ids = re.findall(r"^id: (\S+)$", text, re.M)
kinds = re.findall(r"^passage: (\w+)$", text, re.M)
numbers = [int(n) for n in re.findall(r"^\[(\d+)\]$", text, re.M)]
assert numbers == list(range(1, len(ids) + 1)), numbers
assert len(set(ids)) == len(ids) == len(kinds) > 1, ids
db = sqlite3.connect(os.environ["OPSLORE_DB"])
asked = 0
for i, (one, kind) in enumerate(zip(ids, kinds)):
    if kind != "question" or i + 1 == len(ids):
        continue
    native = one.split("/")[1]
    best = db.execute(
        "SELECT a.NativeID FROM Answers a JOIN Posts p USING (PostID) "
        "WHERE p.NativeID = ? ORDER BY a.NativeID = p.AcceptedAnswer DESC, "
        "a.VoteCount DESC, AnswerID LIMIT 1", (native,)).fetchone()
    if best and "%s#a-%s" % (one, best[0]) in ids:
        asked += 1
        where = ids.index("%s#a-%s" % (one, best[0]))
        assert where <= i + 1, (sys.argv[2], one, ids)
assert asked, (sys.argv[2], ids, kinds)
P
done
"$opslore" search --format context --filter accepted=no "nginx 502" >"$work/out"
grep -q '^passage: accepted$' "$work/out" && fail "a filter was passed by"
"$opslore" search --format context --stage1 -k 1 "nginx 反向代理 502" >"$work/out"
[ "$(grep -c '^passage:' "$work/out")" = 1 ] || fail "the first stage adds nothing"
