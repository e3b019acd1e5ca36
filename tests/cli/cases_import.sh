# Cases come out of plain files, and go back into them byte by byte.
. "$SOURCE/tests/cli/expect"

import() {
	run cases import "$@" --space aws-support/123456789012
}

# said ID: what was said, in order.
said() {
	echo "SELECT group_concat(SubmittedBy || '|' || Side || '|' || ReplyTime || '|' || Body || '|' || Attachments, ' ~ ') FROM (SELECT r.* FROM CaseReplies r JOIN Cases USING (CaseID) WHERE NativeID = '$1' ORDER BY Position)"
}

# Months as people keep them: an index column, columns in any order, "repies".
mkdir -p have/2026-01/repies have/replies have/2026-02
cat >have/2026-01/2026-01.csv <<'C'
,displayId,subject,submittedBy,timeCreated,severityCode,serviceCode,categoryCode
0,101,"磁盘满了, 无法写入",li.wei@example.com,2026-01-05T08:14:09.123Z,urgent,amazon-ec2,storage
1,102,"접속이 ""거부""됨",kim@example.com,2026-01-20 23:59:59+09:00,low,amazon-rds,connect
2,103,no text beside it,li.wei@example.com,2026-01-21T00:00:00Z,low,billing,other
C
printf 'The volume is full.\n\nWhat now?\n' >have/2026-01/repies/101.txt
cat >have/2026-01/repies/102.txt <<'T'
submittedBy: kim@example.com
timeCreated: 2026-01-20T14:59:59.000Z
접속할 수 없습니다.
-----
submittedBy: Amazon Web Services
timeCreated: 2026-01-20T15:30:00.000Z
Open port 3306.
T
printf 'SeverityCode;DisplayID;Subject;TimeCreated;more\r\nhigh;201;=cmd|calc;2026-02-01T00:00:00Z;x\r\n' \
	>have/2026-02/2026-02.csv
cat >have/replies/201.txt <<'T'
[{"caseId":"case-201","body":"Second.","submittedBy":"Amazon Web Services",
  "timeCreated":"2026-02-01T02:00:00Z",
  "attachmentSet":[{"attachmentId":"a","fileName":"fix.sh"}]},
 {"body":"First.","submittedBy":"kim@example.com",
  "timeCreated":"2026-02-01T01:00:00Z"}]
T
echo 'name,department' >have/departments.csv

import have
exits 0
prints '^aws-support/123456789012: 4 cases with 5 replies in 3 files$'
prints '^  added 4, changed 0, same 0$'
prints "have/2026-01/2026-01.csv:4: case '103' has no text in replies/ or repies/: taken without replies"
prints "have/departments.csv: it holds no cases (no 'displayId'): passed over"
holds "SELECT Subject, SubmittedBy, CreatedTime, Severity, Service, Category, Access, Channel FROM Cases WHERE NativeID = '101'" \
	'磁盘满了, 无法写入|li.wei@example.com|2026-01-05 08:14:09.123|urgent|amazon-ec2|storage|staff|import'
holds "SELECT Subject, CreatedTime FROM Cases WHERE NativeID = '102'" \
	'접속이 "거부"됨|2026-01-20 14:59:59.000'
holds "$(said 101)" '|||The volume is full.

What now?
|'
holds "$(said 102)" 'kim@example.com|customer|2026-01-20 14:59:59.000|접속할 수 없습니다.| ~ Amazon Web Services|provider|2026-01-20 15:30:00.000|Open port 3306.|'
holds "$(said 201)" 'kim@example.com|customer|2026-02-01 01:00:00.000|First.| ~ Amazon Web Services|provider|2026-02-01 02:00:00.000|Second.|["fix.sh"]'
import have
prints '^  added 0, changed 0, same 4$'

# store -> files -> store -> files.
run cases export files
exits 0
prints '^files: 4 cases of aws-support/123456789012 with 5 replies, in 2 months'
grep -q "^201,\"'=cmd|calc\"," files/2026-02/2026-02.csv ||
	fail "the formula was not disarmed"
[ "$(head -1 files/2026-01/2026-01.csv)" = displayId,subject,submittedBy,timeCreated,severityCode,serviceCode,categoryCode ] ||
	fail "the head of the CSV is another"
cmp have/2026-01/repies/101.txt files/2026-01/replies/101.txt ||
	fail "a text of which nothing is known is another"
absent files/2026-01/replies/103.txt
"$opslore" --db again.db -q cases import files --space aws-support/123456789012 >err ||
	fail "our own files cannot be imported"
"$opslore" --db again.db -q cases export files2 || fail "cannot be exported"
diff -r files files2 || fail "files -> store -> files is not the same"
columns='NativeID, SourceID, Subject, SubmittedBy, Status, Severity, Service, Category, Language, Link, CreatedTime, ResolvedTime, Access, Channel, ContentHash, RowHash'
for db in kb again; do
	sqlite3 -readonly $db.db "SELECT $columns FROM Cases ORDER BY NativeID;
		SELECT NativeID, r.SubmittedBy, Side, ReplyTime, Body, Attachments FROM CaseReplies r JOIN Cases USING (CaseID) ORDER BY NativeID, Position" >$db.all
done
cmp kb.all again.all || fail "store -> files -> store is not the same"

# A folder that is there is left alone; nothing half-written stays.
run cases export files
exits 2
says ".files. is there already"
run cases export none --filter space=elsewhere
exits 1
absent none none.tmp-*

# More columns when there is more to tell; a label of the command wins.
import have --access team
prints '^  added 0, changed 4, same 0$'
run cases export labelled
head -1 labelled/2026-01/2026-01.csv | grep -q ',accessLabel$' ||
	fail "the label is not told"
"$opslore" --db label.db -q cases import labelled --space a/b >err
"$opslore" --db label.db -q cases export labelled2
diff -r labelled labelled2 || fail "labels do not come back"

# A reader gets what the reader may see, and does not import.
printf '[reader guest]\nlabels = public\n[reader team]\nlabels = public, team\n' >readers.conf
run --config readers.conf --as guest cases export guest
exits 1
says 'or none that you may see'
absent guest
run --config readers.conf --as team cases export team
exits 0
diff -r team labelled || fail "the reader sees something else"
run --config readers.conf --as team cases import have --space a/b
exits 1
says 'may not'

# Dates.
run cases export february --from 2026-02-01
exits 0
absent february/2026-01
[ "$(wc -l <february/2026-02/2026-02.csv)" -eq 2 ] || fail "a wrong month"
run cases export january --to 2026-01-20T14:59:59Z
[ "$(wc -l <january/2026-01/2026-01.csv)" -eq 2 ] || fail "--to is not before"

# As JSON.
import have --json
python3 - out <<'P' || fail "the report is no JSON as promised"
import json, sys
r = json.load(open(sys.argv[1]))
assert r["taken"] and r["cases"] == 4 and r["replies"] == 5 and r["files"] == 3, r
assert r["changed"] == 4 and r["broken"]["count"] == 0, r
assert [n["code"] for n in r["notes"]["first"]] == [
    "import-no-text", "import-passed-over"], r
P

# The cases of the examples: twice through the store is the same, and what was
# in our form (columns, texts) is what it was.
cp -r "$SOURCE/examples/cases" examples
"$opslore" --db ex.db -q cases import examples --space a/b || fail "the examples"
"$opslore" --db ex.db -q cases export ex
"$opslore" --db ex2.db -q cases import ex --space a/b
"$opslore" --db ex2.db -q cases export ex2
diff -r ex ex2 || fail "the examples do not come back"
(cd ex && find . -type f) >names
while read -r name; do
	was=examples/$name
	[ -e "$was" ] || was=$(echo "$was" | sed s,/replies/,/repies/,)
	case $(head -n 1 "$was") in
	displayId,* | 'opslore case replies, form 1')
		cmp "$was" "ex/$name" || fail "'$name' is not what it was"
		echo "$name" >>equal
		;;
	esac
done <names
[ "$(wc -l <equal)" -ge 100 ] || fail "hardly a file was in our form"
