# What AWS's command line prints, in any nesting of files, pages and arrays.
. "$SOURCE/tests/cli/expect"

import() {
	run cases import "$@" --space aws-support/123456789012
}

said() {
	echo "SELECT group_concat(SubmittedBy || '|' || Side || '|' || ReplyTime || '|' || Body || '|' || Attachments, ' ~ ') FROM (SELECT r.* FROM CaseReplies r JOIN Cases USING (CaseID) WHERE NativeID = '$1' ORDER BY Position)"
}

mkdir -p aws/words/deep
# A page with its newest communications, the newest first.
cat >aws/cases.json <<'J'
{"nextToken": "x", "cases": [
 {"caseId": "case-123456789012-muen-2026-a1", "displayId": "1001",
  "subject": "实例无法启动", "status": "resolved", "serviceCode": "amazon-ec2",
  "categoryCode": "launch", "severityCode": "high",
  "submittedBy": "li.wei@example.com", "timeCreated": "2026-03-01T01:02:03.456Z",
  "ccEmailAddresses": [], "language": "zh",
  "recentCommunications": {"communications": [
   {"caseId": "case-123456789012-muen-2026-a1", "body": "好了", "submittedBy": "li.wei@example.com", "timeCreated": "2026-03-01T03:00:00.000Z", "attachmentSet": []},
   {"caseId": "case-123456789012-muen-2026-a1", "body": "Try again.", "submittedBy": "Amazon Web Services", "timeCreated": "2026-03-01T02:00:00.000Z"}],
   "nextToken": null}},
 {"displayId": 1002, "caseId": "case-123456789012-muen-2026-b2", "subject": "a \"cases\": [ in a text",
  "timeCreated": "2026-03-02T00:00:00Z", "recentCommunications": {"communications": []}}
 ], "more": {"cases": [1, 2]}}
J
# All communications of the first, with those that are there already.
cat >aws/words/a1.json <<'J'
{"communications": [
 {"caseId": "case-123456789012-muen-2026-a1", "body": "好了", "submittedBy": "li.wei@example.com", "timeCreated": "2026-03-01T03:00:00.000Z"},
 {"caseId": "case-123456789012-muen-2026-a1", "body": "Try again.", "submittedBy": "Amazon Web Services", "timeCreated": "2026-03-01T02:00:00.000Z"},
 {"caseId": "case-123456789012-muen-2026-a1", "body": "InsufficientInstanceCapacity", "submittedBy": "li.wei@example.com", "timeCreated": "2026-03-01T01:02:04.000Z",
  "attachmentSet": [{"attachmentId": "att-1", "fileName": "日志.txt"}]}]}
J
# Two pages one behind the other, in UTF-16 as PowerShell writes them.
printf '%s\n%s\n' \
	'{"communications": [{"caseId": "case-123456789012-muen-2026-b2", "body": "두 번째", "submittedBy": "AWS Support", "timeCreated": "2026-03-02T02:00:00Z"}]}' \
	'{"communications": [{"caseId": "case-123456789012-muen-2026-b2", "body": "first", "submittedBy": "kim", "timeCreated": "2026-03-02T01:00:00Z"}, {"caseId": "gone", "body": "whose?", "submittedBy": "x", "timeCreated": "2026-03-02T01:00:00Z"}]}' |
	iconv -t UTF-16 >aws/words/deep/b2.json
# A case in a file of its own; several in lines; pages in an array.
echo '{"displayId": "1003", "subject": "alone", "timeCreated": "2026-03-03T00:00:00Z"}' >aws/1003.json
printf '%s\n\n%s' '{"displayId": "1004", "subject": "line", "timeCreated": "2026-03-04T00:00:00Z"}' \
	'{"displayId": "1005", "subject": "line", "timeCreated": "2026-03-05T00:00:00Z"}' >aws/lines.jsonl
echo '[{"cases": [{"displayId": "1006", "subject": "page", "timeCreated": "2026-03-06T00:00:00Z"}]}, {"cases": []}, {"cases": [{"displayId": "1007", "subject": "page", "timeCreated": "2026-03-07T00:00:00Z"}]}]' >aws/pages.json
echo '{"version": 1, "settings": {"a": [1, 2]}}' >aws/other.json

import aws
exits 0
prints '^aws-support/123456789012: 7 cases with 5 replies in 7 files$'
prints "aws/words/deep/b2.json:2: communications of 'gone', of which there is no case: left out"
prints "aws/other.json: it holds no cases (no 'displayId'): passed over"
holds "$(said 1001)" 'li.wei@example.com|customer|2026-03-01 01:02:04.000|InsufficientInstanceCapacity|["日志.txt"] ~ Amazon Web Services|provider|2026-03-01 02:00:00.000|Try again.| ~ li.wei@example.com|customer|2026-03-01 03:00:00.000|好了|'
holds "$(said 1002)" 'kim|customer|2026-03-02 01:00:00.000|first| ~ AWS Support|provider|2026-03-02 02:00:00.000|두 번째|'
holds "SELECT SourceID, Subject, Status, Language, Severity, Service, Category, SubmittedBy, CreatedTime FROM Cases WHERE NativeID = '1001'" \
	'case-123456789012-muen-2026-a1|实例无法启动|resolved|zh|high|amazon-ec2|launch|li.wei@example.com|2026-03-01 01:02:03.456'
import aws
prints '^  added 0, changed 0, same 7$'

# What it holds besides comes out and in again.
run cases export files
head -1 files/2026-03/2026-03.csv | grep -q ',status,caseId,language$' ||
	fail "more columns are not there"
"$opslore" --db again.db -q cases import files --space aws-support/123456789012
"$opslore" --db again.db -q cases export files2
diff -r files files2 || fail "the round trip is not exact"

# Words beside a CSV may be AWS's, too.
mkdir -p csv/words
printf 'displayId,subject,timeCreated\n2001,x,2026-04-01T00:00:00Z\n' >csv/2026-04.csv
echo '[{"caseId": "2001", "body": "b", "submittedBy": "me", "timeCreated": "2026-04-01T00:00:00Z"}]' >csv/words/2001.json
import csv
exits 0
prints '1 cases with 1 replies'

# A named file that holds no case is an error, and so is half a one.
import aws/other.json
exits 1
prints 'aws/other.json:1: this is no case as AWS prints it'
head -c 700 aws/cases.json >cut.json
import cut.json
exits 1
prints 'cut.json:2: the value that begins here is cut off; the rest of the file was not read'
