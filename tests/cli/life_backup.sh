# A copy of the store, put back later: the index notices and is made anew.
. "$SOURCE/tests/cli/expect"

posts "$(question 1 'Disk is full')" "$(answer 2 1)"
run import stackexchange dump --site ops.example
exits 0
run backup copy.db
exits 0
[ "$(sqlite3 copy.db 'PRAGMA integrity_check')" = ok ] || fail 'a bad copy'
[ "$(sqlite3 copy.db 'SELECT count(*) FROM Posts')" = 1 ] || fail 'not all of it'

run backup copy2.db
exits 0

# An existing file is refused, even by its own kind.
before=$(sha256sum <copy.db)
run backup copy.db
exits 1
says 'copy\.db'
[ "$before" = "$(sha256sum <copy.db)" ] || fail 'the copy was touched'

posts "$(question 1 'Disk is full')" "$(answer 2 1)" \
	"$(question 3 'Watermelon on fire' | sed s/2020-/2021-/g)"
run import stackexchange dump --site ops.example
exits 0
run index
exits 0
run search watermelon
exits 0
prints 'Watermelon'

rm -f kb.db kb.db-wal kb.db-shm
cp copy.db kb.db

# Not even when as much came in again meanwhile.
posts "$(question 1 'Disk is full')" "$(answer 2 1)" \
	"$(question 4 'Pumpkin in orbit' | sed s/2020-/2021-/g)"
run import stackexchange dump --site ops.example
exits 0
run search watermelon
exits 1
says 'before a backup was restored'
if grep -q 'Watermelon on fire' out; then
	fail 'found what is not in the store'
fi
run index
exits 0
run search watermelon
if grep -q 'Watermelon on fire' out; then
	fail 'found what is not in the store any more'
fi
run search pumpkin
prints 'Pumpkin in orbit'
run search disk
exits 0
prints 'Disk is full'
run doctor
exits 0

# Also one that was put back and went on, further than the index has seen.
rm -f kb.db kb.db-wal kb.db-shm
cp copy2.db kb.db
posts "$(question 1 'Disk is full')" "$(answer 2 1)" \
	"$(question 7 'Lemon on fire' | sed s/2020-/2021-/g)" \
	"$(question 8 'Plum on fire' | sed s/2020-/2021-/g)"
run import stackexchange dump --site ops.example
exits 0
run index
prints 'rebuilt: another store'
run search lemon
prints 'Lemon on fire'
run doctor
exits 0
absent copy.db-wal copy.db-shm copy2.db-wal copy2.db-shm
