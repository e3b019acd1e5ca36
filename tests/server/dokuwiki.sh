# Sourced by tests: a DokuWiki of one's own, from Debian's package, with its
# data and settings in a folder that the caller removes. The program itself is
# not copied.
#
#	dokuwiki_start FOLDER           then $dokuwiki is its address
#	dokuwiki_page ID <text          one edit; an empty text deletes the page
#	dokuwiki_import FILE...         many, each file's name is its id, '=' for ':'
#	dokuwiki_access 'ops:secret:* @ALL 0'    one more rule of access
#	dokuwiki_set 'remote' '0'       one more setting
#	dokuwiki_stop
#
# Users: admin and reader, whose passwords are their names backwards.

dokuwiki_root=/usr/share/dokuwiki

# A port that is free now: one that PHP was given and let go.
dokuwiki_port() {
	php -r '$s = stream_socket_server("tcp://127.0.0.1:0");
		echo parse_url("tcp://" . stream_socket_get_name($s, false),
			PHP_URL_PORT);'
}

dokuwiki_php() {
	php -d "auto_prepend_file=$dokuwiki_folder/place.php" \
		-d display_errors=0 "$@"
}

dokuwiki_start() {
	local port part
	dokuwiki_folder=$1
	port=${2:-$(dokuwiki_port)}
	dokuwiki=http://127.0.0.1:$port
	mkdir -p "$dokuwiki_folder/conf"
	for part in attic cache index locks log media media_attic media_meta \
			meta pages tmp; do
		mkdir -p "$dokuwiki_folder/data/$part"
	done
	# Whoever runs without it would write into the system's own wiki.
	echo "<?php define('DOKU_CONF', '$dokuwiki_folder/conf/');" \
		>"$dokuwiki_folder/place.php"
	cat >"$dokuwiki_folder/conf/local.php" <<PHP
<?php
\$conf['title'] = 'Ops notes';
\$conf['savedir'] = '$dokuwiki_folder/data';
\$conf['baseurl'] = '$dokuwiki';
\$conf['useacl'] = 1;
\$conf['superuser'] = 'admin';
\$conf['remote'] = 1;
\$conf['remoteuser'] = '';
\$conf['license'] = 'cc-by-sa';
PHP
	cp /etc/dokuwiki/plugins.php /etc/dokuwiki/plugins.required.php \
		"$dokuwiki_folder/conf/"
	printf '%s\n' '* @ALL 1' '* @user 8' >"$dokuwiki_folder/conf/acl.auth.php"
	{
		dokuwiki_user admin nimda admin,user
		dokuwiki_user reader redaer user
	} >"$dokuwiki_folder/conf/users.auth.php"
	PHP_CLI_SERVER_WORKERS=2 setsid php \
		-d "auto_prepend_file=$dokuwiki_folder/place.php" \
		-d display_errors=0 -d opcache.revalidate_freq=0 \
		-S "127.0.0.1:$port" -t "$dokuwiki_root" \
		>"$dokuwiki_folder/server.log" 2>&1 &
	dokuwiki_pid=$!
	dokuwiki_ready "$port"
}

dokuwiki_user() {
	php -r 'echo "$argv[1]:", password_hash($argv[2], PASSWORD_BCRYPT),
		":$argv[1]:$argv[1]@ops.example:$argv[3]\n";' "$@"
}

dokuwiki_ready() {
	php -r 'for ($i = 0; $i < 500; $i++) {
			if (@fsockopen("127.0.0.1", (int)$argv[1])) exit(0);
			usleep(20000);
		}
		exit(1);' "$1"
}

dokuwiki_stop() {
	[ -z "${dokuwiki_pid:-}" ] || kill -- "-$dokuwiki_pid" 2>/dev/null
	wait "${dokuwiki_pid:-}" 2>/dev/null
	dokuwiki_pid=
}

dokuwiki_page() {
	cat >"$dokuwiki_folder/text"
	dokuwiki_php "$dokuwiki_root/bin/dwpage.php" commit -t -m edit \
		"$dokuwiki_folder/text" "$1" >>"$dokuwiki_folder/maintenance.log" 2>&1
}

# One process for all: what its command line does for one.
dokuwiki_import() {
	cat >"$dokuwiki_folder/import.php" <<'PHP'
<?php
define('DOKU_INC', $argv[1] . '/');
define('NOSESSION', 1);
require_once DOKU_INC . 'inc/init.php';
foreach (array_slice($argv, 2) as $path) {
	$id = cleanID(strtr(basename($path, '.txt'), '=', ':'));
	saveWikiText($id, file_get_contents($path), 'import');
}
PHP
	dokuwiki_php "$dokuwiki_folder/import.php" "$dokuwiki_root" "$@" \
		>>"$dokuwiki_folder/maintenance.log" 2>&1
}

dokuwiki_access() {
	printf '%s\n' "$1" >>"$dokuwiki_folder/conf/acl.auth.php"
}

dokuwiki_set() {
	printf "\$conf['%s'] = '%s';\n" "$1" "$2" \
		>>"$dokuwiki_folder/conf/local.php"
}
