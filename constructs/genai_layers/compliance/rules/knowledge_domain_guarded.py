"""GENAI-KNOWLEDGE-01: an OpenSearch domain of a knowledge base is reachable for Bedrock, and guarded."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """If a knowledge base uses the domain, is it outside a VPC, under our key, with IAM inside and TLS alone?"""
    path = ("StorageConfiguration", "OpensearchManagedClusterConfiguration")
    bases = template.of_type("AWS::Bedrock::KnowledgeBase")
    if not any(resource in template.referred(base.get(*path)) for base in bases):
        return Answer.NOT_APPLICABLE
    return Answer.of(
        resource.get("VPCOptions") is None
        and resource.get("AdvancedSecurityOptions", "Enabled") is True
        and resource.get("NodeToNodeEncryptionOptions", "Enabled") is True
        and resource.get("DomainEndpointOptions", "EnforceHTTPS") is True
        and resource.get("EncryptionAtRestOptions", "Enabled") is True
        and is_customer_managed(resource.get("EncryptionAtRestOptions", "KmsKeyId"))
    )


RULE = Rule(
    id="GENAI-KNOWLEDGE-01",
    title="an OpenSearch domain of a knowledge base is reachable for Bedrock, and guarded",
    severity=Severity.ERROR,
    types=("AWS::OpenSearchService::Domain",),
    question=question,
    why="Bedrock reaches domains over their public endpoint only, so a domain in a VPC is refused, and what keeps "
    "others out of a public one is IAM inside the domain.",
    fix="leave VPCOptions out; set AdvancedSecurityOptions, NodeToNodeEncryptionOptions and EncryptionAtRestOptions to "
    "Enabled with a KmsKeyId, and DomainEndpointOptions.EnforceHTTPS",
    location="Properties.AdvancedSecurityOptions",
    mappings=Mappings(
        owasp_llm=("LLM08",),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("AC-3", "SC-7", "SC-28(1)"),
    ),
)
