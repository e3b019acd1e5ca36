# Every injection of tests/data/injections in a case, digested by a model that
# obeys whatever it can read: no closed field changes, and free text gains
# nothing. Then the same with random changes.
#
# MUTATIONS=N says how many random ones; SEED=N which.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cases/scripted"

corpus=$SOURCE/tests/data/injections
tool=$SOURCE/tests/server/injection_cases.py
mutations=${MUTATIONS:-600}
seed=${SEED:-1}
# Names that the attempts use, so that an order about services can be obeyed.
digest_settings='services = eks, ec2, iam, s3, route53, kms, billing, cloudfront'

# attack NAME ATTEMPTS: the store NAME.db, of a case with each of the attempts.
attack() {
	python3 "$tool" make "$2" "$1" || fail "no cases"
	: >"$1.log"
	model --truth "$1.truth" --obey "$2" --log "$1.log"
	settings 'concurrency = 4' 'output-most = 1500'
	rm -f kb.db*
	run cases import "$1" --space aws-support/123456789012
	exits 0
	run cases digest
	[ "$got" -eq 3 ] || exits 0
	kill -9 $serving
	wait $serving 2>/dev/null
	python3 "$tool" check "$2" kb.db "$1.log" >out 2>err ||
		fail "an injection came through"
	cat out
}

echo "attempts that the defences were written against"
attack attempts "$corpus/attempts.jsonl"
echo "attempts held out"
attack held_out "$corpus/held_out.jsonl"
echo "random mutations, seed $seed"
python3 "$tool" mutate "$seed" "$mutations" "$corpus/attempts.jsonl" \
	"$corpus/held_out.jsonl" >mutations.jsonl || fail "no mutations"
attack mutations mutations.jsonl
