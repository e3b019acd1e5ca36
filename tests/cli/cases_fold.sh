# Digested cases are found by their error code as one entry with its
# occurrences, beside everything else, and by nobody who may not read them.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/made_cases"

cat >opslore.conf <<'CONF'
[reader bot]
labels = public
[reader team]
labels = public, staff
CONF
made_five
run index
exits 0
run cases fold
exits 0
prints '^4 cases in 2 entries, 1 of them recurring$'
prints '^2 added, 0 updated, 0 as they were, 0 removed$'
prints '^1 cases wait for a digest'
prints '^index: 4 passages added'

# Found at once, by code, by what another occurrence is called, in Chinese.
run search UnauthorizedOperation
exits 0
prints 'Why is RunInstances refused with UnauthorizedOperation?'
prints 'case § resolution, in a model.s words'
run search --json UnauthorizedOperation
[ "$(jq -r '.hits[0].kind' out)" = case ] || fail "it is no case"
run search 1003
prints 'Why is RunInstances refused'
run search --filter class=consulting 'launch instances'
! grep -q RunInstances out || fail "a class that the entry has not"
run search --filter kind=case --filter service=S3 '存储桶 拒绝'
prints '合作方账户上传为什么被拒绝'
holds "SELECT group_concat(NativeID || ' ' || Kind || ' ' || Access || ' ' ||
	Class || ' ' || Services || ' ' || Flags || ' ' || PostLink, '; ')
	FROM Posts" \
	'1001 case staff configuration error EC2 2 https://support.example/case/1001; 1004 case staff configuration error S3 2 https://support.example/case/1004'
holds "SELECT count(*) FROM Aliases WHERE NativeID = '1001'" 2
holds "SELECT PostContent LIKE '%- 1001, 2026-01-05%- 1002, 2026-02-05%- 1003,
%' OR PostContent LIKE '%- 1001, 2026-01-05%- 1002, 2026-02-05%- 1003, 2026-03-05%'
	FROM Posts WHERE NativeID = '1001'" 1
holds "SELECT AnswerContent FROM Answers WHERE NativeID = '1004'" \
	'原因：存储桶策略没有允许合作方账户写入。

解决步骤：

1. 修改存储桶策略。'

# Nothing of the raw case is in a post or in the index.
for word in giraffe zebra; do
	run search "$word"
	! grep -q 1001 out || fail "raw text of a case is found by '$word'"
done
holds "SELECT count(*) FROM Posts, Answers WHERE PostContent || Title ||
	AnswerContent LIKE '%giraffe%'" 0

# Who may not read them sees no post, no count, no term.
run --as bot search --json UnauthorizedOperation
[ "$(jq '.hits | length' out)" = 0 ] || fail "bot finds a case"
! grep -q -i 'unauthorizedoperation.*case' out || fail "bot is told of it"
run --as bot status
! grep -q case out || fail "bot is shown a count"
run --as bot stats words
! grep -q -i unauthorized out || fail "bot is shown a term"
run --as team search UnauthorizedOperation
prints 'Why is RunInstances refused'

# Again: nothing changes, and nothing is written.
sqlite3 kb.db .dump | grep -v 'INSERT INTO Meta' >before
run cases fold
exits 0
prints '^0 added, 0 updated, 2 as they were, 0 removed$'
sqlite3 kb.db .dump | grep -v 'INSERT INTO Meta' >after
cmp before after || fail "folding again changes the store"
# A person's word counts above the model's, and a change is taken over.
sql "INSERT INTO CaseCorrections SELECT CaseID, 'cause',
	'The launch template is of *another* account.', '2026-04-01'
	FROM Cases WHERE NativeID = '1002'"
run --json cases fold
exits 0
[ "$(jq -c '[.updated, .same, .added, .indexed]' out)" = '[1,1,0,true]' ] ||
	fail "a correction was not folded"
run search 'another account'
prints 'The launch template is of \*another\* account'
holds "SELECT AnswerContent LIKE 'Cause: The launch template is of \\*another%account.%'
	FROM Answers WHERE NativeID = '1001'" 1

# The label moves: the entry moves with it, the others stay.
sql "UPDATE Cases SET Access = 'public' WHERE NativeID = '1001'"
run cases fold
exits 0
prints '^1 added, 1 updated, 1 as they were, 0 removed$'
holds "SELECT group_concat(NativeID || ' ' || Access) FROM Posts" \
	'1001 public,1004 staff,1002 staff'
run --as bot search UnauthorizedOperation
prints 'Why is RunInstances refused'
! grep -q 1002 out || fail "the public entry names a case that is not"

# A case that goes takes its words along; its entry gets another name.
sql "UPDATE Cases SET Access = 'staff' WHERE NativeID = '1001'"
run cases fold
exits 0
holds "SELECT group_concat(NativeID) FROM Posts" '1001,1004'
sql "DELETE FROM Cases WHERE NativeID = '1001'"
run cases fold
exits 0
prints '^0 added, 1 updated, 1 as they were, 0 removed$'
holds "SELECT group_concat(NativeID) FROM Posts" '1002,1004'
holds "SELECT group_concat(Address) FROM Aliases" '1003'
run search 1001
! grep -q "$account" out || fail "a case that is gone is found"
sql "DELETE FROM Cases"
run cases fold
exits 0
prints '^0 cases in 0 entries'
prints '^0 added, 0 updated, 0 as they were, 2 removed$'
holds "SELECT (SELECT count(*) FROM Posts) + (SELECT count(*) FROM Answers) +
	(SELECT count(*) FROM Aliases)" 0

# Forgotten: found no more, at once; the others have their entry again.
rm -rf kb.db*
made_five
run cases fold --no-index
exits 0
run index
run status
prints '^cases: 5, digested 4, put right 0, failed 0; 4 of them in 2 entries$'
run forget "$account/1001"
exits 0
run search UnauthorizedOperation
! grep -q 'RunInstances' out || fail "what was forgotten is found"
run cases fold
exits 0
prints '^1 added, 0 updated, 1 as they were, 0 removed$'
run search UnauthorizedOperation
prints 'Build server not allowed to launch instances'
holds "SELECT count(*) FROM Posts, Answers WHERE Title || PostContent ||
	AnswerContent LIKE '%1001%'" 0
! grep -a -q 'The instance role lacks' kb.db || fail "its words are in the file"

run cases fold 1001
exits 2
run --as bot cases fold
exits 1
says "'bot' may not"
exit 0
