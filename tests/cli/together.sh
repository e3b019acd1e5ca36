# Imports of one site at the same time, and an index beside them, end in what
# one alone ends in.
. "$SOURCE/tests/cli/expect"

content() {
	sqlite3 "$1" "SELECT Space, NativeID, PostContent, VoteCount FROM Posts
		ORDER BY 1, 2; SELECT NativeID, AnswerContent, VoteCount FROM
		Answers ORDER BY 1; SELECT NativeID, Content FROM Comments
		ORDER BY 1; SELECT FromID, ToID, Kind FROM Links ORDER BY 1, 2"
}

# The first table is where they meet: each looks before it has the lock.
for first in PostLinks Comments PostLinks Comments; do
	rm -rf kb.db* dump
	mkdir dump
	cp "$sample/$first.xml" "$sample/Posts.xml" "$sample/Users.xml" dump
	run import stackexchange dump --site ops.example
	exits 0
	content kb.db >alone
	rm -rf kb.db*
	run init
	for one in 1 2 3; do
		"$opslore" --db kb.db import stackexchange dump \
			--site ops.example >"out$one" 2>"err$one" </dev/null &
		eval "pid$one=$!"
	done
	run index
	for one in 1 2 3; do
		last="import $one with $first first"
		eval "wait \$pid$one"
		got=$?
		cat "err$one" >err
		exits 0
	done
	content kb.db >both
	cmp alone both || fail 'the store is not that of one import'
done
run doctor
exits 0
