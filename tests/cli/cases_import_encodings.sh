# The same cases in every encoding people have are the same cases.
. "$SOURCE/tests/cli/expect"

mkdir -p utf8/replies
cat >utf8/2026-01.csv <<'C'
displayId,subject,submittedBy,timeCreated,severityCode,serviceCode,categoryCode
1,"实例无法启动，控制台没有任何提示",王芳,2026-01-05T08:14:09.000Z,高,云服务器,启动
2,"磁盘空间不足, 日志写不进去",李伟,2026-01-06T08:14:09.000Z,低,块存储,容量
3,通,李伟,2026-01-07T08:14:09.000Z,低,块存储,容量
C
printf '昨天晚上重启以后就一直这样。\n请尽快处理。\n' >utf8/replies/1.txt
printf '联通\n' >utf8/replies/2.txt
printf 'submittedBy: 王芳\ntimeCreated: 2026-01-07T09:00:00Z\n已经好了。\n' >utf8/replies/3.txt

# convert FOLDER ENCODING [MARK]: all files of utf8 in that encoding.
convert() {
	local file
	mkdir -p "$1/replies"
	for file in 2026-01.csv replies/1.txt replies/2.txt replies/3.txt; do
		{
			printf "${3:-}"
			iconv -f UTF-8 -t "$2" "utf8/$file"
		} >"$1/$file"
	done
}

"$opslore" --db utf8.db -q cases import utf8 --space a/b || fail "UTF-8 is not taken"
"$opslore" --db utf8.db -q cases export want

# same FOLDER [OPTION...]: it is imported and exported as UTF-8 is.
same() {
	local name=$1
	shift
	"$opslore" --db "$name.db" cases import "$name" --space a/b "$@" >out 2>err ||
		fail "$name is not taken"
	"$opslore" --db "$name.db" -q cases export "$name.files"
	diff -r want "$name.files" >diff || { cat diff; fail "$name is not the same"; }
}

convert bom UTF-8 '\xEF\xBB\xBF'
same bom
convert utf16le UTF-16LE '\xFF\xFE'
same utf16le
convert utf16be UTF-16BE '\xFE\xFF'
same utf16be
convert gb18030 GB18030
same gb18030 --encoding gb18030
# Found by itself; four bytes that could be anything are as the CSV is.
rm -r gb18030.db gb18030.files
same gb18030

# Of a mapping; Korean.
printf '[mapping ko]\nid = 번호\nsubject = 제목\ncreated = 시각\nencoding = euc-kr\n' >opslore.conf
printf '번호,제목,시각\n7,디스크가 가득 찼습니다,2026-01-05\n' | iconv -t EUC-KR >ko.csv
run cases import ko.csv --space a/b --mapping ko
exits 0
holds 'SELECT Subject FROM Cases' '디스크가 가득 찼습니다'

# Long enough for many pieces, so that letters lie across their ends.
python3 - <<'P'
with open("long.csv", "w", encoding="utf-16") as f:
    f.write("displayId,subject,timeCreated\n")
    for i in range(30000):
        f.write(f"{i},第{i}个工单 {'通' * (i % 40)}😀,2026-01-01\n")
P
run cases import long.csv --space long/long
exits 0
holds "SELECT count(*) FROM Cases WHERE Space = 'long/long'" 30000
holds "SELECT Subject FROM Cases WHERE NativeID = '29999'" \
	"第29999个工单 $(printf '通%.0s' $(seq 39))😀"

# Bytes that mean nothing in what it says it is.
printf 'displayId,subject,timeCreated\n1,\201\377\201,2026-01-01\n' >wrong.csv
run cases import wrong.csv --space a/c --encoding gb18030
exits 1
prints 'wrong.csv: the file has bytes that mean nothing in GB18030; say --encoding'
