# Sourced by tests: a MediaWiki of one's own, from Debian's package, with its
# data in a folder that the caller removes. The program itself is not copied.
#
#	mediawiki_start FOLDER       then $mediawiki is its address
#	mediawiki_page TITLE <text   one edit
#	mediawiki_import FILE...     many, each file's name is its title
#	mediawiki_delete TITLE... , mediawiki_restore TITLE
#	mediawiki_move FROM TO
#	mediawiki_bot NAME PASSWORD  a bot's password (32 digits) for Admin@NAME
#	mediawiki_set 'PHP;'         one more line of LocalSettings.php
#	mediawiki_sql 'SQL'          behind the wiki's back
#	mediawiki_stop

mediawiki_root=/usr/share/mediawiki

# A port that is free now: one that PHP was given and let go.
mediawiki_port() {
	php -r '$s = stream_socket_server("tcp://127.0.0.1:0");
		echo parse_url("tcp://" . stream_socket_get_name($s, false),
			PHP_URL_PORT);'
}

mediawiki_maintain() {
	local script=$1
	shift
	php "$mediawiki_root/maintenance/$script.php" "$@" \
		>>"$mediawiki_folder/maintenance.log" 2>&1
}

mediawiki_start() {
	local port
	mediawiki_folder=$1
	port=${2:-$(mediawiki_port)}
	mediawiki=http://127.0.0.1:$port
	mkdir -p "$mediawiki_folder/data"
	export MW_CONFIG_FILE=$mediawiki_folder/LocalSettings.php
	mediawiki_maintain install --dbtype sqlite --dbname wiki \
		--dbpath "$mediawiki_folder/data" --confpath "$mediawiki_folder" \
		--server "$mediawiki" --scriptpath '' --skins Vector \
		--pass 'a long password' 'Ops wiki' Admin || return 1
	cat >>"$MW_CONFIG_FILE" <<'PHP'
$wgMainCacheType = CACHE_NONE;
$wgParserCacheType = CACHE_NONE;
$wgPasswordAttemptThrottle = false;
$wgJobRunRate = 0;
$wgRightsUrl = "https://creativecommons.org/licenses/by-sa/4.0/";
$wgRightsText = "CC BY-SA 4.0";
wfLoadExtension( 'Cite' );
wfLoadExtension( 'ParserFunctions' );
PHP
	PHP_CLI_SERVER_WORKERS=2 setsid php \
		-d opcache.revalidate_freq=0 -d display_errors=0 -S "127.0.0.1:$port" -t "$mediawiki_root" \
		>"$mediawiki_folder/server.log" 2>&1 &
	mediawiki_pid=$!
	mediawiki_ready "$port"
}

# The socket listens before the first request is answered.
mediawiki_ready() {
	php -r 'for ($i = 0; $i < 500; $i++) {
			if (@fsockopen("127.0.0.1", (int)$argv[1])) exit(0);
			usleep(20000);
		}
		exit(1);' "$1"
}

mediawiki_stop() {
	[ -z "${mediawiki_pid:-}" ] || kill -- "-$mediawiki_pid" 2>/dev/null
	wait "${mediawiki_pid:-}" 2>/dev/null
	mediawiki_pid=
}

mediawiki_page() {
	mediawiki_maintain edit -u Admin -s edit "$1" && mediawiki_jobs
}

mediawiki_import() {
	mediawiki_maintain importTextFiles --rc --overwrite -u Admin -s import "$@" &&
		mediawiki_jobs
}

# What edits leave to do: links that turn blue, pages that show a template.
mediawiki_jobs() {
	mediawiki_maintain runJobs
}

mediawiki_delete() {
	printf '%s\n' "$@" >"$mediawiki_folder/titles"
	mediawiki_maintain deleteBatch -u Admin -r gone "$mediawiki_folder/titles"
}

mediawiki_restore() {
	mediawiki_maintain undelete -u Admin "$1"
}

mediawiki_move() {
	printf '%s|%s\n' "$1" "$2" >"$mediawiki_folder/titles"
	mediawiki_maintain moveBatch -u Admin "$mediawiki_folder/titles"
}

mediawiki_bot() {
	mediawiki_maintain createBotPassword --appid "$1" \
		--grants basic,highvolume Admin "$2"
}

mediawiki_sql() {
	sqlite3 "$mediawiki_folder/data/wiki.sqlite" "$1"
}

mediawiki_set() {
	printf '%s\n' "$1" >>"$MW_CONFIG_FILE"
}
