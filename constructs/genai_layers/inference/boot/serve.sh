#!/usr/bin/env bash
# Run the engine's container in the foreground, with no privileges and no way to write to its own image.
set -euo pipefail

state=${RUNTIME_DIRECTORY:?set by the unit}
config=${CONFIG_DIRECTORY:-/etc/genai}
data=$(readlink --canonicalize "$state/data")
instance=$(cat "${INSTANCE_ID_FILE:-/var/lib/cloud/data/instance-id}")

options=()
case "$DEVICES" in
nvidia) options+=(--gpus all) ;;
neuron)
  for device in /dev/neuron[0-9]*; do
    options+=(--device "$device")
  done
  ;;
*)
  echo "DEVICES is '$DEVICES', allowed are nvidia and neuron" >&2
  exit 2
  ;;
esac
if [[ $WEIGHTS == copied ]]; then
  options+=(--volume "$data/weights:/model:ro")
fi
if [[ -n $ENTRYPOINT ]]; then
  options+=(--entrypoint "$ENTRYPOINT")
fi

mapfile -t arguments <"$config/engine.args"

exec docker run --rm --name engine --pull never \
  --publish "$PORT:$PORT" \
  --read-only --cap-drop ALL --security-opt no-new-privileges \
  --pids-limit 16384 --ulimit nofile=65535:65535 \
  --shm-size "$SHARED_MEMORY" --tmpfs /tmp:rw,exec,nosuid,nodev \
  --volume "$data/cache:/cache" --env HOME=/cache --env XDG_CACHE_HOME=/cache \
  --env "AWS_REGION=$AWS_REGION" --env-file "$config/engine.env" --env-file "$state/secret.env" \
  --log-driver awslogs --log-opt "awslogs-region=$AWS_REGION" \
  --log-opt "awslogs-group=$LOG_GROUP" --log-opt "awslogs-stream=$instance/engine" \
  --log-opt mode=non-blocking --log-opt max-buffer-size=16m \
  --stop-timeout "$STOP_SECONDS" \
  "${options[@]}" \
  "$IMAGE" "${arguments[@]}"
