# What is done twice is done once: import, index, export.
. "$SOURCE/tests/cli/expect"

counters='SELECT max(Changed), max(Counted) FROM Posts'
table() {
	sqlite3 -readonly kb.db .dump | sha256sum
}

run import stackexchange "$sample" --site ops.example
exits 0
posts=$(sqlite3 -readonly kb.db 'SELECT count(*) FROM Posts')
first=$(sqlite3 -readonly kb.db "$counters")
[ "$posts" -ge 60 ] || fail "only $posts posts"
before=$(table)
run import stackexchange "$sample" --site ops.example
exits 0
holds "$counters" "$first"
[ "$before" = "$(table)" ] || fail 'the same dump changed the store'

run index
exits 0
files=$(cd kb.db.index && sha256sum ./* | sort)
run index
exits 0
[ "$files" = "$(cd kb.db.index && sha256sum ./* | sort)" ] ||
	fail 'an index of nothing new changed the files'

run export chat --out one
exits 0
rm -rf kb.db.index
run index
exits 0
run export chat --out two
exits 0
diff -r one two || fail 'two exports differ'
run export chat --out one
exits 0
diff -r one two || fail 'an export over an export differs'

run doctor
exits 0
run status
exits 0
