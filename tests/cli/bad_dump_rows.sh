# A broken row is named by file and line, and the rest goes in.
. "$SOURCE/tests/cli/expect"

# broken ROW SAY: the row stands on line 4, between two good ones.
broken() {
	rm -rf kb.db* dump
	posts "$(question 1)" "$1" "$(question 3)"
	run import stackexchange dump --site ops.example
	exits 3
	lists 'Posts\.xml:4'
	lists "$2"
	holds 'SELECT group_concat(NativeID) FROM Posts' 1,3
	run doctor
	exits 0
}

broken '  <row PostTypeId="1" Title="x" Body="y" />' 'Id'
broken '  <row Id="" PostTypeId="1" Title="x" Body="y" />' 'Id'
broken '  <row Id="0" PostTypeId="1" Title="x" Body="y" />' 'Id'
broken '  <row Id="-7" PostTypeId="1" Title="x" Body="y" />' 'Id'
broken '  <row Id="two" PostTypeId="1" Title="x" Body="y" />' 'Id'
broken '  <row Id="99999999999999999999" PostTypeId="1" Body="y" />' 'Id'
broken '  <row Id="2" Body="y" />' 'type'
broken '  <row Id="2" PostTypeId="2" Body="y" />' 'ParentId'
broken "$(question 2 | sed 's/Score="7"/Score="seven"/')" 'Score'
broken "$(question 2 | sed 's/Score="7"/Score="99999999999999999999"/')" 'Score'
broken "$(question 2 | sed 's/CreationDate="[^"]*"/CreationDate="tomorrow"/')" \
	'CreationDate'
broken "$(question 2 | sed 's/Title="[^"]*"/Title="no end/')" '.'
broken "$(question 2 | sed 's/The body/<b>/')" '.'

# In the original bytes: not UTF-8, a control character, a character that XML
# has no place for.
broken "$(question 2 | sed 's/The body/\xff\xfe/')" '.'
broken "$(question 2 | sed 's/The body/\xed\xa0\x80/')" '.'
broken "$(question 2 | sed 's/The body/\xc0\xaf/')" '.'

# A NUL byte cannot stand in a shell's variable.
rm -rf kb.db* dump
posts "$(question 1)" "$(question 2 | sed 's/The body/@/')" "$(question 3)"
sed -i 's/@/\x00/' dump/Posts.xml
run import stackexchange dump --site ops.example
exits 3
lists 'Posts\.xml:4'
holds 'SELECT group_concat(NativeID) FROM Posts' 1,3

# Many broken rows: counted to the last, listed to a point.
rm -rf kb.db* dump
posts "$(question 1)" "$(yes '<row Id="x" PostTypeId="1" />' | head -n 1000)"
run import stackexchange dump --site ops.example
exits 3
grep -q 1000 out err || fail 'the 1000 broken rows are not counted'
[ "$(cat out err | wc -l)" -lt 100 ] || fail 'each of 1000 rows is listed'
holds 'SELECT count(*) FROM Posts' 1
