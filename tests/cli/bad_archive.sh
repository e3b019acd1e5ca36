# Archives that are cut, damaged or of something else: the archive is named,
# it ends with a fault, never with a crash, and a good one works afterwards.
. "$SOURCE/tests/cli/expect"

cp -r "$sample" sample
(cd sample && 7z a -bd -ms=on ../ops.example.7z ./*.xml) >/dev/null || exit 1
size=$(stat -c %s ops.example.7z)

posts=$(grep -c 'PostTypeId="1"' sample/Posts.xml)

# Ends with 1 or 3 and names the archive; where what was damaged is nothing
# that anybody needs, it may also go in, but then all of it.
refused() {
	rm -f kb.db*
	run import stackexchange "$1" --site ops.example
	if [ "$got" -eq 0 ]; then
		holds 'SELECT count(*) FROM Posts' "$posts"
		return
	fi
	[ "$got" -eq 1 ] || [ "$got" -eq 3 ] || fail "it ended with $got"
	lists "$1"
}

mkdir -p short
for length in 1 6 31 32 33 1000 $((size / 2)) $((size - 1000)) $((size - 1)); do
	head -c "$length" ops.example.7z >short/ops.7z
	refused short/ops.7z
done

for at in 7 20 $((size / 3)) $((size / 2)) $((size - 40)); do
	cp ops.example.7z flipped.7z
	printf '\xa5\x5a\xa5\x5a' |
		dd of=flipped.7z bs=1 seek="$at" conv=notrunc status=none
	refused flipped.7z
done

: >empty.7z
refused empty.7z
echo 'not an archive at all' >words.7z
refused words.7z

echo hello >README
7z a -bd foreign.7z README >/dev/null
refused foreign.7z
7z a -bd -tzip foreign.zip README >/dev/null
refused foreign.zip

# Names in an archive are never paths here.
python3 - <<'PY'
import zipfile
with zipfile.ZipFile('slip.zip', 'w') as archive:
    for name in '../Posts.xml', '/tmp/opslore-slip/Posts.xml':
        archive.writestr(name, open('sample/Posts.xml').read())
PY
mkdir below
(
	cd below || exit
	run import stackexchange ../slip.zip --site slip.example
	[ "$got" -le 3 ] || fail "it ended with $got"
) || exit 1
absent Posts.xml below/Posts.xml /tmp/opslore-slip

run import stackexchange ops.example.7z
exits 0
run doctor
exits 0
holds "SELECT count(*) FROM Posts WHERE Space = 'ops.example'" "$posts"
