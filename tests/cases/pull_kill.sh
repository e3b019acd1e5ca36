# Ten thousand cases with sixty thousand replies, pulled within 64 MB; killed 20
# times on the way, spread by the number of requests that were served; equal to
# an undisturbed pull. A second pull fetches only what has changed.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/support"

kills=20
support --cases 10000 --replies 6
settings 'concurrency = 8' 'rate = 2000/s'

# served: how many requests, since it was reset.
served() {
	curl -sS "$api/state" | jq .served
}

# An undisturbed pull, and the memory that it took.
cat >measure.py <<'END'
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN)
print(peak.ru_maxrss, round(peak.ru_utime + peak.ru_stime, 1),
      file=open(sys.argv[1], "w"))
sys.exit(code)
END
last='opslore cases pull ops, measured'
python3 measure.py peak "$opslore" --db kb.db -q cases pull ops >out 2>err
got=$?
exits 0
read -r peak cpu <peak
all=$(served)
cases_of quiet
holds 'SELECT count(*) FROM Cases' 10000
holds 'SELECT count(*) FROM CaseReplies' 60000
echo "undisturbed: $all calls, $cpu s of CPU, peak RSS $((peak / 1024)) MB"
grep -q __asan_init "$opslore" || grep -q __tsan_init "$opslore" ||
	[ "$peak" -lt 65536 ] || fail "it took $peak KB of memory"

# The second one: a list of the last day, and what is open by hundreds.
open=$(sqlite3 kb.db "SELECT count(*) FROM Cases WHERE Status <> 'resolved'")
tell reset
pull
exits 0
prints '0 added, 0 changed'
second=$(served)
echo "second: $second calls ($open cases are open)"
[ "$second" -le $((2 + open / 100)) ] || fail "the second pull made $second calls"
tell 'change?replies=300&new=40'
tell reset
pull
exits 0
asked=$(curl -s "$api/state" | jq .asked)
echo "after 300 replies and 40 new cases: $(served) calls, $asked cases" \
	"fetched one by one"
[ "$asked" -le 300 ] || fail "$asked cases were asked for"
holds 'SELECT count(*) FROM Cases' 10040
holds 'SELECT count(*) FROM CaseReplies' 60340
cases_of quiet
rm kb.db*

# From nothing, killed and killed again.
tell reset
killed=0
step=$((all / (kills + 1)))
while [ $killed -lt $kills ]; do
	"$opslore" --db kb.db -q cases pull ops >out 2>err </dev/null &
	pull=$!
	curl -sS "$api/wait?requests=$(((killed + 1) * step))" >told
	kill -9 $pull 2>/dev/null || fail "the pull ended before kill $killed"
	wait $pull 2>/dev/null
	[ $? -eq 137 ] || fail "the pull was not killed but ended"
	killed=$((killed + 1))
done 2>shell
# Half a page may be in the store, half a case never is.
holds 'SELECT count(*) FROM Cases c WHERE ReplyCount <>
	(SELECT count(*) FROM CaseReplies WHERE CaseID = c.CaseID)' 0
pull
exits 0
prints 'went on with a pull'
total=$(served)
twice=$(curl -s "$api/state" | jq .asked_twice)
echo "killed $killed times: $total calls, $twice cases fetched twice"
cases_of have
cmp quiet have || fail 'the store is not that of an undisturbed pull'
# At each kill: what was under way, and the page that was at hand.
[ "$twice" -le $((kills * 8)) ] || fail "$twice cases were asked for twice"
run doctor
exits 0
