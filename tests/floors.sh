#!/bin/sh
# Every #include must lead downstairs, and each library has one door: a header
# that is neither ours, nor C's or POSIX's, nor behind its door fails.
cd "${1:-.}" || exit 2
awk '
BEGIN {
	n = split("base schema crawler kb export app", floor, " ")
	allow["base"] = "base"
	allow["schema"] = "base schema"
	allow["crawler"] = "base schema crawler"
	allow["kb"] = "base schema kb"
	allow["export"] = "base schema kb export"
	allow["app"] = "base schema crawler kb export app"
	door["sqlite3.h"] = "schema/"; door["curl/curl.h"] = "base/net/http"
	door["libxml/"] = "base/text/markup_worker.c"; door["pcre2.h"] = "base/text/pattern.c"
	door["cjson/cJSON.h"] = "base/json.c"; door["iconv.h"] = "base/text/charset"; door["uchardet"] = "base/text/charset"; door["zlib.h"] = "base/gzip.c"
	door["unicode/"] = "base/text/unicode"; door["zstd.h"] = "base/pack.c"
	door["archive.h"] = "base/archive.c"; door["archive_entry.h"] = "base/archive.c"
	door["microhttpd.h"] = "base/net/server.c"; door["xxhash.h"] = "base/hash.c"
	door["openssl/"] = "base/hash.c"; door["malloc.h"] = "base/memory.c"
	door["libstemmer.h"] = "kb/token_stem.c"; door["immintrin.h"] = "kb/"; door["seccomp.h"] = "base/text/markup"
	door["git2.h"] = "crawler/carrier_git"; door["git2/"] = "crawler/carrier_git"
	n = split("arpa/inet assert ctype dirent errno fcntl fenv float glob inttypes langinfo limits locale math netdb netinet/in netinet/tcp poll pthread sched setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib string strings sys/file sys/ioctl sys/mman sys/prctl sys/resource sys/socket sys/stat sys/statvfs sys/syscall sys/time sys/types sys/uio sys/wait termios time unistd linux/landlock linux/openat2 linux/seccomp linux/filter linux/audit", c, " ")
	for (i = 1; i <= n; i++) plain[c[i] ".h"] = 1
}
FNR == 1 { split(FILENAME, p, "/"); home = p[1] }
/^[ \t]*#[ \t]*include/ {
	name = $0; gsub(/^[^<"]*[<"]|[>"].*$/, "", name)
	if (FILENAME ~ /^base\/[^\/]*$/ && name ~ /^base\/(text|net)\//) {
		printf "%s:%d: base/ may not include %s\n", FILENAME, FNR, name; bad = 1
	} else if (split(name, q, "/") > 1 && q[1] in allow) {
		if (index(" " allow[home] " ", " " q[1] " ") == 0) {
			printf "%s:%d: %s/ may not include %s\n", FILENAME, FNR, home, name; bad = 1
		}
	} else if (!(name in plain)) {
		known = 0
		for (d in door)
			if (index(name, d) == 1) {
				known = 1
				if (index(FILENAME, door[d]) != 1) {
					printf "%s:%d: <%s> belongs to %s\n", FILENAME, FNR, name, door[d]; bad = 1
				}
			}
		if (!known) {
			printf "%s:%d: no door is named for <%s>\n", FILENAME, FNR, name; bad = 1
		}
	}
}
END { exit bad }' $(find base schema crawler kb export app -name '*.[ch]' 2>/dev/null | sort) /dev/null
