"""
Functions that answer piece by piece, and REST APIs that pass the pieces on.

A Python function with `AWS_LAMBDA_EXEC_WRAPPER` runs that wrapper in place of Lambda's own loop, and the wrapper
speaks the runtime API. MiniStack 1.5.33 ignores the wrapper, and answers a method whose responses stream only when
the function has ended. What it has is a runtime API, for functions that bring their own runtime: it serves here too,
and hands each piece on as it comes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime, tls
from ministack.core.responses import StreamingResponse
from ministack.services import apigateway_v1, lambda_svc

from tools.local_cloud.ports import LOOPBACK

_STREAMS = "/response-streaming-invocations"
_END_OF_PRELUDE = b"\0" * 8
_TASK_ROOT = "/var/task/"

_listeners: dict[str, Callable[[bytes], None]] = {}
"""Who is told the pieces of a response, by the request id that is in the event."""


def apply() -> None:
    """Run wrappers, and pass on what they send."""
    run_warm, run_own_runtime = lambda_svc._execute_function_warm, lambda_svc._execute_function_provided_warm
    class_for, invoke_proxy = lambda_runtime._worker_class_for, apigateway_v1._invoke_lambda_proxy_v1
    code_folder, environment = lambda_svc._provided_runtime_code_dir, lambda_svc._provided_worker_env

    def run(func: dict[str, Any], event: Any, request_id: str) -> Any:
        has_wrapper = _wrapper(func.get("config") or func) is not None
        return (run_own_runtime if has_wrapper else run_warm)(func, event, request_id)

    def folder(code_zip: bytes) -> str:
        return _with_bootstrap(code_folder(code_zip))

    async def invoke(integration: dict[str, Any], *where: Any, **what: Any) -> Any:
        streams = integration.get("uri", "").endswith(_STREAMS)
        return await (_invoke(integration, *where, **what) if streams else invoke_proxy(integration, *where, **what))

    lambda_svc._execute_function_warm = run
    lambda_svc._provided_runtime_code_dir = folder
    lambda_svc._provided_worker_env = lambda *of: _with_endpoint(environment(*of))
    lambda_runtime._worker_class_for = lambda config: _Worker if _wrapper(config) is not None else class_for(config)
    apigateway_v1._invoke_lambda_proxy_v1 = invoke


def _wrapper(config: dict[str, Any]) -> str | None:
    variables: dict[str, str] = (config.get("Environment") or {}).get("Variables") or {}
    return variables.get("AWS_LAMBDA_EXEC_WRAPPER")


def _with_bootstrap(folder: str) -> str:
    """Put into *folder* what Lambda does with a wrapper: call it with the command line of the interpreter."""
    bootstrap, made = Path(folder) / "bootstrap", Path(folder) / "bootstrap.new"
    # Two environments may start at once: neither must find it half made, nor be forked while it is open.
    with lambda_svc._provided_code_lock:
        if not bootstrap.exists():
            made.write_text(
                f'#!/bin/sh\nexec "$LAMBDA_TASK_ROOT/${{AWS_LAMBDA_EXEC_WRAPPER#{_TASK_ROOT}}}" {sys.executable}\n',
                encoding="utf-8",
            )
            made.chmod(0o700)
            made.replace(bootstrap)
    return folder


def _with_endpoint(environment: dict[str, str]) -> dict[str, str]:
    """Point the AWS SDK of a function at MiniStack, as MiniStack does for functions without a wrapper."""
    scheme = "https" if tls.use_ssl_enabled() else "http"
    environment.setdefault("AWS_ENDPOINT_URL", f"{scheme}://{LOOPBACK}:{os.environ['GATEWAY_PORT']}")
    if scheme == "https":
        tls.trust_gateway_cert(environment)
    return environment


class _Worker(lambda_runtime.ProvidedWorker):  # type: ignore[misc]
    """An environment whose responses are heard while they come."""

    def invoke(self, event: Any, request_id: str, **more: Any) -> Any:
        context = event.get("requestContext") if isinstance(event, dict) else None
        self.listener = _listeners.get((context or {}).get("requestId", ""))
        return super().invoke(event, request_id, **more)

    def _build_handler_class(self, generation: int, pending: Any) -> Any:
        worker = self

        class Handler(super()._build_handler_class(generation, pending)):  # type: ignore[misc]
            def _read_body(self) -> bytes:
                tell = worker.listener
                if tell is None or self.headers.get("Lambda-Runtime-Function-Response-Mode") != "streaming":
                    whole: bytes = super()._read_body()
                    return whole
                pieces = []
                while size := int(self.rfile.readline(), 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                    tell(pieces[-1])
                while self.rfile.readline().strip():
                    pass
                return b"".join(pieces)

        return Handler


async def _invoke(integration: dict[str, Any], *where: Any, **what: Any) -> Any:
    function = integration["uri"].split("/functions/", 1)[1].removesuffix(_STREAMS)
    event = apigateway_v1._build_lambda_event_v1(
        *where,
        binary_media_types=what["binary_media_types"],
        authorizer_context=what["authorizer_context"],
        caller_identity=what["caller_identity"],
    )
    request_id = event["requestContext"]["requestId"]
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def heard(piece: bytes) -> None:
        loop.call_soon_threadsafe(pieces.put_nowait, piece)

    _listeners[request_id] = heard
    running = asyncio.ensure_future(
        apigateway_v1._call_lambda_raw(
            function, event, account_id=what["owner_account_id"], region=what["owner_region"]
        )
    )

    def ended(_: asyncio.Future[Any]) -> None:
        _listeners.pop(request_id, None)
        pieces.put_nowait(None)

    running.add_done_callback(ended)
    read = b""
    while _END_OF_PRELUDE not in read:
        piece = await pieces.get()
        if piece is None:
            return 502, {"Content-Type": "application/json"}, b'{"message": "Internal server error"}'
        read += piece
    prelude, _, rest = read.partition(_END_OF_PRELUDE)
    head = json.loads(prelude)

    async def send_on(send: Any, _receive: Any) -> None:
        piece: bytes | None = rest
        while piece is not None:
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await pieces.get()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return head["statusCode"], dict(head.get("headers") or {}), StreamingResponse(send_on)
