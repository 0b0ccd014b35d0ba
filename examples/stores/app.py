"""A knowledge base over every store and of every kind, each in a stack of its own: deploy the one that you want."""

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.foundation import AccessLogBucket, EncryptionKey
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs import IngestionJob
from genai_layers.operations import Monitoring
from genai_layers.platform import (
    AuroraClusterStore,
    AuroraStore,
    FoundationModel,
    KendraKnowledgeBase,
    KnowledgeBase,
    ManagedKnowledgeBase,
    MongoDbAtlasStore,
    NeptuneGraphStore,
    OpenSearchDomainStore,
    OpenSearchServerlessStore,
    PineconeStore,
    RedshiftServerless,
    RedshiftTables,
    Reranker,
    S3VectorsStore,
    StructuredKnowledgeBase,
)

REGION = "us-east-1"
OUTSIDE = "The contract with the vendor covers these documents."
# What stands already in the account; put your own here.
HERE = f"{REGION}:111122223333"
CLUSTER = f"arn:aws:rds:{HERE}:cluster:knowledge"
SECRET = f"arn:aws:secretsmanager:{HERE}:secret:knowledge-AbCdEf"
SECRET_KEY = f"arn:aws:kms:{HERE}:key/01234567-89ab-cdef-0123-456789abcdef"
DOMAIN = f"arn:aws:es:{HERE}:domain/handbook"
WORKGROUP = f"arn:aws:redshift-serverless:{HERE}:workgroup/01234567-89ab-cdef-0123-456789abcdef"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)


def secret(stack: cdk.Stack) -> secretsmanager.ISecret:
    """Return the secret that the store is opened with."""
    return secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", SECRET)


def secret_key(stack: cdk.Stack) -> kms.IKey:
    """Return the key that the secret is under."""
    return kms.Key.from_key_arn(stack, "SecretKey", SECRET_KEY)


def network(stack: cdk.Stack) -> ec2.IVpc:
    """Return the network of the account, with two isolated subnets."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Network",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{REGION}a", f"{REGION}b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
    )


def domain(stack: cdk.Stack) -> OpenSearchDomainStore:
    """Return an index in a domain of the account."""
    endpoint = "search-handbook-abc.us-east-1.es.amazonaws.com"
    found = opensearch.Domain.from_domain_attributes(stack, "Domain", domain_arn=DOMAIN, domain_endpoint=endpoint)
    return OpenSearchDomainStore(domain=found, index="passages")


def atlas(stack: cdk.Stack) -> MongoDbAtlasStore:
    """Return a collection at MongoDB, reached over PrivateLink."""
    return MongoDbAtlasStore(
        endpoint="handbook.abc12.mongodb.net",
        endpoint_service_name="com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        database="knowledge",
        collection="passages",
        vector_index="vectors",
        secret=secret(stack),
        secret_key=secret_key(stack),
        outside_reason=OUTSIDE,
    )


def pinecone(stack: cdk.Stack) -> PineconeStore:
    """Return an index at Pinecone."""
    return PineconeStore(
        endpoint="https://handbook-abc123.svc.aped-4627-b74a.pinecone.io",
        secret=secret(stack),
        secret_key=secret_key(stack),
        outside_reason=OUTSIDE,
    )


Store = (
    S3VectorsStore
    | OpenSearchServerlessStore
    | AuroraClusterStore
    | AuroraStore
    | NeptuneGraphStore
    | OpenSearchDomainStore
    | PineconeStore
    | MongoDbAtlasStore
)
STORES: dict[str, Callable[[cdk.Stack], Store]] = {
    "S3Vectors": lambda _: S3VectorsStore(),
    "OpenSearchServerless": lambda _: OpenSearchServerlessStore(),
    "AuroraCluster": lambda stack: AuroraClusterStore(vpc=network(stack)),
    "Aurora": lambda stack: AuroraStore(
        cluster_arn=CLUSTER, secret=secret(stack), database="app", table="knowledge.passages"
    ),
    "Graph": lambda stack: NeptuneGraphStore(graph_builder=FoundationModel.of(stack, "amazon.nova-lite-v1:0")),
    "OpenSearchDomain": domain,
    "Pinecone": pinecone,
    "MongoDb": atlas,
}
USES = (
    *KnowledgeBase.REQUIRED_KEY_USES,
    *AuroraClusterStore.REQUIRED_KEY_USES,
    *NeptuneGraphStore.REQUIRED_KEY_USES,
    *OpenSearchServerlessStore.REQUIRED_KEY_USES,
    *IngestionJob.REQUIRED_KEY_USES,
    *Monitoring.REQUIRED_KEY_USES,
)


def stack_of(name: str) -> tuple[cdk.Stack, EncryptionKey]:
    """Return a stack with a key for everything in it."""
    stack = cdk.Stack(app, name, env=cdk.Environment(region=REGION))
    uses = [*USES, *ManagedKnowledgeBase.REQUIRED_KEY_USES, *StructuredKnowledgeBase.REQUIRED_KEY_USES]
    return stack, EncryptionKey(stack, "Key", description=f"knowledge in {name}", uses=uses)


for name, store in STORES.items():
    stack, key = stack_of(name)
    logs = AccessLogBucket(stack, "AccessLogs").bucket
    knowledge = KnowledgeBase(stack, "Knowledge", key=key.key, access_logs=logs, store=store(stack))
    Reranker.of(stack, "cohere.rerank-v3-5:0").serve(knowledge)
    ingestion = IngestionJob(stack, "Ingestion", knowledge_base=knowledge, key=key.key)
    monitoring = Monitoring(stack, "Monitoring", key=key.key)
    monitoring.monitor_ingestion(ingestion.state_machine)
    if name == "AuroraCluster":
        monitoring.monitor_store(knowledge)

stack, key = stack_of("Tables")
tables = StructuredKnowledgeBase(
    stack,
    "Tables",
    key=key.key,
    engine=RedshiftServerless(workgroup_arn=WORKGROUP),
    data=RedshiftTables(database="sales"),
)
job = IngestionJob(stack, "Ingestion", knowledge_base=tables, key=key.key)
Monitoring(stack, "Monitoring", key=key.key).monitor_job(job, id="Ingestion")

stack, key = stack_of("Managed")
# `parameters` are what the page of the connector in the user guide says.
wiki = ManagedKnowledgeBase(stack, "Managed", key=key.key).add_connector("Wiki", parameters={"type": "WIKI"})
job = IngestionJob(stack, "Ingestion", knowledge_base=wiki, key=key.key)
Monitoring(stack, "Monitoring", key=key.key).monitor_job(job, id="Ingestion")

stack, key = stack_of("Kendra")
KendraKnowledgeBase(stack, "Kendra", index_id="01234567-89ab-cdef-0123-456789abcdef")

synthesize(app)
