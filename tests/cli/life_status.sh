# What is there, what is due, as text and as JSON; and a store made by hand.
. "$SOURCE/tests/cli/expect"

run init
exits 0
prints "made the store 'kb.db'"
run init
exits 0
prints 'already a store'
run status
exits 0
prints 'nothing in it yet'
prints 'next: opslore import'

posts "$(question 1 'Disk is full')" "$(answer 2 1)" "$(answer 9 99)"
run import stackexchange dump --site ops.example
run status
exits 0
prints 'ops.example  *question  *1  *1 '
prints '1 answers wait for their question'
prints 'index: none'
prints 'next: opslore index'
run status --json
exits 0
prints '^{"version":1,.*"posts":1,.*"waiting":1,.*"index":{"state":"none"}}$'
[ "$(wc -l <out)" -eq 1 ] || fail 'more than one object'

run index
exits 0
run status
prints 'index: up to date'
prints 'nothing is due'
run forget ops.example/2
exits 1
run forget 'ops.example/1#a-2' ops.example/77
exits 3
says 'ops.example/77'
run status
prints 'index: behind by 1 changes'
prints 'gone: 1, forgotten: 1'
run status too
exits 2

# Half an index is damaged, not missing: it is said, and search fails on it.
run index
rm kb.db.index/segment-*
run doctor
exits 1
prints "index: damaged"
prints "do: run 'opslore index --rebuild'"
run status
prints 'index: damaged'
run search disk
exits 1
says "run 'opslore index --rebuild'"
run index
prints 'rebuilt: index damaged'
run doctor
exits 0

# Another store's: the finding names the folder.
cp -r kb.db.index other
rm -rf kb.db kb.db-wal kb.db-shm kb.db.index
printf '{"_id": "1", "text": "disk"}\n' >docs
run import jsonl docs --space here
mv other kb.db.index
run doctor
exits 1
prints '^kb\.db\.index: the index belongs to another store'
