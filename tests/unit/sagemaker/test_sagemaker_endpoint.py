"""What endpoints are made of, and what must hold when they change."""

from __future__ import annotations

import pytest
from sagemaker_estate import LLAMA, Estate, Rendered

from genai_layers.platform.sagemaker import Machines, Routing, engines

pytestmark = pytest.mark.synth

CONFIG = "AWS::SageMaker::EndpointConfig"
COMPONENT = "AWS::SageMaker::InferenceComponent"
ENDPOINT = "AWS::SageMaker::Endpoint"
MODEL = "AWS::SageMaker::Model"


def variant(rendered: Rendered, start: str) -> dict:
    """Return the only variant of a configuration."""
    (found,) = rendered.one(CONFIG, start)["ProductionVariants"]
    return found


def test_an_endpoint_writes_to_a_log_group_that_is_encrypted_and_expires(rendered: Rendered) -> None:
    """Without it SageMaker makes one that is neither; it stands before the endpoint and is named after it."""
    for start, kind in (("Shared", "Endpoints"), ("SharedLlama", "InferenceComponents"), ("AsyncHosted", "Endpoints")):
        (group,) = [
            each for name, each in rendered.all("AWS::Logs::LogGroup").items() if name.startswith(f"{start}Logs")
        ]

        assert rendered.value(group["Properties"]["LogGroupName"]).startswith(f"/aws/sagemaker/{kind}/everything-")
        assert group["Properties"]["RetentionInDays"] == 365
        assert "KmsKeyId" in group["Properties"]


def test_volumes_captures_and_answers_are_under_our_key(rendered: Rendered) -> None:
    """Every configuration on machines names the key, and so does whatever leaves the machine."""
    (key,) = rendered.all("AWS::KMS::Key", "Key")
    ours = {"Fn::GetAtt": [key, "Arn"]}

    on_machines = [
        each["Properties"]
        for each in rendered.all(CONFIG).values()
        if "ServerlessConfig" not in each["Properties"]["ProductionVariants"][0]
    ]

    assert [each["KmsKeyId"] for each in on_machines] == [ours] * 4
    capture = rendered.one(CONFIG, "Shared")["DataCaptureConfig"]
    assert (capture["KmsKeyId"], capture["InitialSamplingPercentage"]) == (ours, 10)
    assert rendered.one(CONFIG, "Async")["AsyncInferenceConfig"]["OutputConfig"]["KmsKeyId"] == ours


def test_containers_stand_in_our_network_and_cannot_use_it(rendered: Rendered) -> None:
    """All models but the serverless one, which the service gives no network, and that is acknowledged."""
    for name, model in rendered.all(MODEL).items():
        properties = model["Properties"]
        if name.startswith("Serverless"):
            assert "VpcConfig" not in properties
            continue
        assert properties["EnableNetworkIsolation"] is True
        assert len(properties["VpcConfig"]["Subnets"]) == 2


def test_an_endpoint_with_components_has_role_network_and_isolation_in_its_configuration(rendered: Rendered) -> None:
    """Its variant has no model that could bring them."""
    config = rendered.one(CONFIG, "Shared")

    assert "ModelName" not in variant(rendered, "Shared")
    assert config["EnableNetworkIsolation"] is True
    assert {"ExecutionRoleArn", "VpcConfig"} <= set(config)


def test_an_endpoint_stands_in_two_zones_unless_a_reason_is_written(rendered: Rendered) -> None:
    """Two machines are the default, everywhere."""
    assert variant(rendered, "Lasting")["InitialInstanceCount"] == 2
    assert variant(rendered, "Lasting")["ManagedInstanceScaling"]["MinInstanceCount"] == 2
    assert variant(rendered, "Dedicated")["InitialInstanceCount"] == 2


def test_machines_that_are_sold_out_are_replaced_by_the_next_type(rendered: Rendered) -> None:
    """Pools in order of preference instead of one type."""
    pools = variant(rendered, "Shared")["InstancePools"]

    assert [(pool["InstanceType"], pool["Priority"]) for pool in pools] == [
        ("ml.g6e.2xlarge", 1),
        ("ml.g5.4xlarge", 2),
    ]
    assert "InstanceType" not in variant(rendered, "Shared")
    types = [each["InstanceType"] for each in rendered.one(COMPONENT, "SharedLlama")["Specifications"]]
    assert types == ["ml.g6e.2xlarge", "ml.g5.4xlarge"]


@pytest.mark.parametrize(
    ("start", "driver"),
    [
        ("Shared", "al2023-ami-sagemaker-inference-gpu-4-1"),
        ("Lasting", "al2-ami-sagemaker-inference-gpu-3-1"),
    ],
    ids=["CUDA 13 in one of the containers", "CUDA 12.4"],
)
def test_the_driver_is_the_oldest_that_serves_every_container(rendered: Rendered, start: str, driver: str) -> None:
    """A container of CUDA 13 does not start on the driver that SageMaker would take by itself."""
    assert variant(rendered, start)["InferenceAmiVersion"] == driver


def test_a_neuron_container_gets_the_neuron_driver(estate: Estate) -> None:
    """And no GPU driver."""
    shared = estate.endpoint(machines=Machines(instance_types=["ml.inf2.8xlarge"]))
    shared.add_model("Llama", engines.neuron("llama", estate.files("llama")))

    seen = Rendered(template=estate.template(), estate=estate)

    assert variant(seen, "Endpoint")["InferenceAmiVersion"] == "al2-ami-sagemaker-inference-neuron-2"


def test_an_adapter_stands_on_its_model_and_takes_no_machine(rendered: Rendered) -> None:
    """Only the name of the model and the address of the archive."""
    adapter = rendered.one(COMPONENT, "SharedLlamaLegal")
    base = rendered.one(COMPONENT, "SharedLlama")

    assert adapter["Specification"]["BaseInferenceComponentName"] == base["InferenceComponentName"]
    assert rendered.value(adapter["Specification"]["Container"]["ArtifactUrl"]).endswith("/adapters/legal.tar.gz")
    assert "ComputeResourceRequirements" not in adapter["Specification"]


def test_copies_are_spread_over_zones_and_machines_keep_the_files(rendered: Rendered) -> None:
    """The loss of a zone takes half of the copies; the next copy starts without another download."""
    specification = rendered.one(COMPONENT, "LastingPretrained")["Specification"]

    assert specification["SchedulingConfig"]["PlacementStrategy"] == "SPREAD"
    assert "AvailabilityZoneBalance" in specification["SchedulingConfig"]
    assert specification["DataCacheConfig"] == {"EnableCaching": True}
    assert specification["ComputeResourceRequirements"]["NumberOfAcceleratorDevicesRequired"] == 1


def test_a_pretrained_model_comes_with_its_image_files_licence_and_tags(rendered: Rendered) -> None:
    """All that its publisher says, and who accepted what he asks."""
    model = rendered.one(MODEL, "LastingPretrained")
    source = model["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]

    assert rendered.value(model["PrimaryContainer"]["Image"]) == (
        "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.29.0-lmi11.0.0-cu124"
    )
    assert source["ModelAccessConfig"] == {"AcceptEula": True}
    assert (source["S3DataType"], source["CompressionType"]) == ("S3Prefix", "None")
    tags = {tag["Key"]: tag["Value"] for tag in model["Tags"]}
    assert tags["sagemaker-sdk:jumpstart-model-id"] == LLAMA
    assert tags["genai-layers:eula-accepted-by"] == "legal@example.com"
    assert "SAGEMAKER_SUBMIT_DIRECTORY" not in model["PrimaryContainer"]["Environment"]


def test_prefix_aware_routing_reservations_and_container_metrics_are_passed_on(estate: Estate) -> None:
    """Each is a choice of the machines."""
    reservation = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/mine"
    machines = Machines(
        instance_types=["ml.p5.48xlarge"],
        routing=Routing.prefix_aware(prefix_length=2048, concurrency_threshold=8),
        reservation_arn=reservation,
        container_metrics=True,
    )
    estate.endpoint(machines=machines).add_model("Llama", estate.llama(accelerators=8))

    seen = Rendered(template=estate.template(), estate=estate)
    found = variant(seen, "Endpoint")

    assert found["RoutingConfig"] == {
        "RoutingStrategy": "PREFIX_AWARE",
        "PrefixAwareRoutingConfig": {"PrefixLength": 2048, "ConcurrencyThreshold": 8},
    }
    assert found["CapacityReservationConfig"]["MlReservationArn"] == reservation
    assert seen.one(CONFIG)["MetricsConfig"]["EnableDetailedObservability"] is True


def test_a_serverless_endpoint_names_memory_and_concurrency_and_no_machine(rendered: Rendered) -> None:
    """SageMaker refuses a variant with both."""
    found = variant(rendered, "Serverless")

    assert found["ServerlessConfig"] == {"MaxConcurrency": 5, "MemorySizeInMB": 4096}
    assert {"InstanceType", "InitialInstanceCount"} & set(found) == set()
