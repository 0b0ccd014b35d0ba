#!/usr/bin/env bash
# Tell Auto Scaling that this machine answers. It then goes into service, or is stopped and kept for later: the same
# word ends both waits, and a machine that never says it is replaced.
set -euo pipefail

until curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$HEALTH_PORT/health"; do
  sleep "${POLL_SECONDS:-10}"
done

metadata=${METADATA_URL:-http://169.254.169.254}/latest
token=$(curl --silent --fail --max-time 2 --request PUT "$metadata/api/token" \
  --header 'X-aws-ec2-metadata-token-ttl-seconds: 60')
group=$(curl --silent --fail --max-time 2 --header "X-aws-ec2-metadata-token: $token" \
  "$metadata/meta-data/tags/instance/aws:autoscaling:groupName")

# When it is in service already, nobody waits and Auto Scaling refuses the word: not a fault of this machine.
aws autoscaling complete-lifecycle-action --lifecycle-action-result CONTINUE \
  --auto-scaling-group-name "$group" --lifecycle-hook-name "$HOOK" \
  --instance-id "$(cat "${INSTANCE_ID_FILE:-/var/lib/cloud/data/instance-id}")" ||
  echo "word not taken: nothing is waiting for this machine" >&2
