"""Machines of SageMaker, their drivers, and how specifications of the public hub become rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from genai_layers.catalog import instances, jumpstart, ml_instances
from genai_layers.catalog.errors import RegionError, UnknownInstanceTypeError, UnknownModelError
from genai_layers.catalog.ml_instances import MlUse
from tools.catalog import jumpstart as tool
from tools.catalog import ml_instances as machines_tool

IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.29.0-lmi11.0.0-cu124"


def upstream(version: str = "1.0.0", **more: Any) -> dict[str, Any]:
    """Return a specification as the public hub has it."""
    return {
        "modelId": "acme",
        "version": version,
        "defaultInstanceType": "ml.g5.2xlarge",
        "instanceTypes": ["ml.g5.2xlarge", "ml.p3.2xlarge"],
        "prepackedArtifactKey": "acme/v1/",
        "environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "/opt", "WORKERS": 1},
        "instanceAliases": [{"region": "us-east-1", "aliases": {"gpu": IMAGE}}],
        "instanceVariants": [{"instanceType": "g5", "imageUri": "$gpu"}],
        **more,
    }


def test_the_rows_are_those_of_the_service_model_and_of_the_machines() -> None:
    """The tool gives what is packaged, so nothing in the table was written by hand."""
    packaged = machines_tool.uses(machines_tool.model())

    for name, item in ml_instances.every().items():
        assert [use.value for use in item.uses] == packaged[name]
        twin = instances.every().get(item.ec2_name)
        assert twin is None or (twin.memory_mib, twin.nvme_gb) == (item.memory_mib, item.nvme_gb)


def test_the_drivers_are_in_order_and_every_name_is_one_of_the_api() -> None:
    """Choosing the oldest that serves rests on it."""
    names = machines_tool.model()["ProductionVariantInferenceAmiVersion"]["enum"]
    found = ml_instances.host_images()

    assert sorted(item.name for item in found) == sorted(names)
    nvidia = [float(item.driver) for item in found if item.vendor == "nvidia"]
    assert nvidia == sorted(nvidia)
    assert all(item.cuda for item in found if item.vendor == "nvidia")


def test_a_type_that_does_another_job_is_refused_with_those_that_do_this_one() -> None:
    """HyperPod has no Inferentia, and batch transform no P5."""
    with pytest.raises(UnknownInstanceTypeError, match="not run for cluster by SageMaker, only for hosting, transform"):
        ml_instances.get("ml.inf2.xlarge", MlUse.CLUSTER)
    with pytest.raises(UnknownInstanceTypeError, match=r"'ml.p5.48xlarge' is not run for transform"):
        ml_instances.get("ml.p5.48xlarge", MlUse.TRANSFORM)


def test_no_machine_outside_the_nitro_system_is_there() -> None:
    """Families that the API still names are refused with the reason."""
    families = {item.family for item in ml_instances.every().values()}

    assert families & {"p2", "p3", "m4", "c4", "t2"} == set()
    with pytest.raises(UnknownInstanceTypeError, match="runs on the Xen hypervisor"):
        ml_instances.get("ml.m4.xlarge")


def test_types_are_found_by_what_they_carry_smallest_first() -> None:
    """Memory of the devices decides the order."""
    found = ml_instances.find(vendor="neuron")
    sizes = [item.accelerator_memory_mib for item in found]

    assert sizes == sorted(sizes)
    assert ml_instances.find(is_accelerated=False)[0].accelerator is None
    assert ml_instances.find(vendor="nvidia", min_accelerator_memory_mib=600_000)[0].name == "ml.p4de.24xlarge"


def test_the_newest_version_that_names_an_image_is_taken_and_the_others_are_told() -> None:
    """Versions in order of numbers, not of letters."""
    specs = [upstream("1.9.0"), upstream("1.10.0"), upstream("2.0.0", instanceVariants=[])]

    row, passed = tool.newest(specs)

    assert row is not None
    assert row["version"] == "1.10.0"
    assert passed == ["acme 2.0.0 names no image for ml.g5.2xlarge"]


def test_a_row_keeps_what_a_container_needs_and_drops_what_it_must_not_have() -> None:
    """Text only, no submit directory, no machine that the catalog refuses."""
    row = tool.row(upstream())

    assert isinstance(row, dict)
    assert row["environment"] == {"WORKERS": "1"}
    assert row["variants"] == {"ml.g5.2xlarge": {"image": 0}}
    assert row["images"] == ["djl-inference:0.29.0-lmi11.0.0-cu124"]


def test_a_model_package_has_neither_files_nor_variables() -> None:
    """It brings both."""
    row = tool.row(upstream(modelPackageArns={"us-east-1": "arn"}))

    assert isinstance(row, dict)
    assert (row["artifact"], row["environment"], row["packages"]) == (None, {}, {"us-east-1": "arn"})


def test_a_model_for_machines_that_nobody_may_use_is_passed_over() -> None:
    """P3 alone is none."""
    assert tool.row(upstream(instanceTypes=["ml.p3.2xlarge"])) == "is served on no type of the catalog"


def test_a_document_of_the_hub_becomes_the_same_row() -> None:
    """What DescribeHubContent answers is read into the shape of a specification."""
    document = {
        "DefaultInferenceInstanceType": "ml.g5.2xlarge",
        "SupportedInferenceInstanceTypes": ["ml.g5.2xlarge"],
        "HostingPrepackedArtifactUri": "s3://jumpstart-cache-prod-us-east-1/acme/v1/",
        "HostingEulaUri": "s3://jumpstart-cache-prod-us-east-1/eula.txt",
        "GatedBucket": True,
        "InferenceEnvironmentVariables": [{"Name": "WORKERS", "Default": 1}, {"Name": "TOKEN"}],
        "HostingInstanceTypeVariants": {
            "Aliases": {"gpu": IMAGE},
            "Variants": {
                "g5": {"Properties": {"ImageUri": "$gpu"}},
                "ml.g5.2xlarge": {"Properties": {"EnvironmentVariables": {"SM_NUM_GPUS": 1}}},
            },
        },
    }

    told = tool.from_hub("acme", "1.0.0", json.loads(json.dumps(document)))
    row = tool.row({**told, "instanceAliases": [{"region": "us-east-1", "aliases": told["aliases"]}]})

    assert isinstance(row, dict)
    assert row["variants"] == {"ml.g5.2xlarge": {"image": 0, "environment": {"SM_NUM_GPUS": "1"}}}
    assert (row["artifact"], row["eula"], row["gated"]) == ("acme/v1/", "eula.txt", True)
    assert row["environment"] == {"WORKERS": "1"}


def test_registry_accounts_are_read_from_the_addresses() -> None:
    """GovCloud's too, which no page lists."""
    assert tool.accounts([upstream()]) == {"us-east-1": "763104351884"}
    assert jumpstart.JumpStartImage.of("djl-inference:1.0").account("us-gov-west-1") == "442386744353"


def test_buckets_of_open_and_gated_models_differ_by_region() -> None:
    """And a region without JumpStart is refused."""
    assert jumpstart.bucket("eu-west-1") == "jumpstart-cache-prod-eu-west-1"
    assert jumpstart.bucket("us-gov-west-1", is_gated=True) == "jumpstart-private-cache-prod-us-gov-west-1"
    with pytest.raises(RegionError, match="'us-iso-east-1' has no JumpStart"):
        jumpstart.bucket("us-iso-east-1")


def test_an_unknown_model_is_refused_with_the_closest() -> None:
    """Part of an id is enough to find it."""
    with pytest.raises(UnknownModelError, match="choose one like huggingface-sentencesimilarity-bge-m3"):
        jumpstart.get("bge-m3")
