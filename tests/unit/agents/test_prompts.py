"""Prompts: read from files, refused with every fault, versioned by what they say."""

from __future__ import annotations

import pytest
from agent_builders import key_of
from agent_policies import the
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.platform import FoundationModel
from genai_layers.platform.prompts import Prompt, PromptError, PromptFile

FILE = """+++
description = "Answers from the handbook"
max_tokens = 500
temperature = 0.2
+++
Answer {{question}} from {{ passages }}, and say so where {{question}} is not in them.
"""


def made(stack, text=FILE) -> Prompt:
    """Return a prompt."""
    model = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
    return Prompt(stack, "Answer", key=key_of(stack).key, prompt=PromptFile.parse(text), model=model)


def test_a_file_is_settings_in_front_and_text_behind():
    """The variables are those of the text, each once, in its order."""
    prompt = PromptFile.parse(FILE)

    assert (prompt.description, prompt.max_tokens, prompt.temperature) == ("Answers from the handbook", 500, 0.2)
    assert prompt.variables == ("question", "passages")
    assert prompt.text.startswith("Answer {{question}}")


def test_a_file_of_another_system_reads_the_same(tmp_path):
    """Line ends of Windows change neither text nor version."""
    (tmp_path / "answer.md").write_bytes(FILE.replace("\n", "\r\n").encode())

    assert PromptFile.load(tmp_path / "answer.md") == PromptFile.parse(FILE)


def test_a_file_that_is_not_there_is_named():
    """With where to look."""
    with pytest.raises(PromptError, match=r"there is no prompt file 'prompts/answer\.md'"):
        PromptFile.load("prompts/answer.md")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Answer.", ["it does not begin with settings between two lines of +++"]),
        ("+++\ndescription = \n+++\nAnswer.", ["its settings are no TOML"]),
        (
            '+++\nmodel = "x"\nmax_tokens = "many"\n+++\nAnswer.',
            ["setting 'model' is not known", "setting 'max_tokens' is 'many'", "setting 'description' is missing"],
        ),
        (
            '+++\ndescription = "a"\nmax_tokens = 0\ntop_p = 2\n+++\nAnswer {{the question}}.',
            ["variable 'the question'", "max_tokens is 0", "top_p is 2"],
        ),
    ],
    ids=["no settings", "no TOML", "wrong settings", "what the service refuses"],
)
def test_every_fault_of_a_file_is_told_at_once(text, faults):
    """Whoever writes a prompt changes everything in one go."""
    with pytest.raises(PromptError) as raised:
        PromptFile.parse(text)

    assert len(raised.value.faults) == len(faults)
    assert all(said.startswith(begun) for said, begun in zip(raised.value.faults, faults, strict=True))


@pytest.mark.synth
def test_a_version_moves_with_the_words_and_with_nothing_else():
    """Callers name a version; a new description of the prompt is no new answer."""

    def described(text):
        stack = testing.stack()
        made(stack, text)
        return the(testing.template(stack), "AWS::Bedrock::PromptVersion")[1]["Description"]

    words = described(FILE.replace("Answer {{question}}", "Explain {{question}}"))
    cooler = described(FILE.replace("0.2", "0.1"))
    renamed = described(FILE.replace("Answers from", "Explains from"))

    assert len({described(FILE), words, cooler}) == 3
    assert renamed == described(FILE)


@pytest.mark.synth
def test_a_replaced_version_stays_for_those_who_still_name_it():
    """Stacks are deployed one after the other, and the last must still find what it names."""
    stack = testing.stack()
    made(stack)

    ((_, version),) = testing.resources(testing.template(stack), "AWS::Bedrock::PromptVersion").items()

    assert (version["UpdateReplacePolicy"], version["DeletionPolicy"]) == ("Retain", "Delete")


@pytest.mark.synth
def test_a_caller_may_use_the_version_and_not_the_draft():
    """The draft changes under it."""
    stack = testing.stack()
    prompt = made(stack)
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    prompt.grant_render(caller)
    template = testing.template(stack)
    version, _ = the(template, "AWS::Bedrock::PromptVersion")

    _, policy = the(template, "AWS::IAM::Policy")

    (render,) = [each for each in policy["PolicyDocument"]["Statement"] if "bedrock:GetPrompt" in each["Action"]]
    assert render["Resource"] == {"Fn::GetAtt": [version, "Arn"]}


@pytest.mark.synth
def test_a_prompt_is_clean_under_every_check():
    """Under our key, in one variant that was reviewed."""
    app = testing.app()
    attach_checks(app)
    made(testing.stack(app))

    synthesize(app)


@pytest.mark.synth
def test_a_region_without_prompts_is_refused_by_name():
    """The deploy would fail on a type that the region does not know."""
    stack = testing.stack(region="us-west-1")

    with pytest.raises(ValueError, match="region 'us-west-1' lacks AWS::Bedrock::"):
        made(stack)
