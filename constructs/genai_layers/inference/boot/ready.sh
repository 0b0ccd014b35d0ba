#!/usr/bin/env bash
# Tell CloudFormation that this machine answers, so that an update goes on to the next one only then.
set -euo pipefail

until curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$HEALTH_PORT/health"; do
  sleep "${POLL_SECONDS:-10}"
done

# Outside an update nobody waits for the signal, and CloudFormation refuses it: not a fault of this machine.
aws cloudformation signal-resource --status SUCCESS \
  --stack-name "$STACK" --logical-resource-id "$GROUP_LOGICAL_ID" \
  --unique-id "$(cat "${INSTANCE_ID_FILE:-/var/lib/cloud/data/instance-id}")" ||
  echo "signal not taken: no update is waiting for this machine" >&2
