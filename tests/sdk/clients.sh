# What AWS's own clients send to Support, Bedrock and SageMaker, we sign alike.
. "$SOURCE/tests/sdk/judges"
node "$SOURCE/tests/sdk/clients.js"
