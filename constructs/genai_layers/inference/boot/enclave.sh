#!/usr/bin/env bash
# Fetch the image of the enclave, start it without a console, and stay for as long as it runs.
set -euo pipefail

image=${STATE_DIRECTORY:?set by the unit}/enclave.eif
aws s3 cp --only-show-errors "$ENCLAVE_URI" "$image"

nitro-cli terminate-enclave --enclave-name genai >/dev/null 2>&1 || true
# Never with --debug-mode: its registers are zero, and no key opens to those.
nitro-cli run-enclave --eif-path "$image" --enclave-name genai --enclave-cid "$ENCLAVE_CID" \
  --cpu-count "$ENCLAVE_VCPUS" --memory "$ENCLAVE_MEMORY_MIB"

while nitro-cli describe-enclaves | grep --quiet '"State": "RUNNING"'; do
  sleep "${POLL_SECONDS:-10}"
done
echo "the enclave has ended" >&2
exit 1
