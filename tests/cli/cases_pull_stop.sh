# Ctrl-C in the middle of a pull: it says how to go on, and goes on there.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/support"

support --cases 120 --months 4 --hold 20
settings 'since = 140d'
last='opslore cases pull ops, stopped'
# Not in the background of this shell, which would not let it hear SIGINT.
python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$opslore" --db kb.db cases pull ops \
	>out 2>err </dev/null &
pull=$!
tell 'wait?requests=20'
kill -INT $pull
wait $pull
got=$?
exits 130
says 'the same pull run again goes on from there'
held=$(sqlite3 kb.db 'SELECT count(*) FROM Cases')
[ "$held" -ge 1 ] && [ "$held" -lt 120 ] || fail "$held cases were stored"
tell release
pull
exits 0
prints 'went on with a pull'
holds 'SELECT count(*) FROM Cases' 120
holds 'SELECT count(*) FROM CaseReplies' 720
# What was under way when it was stopped is asked for again, at most.
twice=$(curl -s "$api/state" | jq .asked_twice)
[ "$twice" -le 4 ] || fail "$twice cases were asked for twice"
