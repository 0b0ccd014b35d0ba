"""Which machines the catalog offers, and what it knows of them."""

from __future__ import annotations

import pytest

from genai_layers.catalog import CatalogError, Confidence, UnknownInstanceTypeError, Vendor, accelerators, instances

FAMILIES = {
    "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "g7", "g7e", "gr6", "gr6f",
    "inf1", "inf2", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300",
    "trn1", "trn1n", "trn2", "trn2u",
}  # fmt: skip


def test_every_accelerated_family_that_serves_models_is_there() -> None:
    """No family that AWS describes as Nitro is missing."""
    assert {item.family for item in instances.every().values()} >= FAMILIES


def test_only_nitro_types_are_offered() -> None:
    """The catalog is the list of what may be used."""
    assert all(item.nitro for item in instances.every().values())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("p3.2xlarge", "Xen"),
        ("g3.4xlarge", "Xen"),
        ("g4ad.xlarge", "AMD"),
        ("dl1.24xlarge", "Gaudi"),
        ("f2.6xlarge", "FPGA"),
        ("p6e-gb200.36xlarge", "not found"),
        ("ml.g6.xlarge", "SageMaker"),
        ("m5.large", "not an accelerated Nitro type"),
        ("", "not an accelerated Nitro type"),
    ],
)
def test_refuses_a_type_and_says_why(name: str, reason: str) -> None:
    """A refusal names the type, the reason, and what to choose."""
    with pytest.raises(UnknownInstanceTypeError) as refusal:
        instances.get(name)

    assert repr(name) in str(refusal.value)
    assert reason in str(refusal.value)
    assert "choose" in str(refusal.value)


def test_a_typing_error_leads_to_the_type_that_was_meant() -> None:
    """The nearest name comes first among the alternatives."""
    with pytest.raises(UnknownInstanceTypeError) as refusal:
        instances.get("g6e.12xlrage")

    assert refusal.value.alternatives[0] == "g6e.12xlarge"


def test_trainium2_has_the_memory_that_it_has_and_says_that_it_was_overridden() -> None:
    """The API's 8.4 TB is not believed, and the doubt is shown."""
    machine = instances.get("trn2.48xlarge")

    assert machine.memory_mib_per_accelerator == 96 * 1024
    assert machine.confidence is Confidence.DOCUMENTED
    assert any("8.4 TB" in note for note in machine.notes)


def test_the_ultraserver_has_the_devices_that_the_data_leaves_out() -> None:
    """trn2u.48xlarge is as large as trn2.48xlarge."""
    ultra, plain = instances.get("trn2u.48xlarge"), instances.get("trn2.48xlarge")

    assert (ultra.accelerator_count, ultra.accelerator_memory_mib) == (16, plain.accelerator_memory_mib)
    assert ultra.confidence is Confidence.INFERRED


def test_a_partition_of_a_device_counts_as_one_with_its_share_of_memory() -> None:
    """g6f carries an eighth of an L4, not zero and not a whole one."""
    machine = instances.get("g6f.large")

    assert machine.accelerator_count == 1
    assert machine.accelerator_fraction == 0.125
    assert machine.accelerator_memory_mib == machine.accelerator.memory_mib // 8


def test_memory_is_what_a_program_can_use_not_what_the_label_says() -> None:
    """An L4 of 24 GB has 22.35 GiB."""
    assert instances.get("g6.xlarge").accelerator_memory_mib == 22888


@pytest.mark.parametrize(
    ("name", "attestable"),
    [("p5.48xlarge", True), ("g6e.xlarge", True), ("inf2.xlarge", True), ("trn2.48xlarge", True),
     ("p4d.24xlarge", False), ("p4de.24xlarge", False), ("trn1.32xlarge", False), ("trn2.3xlarge", False),
     ("g5g.xlarge", False), ("p3dn.24xlarge", False)],
)  # fmt: skip
def test_knows_which_machines_can_boot_an_attestable_image(name: str, attestable: bool) -> None:
    """NitroTPM and UEFI decide whether weights can be kept from everyone."""
    assert instances.get(name).attestable is attestable


def test_b200_has_nitrotpm_but_no_enclaves() -> None:
    """The two are different things, and one machine shows it."""
    machine = instances.get("p6-b200.48xlarge")

    assert (machine.nitro_tpm, machine.enclaves) == (True, False)


def test_bare_metal_has_neither_nitrotpm_nor_enclaves() -> None:
    """Without a hypervisor there is nothing to attest."""
    for machine in instances.find(bare_metal=True):
        assert not machine.enclaves
        assert not machine.attestable


def test_finds_by_everything_at_once() -> None:
    """Conditions are joined, and the smallest machine comes first."""
    found = instances.find(vendor=Vendor.NVIDIA, architecture="x86_64", min_efa_interfaces=16, nitro_tpm=True)

    assert "p5en.48xlarge" in {item.name for item in found}
    assert "g6.48xlarge" not in {item.name for item in found}
    sizes = [item.accelerator_memory_mib for item in found]
    assert sizes == sorted(sizes)


def test_finds_capacity_block_types() -> None:
    """Usage classes are those of the API."""
    found = {item.family for item in instances.find(usage_class="capacity-block")}

    assert {"p5", "p6-b200", "trn2"} <= found
    assert "g6" not in found


def test_finds_nothing_rather_than_something_else() -> None:
    """An impossible wish has an empty answer."""
    assert instances.find(accelerator="H100", architecture="arm64") == ()


def test_an_unknown_accelerator_is_refused_with_the_known_ones() -> None:
    """A device is not guessed from its name."""
    with pytest.raises(CatalogError, match=r"accelerator 'L41' is not in the catalog: choose one of .*L40S"):
        accelerators.get("L41")
