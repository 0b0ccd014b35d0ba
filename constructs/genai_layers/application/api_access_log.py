"""What an API writes down of every request."""

from __future__ import annotations

import json

_LOGGED = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "user": "$context.authorizer.claims.sub",
    "client": "$context.authorizer.claims.client_id",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "error": "$context.error.message",
    "errorType": "$context.error.responseType",
}
"""Who did what when and with which outcome; neither a query string nor anything else that a user typed."""

LOG_FORMAT = json.dumps(_LOGGED, separators=(",", ":"))
"""One JSON object a line."""
