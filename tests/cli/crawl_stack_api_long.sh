# Ten thousand calls of the Stack Exchange API, with backoffs and every trouble
# that comes in the way of real ones: nothing is lost, and the API has nothing
# to blame. Prints what it counted.
. "$(dirname "$0")/expect"
export STACK_KEY=k3y-of-ours

python3 "$SOURCE/tests/server/stack_api.py" --questions 39000 --page-most 5 \
	--rate 250 --quota 100000 --key $STACK_KEY --backoff-every 1500 \
	--backoff 0.2 --trouble-every 4001 --ready port &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
while [ ! -s port ]; do sleep 0.05; done
api=http://127.0.0.1:$(cat port)
cat >ops.conf <<END
[source ops]
kind = stackexchange
site = ops.example
api = $api/2.3
allow-private = yes
rate = 200/s
token-env = STACK_KEY
END

run --config ops.conf crawl ops
exits 0
state=$(curl -s "$api/state")
echo "$state"
[ "$(echo "$state" | jq -c .violations)" = '{}' ] || fail 'violations'
[ "$(echo "$state" | jq .calls)" -ge 10000 ] || fail 'too few calls'
[ "$(echo "$state" | jq .trouble)" -ge 3 ] || fail 'no trouble at all'
holds 'SELECT count(*) FROM Posts' 39000
holds 'SELECT count(*) FROM Answers' "$(echo "$state" | jq .answers)"
