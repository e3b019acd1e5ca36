# Files that are no store of ours, or of a later opslore: refused by every
# command, by name, and left as they are.
. "$SOURCE/tests/cli/expect"

posts "$(question 1)" "$(answer 2 1)"

# refused SAY: by all commands that need a store; the file keeps its bytes.
refused() {
	local before after
	before=$(sha256sum <kb.db)
	for command in 'import stackexchange dump --site ops.example' index \
		'search disk' status doctor 'backup copy.db' \
		'forget ops.example/1' 'export chat --out set' 'stats votes'; do
		# shellcheck disable=SC2086
		run $command
		exits 1
		says 'kb\.db'
		says "$1"
		absent copy.db set
	done
	after=$(sha256sum <kb.db)
	[ "$before" = "$after" ] || fail 'the file was changed'
	rm -rf kb.db*
}

echo 'these are just words, not a database' >kb.db
refused '.'

head -c 100000 /dev/urandom >kb.db
refused '.'

sqlite3 kb.db 'CREATE TABLE Songs (Name TEXT); INSERT INTO Songs VALUES (1);'
refused 'not a store\|no store\|foreign'

sqlite3 kb.db 'CREATE TABLE Posts (PostID INTEGER); PRAGMA user_version = 1;'
refused '.'

run import stackexchange dump --site ops.example
exits 0
version=$(sqlite3 kb.db 'PRAGMA user_version')
sqlite3 kb.db "PRAGMA user_version = $((version + 1)); PRAGMA wal_checkpoint(TRUNCATE);" >/dev/null
refused 'newer'

# None at all: reading commands say how to make one and make none themselves.
for command in index 'search disk' status doctor 'backup copy.db' \
	'forget ops.example/1' 'export chat --out set' 'stats votes'; do
	# shellcheck disable=SC2086
	run $command
	exits 1
	says 'kb\.db'
	absent kb.db copy.db set
done

mkdir kb.db
run import stackexchange dump --site ops.example
exits 1
says 'kb\.db'
run status
exits 1
says 'kb\.db'
