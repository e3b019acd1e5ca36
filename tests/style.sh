#!/bin/sh
# Formatting, and the ceilings on the length of functions and files.
cd "${1:-.}" || exit 2
files=$(find base schema crawler kb export app tests -name '*.[ch]' | sort)
bad=0
# shellcheck disable=SC2086
clang-format-14 --dry-run -Werror $files || bad=1
# shellcheck disable=SC2086
awk '
FNR == 1 { start = 0 }
/^\{/ { start = FNR }
/^\}/ && start {
	if (FNR - start > 80) {
		printf "%s:%d: a function of %d lines; 80 is the most\n",
			FILENAME, start, FNR - start
		bad = 1
	}
	start = 0
}
FNR == 1001 { printf "%s: over 1000 lines\n", FILENAME; bad = 1 }
/[ \t]$/ { printf "%s:%d: white space at the end\n", FILENAME, FNR; bad = 1 }
END { exit bad }' $files || bad=1
exit $bad
