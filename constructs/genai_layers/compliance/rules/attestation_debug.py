"""GENAI-KMS-02: no key opens to an enclave or a machine in debug mode."""

from genai_layers.compliance.attestation import is_attested, registers
from genai_layers.compliance.iam import allowed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

# PCR12 of a NitroTPM is zero where nothing was added to the kernel's command line, which is as it should be.
_MAY_BE_ZERO = ("nitrotpmpcr12",)


def question(resource: Resource, _template: Template) -> Answer:
    """Is every register that names an image more than one digit repeated?"""
    if not is_attested(resource):
        return Answer.NOT_APPLICABLE
    return Answer.of(
        not any(
            isinstance(value, str) and len(set(value)) == 1
            for statement in allowed(resource.get("KeyPolicy"))
            for name, value in registers(statement)
            if name not in _MAY_BE_ZERO
        )
    )


RULE = Rule(
    id="GENAI-KMS-02",
    title="no key opens to a boot that was not measured, or to an enclave in debug mode",
    severity=Severity.ERROR,
    types=("AWS::KMS::Key",),
    question=question,
    why="An enclave in debug mode shows zero in every register and its console to its machine, whatever runs in it.",
    fix="give the registers that the build of the image prints, and start the enclave without --debug-mode",
    location="Properties.KeyPolicy",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security", "Intellectual Property"),
        nist_800_53=("SC-12",),
    ),
)
