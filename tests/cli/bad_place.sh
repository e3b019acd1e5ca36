# Places that cannot be written to, or hold what is not ours: the place is
# named, and nothing of somebody else's is touched.
. "$SOURCE/tests/cli/expect"

run import stackexchange "$sample" --site ops.example
exits 0
run index
exits 0

# A folder of other things is no place for an export.
mkdir mine
echo precious >mine/letter.txt
run export chat --out mine
exits 1
says 'mine'
[ "$(ls mine)" = letter.txt ] || fail 'the folder was touched'
[ "$(cat mine/letter.txt)" = precious ] || fail 'the file was touched'

echo precious >letter
run export chat --out letter
exits 1
says 'letter'
run export chat --out letter/set
exits 1
says 'letter'
run backup letter
exits 1
says 'letter'
run backup nowhere/copy.db
exits 1
says 'nowhere'
[ "$(cat letter)" = precious ] || fail 'the file was touched'
"$opslore" --db nowhere/kb.db import stackexchange "$sample" \
	--site ops.example >out 2>err </dev/null
got=$? last='import into a folder that is not there'
exits 1
says 'nowhere'
absent nowhere

# A read-only folder. Root may write anywhere, so this is somebody else's.
mkdir closed open
cp kb.db closed/kb.db
cp -r kb.db.index closed/kb.db.index
cp "$opslore" program
cp -r "$sample" sample
chmod -R a+rX "$work"
chmod a-w closed closed/* closed/kb.db.index/*
as=()
if [ "$(id -u)" -eq 0 ]; then
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups --)
	chown 65534:65534 open
fi

# closed COMMAND...: on the store in the closed folder.
closed() {
	last="opslore $* (read-only)"
	"${as[@]}" ./program --db closed/kb.db "$@" >out 2>err </dev/null
	got=$?
}

before=$(find closed -type f -exec sha256sum {} + | sort)
closed import stackexchange sample --site ops.example
exits 1
says 'closed/kb\.db'
closed forget ops.example/1
exits 1
says 'closed/kb\.db'
closed index --rebuild
exits 1
says 'closed/kb\.db'
closed export chat --out closed/set
exits 1
says 'closed'
closed backup closed/copy.db
exits 1
says 'closed'
[ "$before" = "$(find closed -type f -exec sha256sum {} + | sort)" ] ||
	fail 'something was written'
absent closed/set closed/copy.db

# Elsewhere the same person can work.
"${as[@]}" ./program --db open/kb.db import stackexchange sample \
	--site ops.example >out 2>err </dev/null
got=$? last='opslore import as somebody else'
exits 0
