# A pull of support cases: all of them, then nothing, then what has changed.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/support"

support --cases 200 --replies-most 4
pull
exits 0
prints '200 added, 0 changed'
holds 'SELECT count(*) FROM Cases' 200
holds 'SELECT count(*) FROM CaseReplies' 1200
holds "SELECT count(DISTINCT Access) || min(Access) FROM Cases" 1staff
holds "SELECT count(*) FROM CaseReplies WHERE Side = 'provider' AND
	SubmittedBy <> 'Amazon Web Services'" 0
holds "SELECT count(*) FROM Cases WHERE (Status = 'resolved') <>
	(ResolvedTime <> '')" 0
holds "SELECT count(*) FROM Cases c WHERE Status = 'resolved' AND
	ResolvedTime <> (SELECT max(ReplyTime) FROM CaseReplies
	WHERE CaseID = c.CaseID)" 0
# In the order of time, names of attachments of both lists, Chinese as it was.
holds "SELECT count(*) FROM CaseReplies a JOIN CaseReplies b USING (CaseID)
	WHERE a.Position < b.Position AND a.ReplyTime > b.ReplyTime" 0
[ "$(sqlite3 kb.db "SELECT count(*) FROM CaseReplies WHERE
	Attachments LIKE '%日志.txt%' AND Attachments LIKE '%.tar%'")" -gt 5 ] ||
	fail 'attachments have no names'
holds "SELECT Language || Link FROM Cases WHERE NativeID = '70000014'" \
	'zhhttps://support.console.aws.amazon.com/support/home#/case/?displayId=70000014'
# Cases of up to five replies cost no call of their own, others one a page.
few=$(sqlite3 kb.db 'SELECT count(*) FROM Cases WHERE ReplyCount <= 5')
[ "$few" -gt 50 ] || fail "only $few cases are short"
is 'cases asked for' "$(curl -s "$api/state" | jq .asked)" $((200 - few))
is 'cases asked for twice' "$(curl -s "$api/state" | jq .asked_twice)" 0

# Nothing has changed: one list of the last day, one of what is open.
cases_of before
tell reset
pull
exits 0
prints '0 added, 0 changed'
is 'lists' "$(calls DescribeCases ok)" 2
is 'cases asked for' "$(calls DescribeCommunications ok)" 0
cases_of after
cmp before after || fail 'the store has changed'

# Changes, and nothing else: 20 replies, 5 new cases, two that are resolved.
tell 'change?replies=20&new=5&resolve=2'
tell reset
pull --json
exits 0
changed=$(jq '.pulls[0].changed' out)
jq -e '.version == 1 and .pulls[0].added == 5 and .pulls[0].complete and
	.pulls[0].failed == 0 and .pulls[0].since < .pulls[0].began' out >told ||
	fail 'the report is another one'
[ "$changed" -ge 18 ] && [ "$changed" -le 22 ] || fail "$changed changed"
[ "$(curl -s "$api/state" | jq .asked)" -le 20 ] ||
	fail 'more was asked for than has changed'
holds 'SELECT count(*) FROM CaseReplies' \
	"$(curl -s "$api/state" | jq .replies)"
holds "SELECT count(*) FROM Cases WHERE Status = 'reopened'" 0

# From the beginning: every window, and no case again.
tell reset
pull --full
exits 0
prints '0 added, 0 changed'
[ "$(calls DescribeCases ok)" -ge 24 ] || fail 'not every window was listed'
is 'cases asked for' "$(calls DescribeCommunications ok)" 0

# Another label is a change that costs no call.
settings 'access = secret'
pull --full
exits 0
prints '0 added, 205 changed'
is 'cases asked for' "$(calls DescribeCommunications ok)" 0
run doctor
exits 0
