"""GENAI-EC2-10: Auto Scaling may use the key of the volumes that it makes."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, flat, items, mapping

_ROLE = "AWSServiceRoleForAutoScaling"
_GRANT = ("kms:CreateGrant", "kms:*")


def question(resource: Resource, template: Template) -> Answer:
    """Does the policy of each key of the group's volumes let the service-linked role of Auto Scaling make grants?"""
    templates = [
        each
        for each in template.referred([resource.get("LaunchTemplate"), resource.get("MixedInstancesPolicy")])
        if each.type == "AWS::EC2::LaunchTemplate"
    ]
    keys = [
        key
        for each in templates
        for volume in items(each.get("LaunchTemplateData", "BlockDeviceMappings"))
        for key in template.referred(mapping(mapping(volume).get("Ebs")).get("KmsKeyId"))
        if key.type == "AWS::KMS::Key"
    ]
    return Answer.of(all(_lets_scale(key) for key in keys)) if keys else Answer.NOT_APPLICABLE


def _lets_scale(key: Resource) -> bool:
    for item in items(key.get("KeyPolicy", "Statement")):
        statement = mapping(item)
        allows = statement.get("Effect") == "Allow" and any(each in _GRANT for each in items(statement.get("Action")))
        if allows and _ROLE in _words([statement.get("Principal"), statement.get("Condition")]):
            return True
    return False


def _words(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_words(each) for each in value)
    spelt = flat(value) if isinstance(value, dict | str) else ""
    return spelt + " ".join(_words(each) for each in mapping(value).values())


RULE = Rule(
    id="GENAI-EC2-10",
    title="Auto Scaling may use the key of the volumes of its machines",
    severity=Severity.ERROR,
    types=("AWS::AutoScaling::AutoScalingGroup",),
    question=question,
    why="Auto Scaling starts machines as its service-linked role, which no policy but the key's own lets in; without "
    "it the deploy passes and every machine ends at its launch.",
    fix="let the service-linked role AWSServiceRoleForAutoScaling use the key and make grants on it for AWS resources, "
    "as KeyUse.EBS_AUTOSCALING does",
    location="Properties.KeyPolicy",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12", "SC-13"),
    ),
)
