"""
Prices of the stores of knowledge bases while nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import Item, Pricer, Unknown, UsageOnly, free, hourly, used
from genai_layers.cost.resource import Resource

# OpenSearch Serverless developer guide: half a unit each for indexing and search, twice with standby replicas.
_UNITS_WITH_STANDBY, _UNITS_ALONE = Decimal(2), Decimal(1)
_UNIT = "opensearchserverless:ocu"


def _collection(collection: Resource) -> Iterable[Item]:
    name = collection.at("CollectionGroupName")
    if name:
        groups = (one for one in collection.template if one.type == "AWS::OpenSearchServerless::CollectionGroup")
        if any(group.at("Name") == name for group in groups):
            return ()
        reason = "the units belong to its collection group"
        return (Unknown(what="OpenSearch Serverless collection", reason=reason),)
    units = _UNITS_ALONE if collection.at("StandbyReplicas") == "DISABLED" else _UNITS_WITH_STANDBY
    note = "collections of one key share these units"
    return (hourly(f"OpenSearch Serverless, {units} units at least", _UNIT, units, note),)


def _collection_group(group: Resource) -> Iterable[Item]:
    """
    The lower bounds of its capacity, which a group of the next generation may set to zero.
    """
    bounds = [group.number("CapacityLimits", f"Min{kind}CapacityInOcu") for kind in ("Indexing", "Search")]
    if group.at("Generation") != "NEXTGEN":
        # A group of the first generation has the bounds of a collection of its own.
        bounds = [Decimal(1) if bound is None else bound for bound in bounds]
    units = sum((bound for bound in bounds if bound is not None), Decimal(0))
    most = [group.number("CapacityLimits", f"Max{kind}CapacityInOcu") for kind in ("Indexing", "Search")]
    if not units:
        bound = f", {sum(one for one in most if one is not None)} units at most" if any(most) else ""
        return (UsageOnly(what=f"OpenSearch Serverless, down to zero{bound}", lines=(_UNIT,)),)
    return (hourly(f"OpenSearch Serverless, {units} units at least", _UNIT, units),)


def _graph(graph: Resource) -> Iterable[Item]:
    """
    Memory by the hour, as often again for each replica; a graph has one when it says nothing.
    """
    memory, replicas = graph.number("ProvisionedMemory"), graph.number("ReplicaCount")
    if memory is None:
        return (Unknown(what="Neptune Analytics graph", reason="its memory is not in the template"),)
    copies = 1 + (Decimal(1) if replicas is None else replicas)
    return (hourly(f"Neptune Analytics, {copies} x {memory} m-NCU", "neptunegraph:memory", copies * memory),)


def _cluster(cluster: Resource) -> Iterable[Item]:
    """
    The lower bound of a serverless cluster; machines are priced where they stand.
    """
    least = cluster.number("ServerlessV2ScalingConfiguration", "MinCapacity")
    storage = UsageOnly(what="Aurora storage and requests", lines=("aurora:storage", "aurora:io"))
    if least is None:
        return (storage,)
    if not least:
        return (UsageOnly(what="Aurora Serverless, paused while idle", lines=("aurora:acu",)), storage)
    return (hourly(f"Aurora Serverless, {least} units at least for each instance", "aurora:acu", least), storage)


def _instance(instance: Resource) -> Iterable[Item]:
    if instance.at("DBInstanceClass") == "db.serverless":
        return ()
    return (Unknown(what="database instance", reason="the catalog has no prices of database machines"),)


def _index(index: Resource) -> Iterable[Item]:
    if index.at("Edition") != "GEN_AI_ENTERPRISE_EDITION":
        return (Unknown(what="Kendra index", reason="the catalog has prices of the GenAI edition only"),)
    return (hourly("Kendra GenAI index", "kendra:genai-index", note="20,000 documents and 0.1 queries a second"),)


def _domain(_: Resource) -> Iterable[Item]:
    return (Unknown(what="OpenSearch domain", reason="the catalog has no prices of its machines"),)


LINES: Mapping[str, Pricer] = {
    "AWS::Kendra::Index": _index,
    "AWS::NeptuneGraph::Graph": _graph,
    "AWS::OpenSearchServerless::Collection": _collection,
    "AWS::OpenSearchServerless::CollectionGroup": _collection_group,
    "AWS::OpenSearchService::Domain": _domain,
    "AWS::RDS::DBCluster": _cluster,
    "AWS::RDS::DBInstance": _instance,
    "AWS::S3Vectors::Index": used("vector index", "s3vectors:storage", "s3vectors:put", "s3vectors:query"),
    **dict.fromkeys(
        (
            "AWS::OpenSearchServerless::AccessPolicy",
            "AWS::OpenSearchServerless::Index",
            "AWS::OpenSearchServerless::SecurityPolicy",
            "AWS::RDS::DBClusterParameterGroup",
            "AWS::RDS::DBSubnetGroup",
            "AWS::S3Vectors::VectorBucket",
            "AWS::S3Vectors::VectorBucketPolicy",
        ),
        free,
    ),
}
