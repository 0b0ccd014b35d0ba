#!/usr/bin/env bash
# Fetch what the engine needs and what may not lie in user data: the API key, the image, and the weights or the
# temporary credentials to stream them. Runs on the host before every start of the engine, so that the container
# needs no way to the metadata service.
set -euo pipefail
umask 077

state=${RUNTIME_DIRECTORY:?set by the unit}

# A deep learning AMI has its local disks striped and mounted here; other machines use the root volume.
data=/var/lib/genai
if mountpoint --quiet "${LOCAL_DISKS:-/opt/dlami/nvme}"; then
  data=${LOCAL_DISKS:-/opt/dlami/nvme}/genai
fi
data=${DATA_DIRECTORY:-$data}
mkdir --parents "$data/cache" "$data/weights"
ln --symbolic --force --no-dereference "$data" "$state/data"

api_key=$(aws secretsmanager get-secret-value --secret-id "$API_KEY_SECRET" --query SecretString --output text)
printf '%s' "$api_key" >"$state/api-key"
printf '%s=%s\n' "$API_KEY_VARIABLE" "$api_key" >"$state/secret.env"

case "$WEIGHTS" in
streamed)
  # Read once, while the weights load; they end by themselves, and the next start fetches new ones.
  aws configure export-credentials --format env-no-export >>"$state/secret.env"
  ;;
copied)
  aws s3 sync --only-show-errors "$WEIGHTS_URI" "$data/weights"
  ;;
*)
  echo "WEIGHTS is '$WEIGHTS', allowed are streamed and copied" >&2
  exit 2
  ;;
esac

if ! docker image inspect "$IMAGE" >/dev/null 2>&1; then
  export DOCKER_CONFIG="$state/docker"
  aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"
  docker pull --quiet "$IMAGE"
  rm --recursive --force "$DOCKER_CONFIG"
fi

docker rm --force engine >/dev/null 2>&1 || true
