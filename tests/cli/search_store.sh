# What the store knows better than the index: removed and changed rows, and
# labels that a reader may not see.
. "$SOURCE/tests/cli/scratch"

doc() { printf '{"_id":"%s","title":"%s","text":"%s"}\n' "$1" "$2" "$3"; }
{ doc 1 one "the widget broke"; doc 2 two "a widget and more words"
  doc 3 three "widget repair with many more words in it"; } >"$work/a"
"$opslore" -q import jsonl "$work/a" --space docs.example >/dev/null
doc 9 secret "widget widget widget password" >"$work/b"
"$opslore" -q import jsonl "$work/b" --space staff.example --access staff >/dev/null
"$opslore" -q index >/dev/null
ids() { "$opslore" "$@" --plain --format trec widget 2>"$work/err" | awk '{ printf "%s ", $3 }'; }

printf '[reader bot]\nlabels = public\n' >"$work/conf"
[ "$(ids search -k 1)" = "9 " ] || fail "the local reader does not see all: $(ids search)"
[ "$(ids --config "$work/conf" --as bot search)" = "1 2 3 " ] ||
	fail "bot sees $(ids --config "$work/conf" --as bot search)"
"$opslore" --config "$work/conf" --as bot search password 2>/dev/null | grep -q . &&
	fail "bot finds a word of staff's"
# A hidden passage moves no score: the same as where it never was.
"$opslore" --config "$work/conf" --as bot search --plain --format trec widget >"$work/run1"
"$opslore" -q --db "$work/t.db" import jsonl "$work/a" --space docs.example >/dev/null
"$opslore" -q --db "$work/t.db" index >/dev/null
"$opslore" --db "$work/t.db" search --plain --format trec widget >"$work/run2"
cmp -s "$work/run1" "$work/run2" || fail "hidden rows move scores: $(cat "$work/run1" "$work/run2")"

# Gone rows are dropped and the place is filled; people are told why.
"$opslore" -q forget docs.example/1 >/dev/null
[ "$(ids --config "$work/conf" --as bot search -k 2)" = "2 3 " ] || fail "a forgotten row is shown"
grep -q "behind the store" "$work/err" || fail "no word on the stale index"
# Changed rows are shown as they are now.
doc 2 two "a widget that was mended" >"$work/c"
"$opslore" -q import jsonl "$work/c" --space docs.example >/dev/null
"$opslore" --config "$work/conf" --as bot search widget 2>/dev/null |
	grep -q "widget that was mended" || fail "an old snippet of a changed row"
"$opslore" -q index >/dev/null
"$opslore" search widget >/dev/null 2>"$work/err"
[ -s "$work/err" ] && fail "still complaining: $(cat "$work/err")"

"$opslore" -q forget staff.example/9 >/dev/null
"$opslore" -q import jsonl "$work/a" --space docs.example >/dev/null
[ "$(ids search)" = "2 3 " ] || fail "forgotten rows came back: $(ids search)"

# A new label acts at once, before anything is indexed again.
{ doc 2 two "a widget that was mended"
  doc 3 three "widget repair with many more words in it"; } >"$work/d"
"$opslore" -q import jsonl "$work/d" --space docs.example --access staff >/dev/null
[ "$(ids --config "$work/conf" --as bot search)" = "" ] || fail "bot sees relabelled rows"
"$opslore" -q index >/dev/null
[ "$(ids --config "$work/conf" --as bot search)" = "" ] || fail "bot sees staff's rows"
[ "$(ids search)" = "2 3 " ] || fail "the local reader lost rows: $(ids search)"

# Nothing of a damaged index is followed, and the fault says what to do.
for segment in "$OPSLORE_DB.index"/segment-*; do
	tr '\0-\377' '\1-\377\0' <"$segment" >"$work/turned"
	cp "$work/turned" "$segment"
done
"$opslore" search widget >"$work/out" 2>"$work/err" && fail "a damaged index was searched"
[ -s "$work/out" ] && fail "results from a damaged index"
grep -q "opslore index" "$work/err" || fail "no word on what to do: $(cat "$work/err")"
"$opslore" -q index --rebuild >/dev/null
[ "$(ids search)" = "2 3 " ] || fail "not whole after a rebuild"
exit 0
