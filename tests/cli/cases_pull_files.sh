# Keys of a profile in shared files, and an address that AWS's variables name.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/support"

support --cases 12 --replies 3 --months 2
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION
export AWS_EC2_METADATA_DISABLED=true
mkdir .aws
cat >.aws/credentials <<TXT
[default]
aws_access_key_id = AKIAI44QH8DHBEXAMPLE
aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
[운영]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY ; ours
TXT
printf '[profile 운영]\r\nregion = us-east-1\r\n' >.aws/config
settings 'since = 90d' 'profile = 운영'
sed -i /^url/d opslore.conf

AWS_ENDPOINT_URL_SUPPORT=$api pull --dry-run
exits 0
prints 'profile 운영 of .*/.aws/credentials'
prints "asks      $api/ (us-east-1)"
AWS_ENDPOINT_URL_SUPPORT=$api pull
exits 0
holds 'SELECT count(*) FROM Cases' 12

# The default profile's key is another's.
settings 'since = 90d' 'region = us-east-1'
pull
exits 1
says 'AWS does not know this access key'
settings 'since = 90d' 'profile = nobody'
pull
exits 1
says "no profile 'nobody' in '.*/.aws/credentials' and '.*/.aws/config'"
echo je7MtGbClwBF >>.aws/credentials
settings 'since = 90d'
pull
exits 1
says '.aws/credentials:7'
grep -q je7MtGb out err && fail 'a line of the file is shown'
exit 0
