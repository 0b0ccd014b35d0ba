"""The production stacks as a plain CDK app would check them: the four packs and the built-in validation."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import cdk_nag

from genai_layers.settings import load
from stacks.build import build

app = cdk.App(analytics_reporting=False)
build(app, load("prod", Path("stacks/environments")))
cdk.Validations.of(app).add_plugins(
    cdk_nag.AwsSolutionsChecks(app),
    cdk_nag.NIST80053R5Checks(app),
    cdk_nag.HIPAASecurityChecks(app),
    cdk_nag.PCIDSS321Checks(app),
)
app.synth()
