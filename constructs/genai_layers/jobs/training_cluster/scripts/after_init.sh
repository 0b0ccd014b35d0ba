#!/bin/bash
# Runs on every node once HyperPod has set up Slurm, and before the node takes work.
# A node on which it fails is not taken in, so whatever is missing stops it.
set -euo pipefail

readonly CONFIG=/etc/ssh/sshd_config.d/50-genai-layers.conf

# People come in through Session Manager; Slurm itself needs no password and no root over SSH.
install -d -m 0755 "$(dirname "${CONFIG}")"
printf '%s\n' 'PasswordAuthentication no' 'PermitRootLogin no' 'X11Forwarding no' > "${CONFIG}"
chmod 0644 "${CONFIG}"
if systemctl is-active --quiet ssh; then
    systemctl reload ssh
elif systemctl is-active --quiet sshd; then
    systemctl reload sshd
fi

# One user's job must not read the memory of another's.
printf '%s\n' 'kernel.yama.ptrace_scope = 1' 'fs.suid_dumpable = 0' > /etc/sysctl.d/60-genai-layers.conf
sysctl --quiet --load=/etc/sysctl.d/60-genai-layers.conf

# HyperPod mounts the second volume here; a job that wrote to the root volume instead would fill it.
if ! mountpoint --quiet /opt/sagemaker; then
    echo 'the second volume is not mounted at /opt/sagemaker' >&2
    exit 1
fi
echo 'the node is ready'
