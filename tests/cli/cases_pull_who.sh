# Who we are, and whether we may: keys, clocks, plans, regions, settings.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/support"

support --cases 12 --replies 3 --months 2
settings 'since = 90d'

# The probe says who we are, and stores nothing.
pull --dry-run
exits 0
prints 'a pull would be answered'
prints 'environment'
prints 'arn:aws:iam::123456789012:user/ops'
prints "asks      $api/ (us-east-1)"
absent kb.db
is 'lists' "$(calls DescribeCases ok)" 0
is 'probes' "$(calls DescribeCases DryRunOperationException)" 1
pull --dry-run --json
exits 0
jq -e '.version == 1 and .probes[0].answered and
	.probes[0].account == "123456789012" and
	.probes[0].other_account == false' out >told || fail 'not so'

# No plan, no right, a key that is not known, a wrong secret, an ended session.
tell 'set?no_plan=1'
pull --dry-run
exits 1
prints "the account's support plan has no API"
pull
exits 1
says "the account's support plan has no API"
tell 'set?no_plan=0&denied=DescribeCases'
pull
exits 1
says 'this identity may not'
tell 'set?denied='
AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE pull
exits 1
says 'AWS does not know this access key'
AWS_SECRET_ACCESS_KEY=je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY pull
exits 1
says 'the secret does not belong'
grep -rq je7MtGb out err kb.db* && fail 'the secret was written somewhere'
tell 'set?expired=1'
pull
exits 1
says "the session's key has ended"
tell 'set?expired=0'
# Nothing of all this was tried again.
is 'wrong secrets' "$(calls DescribeCases InvalidSignatureException)" 1

# The account that is set is not the key's: nothing is mixed.
settings 'account = 210987654321' 'since = 90d'
pull
exits 1
says 'the key is one of account 123456789012'
holds 'SELECT count(*) FROM Cases' 0
pull --dry-run
prints 'but the key is of account 123456789012, and another one is set'
settings 'since = 90d'

# Without an account STS is asked whose key it is.
sed -i /^account/d opslore.conf
pull
exits 0
holds 'SELECT DISTINCT Space FROM Cases' aws-support/123456789012
holds 'SELECT count(*) FROM Cases' 12

# Settings that are none: file and line.
printf '[cases ops]\nkind = aws-support\nacount = 1\n' >opslore.conf
pull
exits 2
says 'opslore.conf:3'
printf '[cases ops]\nkind = zendesk\n' >opslore.conf
pull
exits 2
says "kind is 'zendesk', but aws-support is wanted"
settings 'access = two words'
pull
exits 2
settings 'since = soon'
pull
exits 2
settings 'account = 1234'
pull
exits 2
says '12 digits'
run cases pull nobody
exits 2
run cases pull
exits 2
pull --dry-run --full
exits 2
unset AWS_ACCESS_KEY_ID
settings
AWS_EC2_METADATA_DISABLED=true pull
exits 1
support_ends

# The clock of the server is an hour ahead: it is believed.
export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
rm kb.db
support --cases 12 --replies 3 --months 2 --skew 3600
settings 'since = 90d'
pull
exits 0
says "this machine's clock is wrong"
holds 'SELECT count(*) FROM Cases' 12
support_ends

# A session's token goes with the key; China is signed for where it is.
rm kb.db
support --cases 12 --replies 3 --months 2 --china --session FwoGZXIvEXAMPLE
export AWS_SESSION_TOKEN=FwoGZXIvEXAMPLE
settings 'since = 90d' 'region = cn-northwest-1'
pull
exits 0
holds 'SELECT count(*) FROM Cases' 12
holds "SELECT DISTINCT SubmittedBy FROM CaseReplies WHERE Side = 'provider'" \
	亚马逊云科技
holds "SELECT count(*) FROM Cases WHERE Link LIKE
	'https://console.amazonaws.cn/support/%'" 12
