#!/usr/bin/env bash
# Watch for a spot interruption; on the two-minute warning, stop taking requests and let the running ones end.
set -euo pipefail

metadata=${METADATA_URL:-http://169.254.169.254}/latest
marker=${RUNTIME_DIRECTORY:?set by the unit}/draining

while true; do
  token=$(curl --silent --fail --max-time 2 --request PUT "$metadata/api/token" \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 60') || token=''
  if curl --silent --fail --max-time 2 --output /dev/null \
    --header "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/spot/instance-action"; then
    # The probe answers 503 from now on, so the load balancer sends the next requests elsewhere.
    touch "$marker"
    echo "interruption announced: draining"
    exit 0
  fi
  sleep "${POLL_SECONDS:-5}"
done
