# The tables about cases: each sums to the same number in every form, readers
# see their own, departments come from a file, and two files go to BI tools.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/made_cases"

cat >opslore.conf <<'CONF'
[reader bot]
labels = public
[reader team]
labels = public, staff
CONF
made_five
made_case 1006 2026-03-31 2026-04-01 EC2 critical '=cmd|calc' public
made_digest 1006 unclassified '@formula, "quoted"' '' '[]' '[]' '[]' '["EC2"]'
made_case 1007 '' '' '' '' '' public
run cases fold --no-index
exits 0

# Every table of cases has all seven of them, in every form.
run --json cases report
exits 0
jq -e '.cases == 7' out >/dev/null || fail "it counts other cases"
for name in class service submitter department month severity time time-class \
	recurring; do
	sum=$(jq --arg n $name '[.[$n][].cases] | add' out)
	[ "$sum" = 7 ] || fail "$name sums to $sum in JSON"
done
cp out whole.json
for name in class service submitter department month severity time time-class \
	recurring; do
	run cases report "$name" --format csv
	exits 0
	sum=$(python3 -c 'import csv, sys
print(sum(int(r["cases"]) for r in csv.DictReader(sys.stdin)))' <out)
	[ "$sum" = 7 ] || fail "$name sums to $sum in CSV"
	run cases report "$name" --format json
	jq -e --arg n "$name" --slurpfile w whole.json '.[$n] == $w[0][$n]' out \
		>/dev/null || fail "$name differs alone and in the whole"
done

# What the tables say.
run cases report class
prints '^class  *cases$'
prints '^configuration error  *3$'
prints '^undigested  *2$'
prints '^unclassified  *1$'
run cases report service
prints '^configuration error  EC2  *2$'
prints '^undigested  *unknown  *1$'
run cases report month
prints '^2026-03  normal  *1$'
prints '^unknown  unknown  *1$'
run cases report time --format csv
prints '^high,1,1,48.0,48.0.$'
prints '^low,2,1,72.0,72.0.$'
prints '^normal,2,1,24.0,24.0.$'
run cases report recurring
prints '^aws-support/123456789012/1001  Why is RunInstances refused.*3  2026-01-05  2026-03-05$'
prints '^once .* 2 *$'
prints '^not folded .* 2 *$'
run cases report failures
exits 0
run cases report
exits 0
prints '^7 cases$'
prints '김철수'

# Wide characters count two columns: numbers stand below each other.
run cases report submitter
python3 - out <<'PY' || fail "columns are not aligned"
import sys, unicodedata
wide = lambda s: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
ends = {wide(line.rstrip("\n")) for line in open(sys.argv[1])}
sys.exit(len(ends) != 1)
PY

# Departments: exact names before patterns; who is in neither is named.
printf 'submitter,department\r\nann@example.com,Platform\r\n*@example.com,"Shop, EU"\r\n김철수,Data\r\n' >map.csv
run cases report department --departments map.csv --format csv
exits 0
prints '^configuration error,EC2,Platform,,1.$'
prints '^configuration error,EC2,"Shop, EU",,1.$'
prints '^undigested,RDS,Data,,1.$'
prints '^configuration error,S3,unmapped,cho@corp.example,1.$'
printf 'ann@example.com,A\nann@example.com,B\n' >bad.csv
run cases report department --departments bad.csv
exits 1
says "bad.csv:2: .*'ann@example.com' is of 'A' and of 'B'"
printf 'only one\n' >bad.csv
run cases report department --departments bad.csv
says 'bad.csv:1: '

# Days and months are those of the time zone.
run --json cases report month --from 2026-03-05 --to 2026-03-06
[ "$(jq '[.month[].cases] | add' out)" = 2 ] || fail "the days are others"
run --json cases report month --time-zone +17:00
jq -e '.month[] | select(.month == "2026-04")' out >/dev/null ||
	fail "1006 is not of April there"
run cases report --time-zone Mars
exits 2
run cases report --from 2026-04-01 --to 2026-03-01
exits 2
run --json cases report class --filter space=elsewhere
[ "$(jq -c .class out)" = '[]' ] || fail "another space has cases"

# Two files, joinable, with nothing that a spreadsheet would run.
run cases report --format csv --out bi
exits 0
prints '^bi: cases.csv 7 rows, digests.csv 5 rows$'
python3 - <<'PY' || fail "the files are not as they should be"
import csv
cases = list(csv.DictReader(open("bi/cases.csv", encoding="utf-8", newline="")))
digests = list(csv.DictReader(open("bi/digests.csv", encoding="utf-8", newline="")))
assert len(cases) == 7 and len(digests) == 5
ids = [c["id"] for c in cases]
assert len(set(ids)) == 7 and all(d["id"] in ids for d in digests)
by = {c["id"].rsplit("/")[-1]: c for c in cases}
assert by["1006"]["submitted_by"] == "'=cmd|calc", by["1006"]
assert by["1005"]["submitted_by"] == "김철수"
assert by["1001"]["hours_open"] == "48.0" and by["1005"]["class"] == "undigested"
said = {d["id"].rsplit("/")[-1]: d for d in digests}
assert said["1006"]["problem"] == "'@formula, \"quoted\""
assert said["1001"]["steps"] == "Add ec2:RunInstances to the role.\nLaunch again."
for row in cases + digests:
    for cell in row.values():
        assert cell[:1] not in ("=", "+", "-", "@", "\t"), row
PY
cp -r bi first
run cases report --format csv --out bi
exits 0
diff -r bi first || fail "the files differ when written again"
mkdir mine && touch mine/precious
run cases report --format csv --out mine
exits 1
[ -f mine/precious ] || fail "a foreign folder was replaced"

# Who may not see cases sees none, in no table and no file.
run --as bot --json cases report
exits 0
jq -e '.cases == 2 and (has("ledger") | not)' out >/dev/null ||
	fail "bot sees more than its own"
! grep -q -e ann@ -e UnauthorizedOperation -e 1001 out || fail "bot is told"
run --as bot cases report --format csv --out theirs
prints 'cases.csv 2 rows, digests.csv 1 rows'
run --as bot cases report ledger
exits 1
says 'for readers who may see all'

run cases report nothing
exits 2
says "no table 'nothing': it is one of class, service"
run cases report --format csv
exits 2
run cases report class --out x --format csv
exits 2
run cases report --out x
exits 2
exit 0
