# Every option that a command reads is in its help and in the manual, and the
# other way round; the manual has no warning.
. "$SOURCE/tests/cli/expect"

manual=$SOURCE/docs/opslore.1
# The options of the program itself, which any command takes.
common='db config as json q v h quiet verbose help version'

# The part of the manual on one command, and the dashed words in it.
of_manual() {
	awk -v c="$1" '/^\.El/ { on = 0 } /^\.It Cm/ { on = $3 == c } on' \
		"$manual" |
		grep -oE 'Fl -?[a-z][a-z0-9-]*' | sed 's/^Fl -\{0,1\}//'
}

of_help() {
	sed '1,/^$/!d' out >usage
	{
		grep -oE '(^|[ [|])--?[a-z][a-z0-9-]*' usage
		grep -oE '^  --?[a-z][a-z0-9-]*' out
	} | sed 's/^[ [|]*-*//'
}

# Subcommands stand in files of their own: cases_pull.c ...
of_code() {
	grep -hoP '\{ \.name = "\K[a-z0-9-]+' "$SOURCE/app/cmd_$1.c" \
		$(ls "$SOURCE/app/$1"_*.c 2>/dev/null)
}

for file in "$SOURCE"/app/cmd_*.c; do
	command=$(basename "$file" .c)
	command=${command#cmd_}
	run help "$command"
	exits 0
	prints "^usage: opslore $command"
	of_code "$command" | sort -u >code
	of_help | sort -u >help
	of_manual "$command" | sort -u |
		grep -vxF "$(tr ' ' '\n' <<<"$common")" >manual
	diff code help >diff || fail "help differs from what is read: $(cat diff)"
	diff code manual >diff || fail "the manual differs: $(cat diff)"
done
for option in $common; do
	grep -qE "Fl -?$option( |$)" "$manual" || fail "no $option in the manual"
done
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$manual" >lint || fail "$(cat lint)"
fi
