# cases digest, set, show: what is due goes through a model, what comes back is
# judged, a person's word stays.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cases/scripted"

space=aws-support/123456789012

# case ID SUBJECT REPORT REPLY [SPACE [ACCESS]]: one case as a pull leaves it.
case_put() {
	sqlite3 kb.db <<END || fail 'no case'
INSERT INTO Cases (Space, NativeID, SourceID, Subject, SubmittedBy, Status,
	Severity, Service, Category, Language, Link, CreatedTime, ResolvedTime,
	Access, Channel, ContentHash, RowHash, ReplyCount, FetchTime)
VALUES ('${5:-$space}', '$1', '', '$2', 'jane.doe@example.com', 'resolved',
	'high', 'eks', 'pods', 'en', '', '2026-03-01 09:12:00.000', '',
	'${6:-staff}', '', $1, $1, 2, '2026-03-01 09:12:00.000');
INSERT INTO CaseReplies (CaseID, Position, SubmittedBy, Side, ReplyTime, Body,
	Attachments)
SELECT max(CaseID), 0, 'jane.doe@example.com', 'customer',
	'2026-03-01 09:12:00.000', '$3', '[]' FROM Cases;
INSERT INTO CaseReplies (CaseID, Position, SubmittedBy, Side, ReplyTime, Body,
	Attachments)
SELECT max(CaseID), 1, 'Cloud', 'provider', '2026-03-01 10:12:00.000', '$4',
	'[]' FROM Cases;
END
}

truth_put() {
	printf '{"id":"%s","answer":{"id":"%s","problem":"%s","cause":"%s","class":"%s","steps":["Do it."],"services":["eks"],"codes":[],"titles":[]}}\n' \
		"$1" "$1" "$2" "$3" "$4" >>truth.jsonl
}

run init
exits 0
case_put 1001 'No image' 'ErrImagePull since noon, mail jane.doe@example.com' \
	'Attach the policy.'
case_put 1002 '磁盘满了' '磁盘 100%，无法写入。' '请清理日志。'
case_put 1003 'Odd' 'It is odd.' 'So it is.'
truth_put 1001 'The pod cannot pull its image.' 'A policy is missing.' \
	'configuration error'
truth_put 1002 '磁盘已满。' '日志没有轮转。' '配置错误'
truth_put 1003 'It is odd.' 'Nobody knows.' 'consulting'

# Nobody to ask: said so, and nothing is written down against a case.
run cases digest
exits 2
says 'llm'
printf '[llm default]\nkind = openai\nurl = http://127.0.0.1:9/v1\nmodel = m\nallow-private = yes\ntries = 1\n' \
	>opslore.conf
run cases digest
exits 1
says 'no connection'
holds 'SELECT count(*) FROM CaseFailures' 0

printf '%s\n' '{"id": "1003", "do": "echo"}' >script
model --truth truth.jsonl --script script --log log --bodies bodies
settings 'input-price = 1' 'output-price = 2'
run cases digest --dry-run
exits 0
prints '^3 cases, 6 prompts, 0 of them answered already'

# What follows counts calls: one a case.
digest_settings='second-opinion = doubt'
settings 'input-price = 1' 'output-price = 2'
run cases digest --dry-run
exits 0
prints '^3 cases, 3 prompts, 0 of them answered already'
prints 'USD'
[ ! -s log ] || fail 'a dry run asked'

# 1003 is answered with another case's id, twice: that is no answer.
run cases digest
exits 3
prints '^2 of 3 cases digested, 1 failed, 0 left'
prints '^4 asked, 0 kept answers, 4 sent, 0 tried again; .* USD'
says '1003: .*digest-id'
holds 'SELECT count(*) FROM CaseDigests' 2
holds 'SELECT Class FROM CaseDigests WHERE CaseID = 2' 'configuration error'
holds 'SELECT Language FROM CaseDigests WHERE CaseID = 2' zh
holds 'SELECT Tries, Code FROM CaseFailures' '1|digest-id'
! grep -q 'jane.doe' bodies || fail 'an address left the house'

# Nothing that was answered is asked again; a failure is, up to its tries.
: >log
run cases digest
exits 3
prints '^0 of 1 cases digested'
[ "$(wc -l <log)" = 2 ] || fail 'the wrong answers were not asked for anew'
run cases digest
exits 3
run cases digest
exits 0
prints '^0 of 0 cases digested'

# A person's word: checked, kept, never overwritten, shown as an example.
run cases set 1001 class=nonsense
exits 2
says 'there is no class'
run cases set 1001 colour=red
exits 2
run cases set 1001 services=floppy
exits 2
run cases set 4711 class=consulting
exits 1
holds 'SELECT count(*) FROM CaseCorrections' 0
run cases set 1001 'class=服务故障' 'steps=One thing.; Another.' services=EKS
exits 0
holds "SELECT Value FROM CaseCorrections WHERE Field = 'class'" 'service fault'
holds "SELECT Value FROM CaseCorrections WHERE Field = 'steps'" \
	'["One thing.","Another."]'
holds "SELECT Value FROM CaseCorrections WHERE Field = 'services'" '["eks"]'
: >bodies
run cases digest --case 1001 --again
exits 0
prints '^1 of 1 cases digested'
holds 'SELECT Class FROM CaseDigests WHERE CaseID = 1' 'configuration error'
run cases show 1001
exits 0
prints '^class  *service fault  *(a person.s word)$'
prints '^problem  *The pod cannot pull its image.$'
prints '^flag  *masked'
run --json cases show $space/1001
exits 0
[ "$(jq -r '.digest.corrected | join(",")' out)" = class,steps,services ] ||
	fail 'the person is not named'
jq -e '.digest.untrusted and .digest.class == "service fault"' out >/dev/null ||
	fail 'the digest is not right'
run cases set 1001 class=
exits 0
run cases show 1001
prints '^class  *configuration error$'

# The correction that is left teaches the others of its space and label.
run cases digest --case 1002 --again
exits 0
grep -q 'How a person judged' bodies || fail 'no example was shown'
case_put 1004 'Other label' 'x' 'y' $space public
truth_put 1004 'P.' 'C.' consulting
: >bodies
run cases digest --case 1004
exits 0
! grep -q 'How a person judged' bodies || fail 'an example crossed a label'

# What is not a person's to see is not there.
printf '[reader guest]\nlabels = public\n' >>opslore.conf
run --as guest cases show 1001
exits 1
says 'there is no case'
run --as guest cases show 1004
exits 0
run --as guest cases set 1004 class=consulting
exits 1
run --as guest cases digest
exits 1

# The same id in two spaces has to be told apart.
case_put 1001 'Twin' 'x' 'y' other/space
run cases show 1001
exits 2
says '2 spaces'
run cases show 1001 --space other/space
exits 0
prints '^no digest yet'

# Escapes of a ticket move nobody's cursor.
sqlite3 kb.db "UPDATE Cases SET Subject = 'a' || char(27) || '[2Jb' || char(10) || 'c' WHERE NativeID = '1003'"
run cases show 1003
prints '^subject  *a?\[2Jb c$'
prints '^failed  *3 times.*(digest-id)'
run cases show 1002 --replies
prints '^磁盘 100%，无法写入。$'

# A budget ends a run; what is left waits.
settings 'run-tokens = 100'
run cases digest --space other/space
exits 3
prints '^0 of 1 cases digested, 0 failed, 1 left'
says 'llm-budget'
holds "SELECT count(*) FROM CaseFailures WHERE CaseID = 5" 0

# Stopped while a model thinks; killed between an answer and its digest, which
# is made up here. Neither is paid for again.
{ kill -9 $serving; wait $serving; } 2>/dev/null
: >log
model --truth truth.jsonl --delay 3 --log log
settings
"$opslore" --db kb.db cases digest --space other/space >out 2>err </dev/null &
digesting=$!
while [ "$(sqlite3 -readonly kb.db "SELECT count(*) FROM ModelCalls WHERE Outcome = 'sent'")" = 0 ]; do
	kill -0 $digesting 2>/dev/null || fail 'it ended by itself'
done
kill -INT $digesting
wait $digesting
got=$?
last='cases digest, interrupted'
exits 130
holds 'SELECT count(*) FROM CaseDigests WHERE CaseID = 5' 0
holds 'SELECT count(*) FROM CaseFailures WHERE CaseID = 5' 0
{ kill -9 $serving; wait $serving; } 2>/dev/null
: >log
model --truth truth.jsonl --log log
settings
run cases digest --space other/space
exits 0
sqlite3 kb.db 'DELETE FROM CaseDigests WHERE CaseID = 5'
run cases digest --dry-run --space other/space
prints '^1 cases, 1 prompts, 1 of them answered already'
run cases digest --space other/space
exits 0
prints '^1 asked, 1 kept answers, 0 sent'
[ "$(wc -l <log)" = 1 ] || fail 'an answer was paid for twice'
