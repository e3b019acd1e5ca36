# The 200 cases of examples/cases, digested as those who wrote them would:
# folded, found, and in every table of the report.
. "$SOURCE/tests/cli/expect"

account=aws-support/123456789012
run cases import "$SOURCE/examples/cases" --space "$account"
exits 0
holds 'SELECT count(*) FROM Cases' 200
python3 - "$SOURCE/examples/cases/truth.jsonl" <<'PY' || fail "no digests"
import json, sqlite3, sys
db = sqlite3.connect("kb.db")
for line in open(sys.argv[1], encoding="utf-8"):
    t = json.loads(line)
    words = [json.dumps(t[k], ensure_ascii=False)
             for k in ("steps", "services", "codes", "titles")]
    done = db.execute(
        "INSERT INTO CaseDigests SELECT CaseID, ContentHash, ?, ?, ?, ?, ?, ?, "
        "?, ?, 0, 'openai', 'made', '1-0', '' FROM Cases WHERE NativeID = ?",
        [t["problem"], t["cause"], t["class"], *words, t["language"], t["id"]])
    assert done.rowcount == 1, t["id"]
db.commit()
PY
run cases fold
exits 0
prints '^200 cases in 18[0-9] entries, [0-9]* of them recurring$'
run index
exits 0
run doctor
exits 0
run search NotEnoughReplicasException
exits 0
prints 'in a model.s words'
run --json cases report --departments "$SOURCE/examples/cases/departments.csv"
exits 0
for name in class service submitter department month severity time time-class \
	recurring; do
	sum=$(jq --arg n $name '[.[$n][].cases] | add' out)
	[ "$sum" = 200 ] || fail "$name sums to $sum"
done
jq -e '[.recurring[] | select(.title != "" and .cases > 1)] | length >= 8' out \
	>/dev/null || fail "hardly anything comes again"
# Again from nothing, in another order of ids: the same entries.
sqlite3 kb.db 'SELECT NativeID, Title, PostContent FROM Posts ORDER BY 1' >first
sqlite3 kb.db 'DELETE FROM CaseEntries; PRAGMA foreign_keys = OFF;
	UPDATE CaseDigests SET CaseID = -CaseID;
	UPDATE CaseReplies SET CaseID = -CaseID;
	UPDATE Cases SET CaseID = -CaseID; UPDATE Cases SET CaseID = 1000 + CaseID;
	UPDATE CaseReplies SET CaseID = 1000 + CaseID;
	UPDATE CaseDigests SET CaseID = 1000 + CaseID'
run cases fold
exits 0
sqlite3 kb.db 'SELECT NativeID, Title, PostContent FROM Posts ORDER BY 1' >second
cmp first second || fail "entries depend on the order of cases"
