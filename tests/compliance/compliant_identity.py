"""A directory that people of another one may come from, as the rules want it."""

from __future__ import annotations

from typing import Any

IDENTITY: dict[str, Any] = {
    "Provider": {
        "Type": "AWS::Cognito::UserPoolIdentityProvider",
        "Properties": {
            "UserPoolId": {"Ref": "Users"},
            "ProviderName": "Company",
            "ProviderType": "OIDC",
            "ProviderDetails": {
                "client_id": "chat",
                "client_secret": "{{resolve:secretsmanager:company/chat}}",
                "attributes_request_method": "GET",
                "authorize_scopes": "openid",
                "oidc_issuer": "https://login.example.com",
            },
        },
    },
}

GATE = {
    "InboundFederation": {"LambdaArn": "arn:aws:lambda:us-east-1:111122223333:function:gate", "LambdaVersion": "V1_0"}
}
"""What the user pool asks about people who come from there."""
