"""A serving engine that costs no GPU: it counts tokens, wants its API key, and can be made to hang."""

from __future__ import annotations

import http.server
import json
import sys
import threading


class StubEngine:
    """
    An OpenAI-compatible server on a free port of this machine.

    Attributes:
        api_key: The key that it wants.
        tokens: What it has produced.
        asked: How often it was asked.
        seconds: Sum of the times to the first token.
        requests: Their number.
        hangs: Whether requests are refused, as by an engine whose loop has died.
    """

    def __init__(self, api_key: str = "secret", port: int = 0) -> None:
        self.api_key = api_key
        self.tokens = 0.0
        self.asked = 0
        self.seconds = 0.0
        self.requests = 0.0
        self.hangs = False
        engine = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/health":
                    self._answer("")
                    return
                if self.path == "/v1/models":
                    known = self.headers["Authorization"] == f"Bearer {engine.api_key}"
                    self._answer('{"object": "list", "data": []}') if known else self.send_error(401)
                    return
                if self.path != "/metrics":
                    self.send_error(404)
                    return
                self._answer(
                    "# TYPE vllm:generation_tokens_total counter\n"
                    f'vllm:generation_tokens_total{{engine="0",model_name="m"}} {engine.tokens}\n'
                    f'vllm:generation_tokens_total{{engine="1",model_name="m"}} 0.0\n'
                    'vllm:num_requests_waiting{engine="0"} 3.0\n'
                    f'vllm:time_to_first_token_seconds_sum{{engine="0"}} {engine.seconds}\n'
                    f'vllm:time_to_first_token_seconds_count{{engine="0"}} {engine.requests}\n'
                )

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                engine.asked += 1
                if self.headers["Authorization"] != f"Bearer {engine.api_key}":
                    self.send_error(401)
                elif engine.hangs:
                    self.send_error(500)
                else:
                    engine.tokens += body["max_tokens"]
                    self._answer(json.dumps({"model": body["model"], "choices": [{"text": "."}]}))

            def _answer(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> StubEngine:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


if __name__ == "__main__":
    engine = StubEngine(api_key=sys.argv[2], port=int(sys.argv[1]))
    with engine:
        threading.Event().wait()
