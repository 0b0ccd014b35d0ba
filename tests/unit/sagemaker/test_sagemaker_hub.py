"""People are kept to the private hub, and its curator to its list."""

from __future__ import annotations

import pytest
from sagemaker_estate import ACCOUNT, LLAMA, Rendered

pytestmark = pytest.mark.synth

HERE = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"


def test_people_of_a_private_hub_reach_its_models_and_not_the_public_hub(rendered: Rendered) -> None:
    """The denial wins over whatever else they are allowed, for reading, deploying and fetching files."""
    name = rendered.value(rendered.one("AWS::SageMaker::Hub")["HubName"])
    public = "arn:aws:sagemaker:us-east-1:aws"
    describe = "sagemaker:DescribeHubContent"

    answers = rendered.allowed(
        "Scientist",
        (describe, f"{HERE}:hub-content/{name}/ModelReference/{LLAMA}", {}),
        ("sagemaker:ListHubContents", f"{HERE}:hub/{name}", {}),
        (describe, f"{HERE}:hub-content/{name}/ModelReference/another-model", {}),
        (describe, f"{public}:hub-content/SageMakerPublicHub/Model/{LLAMA}", {}),
        ("sagemaker:ListHubContents", f"{public}:hub/SageMakerPublicHub", {}),
    )

    assert answers == [True, True, False, False, False]


def test_the_denials_of_the_public_hub_win_over_an_administrator(rendered: Rendered, estate) -> None:
    """Put into a role that may do everything, they still hold; ordinary models and buckets stay open."""
    from aws_cdk import aws_iam as iam

    from genai_layers.platform.sagemaker import deny_public_hub

    admin = estate.caller("Admin")
    admin.add_to_policy(iam.PolicyStatement(actions=["sagemaker:*", "s3:*"], resources=["*"]))
    for statement in deny_public_hub(estate.stack):
        admin.add_to_policy(statement)
    seen = Rendered(template=estate.template(), estate=estate)
    public = "arn:aws:sagemaker:us-east-1:aws"

    answers = seen.allowed(
        "Admin",
        ("sagemaker:CreateModel", f"{HERE}:model/ours", {"sagemaker:DirectGatedModelAccess": "false"}),
        ("s3:GetObject", "arn:aws:s3:::our-bucket/model", {}),
        ("sagemaker:CreateModel", f"{HERE}:model/ours", {"sagemaker:DirectGatedModelAccess": "true"}),
        ("sagemaker:DescribeHubContent", f"{public}:hub-content/SageMakerPublicHub/Model/{LLAMA}", {}),
        ("s3:GetObject", "arn:aws:s3:::jumpstart-private-cache-prod-us-east-1/x", {}),
        ("s3:GetObject", "arn:aws:s3:::jumpstart-cache-prod-eu-west-1/x", {}),
    )

    assert answers == [True, True, False, False, False, False]


def test_a_curator_makes_references_of_the_list_only(rendered: Rendered) -> None:
    """The hub grows by a change of the list, which is code and is reviewed."""
    name = rendered.value(rendered.one("AWS::SageMaker::Hub")["HubName"])
    public = "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model"
    create = "sagemaker:CreateHubContentReference"

    answers = rendered.allowed(
        "Curator",
        (create, f"{HERE}:hub/{name}", {}),
        (create, f"{public}/{LLAMA}", {}),
        (create, f"{public}/another-model", {}),
        (create, f"{HERE}:hub/another", {}),
    )

    assert answers == [True, True, False, False]
