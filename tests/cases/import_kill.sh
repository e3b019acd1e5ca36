# Killed at any instant, an import run again ends in the same store; a killed
# export leaves nothing under its name.
. "$SOURCE/tests/cli/expect"

python3 - <<'P'
import os, random
random.seed(7)
for month in range(1, 9):
    folder = f"have/2026-{month:02}"
    os.makedirs(folder + "/replies")
    with open(f"{folder}/2026-{month:02}.csv", "w") as f:
        f.write("displayId,subject,submittedBy,timeCreated,severityCode,serviceCode,categoryCode\n")
        for i in range(400):
            id = f"{month}{i:04}"
            f.write(f"{id},工单 {id},user{i % 17},2026-{month:02}-{1 + i % 28:02}T00:00:00.000Z,low,s{i % 9},c\n")
            with open(f"{folder}/replies/{id}.txt", "w") as t:
                t.write(f"Something about {id}.\n" * random.randint(1, 40))
P

everything() {
	sqlite3 -readonly "$1" "SELECT NativeID, Subject, SubmittedBy, CreatedTime, ContentHash, RowHash, ReplyCount FROM Cases ORDER BY NativeID;
		SELECT NativeID, Position, r.SubmittedBy, Side, ReplyTime, Body FROM CaseReplies r JOIN Cases USING (CaseID) ORDER BY NativeID, Position"
}

start=$(date +%s%N)
"$opslore" --db whole.db -q cases import have --space a/b >/dev/null || fail "it cannot be imported"
took=$((($(date +%s%N) - start) / 1000000))
everything whole.db >whole
[ "$(sqlite3 whole.db 'SELECT count(*) FROM Cases')" = 3200 ] || fail "cases are missing"

killed=0
for round in $(seq 20); do
	"$opslore" --db kb.db -q cases import have --space a/b >/dev/null 2>&1 &
	pid=$!
	# Spread over the time that it takes, most of it in the second reading.
	sleep "$(awk "BEGIN { printf \"%.3f\", $took * $round / 21000 }")"
	kill -9 $pid 2>/dev/null && killed=$((killed + 1))
	wait $pid 2>/dev/null
	[ ! -e kb.db ] || [ "$(sqlite3 kb.db 'PRAGMA integrity_check')" = ok ] ||
		fail "round $round damaged the store"
done
[ $killed -ge 5 ] || fail "only $killed of 20 were killed before their end"
run cases import have --space a/b
exits 0
everything kb.db >again
cmp whole again || fail "after $killed kills the store is another"

# Exports: the folder is there whole or not at all.
"$opslore" --db whole.db -q cases export want || fail "it cannot be exported"
for round in $(seq 10); do
	"$opslore" --db whole.db -q cases export files >/dev/null 2>&1 &
	pid=$!
	sleep "$(awk "BEGIN { printf \"%.3f\", $took * $round / 30000 }")"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	if [ -e files ]; then
		diff -rq want files || fail "half of it is there"
		rm -r files
	fi
done
"$opslore" --db whole.db -q cases export files || fail "what was left is in the way"
diff -rq want files || fail "the export is another"
absent files.tmp-*
echo "$killed of 20 imports killed"
