#!/bin/sh
# Prints a .env for docker-compose.yml: .env.example with a fresh value for each secret, made by the command that stands above it.
#   infra/make-env.sh chat.example.com > .env && chmod 600 .env
# Never run it again over a .env that is in use: what was encrypted with its keys cannot be read with others.
set -eu
domain=${1:?Say the domain: infra/make-env.sh chat.example.com}
make=''
while IFS= read -r line; do
	case $line in
	'# Make it: '*) make=${line#'# Make it: '} ;;
	CM_DOMAIN=*) line="CM_DOMAIN=$domain" ;;
	*=)
		if [ -n "$make" ]; then
			name=${line%=}
			value=$(eval "$make" </dev/null)
			export "$name=$value" # A later command may need it: the public half of a key is made of the private one.
			line="$name=$value"
			make=''
		fi
		;;
	esac
	printf '%s\n' "$line"
done <"$(dirname "$0")/../.env.example"
