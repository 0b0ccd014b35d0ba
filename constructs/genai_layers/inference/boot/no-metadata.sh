#!/usr/bin/env bash
# Prove from inside the slice of the engine that it has no way to the metadata, or do not start.
set -euo pipefail

url=${METADATA_URL:-http://169.254.169.254}/latest/meta-data/
if ! systemd-run --quiet --wait --collect --slice=genai-engine.slice \
  /bin/sh -c "! /usr/bin/curl --silent --max-time 3 --output /dev/null $url"; then
  echo "it is not shown that the engine has no way to the metadata of the machine: not starting" >&2
  exit 1
fi
