#!/usr/bin/env bash
# Read this machine's user data as parameters, never as commands, and open the weights in memory.
set -euo pipefail

metadata=${METADATA_URL:-http://169.254.169.254}/latest
token=$(curl --silent --fail --max-time 5 --request PUT "$metadata/api/token" \
  --header 'X-aws-ec2-metadata-token-ttl-seconds: 60')
curl --silent --fail --max-time 5 --header "X-aws-ec2-metadata-token: $token" "$metadata/user-data" |
  python3 "${PROGRAMS:-/opt/genai}/open_weights.py" "${WEIGHTS_DIRECTORY:-/run/weights}"
