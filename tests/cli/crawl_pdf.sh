# PDFs of a folder, by poppler: their text in paragraphs, their title; and when
# poppler is not there, hangs, floods or fails.
. "$(dirname "$0")/expect"

# pdf FILE TITLE LINE...: four pages with a head, the lines, and a foot.
pdf() {
	python3 - "$@" <<'END'
import sys

path, title, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
objects = []


def add(text):
    objects.append(text)
    return len(objects)


font = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
parent, kids = 2 + 2 * 4, []
for number in range(1, 5):
    shown = [f"Handbook {number}", ""] + [l.replace("@", str(number)) for l in lines] + ["", f"Page {number} of 4"]
    body = "BT /F1 12 Tf 72 740 Td 14 TL\n" + "".join(f"({l}) Tj T*\n" for l in shown) + "ET"
    content = add(f"<< /Length {len(body)} >>\nstream\n{body}\nendstream")
    kids.append(add(f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R "
                    f"/Resources << /Font << /F1 {font} 0 R >> >> >>"))
pages = add(f"<< /Type /Pages /Count 4 /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>")
root = add(f"<< /Type /Catalog /Pages {pages} 0 R >>")
info = add(f"<< /Title ({title}) >>")
out, places = b"%PDF-1.4\n", []
for number, text in enumerate(objects, 1):
    places.append(len(out))
    out += f"{number} 0 obj\n{text}\nendobj\n".encode()
start = len(out)
out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
out += b"".join(f"{p:010d} 00000 n \n".encode() for p in places)
out += f"trailer << /Size {len(objects) + 1} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
open(path, "wb").write(out)
END
}

at() {
	OPSLORE_NOW=$(date -u -d "+$1 hours" +%Y-%m-%dT%H:%M:%SZ)
	export OPSLORE_NOW
	shift
	run "$@"
	unset OPSLORE_NOW
}

# program NAME LINE...: one that is found first.
mkdir bin docs
program() {
	local name=$1
	shift
	printf '#!/bin/sh\n' >"bin/$name"
	printf '%s\n' "$@" >>"bin/$name"
	chmod 755 "bin/$name"
}

pdf docs/duty.pdf 'On duty' 'Before a shift begins, read what the one before you has writ-' \
	'ten, and ask.' '' 'Then look at queue @.'
printf 'A page beside it.\n' >docs/page.md
printf '[source it]\nkind = files\npath = %s\n' "$work/docs" >opslore.conf
path=$PATH

# Not installed: said once, and the rest is read.
cp docs/duty.pdf docs/second.pdf
PATH=$work/bin
export PATH
run_date=$(/usr/bin/date -u +%Y-%m-%dT%H:%M:%SZ)
OPSLORE_NOW=$run_date run crawl it
PATH=$path
exits 0
[ "$(grep -c 'pdftotext is not installed' err)" = 1 ] || fail 'it is not said once'
holds 'select NativeID from Posts' page.md
rm docs/second.pdf

at 30 crawl it
exits 0
holds "select Title from Posts where NativeID = 'duty.pdf'" 'On duty'
holds "select PostContent like 'Before a shift begins, read what the one before you has written, and ask.%' from Posts where NativeID = 'duty.pdf'" 1
holds "select count(*) from Posts where PostContent like '%Page 2 of%' or PostContent like '%Handbook%'" 0

# One that spins is ended; what was there stays.
PATH=$work/bin:$path
program pdftotext 'while :; do yes; done'
touch docs/duty.pdf
at 60 crawl it
exits 0
says 'limit-file'
program pdftotext 'echo no >&2; exit 1'
touch docs/duty.pdf
at 90 crawl it
says 'duty.pdf: pdftotext cannot read it'
program pdftotext 'echo "caught" >caught; echo "What it wrote."'
touch docs/duty.pdf
at 120 crawl it
holds "select PostContent from Posts where NativeID = 'duty.pdf'" 'What it wrote.'
[ ! -s caught ] || fail 'a child wrote a file'
holds 'select count(*) from Posts' 2
PATH=$path

# Broken files.
head -c 700 docs/duty.pdf >docs/cut.pdf
head -c 3000 /dev/urandom >docs/noise.pdf
printf '%%PDF-1.4\n' >docs/head.pdf
at 150 crawl it
exits 0
holds "select count(*) from Posts where NativeID = 'noise.pdf'" 0
