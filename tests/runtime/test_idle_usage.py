"""Idle is only what is known to be idle; figures and settings are whole or refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import ANY

from genai_layers.runtime.idle_endpoints.settings import Settings
from genai_layers.runtime.idle_endpoints.usage import UsageUnknownError
from genai_layers.runtime.shared.env import Environment, MissingSettingError
from tests.runtime.idle_account import NOW, OLD, Account, endpoint, notebook, settings


def _one_endpoint(account: Account, *pages: dict[str, Any]) -> None:
    account.has(endpoints=[endpoint("one")])
    stub = account.stubs["cloudwatch"]
    stub._queue.clear()
    for page in pages:
        stub.add_response("get_metric_data", page)


def _page(status: str, values: list[float], token: str | None = None) -> dict[str, Any]:
    result = {"Id": "m0", "StatusCode": status, "Values": values}
    return {"MetricDataResults": [result], **({"NextToken": token} if token else {})}


@pytest.mark.parametrize("status", ["InternalError", "Forbidden", "PartialData"])
def test_an_answer_that_is_not_whole_makes_nothing_idle(status: str) -> None:
    """The check fails, and an alarm tells; a guess could scale in what is used."""
    account = Account()
    _one_endpoint(account, _page(status, []))

    with pytest.raises(UsageUnknownError, match=f"1 of 1 metrics are not whole, the first is Invocations: {status}"):
        account.look()


def test_an_answer_of_several_pages_is_added_up() -> None:
    """A page may be empty, and partial until the last."""
    account = Account()
    _one_endpoint(account, _page("PartialData", [], "more"), _page("Complete", [1.0]))

    assert account.look()["idle"] == []


def test_the_window_is_asked_for_day_by_day_under_the_names_of_sagemaker() -> None:
    """Of the variant that is meant."""
    account = Account()
    asked: list[dict[str, Any]] = []
    account.clients["cloudwatch"].meta.events.register(
        "provide-client-params.cloudwatch.GetMetricData", lambda params, **_: asked.append(dict(params))
    )
    account.has(endpoints=[endpoint("one")])
    account.listens()

    account.look()

    (query,) = asked[0]["MetricDataQueries"]
    assert query["MetricStat"] == {
        "Metric": {
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocations",
            "Dimensions": [{"Name": "EndpointName", "Value": "one"}, {"Name": "VariantName", "Value": "models"}],
        },
        "Period": 86_400,
        "Stat": "Sum",
    }
    assert asked[0]["EndTime"] - asked[0]["StartTime"] == timedelta(days=14)


def test_an_endpoint_without_its_configuration_is_told_all_the_same() -> None:
    """It costs the same, and nobody can look its type up."""
    account = Account()
    ask = account.stubs["sagemaker"]
    one = endpoint("orphan")
    listed = {key: one[key] for key in one if key not in ("EndpointConfigName", "ProductionVariants")}
    ask.add_response("list_endpoints", {"Endpoints": [listed]})
    ask.add_response("describe_endpoint", one)
    ask.add_client_error("describe_endpoint_config", "ValidationException", "Could not find endpoint configuration")
    ask.add_response("list_inference_components", {"InferenceComponents": []})
    ask.add_response("list_notebook_instances", {"NotebookInstances": []})
    account.stubs["cloudwatch"].add_response("get_metric_data", _page("Complete", []))
    account.listens()

    account.look()

    assert "- endpoint orphan: 1 x unknown type, price not known" in account.told["Message"]


def test_lists_are_read_to_their_end() -> None:
    """An account may have more endpoints than a page holds."""
    account = Account()
    ask = account.stubs["sagemaker"]
    ask.add_response("list_endpoints", {"Endpoints": [], "NextToken": "more"}, {"StatusEquals": "InService"})
    ask.add_response("list_endpoints", {"Endpoints": []}, {"StatusEquals": "InService", "NextToken": "more"})
    ask.add_response("list_inference_components", {"InferenceComponents": []})
    ask.add_response("list_notebook_instances", {"NotebookInstances": [notebook("one", since=OLD)]})
    trail = account.stubs["cloudtrail"]
    trail.add_response("lookup_events", {"Events": [], "NextToken": "more"})
    event = {"CloudTrailEvent": json.dumps({"requestParameters": {"notebookInstanceName": "one"}})}
    refused = {"CloudTrailEvent": json.dumps({"errorCode": "AccessDenied", "requestParameters": None})}
    trail.add_response(
        "lookup_events",
        {"Events": [refused, event]},
        {"LookupAttributes": ANY, "StartTime": ANY, "EndTime": NOW, "NextToken": "more"},
    )

    assert account.look()["idle"] == []


def test_a_denied_look_fails_the_check() -> None:
    """A permission that is missing must not read as an empty account."""
    account = Account()
    account.stubs["sagemaker"].add_client_error("list_endpoints", "AccessDeniedException")

    with pytest.raises(Exception, match="AccessDeniedException"):
        account.look()


def test_figures_are_written_also_when_they_are_0(capsys: pytest.CaptureFixture[str]) -> None:
    """A graph that falls to 0 says more than one that ends."""
    account = Account()
    account.has()

    account.look()

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [each for each in lines if "_aws" in each]
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "GenAiLayers/IdleEndpoints"
    assert {name: line[name] for name in line if name.startswith("Idle")} == {
        "IdleEndpoints": 0,
        "IdleComponents": 0,
        "IdleNotebooks": 0,
        "IdleUsdPerMonth": 0,
        "IdleWithoutPrice": 0,
    }
    assert line["Check"] == "check"


def test_settings_are_read_and_every_fault_is_named() -> None:
    """Dry run and no prices are what is left when nothing is said."""
    read = Settings.read(Environment({"CHECK_NAME": "check", "TOPIC_ARN": settings().topic, "WINDOW_DAYS": "14"}))

    assert read == settings(usd_per_hour={})
    with pytest.raises(MissingSettingError) as caught:
        Settings.read(Environment({"WINDOW_DAYS": "0"}))
    assert len(str(caught.value).split("; ")) == 3


def test_a_reason_is_what_makes_it_act() -> None:
    """There is no other switch."""
    given = {"CHECK_NAME": "check", "TOPIC_ARN": "arn", "WINDOW_DAYS": "1", "SCALE_IN_REASON": "Readers can wait"}

    assert Settings.read(Environment(given)).scales_in
