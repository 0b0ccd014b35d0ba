"""A gate before callers: what passes moves them, what fails leaves them, and who may do what."""

from __future__ import annotations

import json

import pytest
from bedrock_stand_in import StandIn
from machine import Machine, StateError
from promotion_estate import DIGEST, gates

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.bedrock import BedrockJobError, FlowCandidate, Promotion
from genai_layers.operations.interfaces import ICountedJob

pytestmark = pytest.mark.synth


class Cloud(StandIn):
    """A cloud in which the candidate answers as *said*, and the alias of a flow can be moved."""

    def __init__(self, said: bool = True):
        super().__init__()
        self.asked = {"passed": said, "faults": [] if said else ["record 1: the answer lacks 'Paris'"], "records": 1}
        self.moved: list[str] = []
        self.payloads: list[dict] = []

    def invoke(self, payload):
        self.payloads.append(payload)
        return self.asked if "candidate" in payload else self.verdict

    def updateFlowAlias(self, arguments):  # noqa: N802
        self.moved.append(arguments["RoutingConfiguration"][0]["FlowVersion"])
        return {}


@pytest.fixture(scope="module")
def template():
    """Return the template of both gates, clean under every check."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    gates(stack)
    synthesize(app)
    return testing.template(stack)


def machine(template, gate, cloud):
    """Return the state machine of a gate, with its references filled in."""
    values = {}
    for name, each in template["Resources"].items():
        kind = each["Type"]
        if kind == "AWS::Bedrock::Flow":
            values |= {f"{name}.Id": "FLOW123456"}
        if kind == "AWS::Bedrock::FlowVersion":
            values |= {f"{name}.Version": "2"}
        if kind == "AWS::Bedrock::FlowAlias":
            values |= {f"{name}.Id": "LIVE123456" if "Live" in name else "NEWEST1234"}
        if kind == "AWS::Bedrock::PromptVersion":
            values |= {f"{name}.Arn": "arn:aws:bedrock:us-east-1:111122223333:prompt/PROMPT1234:2"}
        if kind == "AWS::Bedrock::Guardrail":
            values |= {f"{name}.GuardrailId": "guardrail1"}
        if kind == "AWS::Bedrock::GuardrailVersion":
            values |= {f"{name}.Version": "1"}
    (found,) = [
        each["Properties"]["DefinitionString"]
        for name, each in testing.resources(template, "AWS::StepFunctions::StateMachine").items()
        if name.startswith(gate)
    ]
    return Machine(json.loads(testing.Resolver(template=template, values=values).resolve(found)), cloud)


def test_a_version_that_passes_moves_the_alias_of_the_callers(template):
    """Asked, judged, promoted: in that order."""
    cloud = Cloud()
    run = machine(template, "FlowGate", cloud)

    assert run.run({}) == {"version": "2"}
    assert cloud.moved == ["2"]
    assert cloud.payloads[0]["candidate"] == {
        "flow_id": "FLOW123456",
        "alias_id": "NEWEST1234",
        "input_node": "Question",
        "version": "2",
    }
    assert cloud.payloads[0]["test_set"]["sha256"] == DIGEST


def test_a_version_of_a_prompt_that_passes_is_written_into_the_parameter(template):
    """Callers read it there; a deploy never writes it again."""
    cloud = Cloud()

    machine(template, "PromptGate", cloud).run({})

    assert cloud.alias == "arn:aws:bedrock:us-east-1:111122223333:prompt/PROMPT1234:2"


def test_the_judge_reads_the_answers_of_this_execution(template):
    """From where the function has put them."""
    run = machine(template, "FlowGate", Cloud())
    run.run({})

    (job,) = run.called("createEvaluationJob")
    measured = job["EvaluationConfig"]["Automated"]["DatasetMetricConfigs"][0]
    put = run.services.payloads[0]["answers"]
    assert measured["Dataset"]["DatasetLocation"]["S3Uri"].endswith(f"/{put['key']}")
    assert job["InferenceConfig"]["Models"] == [
        {"PrecomputedInferenceSource": {"InferenceSourceIdentifier": "candidate"}}
    ]


def test_answers_that_break_a_check_cost_no_judge_and_move_nobody(template):
    """The cause has the records."""
    cloud = Cloud(said=False)
    run = machine(template, "FlowGate", cloud)

    with pytest.raises(StateError) as failed:
        run.run({})

    assert failed.value.error == "ExactChecksFailed"
    assert "record 1: the answer lacks 'Paris'" in failed.value.cause
    assert (cloud.moved, run.called("createEvaluationJob")) == ([], [])


@pytest.mark.parametrize("gate", ["FlowGate", "PromptGate"])
def test_marks_below_a_threshold_leave_callers_where_they_are(template, gate):
    """The old version stays, and the execution that failed is what an alarm counts."""
    cloud = Cloud()
    cloud.verdict = {"passed": False, "faults": ["Correctness is 0.5"], "scores": {}}

    with pytest.raises(StateError, match="EvaluationBelowThreshold"):
        machine(template, gate, cloud).run({})

    assert (cloud.moved, cloud.alias) == ([], "none")


def test_a_candidate_that_moved_meanwhile_promotes_nobody(template):
    """The function says so by its error, and nothing catches it."""
    cloud = Cloud()
    cloud.refusals["invoke"] = ["CandidateMovedError"]

    with pytest.raises(StateError, match="CandidateMovedError"):
        machine(template, "FlowGate", cloud).run({})

    assert cloud.moved == []


def statements(template, prefix):
    """Return what the roles below a construct may do, by action."""
    found = {}
    for each in testing.resources(template, "AWS::IAM::Policy").values():
        if not any(ref.get("Ref", "").startswith(prefix) for ref in each["Properties"]["Roles"]):
            continue
        for statement in each["Properties"]["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                found.setdefault(action, []).append(statement)
    return found


def test_only_the_state_machine_moves_the_alias_and_only_that_one(template):
    """The function that asks runs the newest version, and can promote nothing."""
    live = next(name for name in testing.resources(template, "AWS::Bedrock::FlowAlias") if "Live" in name)
    newest = next(name for name in testing.resources(template, "AWS::Bedrock::FlowAlias") if "Newest" in name)

    machine_may, asker_may = statements(template, "FlowGateRunRole"), statements(template, "FlowGateAskerRole")

    assert [each["Resource"] for each in machine_may["bedrock:UpdateFlowAlias"]] == [{"Fn::GetAtt": [live, "Arn"]}]
    assert "bedrock:UpdateFlowAlias" not in asker_may
    assert [each["Resource"] for each in asker_may["bedrock:InvokeFlow"]] == [{"Fn::GetAtt": [newest, "Arn"]}]


def test_a_prompt_is_asked_with_its_guardrail_or_not_at_all(template):
    """The same condition that callers have."""
    may = statements(template, "PromptGateAskerRole")

    assert all("bedrock:GuardrailIdentifier" in each["Condition"]["StringLike"] for each in may["bedrock:InvokeModel"])
    assert "ssm:PutParameter" not in may


def test_a_gate_is_watched_like_every_job(template):
    """Failed and begun are counted, so that a failed gate alarms."""
    made = gates(testing.stack())

    assert isinstance(made.flow, ICountedJob)


def test_what_cannot_be_is_told_at_once():
    """An alias that deploys move is no gate, and a digest has 64 digits."""
    stack = testing.stack()
    made = gates(stack)
    turned = FlowCandidate(flow=made.made, newest=made.live, current=made.newest)
    wrong = {**made.common, "test_set_sha256": "abc", "exact_share": 2, "thresholds": []}

    with pytest.raises(BedrockJobError) as raised:
        Promotion(stack, "Wrong", candidate=turned, **wrong)

    assert [fault.split(":")[0] for fault in raised.value.args[0].split("; ")] == [
        "newest is a gated alias, which no deploy moves",
        "current is an alias that every deploy moves past the gate",
        "thresholds is empty",
        "exact_share is 2, allowed are 0 to 1",
        "test_set_sha256 is 'abc'",
    ]
