# A digest by each kind of server, with keys and signatures that the server
# checks; and one that says nothing for longer than a dead connection would.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cases/scripted"

mkdir -p few/2024-11/replies
head -n 3 "$SOURCE/examples/cases/2024-11/2024-11.csv" >few/2024-11/2024-11.csv
cp "$SOURCE"/examples/cases/2024-11/replies/*.txt few/2024-11/replies
truth "$SOURCE/examples/cases/truth.jsonl"

# digested KIND KEY=VALUE...: two cases by this kind, each in one request.
digested() {
	rm -f kb.db
	settings_of "$@"
	run cases import few --space aws-support/123456789012
	[ "$got" -le 3 ] || fail "no cases"
	run cases digest
	exits 0
	holds "SELECT count(*) FROM CaseDigests WHERE Class <> 'unclassified'" 2
	holds "SELECT count(*) FROM ModelCalls WHERE Outcome = 'answer'" 2
	holds "SELECT count(*) FROM ModelCalls WHERE Outcome = 'sent'" 0
}

# settings_of KIND KEY=VALUE...
settings_of() {
	printf '[digest]\nmodel = default\nsecond-opinion = doubt\n[llm default]\n' >opslore.conf
	printf 'kind = %s\nurl = http://127.0.0.1:%s\n' "$1" "$port" \
		>>opslore.conf
	shift
	printf 'allow-private = yes\nrate = 1000/s\n' >>opslore.conf
	printf '%s\n' "$@" >>opslore.conf
}

export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_REGION=us-east-1
export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
arn=arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.m-1:0
model --truth truth.jsonl --log log.jsonl --auth sigv4
digested converse "model = $arn"
digested invoke "model = $arn" 'shape = tool'
digested sagemaker 'endpoint = ops' 'model = any'
digested sagemaker 'endpoint = ops' 'schema = text-generation'

{ kill -9 $serving; wait $serving; } 2>/dev/null
model --truth truth.jsonl --log slow.jsonl --auth bearer \
	--bearer sk-example-of-the-test --delay 33
export OPS_KEY=sk-example-of-the-test
digested openai 'model = m' 'key-env = OPS_KEY'
[ "$(wc -l <slow.jsonl)" -eq 2 ] || fail "a slow model was asked again"
grep -r "$OPS_KEY" kb.db* slow.jsonl out err && fail "the key was written down"
:
