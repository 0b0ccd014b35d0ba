# The enclave has no network, no disk and no role. What it may have from outside goes through here: credentials of the
# role, which open nothing without its attestation document, and the requests of callers, which nobody reads on the way.
# Runs on the machine's own Python, 3.9 on Amazon Linux 2023, with the standard library only.
"""Hands credentials to the enclave, or requests: credentials or requests."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading

CID = int(os.environ.get("ENCLAVE_CID", "16"))
# Linux, vm_sockets.h: any context.
ANY_CID = 0xFFFFFFFF


def credentials() -> bytes:
    # As JSON, for as long as the role gives them; the enclave asks again.
    command = ["aws", "configure", "export-credentials", "--format", "process"]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60)  # noqa: S603 - our own words
    return told.stdout


def hand_out(listener: socket.socket, cid: int) -> None:
    # One answer to each call of the enclave, and to no other context of the machine.
    while True:
        caller, address = listener.accept()
        with caller:
            if address[0] == cid:
                caller.sendall(credentials())


def pipe(source: socket.socket, target: socket.socket) -> None:
    try:
        while True:
            piece = source.recv(65536)
            if not piece:
                break
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # Either side may go at any time; then both do, so that the other direction does not wait for ever.
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def join(caller: socket.socket, enclave: socket.socket) -> None:
    # Both directions to their ends, and then neither socket is left open.
    with caller, enclave:
        answers = threading.Thread(target=pipe, args=(enclave, caller), daemon=True)
        answers.start()
        pipe(caller, enclave)
        answers.join()


def pass_on(listener: socket.socket, family: int, address: tuple[int, int] | str) -> None:
    # Bytes as they are: TLS, where there is any, ends in the enclave.
    while True:
        caller, _ = listener.accept()
        enclave = socket.socket(family, socket.SOCK_STREAM)
        try:
            enclave.connect(address)
        except OSError:
            caller.close()
            enclave.close()
            continue
        threading.Thread(target=join, args=(caller, enclave), daemon=True).start()


def main() -> None:
    if sys.argv[1] == "credentials":
        listener = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        listener.bind((ANY_CID, int(os.environ["CREDENTIALS_PORT"])))
        listener.listen()
        hand_out(listener, CID)
    else:
        port = int(os.environ["REQUEST_PORT"])
        pass_on(socket.create_server(("", port)), socket.AF_VSOCK, (CID, port))


if __name__ == "__main__":
    main()
