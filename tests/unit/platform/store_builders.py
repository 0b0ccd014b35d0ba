"""Knowledge bases over stores other than the default."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.platform import (
    AuroraClusterStore,
    AuroraStore,
    FoundationModel,
    KnowledgeBase,
    MongoDbAtlasStore,
    NeptuneGraphStore,
    OpenSearchDomainStore,
    OpenSearchServerlessStore,
    PineconeStore,
    S3VectorsStore,
)

CLUSTER = "arn:aws:rds:us-east-1:111122223333:cluster:knowledge"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:knowledge-AbCdEf"
SECRET_KEY = "arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
DOMAIN = "arn:aws:es:us-east-1:111122223333:domain/handbook"
OUTSIDE = "The contract with the vendor covers these documents."
USES = (
    *KnowledgeBase.REQUIRED_KEY_USES,
    *AuroraClusterStore.REQUIRED_KEY_USES,
    *NeptuneGraphStore.REQUIRED_KEY_USES,
    *OpenSearchServerlessStore.REQUIRED_KEY_USES,
)


def made(stack, store, **props) -> KnowledgeBase:
    """Return a knowledge base over a store."""
    key = EncryptionKey(stack, "Key", description="knowledge", uses=USES)
    logs = s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs")
    return KnowledgeBase(stack, "Knowledge", key=key.key, access_logs=logs, store=store, **props)


def aurora(stack, **props) -> AuroraStore:
    """Return a store in a cluster that stands already."""
    secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", SECRET)
    given = {"cluster_arn": CLUSTER, "secret": secret, "database": "app", "table": "knowledge.passages"}
    return AuroraStore(**{**given, **props})


def secret_and_key(stack) -> dict:
    """Return a secret that stands already, under a key that stands already."""
    return {
        "secret": secretsmanager.Secret.from_secret_complete_arn(stack, "StoreSecret", SECRET),
        "secret_key": kms.Key.from_key_arn(stack, "StoreSecretKey", SECRET_KEY),
    }


def neptune(stack, **props) -> NeptuneGraphStore:
    """Return a graph that a model fills."""
    return NeptuneGraphStore(graph_builder=FoundationModel.of(stack, "amazon.nova-lite-v1:0"), **props)


def domain(stack, **props) -> OpenSearchDomainStore:
    """Return an index in a domain that stands already."""
    attributes = {"domain_arn": DOMAIN, "domain_endpoint": "search-handbook-abc.us-east-1.es.amazonaws.com"}
    given = opensearch.Domain.from_domain_attributes(stack, "Domain", **attributes)
    return OpenSearchDomainStore(**{"domain": given, "index": "passages", **props})


def pinecone(stack, **props) -> PineconeStore:
    """Return an index at Pinecone."""
    endpoint = "https://handbook-abc123.svc.aped-4627-b74a.pinecone.io"
    return PineconeStore(**{"endpoint": endpoint, "outside_reason": OUTSIDE, **secret_and_key(stack), **props})


def mongodb(stack, **props) -> MongoDbAtlasStore:
    """Return a collection in MongoDB Atlas."""
    given = {
        "endpoint": "handbook.abc12.mongodb.net",
        "endpoint_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        "database": "knowledge",
        "collection": "passages",
        "vector_index": "vectors",
        "outside_reason": OUTSIDE,
    }
    return MongoDbAtlasStore(**{**given, **secret_and_key(stack), **props})


def aurora_cluster(stack, **props) -> AuroraClusterStore:
    """Return a store with a cluster of its own, in a network that stands already."""
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
    )
    return AuroraClusterStore(**{"vpc": vpc, **props})


def one(template, kind):
    """Return logical id and resource of the only resource of a type."""
    ((logical_id, resource),) = testing.resources(template, kind).items()
    return logical_id, resource


STORES = {
    "s3-vectors": lambda _: S3VectorsStore(),
    "opensearch-serverless": lambda _: OpenSearchServerlessStore(),
    "opensearch-domain": domain,
    "aurora": aurora,
    "aurora-cluster": aurora_cluster,
    "neptune": neptune,
    "pinecone": pinecone,
    "mongodb": mongodb,
}
"""Every store, made for a stack."""
