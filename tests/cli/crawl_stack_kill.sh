# Killed again and again, a crawl by the API loses nothing and stores nothing
# twice; what was in hand is asked for again, at most.
. "$(dirname "$0")/expect"

python3 "$SOURCE/tests/server/stack_api.py" --questions 900 --page-most 10 \
	--inline 1 --rate 300 --ready port &
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
END

kills=0
for moment in 0.12 0.21 0.33 0.16 0.27 0.42 0.14 0.38; do
	timeout -s KILL $moment "$opslore" --db kb.db --config ops.conf \
		crawl ops >out 2>err
	[ $? -eq 137 ] && kills=$((kills + 1))
done 2>killed
[ $kills -ge 3 ] || fail "only $kills runs were killed: it proves nothing"
run --config ops.conf crawl ops
exits 0
state=$(curl -s "$api/state")
holds 'SELECT count(*) FROM Posts' 900
holds 'SELECT count(*) FROM Answers' "$(echo "$state" | jq .answers)"
again=$(echo "$state" | jq '.violations.same // 0')
[ "$again" -le $kills ] || fail "$again calls were made again, $kills kills"
[ "$(echo "$state" | jq -c '.violations | del(.same)')" = '{}' ] ||
	fail "the API blames us: $state"
run doctor
exits 0
